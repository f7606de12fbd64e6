// The rules of permit.hpp.
#include "keyd/permit.hpp"

namespace entrepot::keyd {
using keys::Operation;

namespace {
constexpr std::string_view extend = "extend ";
}  // namespace

bool is_of_hold(const keys::Request& request) {
    switch (request.operation) {
        case Operation::hold_ask:
        case Operation::hold_approve:
            return true;
        case Operation::make:
        case Operation::open:
        case Operation::destroy:
            return request.key_class == keys::KeyClass::hold;
        default:
            return false;
    }
}

std::optional<HoldAct> hold_act_from(std::string_view text) {
    if (text == "open" || text == "release") return HoldAct{std::string(text), std::nullopt};
    if (!text.starts_with(extend)) return std::nullopt;
    const auto until = parse_instant(std::string(text.substr(extend.size())));
    if (!until) return std::nullopt;
    return HoldAct{"extend", *until};
}

bool is_end(Instant ends_at, Instant now) {
    return now < ends_at && ends_at <= now + keys::hold_life_max;
}

bool may_approve(const Permit& permit, UserId who, Instant now) {
    if (who == permit.asked_by) return false;
    if (permit.approved_by) return *permit.approved_by == who;
    return permit.asked_at <= now && now < permit.asked_at + keys::hold_ask_life;
}

bool may_open(const Permit& permit, UserId who, Instant now) {
    return permit.act == "open" && permit.asked_by == who && permit.approved_by &&
           *permit.approved_by != who && !permit.used_at && *permit.approved_at <= now &&
           now < *permit.approved_at + keys::hold_approval_life;
}

}  // namespace entrepot::keyd
