// Orders and shops for tests.
#pragma once

#include <boost/json.hpp>

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
        shops::NewShop shop{name, channel,
                            "NA", "A1",
                            zone, {{"ATVPDKIKX0DER", "US", "Amazon.com", "USD", true, true}}};
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
    /// The answer's body as JSON; the status is checked.
    boost::json::value ask(Context& ctx, http::Method method, const std::string& target,
                           const std::string& body = {}, int status = 200) {
        const http::Response response = call(ctx, method, target, body);
        EXPECT_EQ(response.status, status) << target << ' ' << response.body;
        return response.body.empty() ? boost::json::value() : boost::json::parse(response.body);
    }
    boost::json::value get(Context& ctx, const std::string& target, int status = 200) {
        return ask(ctx, http::Method::get, target, {}, status);
    }
    boost::json::value post(Context& ctx, const std::string& target, const std::string& body = "{}",
                            int status = 200) {
        return ask(ctx, http::Method::post, target, body, status);
    }
    static std::string text_of(const boost::json::value& value, const char* member) {
        return value.at(member).as_string().c_str();
    }
    /// Order numbers of a page, separated by blanks.
    static std::string numbers(const boost::json::value& page) {
        std::string out;
        for (const auto& item : page.at("items").as_array())
            out += (out.empty() ? "" : " ") + text_of(item, "channel_order_id");
        return out;
    }
    std::string id_of(const Context& ctx, const std::string& number) {
        return sql("select id from orders.sales_order where channel_order_id = '" + number +
                   "' and" + of_tenant(ctx));
    }
    static std::string of_tenant(const Context& ctx) {
        return " tenant_id = '" + ctx.tenant.text() + "' ";
    }
};

}  // namespace entrepot::orders::test
