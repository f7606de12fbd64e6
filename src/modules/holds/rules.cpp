// The rules of rules.hpp.
#include "modules/holds/rules.hpp"

#include "platform/keys/protocol.hpp"

namespace entrepot::holds {

AskState state_of(const AskFacts& ask, Instant now) {
    if (ask.declined_at) return AskState::declined;
    if (ask.used_at) return AskState::done;
    if (!ask.approved_at)
        return now < ask.asked_at + keys::hold_ask_life ? AskState::waiting : AskState::lapsed;
    if (ask.act != HoldAct::open) return AskState::done;
    return now < *ask.approved_at + keys::hold_approval_life ? AskState::approved
                                                             : AskState::lapsed;
}

std::vector<std::string> acts_on(const AskFacts& ask, const Uuid& person, Instant now) {
    const AskState state = state_of(ask, now);
    const bool own = ask.asked_by == person;
    std::vector<std::string> out;
    if (state == AskState::waiting && !own) out.emplace_back("approve");
    if (state == AskState::waiting) out.emplace_back("decline");
    if (state == AskState::approved && own) out.emplace_back("open");
    return out;
}

HoldState state_of(HoldState stored, Instant ends_at, Instant now) {
    return stored == HoldState::active && ends_at <= now ? HoldState::ending : stored;
}

std::optional<Error> refusal_of_end(Instant ends_at, std::optional<Instant> now_ends, Instant now) {
    const auto refuse = [](const char* code, const char* detail) {
        return field_error(entrepot::errors::invalid_fields, "/ends_at", code, detail);
    };
    if (ends_at <= now) return refuse("in_past", "the end of a hold is in the future");
    if (ends_at > now + keys::hold_life_max)
        return refuse("too_late", "a hold lasts three years at most; two people extend it");
    if (now_ends && ends_at <= *now_ends)
        return refuse("not_later", "an extension ends later than the hold does now");
    return std::nullopt;
}

}  // namespace entrepot::holds
