// Shops, orders and rates for tests of insight.
#pragma once

#include "modules/insight/facts.hpp"
#include "modules/insight/report.hpp"
#include "modules/orders/orders.hpp"
#include "modules/shops/shops.hpp"
#include "support/fixture.hpp"

namespace entrepot::insight::test {

inline Date day(const std::string& text) {
    return *parse_date(text);
}
inline Instant moment(const std::string& text) {
    return *parse_instant(text);
}

/// An order of one line that counts.
inline orders::IncomingOrder sample_order(const std::string& number, Instant at,
                                          const std::string& currency, std::int64_t item) {
    orders::IncomingOrder order;
    order.channel_order_id = number;
    order.ordered_at = order.channel_updated_at = at;
    order.channel_state = "Unshipped";
    order.state = orders::OrderState::unshipped;
    order.fulfilled_by = orders::FulfilledBy::merchant;
    order.marketplace_id = "M1";
    order.ship_country = "US";
    order.currency = currency;
    orders::IncomingLine line;
    line.channel_line_id = number + "-1";
    line.seller_sku = "MUG";
    line.title = "A mug";
    line.quantity_ordered = 1;
    line.amounts.item = item;
    order.lines.push_back(line);
    return order;
}

class InsightTest : public entrepot::test::DatabaseTest {
protected:
    template <class Body>
    auto transact(Context& ctx, Body body) {
        using Value = typename pg::BodyResult<Body>::value_type;
        return run([&]() -> Awaitable<Value> {
            Result<Value> done = co_await ctx.db().transaction(ctx.tenant, body);
            co_return std::move(done).value();
        });
    }

    ShopId make_shop(Context& ctx, const std::string& name, const std::string& zone,
                     shops::Channel channel = shops::Channel::file) {
        const shops::NewShop shop{name,
                                  channel,
                                  std::nullopt,
                                  std::nullopt,
                                  zone,
                                  {{"M1", "US", "Market one", "USD", true, true},
                                   {"M2", "JP", "Market two", "JPY", true, true}}};
        return transact(ctx, [&](pg::Transaction& tx) -> Awaitable<Result<ShopId>> {
            co_return co_await shops::add_shop(ctx, tx, shop);
        });
    }

    void ingest(Context& ctx, ShopId shop, const std::vector<orders::IncomingOrder>& batch,
                std::optional<ImportId> import = std::nullopt) {
        const orders::IngestSource source{shop, "file", "test", "r1", ctx.now(), import};
        transact(ctx, [&](pg::Transaction& tx) -> Awaitable<Result<bool>> {
            co_await orders::ingest(ctx, tx, source, batch);
            co_return true;
        });
    }

    RatesImported import(Context& ctx, const std::string& file) {
        return run([&]() -> Awaitable<RatesImported> {
            co_return (co_await import_rates(ctx, file)).value();
        });
    }

    SalesReport report(Context& ctx, const SalesQuery& query) {
        return run(
            [&]() -> Awaitable<SalesReport> { co_return (co_await sales(ctx, query)).value(); });
    }

    Verification verified(Context& ctx, const Patience& patience = {}) {
        return run([&]() -> Awaitable<Verification> { co_return co_await verify(ctx, patience); });
    }

    /// Differences in words; empty when facts and orders agree.
    std::string differences(Context& ctx) {
        std::string out;
        const Verification verification = verified(ctx);
        for (const Difference& difference : verification.first)
            out += difference.where + " " + difference.key + "\n  expected " + difference.expected +
                   "\n  found    " + difference.found + "\n";
        if (verification.differences > 0)
            out += std::to_string(verification.differences) + " differences";
        return out;
    }

    static std::string of_tenant(const Context& ctx) {
        return " tenant_id = '" + ctx.tenant.text() + "' ";
    }
};

inline std::string amount(const MaybeMoney& money) {
    return money.value ? money.value->amount() + " " + std::string(money.value->currency.code())
                       : "none";
}

}  // namespace entrepot::insight::test
