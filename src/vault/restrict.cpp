// Restriction of processing: keyd first, because it is keyd that refuses; the state is for showing.
#include "platform/audit/audit.hpp"
#include "vault/capsule.hpp"

namespace entrepot::vault {
namespace {
bool is_whole(const store::CapsuleRow& capsule) {
    return capsule.state == "held" || capsule.state == "restricted";
}
}  // namespace

Awaitable<Result<std::map<OrderId, Holding>>> set_restricted(Context& ctx,
                                                             const std::vector<OrderId>& orders,
                                                             bool restricted) {
    using Holdings = std::map<OrderId, Holding>;
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
    const std::string wanted = restricted ? "restricted" : "held";
    auto note = [&](pg::Transaction& tx) -> Awaitable<Result<Holdings>> {
        for (const OrderId order : orders) {
            // An erasure that was begun meanwhile goes on.
            const auto row = co_await store::lock_capsule(tx, order);
            if (!row || !is_whole(*row) || row->state == wanted) continue;
            store::set_state(tx, row->id, wanted, std::nullopt);
            audit::done(tx, ctx,
                        {restricted ? "vault.restricted" : "vault.restriction_lifted", "order",
                         order.text()});
        }
        co_return co_await holdings(tx, orders);
    };
    co_return co_await ctx.db().transaction(ctx.tenant, note);
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
