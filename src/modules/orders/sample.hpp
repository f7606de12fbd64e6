// Orders and shops for tests.
#pragma once

#include "modules/orders/orders.hpp"
#include "modules/shops/shops.hpp"
#include "support/fixture.hpp"

namespace entrepot::orders::test {

inline constexpr Instant noon =
    Instant{std::chrono::sys_days{std::chrono::year{2026} / 11 / 20}} + std::chrono::hours(12);

/// An unshipped order of `lines` lines at 10.00 each, stated in USD, SKUs SKU-1, SKU-2 …
inline IncomingOrder sample_order(const std::string& number, int lines = 2, Instant at = noon) {
    IncomingOrder order;
    order.channel_order_id = number;
    order.ordered_at = at;
    order.channel_updated_at = at;
    order.channel_state = "UNSHIPPED";
    order.state = OrderState::unshipped;
    order.fulfilled_by = FulfilledBy::merchant;
    order.marketplace_id = "ATVPDKIKX0DER";
    order.ship_country = "US";
    order.currency = "USD";
    order.grand_total = 1000 * lines;
    order.programs = {"PRIME"};
    for (int i = 1; i <= lines; ++i) {
        IncomingLine line;
        line.channel_line_id = number + "-" + std::to_string(i);
        line.seller_sku = "SKU-" + std::to_string(i);
        line.title = "Thing " + std::to_string(i);
        line.quantity_ordered = 1;
        line.unit_price = Decimal::parse("10.00");
        line.amounts.item = 1000;
        order.lines.push_back(line);
    }
    return order;
}

class OrdersTest : public entrepot::test::DatabaseTest {
protected:
    ShopId make_shop(Context& ctx, const std::string& name,
                     shops::Channel channel = shops::Channel::amazon,
                     const std::string& zone = "UTC") {
        shops::NewShop shop{name, channel, "NA", "A1", zone,
                            {{"ATVPDKIKX0DER", "US", "Amazon.com", "USD", true, true}}};
        return run([&]() -> Awaitable<ShopId> {
            co_return (co_await ctx.db().transaction(
                           ctx.tenant,
                           [&](pg::Transaction& tx) -> Awaitable<Result<ShopId>> {
                               co_return co_await shops::add_shop(ctx, tx, shop);
                           }))
                .value();
        });
    }
    static IngestSource source(ShopId shop, std::optional<ImportId> import = std::nullopt) {
        return {shop, "amazon", "searchOrders", "request-1", noon, import};
    }
    IngestOutcome ingest_batch(Context& ctx, const IngestSource& from,
                               const std::vector<IncomingOrder>& batch) {
        return run([&]() -> Awaitable<IngestOutcome> {
            co_return (co_await ctx.db().transaction(
                           ctx.tenant,
                           [&](pg::Transaction& tx) -> Awaitable<Result<IngestOutcome>> {
                               co_return co_await ingest(ctx, tx, from, batch);
                           }))
                .value();
        });
    }
    static std::string of_tenant(const Context& ctx) {
        return " tenant_id = '" + ctx.tenant.text() + "' ";
    }
};

}  // namespace entrepot::orders::test
