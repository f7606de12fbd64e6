// Opening, for a purpose and with a trace.
#include "platform/audit/noted.hpp"
#include "platform/jobs/jobs.hpp"
#include "platform/json/writer.hpp"
#include "platform/telemetry/log.hpp"
#include "vault/alarm.hpp"
#include "vault/capsule.hpp"
#include "vault/clock_guard.hpp"
#include "vault/plaintext.hpp"

namespace entrepot::vault {
namespace {
Holding holding_of(const std::string& state) {
    if (state == "held") return Holding::held;
    if (state == "restricted") return Holding::restricted;
    return Holding::erased;
}

Error error_of(keys::Outcome outcome) {
    switch (outcome) {
        case keys::Outcome::destroyed:
            return make_error(errors::erased, "the key of this order's buyer data was destroyed");
        case keys::Outcome::restricted:
            return make_error(errors::restricted, "the buyer restricted processing");
        case keys::Outcome::over_budget:
            return {errors::over_budget,
                    "more buyers were opened than one person needs in an hour; ask your "
                    "compliance officer when this was work",
                    {},
                    600};
        default:
            return make_error(errors::keys_unavailable,
                              "the key of this order's buyer data is missing from keyd");
    }
}

AlarmActor actor_of(const Context& ctx) {
    switch (ctx.actor.kind) {
        case ActorKind::user:
            return AlarmActor::user;
        case ActorKind::api_key:
            return AlarmActor::api_key;
        default:
            return AlarmActor::system;
    }
}

AlarmKind alarm_of(keys::Outcome outcome, const keys::Reply& reply) {
    if (outcome != keys::Outcome::over_budget) return AlarmKind::honeytoken;
    return reply.text == "tenant" ? AlarmKind::tenant_over_budget : AlarmKind::over_budget;
}

/// The audit row of a reading and the alarm that keyd raised at it, in one transaction: no reading
/// in masses is answered, or refused, without both.
Awaitable<Result<>> leave_row(Context& ctx, const Ask& ask, const audit::Act& act,
                              const keys::Reply& reply, const std::string& refused_with) {
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<>> {
        const AuditId row = audit::note(tx, ctx, act, refused_with);
        wake_if_clock_is_back(tx, ctx);
        if (reply.alarm)
            jobs::emit(tx, ctx, alarm_raised,
                       json::to_json(Alarm{actor_of(ctx), ctx.actor.id,
                                           alarm_of(reply.keys.at(0).outcome, reply), ask.order,
                                           row, ctx.now()}));
        co_return Result<>{};
    };
    co_return co_await ctx.db().transaction(ctx.tenant, body);
}

struct Found {
    store::CapsuleRow capsule;
    std::vector<store::CellRow> cells;
};

Awaitable<Result<Found>> find_capsule(Context& ctx, const Ask& ask) {
    std::vector<std::int64_t> fields;
    for (const Field field : fields_for(ask.reason))
        fields.push_back(static_cast<std::int64_t>(field));
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<Found>> {
        auto capsules = co_await store::capsules_of(tx, {ask.order});
        if (capsules.empty())
            co_return make_error(errors::not_fetched,
                                 "buyer data is fetched when the order is released to pick");
        Found found{std::move(capsules[0]), {}};
        if (holding_of(found.capsule.state) == Holding::erased)
            co_return error_of(keys::Outcome::destroyed);
        found.cells = co_await store::cells_of(tx, {found.capsule.id}, fields);
        co_return std::move(found);
    };
    co_return co_await ctx.db().transaction(ctx.tenant, body, pg::Access::read_only);
}
}  // namespace

void Disclosed::write_json(std::string& out) const {
    json::write_string(out, Plaintext::of(value_));
}

std::string_view Opener::text_of(const Disclosed& value) {
    return Plaintext::of(value.value_);
}

std::optional<Disclosed> Opener::open(crypto::CellCipher& cipher, TenantId tenant,
                                      const store::CellRow& cell) {
    const auto place = crypto::Place::field(tenant, cell.capsule_id, cell.row_id,
                                            static_cast<std::uint16_t>(cell.field), cell_version);
    auto plain = cipher.open(cell.sealed.data, place);
    if (!plain) return std::nullopt;
    return Disclosed(Pii<>(std::move(*plain)));
}

Awaitable<Result<Revealed>> reveal(Context& ctx, Ask ask) {
    CO_TRY(const Found found, co_await find_capsule(ctx, ask));
    keys::Request open;
    open.operation = keys::Operation::open;
    open.caller = caller_of(ctx, purpose_of(ask.reason));
    open.key_class = keys::KeyClass::capsule;
    open.ids = {found.capsule.id};
    keys::Reply reply;
    std::string why;
    try {
        reply = co_await ctx.services.keys.call(open);
    } catch (const keys::Unavailable& error) {
        why = error.what();
    }
    if (!why.empty()) co_return make_error(errors::keys_unavailable, std::move(why));
    const keys::KeyAnswer& answer = reply.keys.at(0);
    const audit::Act act{"vault.revealed", "order", ask.order.text(),
                         json::to_json(std::map<std::string, std::string>{
                             {"purpose", std::string(keys::name_of(open.caller.purpose))},
                             {"serves_kind", ask.serves_kind},
                             {"serves_id", ask.serves_id},
                             {"alarm", reply.alarm ? "true" : "false"}})};
    if (!answer.key) {
        Error error = error_of(answer.outcome);
        CO_TRY_VOID(co_await leave_row(ctx, ask, act, reply, std::string(error.code.name)));
        co_return error;
    }
    Revealed out{ask.order, ask.reason, ctx.now() + shown_for, {}};
    crypto::CellCipher cipher(*answer.key);
    for (const store::CellRow& cell : found.cells) {
        auto value = Opener::open(cipher, ctx.tenant, cell);
        // A cell that does not open was tampered with: nothing of the capsule is shown.
        ensure(value.has_value(), "a sealed cell does not open at its place");
        out.fields.push_back({static_cast<Field>(cell.field),
                              cell.row_id.is_nil() ? std::nullopt : std::optional(cell.row_id),
                              std::move(*value)});
    }
    CO_TRY_VOID(co_await leave_row(ctx, ask, act, reply, {}));
    co_return std::move(out);
}

Awaitable<std::map<OrderId, Holding>> holdings(pg::Transaction& tx,
                                               const std::vector<OrderId>& orders) {
    std::map<OrderId, Holding> out;
    for (const auto& row : co_await store::capsules_of(tx, orders))
        out[row.order_id] = holding_of(row.state);
    co_return out;
}

}  // namespace entrepot::vault
