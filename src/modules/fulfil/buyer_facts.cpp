// Counts and equalities; no buyer is opened here.
#include "modules/fulfil/buyer_facts.hpp"

#include <algorithm>

#include "modules/shops/shops.hpp"
#include "vault/vault.hpp"

namespace entrepot::fulfil {
namespace {
/// An order that somebody still has to send.
struct OpenRow {
    OrderId id;
    ShopId shop_id;
    std::string channel_order_id;
    std::optional<Instant> ship_by_to;
};
BOOST_DESCRIBE_STRUCT(OpenRow, (), (id, shop_id, channel_order_id, ship_by_to))

// By the index alone, which has every order: a million is counted without reading one.
const pg::Statement<std::int64_t(TenantId, Scope)> count_orders{"fulfil.count_orders", R"sql(
    select count(*)::int8 as count from orders.sales_order
    where tenant_id = $1 and channel_order_id <> '' and ($2::uuid[] is null or shop_id = any($2))
)sql"};

const pg::Statement<OpenRow(TenantId, Scope, std::vector<OrderId>)> select_to_send{
    "fulfil.orders_to_send", R"sql(
    select id, shop_id, channel_order_id, ship_by_to from orders.sales_order
    where tenant_id = $1 and ($2::uuid[] is null or shop_id = any($2)) and id = any($3)
        and state in ('unshipped', 'partially_shipped') and fulfilled_by = 'merchant' and not held
    order by ship_by_to, channel_order_id, id
)sql"};
}  // namespace

Awaitable<Result<BuyerDataShare>> buyer_data_share(Context& ctx, const http::Nothing&) {
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<BuyerDataShare>> {
        const vault::Census census = co_await vault::census(tx, ctx.shop_scope());
        const std::int64_t orders = co_await tx.one(count_orders, tx.tenant(), ctx.shop_scope());
        const std::int64_t ever = census.held + census.restricted + census.erased;
        co_return BuyerDataShare{orders, std::max<std::int64_t>(0, orders - ever), census.held,
                                 census.restricted, census.erased};
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
    const auto open = co_await tx.rows(select_to_send, tx.tenant(), shops, ids);
    for (std::size_t i = 0; i < open.size(); ++i) place.emplace(open[i].id, i);
    for (const auto& [one, other] : pairs) {
        const auto found = place.find(other);
        if (!place.contains(one) || found == place.end()) continue;
        const OpenRow& row = open[found->second];
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
