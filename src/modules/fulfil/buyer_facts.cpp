// Counts and equalities; no buyer is opened here.
#include "modules/fulfil/buyer_facts.hpp"

#include "modules/shops/shops.hpp"
#include "vault/vault.hpp"

namespace entrepot::fulfil {
Awaitable<Result<BuyerDataShare>> buyer_data_share(Context& ctx, const http::Nothing&) {
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<BuyerDataShare>> {
        const Scope mine = ctx.shop_scope();
        // Counted in the orders, where no decoy of the vault is, less those that say erased or
        // restricted and never held anything.
        const BuyerCount known = co_await buyer_counts(tx, mine);
        const BuyerCount barred = co_await buyer_counts_of(tx, mine, co_await vault::barred(tx));
        BuyerDataShare out{co_await orders_count(tx, mine), 0, known.held,
                           known.restricted - barred.restricted, known.erased - barred.erased};
        out.never_held = out.orders - out.held - out.restricted - out.erased;
        co_return out;
    };
    co_return co_await ctx.db().transaction(ctx.tenant, body, pg::Access::read_only);
}

Awaitable<std::map<OrderId, std::vector<SameAddressOrder>>> same_addresses(
    Context& ctx, pg::Transaction& tx, const std::vector<OrderId>& orders) {
    std::map<OrderId, std::vector<SameAddressOrder>> out;
    const Scope shops = ctx.shop_scope();
    const auto pairs = co_await vault::same_addresses(tx, orders, shops);
    if (pairs.empty()) co_return out;
    std::vector<OrderId> ids;
    for (const auto& [one, other] : pairs) {
        ids.push_back(one);
        ids.push_back(other);
    }
    const shops::Names names = co_await shops::names(ctx, tx);
    std::map<OrderId, std::size_t> place;
    const auto open = co_await orders_to_send(tx, shops, ids);
    for (std::size_t i = 0; i < open.size(); ++i) place.emplace(open[i].id, i);
    for (const auto& [one, other] : pairs) {
        const auto found = place.find(other);
        if (!place.contains(one) || found == place.end()) continue;
        const ToSendRow& row = open[found->second];
        out[one].push_back(
            {row.id, row.channel_order_id, row.shop_id, names.shop(row.shop_id), row.ship_by_to});
    }
    co_return out;
}

Awaitable<Result<SameAddress>> same_address(Context& ctx, const WhichOrder& in) {
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<SameAddress>> {
        const std::vector<OrderId> only{in.id};
        if ((co_await orders::dispatch_orders(tx, ctx.shop_scope(), only, orders::Locking::none))
                .empty())
            co_return make_error(entrepot::errors::not_found, "there is no such order");
        auto all = co_await same_addresses(ctx, tx, only);
        co_return SameAddress{std::move(all[in.id])};
    };
    co_return co_await ctx.db().transaction(ctx.tenant, body, pg::Access::read_only);
}

}  // namespace entrepot::fulfil
