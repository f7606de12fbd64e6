// Restriction of processing: keyd first, because it is keyd that refuses; the state is for showing.
#include <algorithm>

#include "platform/audit/audit.hpp"
#include "platform/jobs/jobs.hpp"
#include "platform/json/writer.hpp"
#include "vault/capsule.hpp"
#include "vault/fence.hpp"

namespace entrepot::vault {
namespace {
using Holdings = std::map<OrderId, Holding>;

struct OrderPayload {
    OrderId order_id;
};
BOOST_DESCRIBE_STRUCT(OrderPayload, (), (order_id))

bool is_whole(const store::CapsuleRow& capsule) {
    return capsule.state == "held" || capsule.state == "restricted";
}

/// Has keyd set or clear the flag of every capsule that is there now; answers their keys.
Awaitable<Result<std::vector<Uuid>>> flag_keys(Context& ctx, const std::vector<OrderId>& orders,
                                               bool restricted) {
    keys::Request request;
    request.operation = keys::Operation::restrict;
    request.caller = caller_of(ctx, keys::Purpose::rights_request);
    request.key_class = keys::KeyClass::capsule;
    request.flag = restricted;
    auto find = [&](pg::Transaction& tx) -> Awaitable<Result<>> {
        request.ids.clear();
        for (const store::CapsuleRow& row : co_await store::capsules_of(tx, orders))
            if (is_whole(row)) request.ids.push_back(row.id);
        co_return Result<>{};
    };
    CO_TRY_VOID(co_await ctx.db().transaction(ctx.tenant, find, pg::Access::read_only));
    std::string why;
    try {
        if (!request.ids.empty()) (void)co_await ctx.services.keys.call(request);
    } catch (const keys::Unavailable& error) {
        why = error.what();
    }
    if (!why.empty()) co_return make_error(errors::keys_unavailable, std::move(why));
    co_return std::move(request.ids);
}

/// Of an order without a capsule.
Awaitable<void> move_fence(pg::Transaction& tx, const Context& ctx, OrderId order,
                           bool restricted) {
    if (restricted) {
        store::add_fence(tx, order, Fence::restricted, ctx.now());
        audit::done(tx, ctx, {"vault.restricted", "order", order.text(), R"({"fetched":false})"});
    } else if (co_await store::end_restriction(tx, order)) {
        jobs::emit(tx, ctx, fetch_wanted, json::to_json(OrderPayload{order}));
        audit::done(tx, ctx,
                    {"vault.restriction_lifted", "order", order.text(), R"({"fetched":false})"});
    }
}

/// What each order holds afterwards; nothing when a capsule came after keyd was asked.
Awaitable<Result<std::optional<Holdings>>> note(Context& ctx, const std::vector<OrderId>& orders,
                                                const std::vector<Uuid>& flagged, bool restricted) {
    const std::string wanted = restricted ? "restricted" : "held";
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<std::optional<Holdings>>> {
        for (const OrderId order : orders) {
            store::hold_off(tx, order);
            const auto row = co_await store::lock_capsule(tx, order);
            if (!row) {
                co_await move_fence(tx, ctx, order, restricted);
                continue;
            }
            // An erasure that was begun meanwhile goes on.
            if (!is_whole(*row) || row->state == wanted) continue;
            if (std::find(flagged.begin(), flagged.end(), row->id) == flagged.end())
                co_return std::optional<Holdings>();
            store::set_state(tx, row->id, wanted, std::nullopt);
            audit::done(tx, ctx,
                        {restricted ? "vault.restricted" : "vault.restriction_lifted", "order",
                         order.text()});
        }
        co_return std::optional(co_await holdings(tx, orders));
    };
    co_return co_await ctx.db().transaction(ctx.tenant, body);
}
}  // namespace

Awaitable<Result<std::map<OrderId, Holding>>> set_restricted(Context& ctx,
                                                             const std::vector<OrderId>& orders,
                                                             bool restricted) {
    // Each round that is lost is won by the arrival of one more capsule, and an order has one.
    for (;;) {
        CO_TRY(const auto flagged, co_await flag_keys(ctx, orders, restricted));
        CO_TRY(auto noted, co_await note(ctx, orders, flagged, restricted));
        if (noted) co_return *std::move(noted);
    }
}

Awaitable<std::vector<Receipt>> receipts(pg::Transaction& tx, const std::vector<OrderId>& orders) {
    std::vector<Receipt> out;
    for (store::CapsuleRow& row : co_await store::capsules_of(tx, orders)) {
        if (row.state != "erased") continue;
        out.push_back({row.order_id, row.id, row.erased_at.value_or(row.sealed_at),
                       row.erase_reason.value_or(""), row.receipt.value_or("")});
    }
    co_return out;
}

}  // namespace entrepot::vault
