// How fast facts are derived and reports read. Prints figures; asserts only that they are right.
// ENTREPOT_BENCH_ORDERS sets the number of orders (default 2,000; the figures want 100,000 and more).
#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "modules/insight/facts_store.hpp"
#include "modules/insight/sample.hpp"

namespace entrepot::insight::test {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
}

class InsightSpeed : public InsightTest {
protected:
    void load_orders(Context& ctx, std::int64_t count);
    void print_report_time(Context& ctx, const char* name, const SalesQuery& query);
};

/// A year of orders of three shops, two lines each, 3,000 SKUs of which few sell most.
void InsightSpeed::load_orders(Context& ctx, std::int64_t count) {
    const std::string tenant = "'" + ctx.tenant.text() + "'";
    std::string zones;
    for (const char* zone : {"America/Los_Angeles", "Europe/Berlin", "Asia/Tokyo"})
        zones += (zones.empty() ? "'" : ",'") + make_shop(ctx, zone, zone).text() + "'";
    sql("insert into orders.sales_order (tenant_id, id, shop_id, channel_order_id, kind, ordered_at, "
        "channel_updated_at, updated_at, state, channel_state, fulfilled_by, marketplace_id, "
        "ship_country, currency, item_minor, shipping_minor, gift_wrap_minor, tax_minor, "
        "discount_minor, other_minor, grand_total_minor, line_count, unit_count, first_seller_sku, "
        "first_title, first_quantity, programs, source_channel, source_operation, source_request_id, "
        "source_received_at, content_hash) select " + tenant + ", (lpad(to_hex(1900000000000 + i), 12, "
        "'0') || '7' || substr(md5(" + tenant + " || i), 1, 3) || '8' || substr(md5(" + tenant +
        " || i), 4, 15))::uuid, (array[" + zones + "]::uuid[])[1 + i % 3], 'S-' || i, 'sale', "
        "timestamptz '2025-01-01Z' + i * interval '365 days' / " + std::to_string(count) +
        ", now(), now(), case when i % 25 = 0 then 'cancelled' else 'shipped' end, 'Shipped', "
        "'channel', 'M' || 1 + i % 5, (array['US','DE','JP','FR','GB','AT'])[1 + i % 6], "
        "(array['USD','EUR','JPY'])[1 + i % 3], 2000, 0, 0, 160, 0, 0, 2160, 2, 2, 'x', 'x', 1, '{}', "
        "'amazon', 'searchOrders', 'r', now(), '\\x00' from generate_series(1, " +
        std::to_string(count) + ") i");
    sql("insert into orders.order_line (tenant_id, order_id, line_no, ordered_at, channel_line_id, "
        "seller_sku, title, kind, quantity_ordered, quantity_shipped, quantity_cancelled, item_minor, "
        "shipping_minor, gift_wrap_minor, tax_minor, discount_minor, other_minor) select tenant_id, id, "
        "n, ordered_at, 'c' || n, 'SKU-' || 1 + floor(3000 * power(abs(hashtext(id::text || n)) % 100000 "
        "/ 100000.0, 2.5)), 'Title', 'goods', 1, 1, 0, 1000 + abs(hashtext(id::text)) % 5000, case when n = 1 then 499 else 0 end, 0, 80, 0, 0 "
        "from orders.sales_order cross join generate_series(1, 2) n where" + of_tenant(ctx));
    sql("vacuum analyze orders.sales_order, orders.order_line");
}

void InsightSpeed::print_report_time(Context& ctx, const char* name, const SalesQuery& query) {
    constexpr int times = 20;
    std::vector<double> took;
    for (int i = 0; i < times; ++i) {
        const auto start = Clock::now();
        report(ctx, query);
        took.push_back(seconds_since(start) * 1000);
    }
    std::sort(took.begin(), took.end());
    std::printf("  %-36s median %6.1f ms, worst of %d %6.1f ms\n", name, took[times / 2], times,
                took.back());
}

TEST_F(InsightSpeed, facts_and_reports) {
    const char* asked = std::getenv("ENTREPOT_BENCH_ORDERS");
    const std::int64_t count = asked != nullptr ? std::atoll(asked) : 2'000;
    Context ctx = tenant_context();
    import(ctx, "Date,USD,JPY,CNY\n2024-12-31,1.0389,163.06,7.5833\n2025-07-01,1.181,169.38,8.4615\n");
    drain_jobs();
    load_orders(ctx, count);
    const auto ids = transact(ctx, [&](pg::Transaction& tx) -> Awaitable<Result<std::vector<OrderId>>> {
        co_return co_await store::orders_after(tx, OrderId{}, std::nullopt, count);
    });
    for (std::size_t size : {std::size_t{1'000}, std::size_t{10'000}}) {
        const auto start = Clock::now();
        for (std::size_t at = 0; at < ids.size(); at += size) {
            const std::vector<OrderId> batch(
                ids.begin() + static_cast<std::ptrdiff_t>(at),
                ids.begin() + static_cast<std::ptrdiff_t>(std::min(ids.size(), at + size)));
            transact(ctx, [&](pg::Transaction& tx) -> Awaitable<Result<bool>> {
                co_await derive_facts(ctx, tx, batch);
                co_return true;
            });
        }
        const double took = seconds_since(start);
        std::printf("  %s, %zu an event: %lld orders in %.2f s, %.0f orders/s\n",
                    size == 1'000 ? "new facts" : "the same facts again", size,
                    static_cast<long long>(count), took, static_cast<double>(count) / took);
        sql("vacuum analyze insight.sale_line, insight.sales_day, insight.sales_month, "
            "insight.item_day, insight.item_month, insight.item_place_month, insight.place, "
            "insight.item, insight.rate_used");
    }
    const auto rebuilding = Clock::now();
    EXPECT_EQ(run([&]() -> Awaitable<std::int64_t> { co_return co_await rebuild(ctx); }), count);
    const double rebuilt = seconds_since(rebuilding);
    std::printf("  rebuild: %.2f s, %.0f orders/s\n", rebuilt, static_cast<double>(count) / rebuilt);
    const auto verifying = Clock::now();
    EXPECT_EQ(differences(ctx), "");
    std::printf("  verify: %.2f s\n", seconds_since(verifying));
    SalesQuery year{.from = day("2025-01-01"), .to = day("2025-12-31")};
    print_report_time(ctx, "a year by day", year);
    year.compare = Compare::year;
    year.by = By::shop;
    print_report_time(ctx, "a year by day and shop, compared", year);
    year.by = By::country;
    year.group = Grain::week;
    print_report_time(ctx, "a year by week and country", year);
    year.compare = Compare::none;
    year.by = By::marketplace;
    year.group = Grain::month;
    print_report_time(ctx, "a year by month and marketplace", year);
    year.by = By::sku;
    print_report_time(ctx, "a year by month and SKU", year);
    year.group = Grain::day;
    print_report_time(ctx, "a year by day and SKU", year);
    year.from = day("2025-01-16");
    year.to = day("2025-12-15");
    print_report_time(ctx, "the same, broken months", year);
    year.country = {"DE"};
    print_report_time(ctx, "the same, one country", year);
    year.country.reset();
    year.by = By::country;
    year.sku = "SKU-1";
    print_report_time(ctx, "the best SKU by day and country", year);
    const auto start = Clock::now();
    for (int i = 0; i < 20; ++i)
        run([&]() -> Awaitable<bool> {
            const DashboardQuery days;
            co_return (co_await dashboard(ctx, days)).has_value();
        });
    std::printf("  dashboard: mean %.1f ms\n", seconds_since(start) * 50);
}

}  // namespace
}  // namespace entrepot::insight::test
