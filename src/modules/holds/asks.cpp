// What one person asks and a second one allows. keyd is asked first and keeps its own count of
// both.
#include <algorithm>

#include "base/text.hpp"
#include "modules/holds/service.hpp"
#include "platform/audit/audit.hpp"
#include "platform/json/writer.hpp"

namespace entrepot::holds {
namespace {
constexpr std::size_t why_min = 1;
constexpr std::size_t why_max = 300;

Error hold_has_ended() {
    return make_error(errors::ended, "the hold has ended; nobody opens or changes it any more");
}
Error keyd_says_no() {
    return make_error(errors::not_approved,
                      "keyd does not allow it: a second person allows it first, and then it is "
                      "used once, within 15 minutes; ask again");
}

void audit_ask(pg::Transaction& tx, const Context& ctx, std::string_view act, HoldId hold,
               const store::AskRow& ask) {
    std::map<std::string, std::string> detail{
        {"ask", ask.id.text()}, {"act", boost::describe::enum_to_string(ask.act, "")}};
    if (ask.until) detail["ends_at"] = format_instant(*ask.until);
    audit::done(tx, ctx, {act, "legal_hold", hold.text(), json::to_json(detail)});
}

/// A hold that still goes on, seen by the actor.
Result<store::HoldRow> going_on(const Context& ctx, std::optional<store::HoldRow> row) {
    if (!row) return no_such_hold();
    if (state_of(row->state, row->ends_at, ctx.now()) != HoldState::active) return hold_has_ended();
    return std::move(*row);
}

struct Asked {
    store::HoldRow hold;
    store::AskRow ask;
};

/// What was asked, when the actor may do this with it.
Awaitable<Result<Asked>> asked(Context& ctx, pg::Transaction& tx, const WhichAsk& in,
                               std::string_view wanted) {
    CO_TRY(store::HoldRow hold,
           going_on(ctx, co_await store::lock_hold(tx, ctx.shop_scope(), in.id)));
    auto asks = co_await store::asks_of(tx, in.id);
    const auto found = std::ranges::find(asks, in.ask_id, &store::AskRow::id);
    if (found == asks.end()) co_return make_error(entrepot::errors::not_found, "nobody asked this");
    const auto allowed = acts_on(found->facts(), ctx.actor.id, ctx.now());
    if (std::ranges::find(allowed, wanted) != allowed.end())
        co_return Asked{std::move(hold), std::move(*found)};
    if (wanted == "open")
        co_return make_error(errors::not_approved,
                             "who asked opens it, once, within 15 minutes of the approval");
    if (wanted == "approve" && found->asked_by == ctx.actor.id)
        co_return make_error(errors::second_person, "somebody else than who asked allows it");
    co_return make_error(errors::not_waiting, "it is not waiting for anybody any more");
}

Awaitable<Result<Asked>> look(Context& ctx, const WhichAsk& in, std::string_view wanted) {
    if (auto refusal = refusal_of_actor(ctx)) co_return std::move(*refusal);
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<Asked>> {
        co_return co_await asked(ctx, tx, in, wanted);
    };
    co_return co_await ctx.db().transaction(ctx.tenant, body);
}

Awaitable<Result<store::AskRow>> checked_ask(Context& ctx, const AskOfHold& in) {
    if (auto refusal = refusal_of_actor(ctx)) co_return std::move(*refusal);
    store::AskRow row{};
    row.why = text::trim(in.why);
    if (text::length(row.why) < why_min || text::length(row.why) > why_max ||
        text::has_control(row.why))
        co_return field_error(entrepot::errors::invalid_fields, "/why", "length",
                              "say why, in 300 characters at most");
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<store::HoldRow>> {
        co_return going_on(ctx, co_await store::hold(tx, ctx.shop_scope(), in.id));
    };
    CO_TRY(const store::HoldRow hold,
           co_await ctx.db().transaction(ctx.tenant, body, pg::Access::read_only));
    if (in.act == HoldAct::extend) {
        if (!in.ends_at)
            co_return field_error(entrepot::errors::invalid_fields, "/ends_at", "required",
                                  "say until when");
        if (auto refusal = refusal_of_end(*in.ends_at, hold.ends_at, ctx.now()))
            co_return std::move(*refusal);
        row.until = in.ends_at;
    }
    row.id = ctx.new_id<AskId>();
    row.act = in.act;
    row.asked_by = ctx.actor.id;
    row.asked_at = ctx.now();
    co_return row;
}
}  // namespace

Awaitable<Result<HoldDetail>> ask_of_hold(Context& ctx, const AskOfHold& in) {
    CO_TRY(const store::AskRow row, co_await checked_ask(ctx, in));
    CO_TRY(const vault::HoldAnswer answer,
           co_await vault::ask_of_hold(ctx, {in.id.value, row.id.value, row.act, row.until}));
    if (answer == vault::HoldAnswer::ended) co_return hold_has_ended();
    if (answer != vault::HoldAnswer::yes) co_return keyd_says_no();
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<HoldDetail>> {
        store::add_ask(tx, in.id, row);
        audit_ask(tx, ctx, "holds.asked", in.id, row);
        co_return co_await hold_detail(ctx, tx, in.id);
    };
    co_return co_await ctx.db().transaction(ctx.tenant, body);
}

Awaitable<Result<HoldDetail>> approve_ask(Context& ctx, const WhichAsk& in) {
    CO_TRY(const Asked what, co_await look(ctx, in, "approve"));
    CO_TRY(const vault::HoldAnswer answer,
           co_await vault::approve_for_hold(ctx, in.id.value, in.ask_id.value));
    if (answer == vault::HoldAnswer::ended) co_return hold_has_ended();
    if (answer != vault::HoldAnswer::yes) co_return keyd_says_no();
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<HoldDetail>> {
        // keyd has it, so it stands, even when somebody declined it this very moment.
        CO_TRY_VOID(going_on(ctx, co_await store::lock_hold(tx, ctx.shop_scope(), in.id)));
        store::approve(tx, in.id, in.ask_id, ctx.actor.id, ctx.now());
        if (what.ask.act == HoldAct::extend) store::extend(tx, in.id, *what.ask.until);
        if (what.ask.act == HoldAct::release) {
            store::begin_end(tx, in.id, Ending::released);
            wake_ender(tx, ctx, ctx.now());
        }
        audit_ask(tx, ctx, "holds.approved", in.id, what.ask);
        co_return co_await hold_detail(ctx, tx, in.id);
    };
    co_return co_await ctx.db().transaction(ctx.tenant, body);
}

Awaitable<Result<HoldDetail>> decline_ask(Context& ctx, const WhichAsk& in) {
    if (auto refusal = refusal_of_actor(ctx)) co_return std::move(*refusal);
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<HoldDetail>> {
        CO_TRY(const Asked now, co_await asked(ctx, tx, in, "decline"));
        store::decline(tx, in.id, in.ask_id, ctx.actor.id, ctx.now());
        audit_ask(tx, ctx, "holds.declined", in.id, now.ask);
        co_return co_await hold_detail(ctx, tx, in.id);
    };
    co_return co_await ctx.db().transaction(ctx.tenant, body);
}

Awaitable<Result<OpenedHold>> open_hold(Context& ctx, const WhichAsk& in) {
    CO_TRY(const Asked what, co_await look(ctx, in, "open"));
    CO_TRY(vault::HeldData held, co_await vault::open_hold(ctx, in.id.value, in.ask_id.value));
    if (held.answer != vault::HoldAnswer::yes) {
        const Error error =
            held.answer == vault::HoldAnswer::ended ? hold_has_ended() : keyd_says_no();
        co_await audit::refused(ctx, {"holds.opened", "legal_hold", in.id.text()},
                                std::string(error.code.name));
        co_return error;
    }
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<bool>> {
        store::use(tx, in.id, in.ask_id, ctx.now());
        audit::done(tx, ctx,
                    {"holds.opened", "legal_hold", in.id.text(),
                     json::to_json(std::map<std::string, std::string>{
                         {"ask", in.ask_id.text()},
                         {"purpose", "legal_claim"},
                         {"fields", std::to_string(held.fields.size())}})});
        co_return true;
    };
    // No row, no answer.
    CO_TRY_VOID(co_await ctx.db().transaction(ctx.tenant, body));
    co_return OpenedHold{in.id, ctx.now() + vault::shown_for, std::move(held.fields)};
}

}  // namespace entrepot::holds
