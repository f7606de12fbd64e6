// Opening, for a purpose and with a trace.
#include <unordered_map>

#include "platform/audit/noted.hpp"
#include "platform/jobs/jobs.hpp"
#include "platform/json/writer.hpp"
#include "platform/telemetry/log.hpp"
#include "vault/alarm.hpp"
#include "vault/capsule.hpp"
#include "vault/clock_guard.hpp"
#include "vault/fence.hpp"
#include "vault/plaintext.hpp"

namespace entrepot::vault {
namespace {
Holding holding_of(const std::string& state) {
    if (state == "held") return Holding::held;
    if (state == "restricted") return Holding::restricted;
    return Holding::erased;
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

struct Found {
    store::CapsuleRow capsule;
    std::vector<store::CellRow> cells;
};

/// Why some of several cannot be shown, by their place in the question.
using Refusals = std::vector<std::pair<std::size_t, Error>>;

/// Who asks for one is told about that one; who asks for many, about each.
Error refusal_of(const Refusals& refusals, std::size_t asked) {
    if (asked == 1) return refusals.front().second;
    Error out =
        make_error(errors::not_all, "some of these cannot be shown, so none was: leave them out");
    for (const auto& [place, why] : refusals)
        out.fields.push_back({"/" + std::to_string(place), std::string(why.code.name), why.detail});
    return out;
}

Awaitable<Result<>> leave_rows_of(Context& ctx, const std::vector<Ask>& asks,
                                  const keys::Reply& reply, const Refusals& refusals) {
    std::vector<audit::Act> acts;
    for (const Ask& ask : asks)
        acts.push_back({"vault.revealed", "order", ask.order.text(),
                        json::to_json(std::map<std::string, std::string>{
                            {"purpose", std::string(keys::name_of(purpose_of(ask.reason)))},
                            {"serves_kind", ask.serves_kind},
                            {"serves_id", ask.serves_id},
                            {"alarm", reply.alarm ? "true" : "false"}})});
    const std::size_t alarming = refusals.empty() ? 0 : refusals.front().first;
    co_return co_await leave_rows(
        ctx, acts, reply, {asks[alarming].order, alarming},
        refusals.empty() ? std::string() : std::string(refusals.front().second.code.name));
}

/// Why there is no capsule.
Error why_not_fetched(const std::vector<store::FenceRow>& fences, OrderId order) {
    for (const store::FenceRow& fence : fences) {
        if (fence.order_id != order) continue;
        if (fence.kind == Fence::erased)
            return make_error(errors::erased,
                              "the buyer had their data erased before any was fetched, and none "
                              "will be; cancel what is not sent yet at the marketplace");
        return make_error(errors::restricted,
                          "the buyer restricted processing before any data was fetched; it is "
                          "fetched when your compliance officer ends the restriction");
    }
    return make_error(errors::not_fetched,
                      "buyer data is fetched when the order is released to pick");
}

/// In the order of the asks. Nothing is asked of keyd for what is known to be gone.
Result<std::vector<Found>> matched(const std::vector<Ask>& asks,
                                   std::vector<store::CapsuleRow> capsules,
                                   const std::vector<store::FenceRow>& fences) {
    std::unordered_map<Uuid, store::CapsuleRow> by_order;
    for (auto& capsule : capsules) by_order.emplace(capsule.order_id.value, std::move(capsule));
    std::vector<Found> out;
    Refusals refusals;
    for (std::size_t i = 0; i < asks.size(); ++i) {
        const auto at = by_order.find(asks[i].order.value);
        if (at == by_order.end())
            refusals.emplace_back(i, why_not_fetched(fences, asks[i].order));
        else if (holding_of(at->second.state) == Holding::erased)
            refusals.emplace_back(i, error_of(keys::Outcome::destroyed));
        else
            out.push_back({at->second, {}});
    }
    if (!refusals.empty()) return refusal_of(refusals, asks.size());
    return out;
}

Awaitable<Result<std::vector<Found>>> find_capsules(Context& ctx, const std::vector<Ask>& asks) {
    std::vector<OrderId> orders;
    for (const Ask& ask : asks) orders.push_back(ask.order);
    std::vector<std::int64_t> fields;
    for (const Field field : fields_for(asks.front().reason))
        fields.push_back(static_cast<std::int64_t>(field));
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<std::vector<Found>>> {
        auto capsules = co_await store::capsules_of(tx, orders);
        std::vector<store::FenceRow> fences;
        if (capsules.size() < orders.size()) fences = co_await store::fences_of(tx, orders);
        CO_TRY(auto found, matched(asks, std::move(capsules), fences));
        std::vector<Uuid> ids;
        for (const Found& each : found) ids.push_back(each.capsule.id);
        // Two parcels of one order ask for one capsule twice.
        std::unordered_map<Uuid, std::vector<store::CellRow>> cells;
        for (auto& cell : co_await store::cells_of(tx, ids, fields))
            cells[cell.capsule_id].push_back(std::move(cell));
        for (Found& each : found) each.cells = cells[each.capsule.id];
        co_return std::move(found);
    };
    co_return co_await ctx.db().transaction(ctx.tenant, body, pg::Access::read_only);
}

Revealed opened(const Context& ctx, const Ask& ask, const Found& found,
                const crypto::SecretKey& key) {
    Revealed out{ask.order, ask.reason, ctx.now() + shown_for, {}};
    crypto::CellCipher cipher(key);
    for (const store::CellRow& cell : found.cells) {
        auto value = Opener::open(cipher, ctx.tenant, cell);
        // A cell that does not open was tampered with: nothing of the capsule is shown.
        ensure(value.has_value(), "a sealed cell does not open at its place");
        out.fields.push_back({static_cast<Field>(cell.field),
                              cell.row_id.is_nil() ? std::nullopt : std::optional(cell.row_id),
                              std::move(*value)});
    }
    return out;
}
}  // namespace

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

Awaitable<Result<>> leave_rows(Context& ctx, const std::vector<audit::Act>& acts,
                               const keys::Reply& reply, const Alarming& alarming,
                               const std::string& refused_with) {
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<>> {
        const auto rows = audit::note_all(tx, ctx, acts, refused_with);
        wake_if_clock_is_back(tx, ctx);
        if (reply.alarm)
            jobs::emit(tx, ctx, alarm_raised,
                       json::to_json(Alarm{actor_of(ctx), ctx.actor.id,
                                           alarm_of(reply.keys.at(alarming.at).outcome, reply),
                                           alarming.order, rows[alarming.at], ctx.now()}));
        co_return Result<>{};
    };
    co_return co_await ctx.db().transaction(ctx.tenant, body);
}

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

Awaitable<Result<std::vector<Revealed>>> reveal_all(Context& ctx, std::vector<Ask> asks) {
    ensure(!asks.empty() && asks.size() <= reveal_max, "how many may be revealed at once");
    CO_TRY(const auto found, co_await find_capsules(ctx, asks));
    keys::Request open;
    open.operation = keys::Operation::open;
    open.caller = caller_of(ctx, purpose_of(asks.front().reason));
    open.key_class = keys::KeyClass::capsule;
    for (const Found& each : found) open.ids.push_back(each.capsule.id);
    keys::Reply reply;
    std::string why;
    try {
        reply = co_await ctx.services.keys.call(open);
    } catch (const keys::Unavailable& error) {
        why = error.what();
    }
    if (!why.empty()) co_return make_error(errors::keys_unavailable, std::move(why));
    Refusals refusals;
    for (std::size_t i = 0; i < asks.size(); ++i)
        if (!reply.keys.at(i).key) refusals.emplace_back(i, error_of(reply.keys[i].outcome));
    if (!refusals.empty()) {
        CO_TRY_VOID(co_await leave_rows_of(ctx, asks, reply, refusals));
        co_return refusal_of(refusals, asks.size());
    }
    std::vector<Revealed> out;
    for (std::size_t i = 0; i < asks.size(); ++i)
        out.push_back(opened(ctx, asks[i], found[i], *reply.keys[i].key));
    CO_TRY_VOID(co_await leave_rows_of(ctx, asks, reply, {}));
    co_return std::move(out);
}

Awaitable<Result<Revealed>> reveal(Context& ctx, Ask ask) {
    std::vector<Ask> one;
    one.push_back(std::move(ask));
    CO_TRY(auto revealed, co_await reveal_all(ctx, std::move(one)));
    co_return std::move(revealed.front());
}

Awaitable<std::map<OrderId, Holding>> holdings(pg::Transaction& tx,
                                               const std::vector<OrderId>& orders) {
    std::map<OrderId, Holding> out;
    for (const auto& row : co_await store::capsules_of(tx, orders))
        out[row.order_id] = holding_of(row.state);
    for (const store::FenceRow& fence : co_await store::fences_of(tx, orders))
        out.try_emplace(fence.order_id,
                        fence.kind == Fence::erased ? Holding::erased : Holding::restricted);
    co_return out;
}

}  // namespace entrepot::vault
