// Reports by SKU of some of the shops: what months and the days at their ends give must be what the
// days give one by one, for every measure.
#include <random>

#include "modules/insight/sample.hpp"

namespace entrepot::insight::test {
namespace {

using orders::IncomingOrder;
using Measures = std::map<std::string, std::int64_t>;

const std::vector<std::string> measure_names{
    "orders",  "cancelled_orders", "pending_orders", "credit_notes",
    "units",   "credit_units",     "unrated_lines",  "sales",
    "credits", "discounts",        "postage",        "tax",
    "total"};

void add(Measures& sum, const Figures& figures) {
    const auto minor = [](const MaybeMoney& money) { return money.value ? money.value->minor : 0; };
    const std::vector<std::int64_t> values{figures.orders,         figures.cancelled_orders,
                                           figures.pending_orders, figures.credit_notes,
                                           figures.units,          figures.credit_units,
                                           figures.unrated_lines,  minor(figures.sales),
                                           minor(figures.credits), minor(figures.discounts),
                                           minor(figures.postage), minor(figures.tax),
                                           minor(figures.total)};
    for (std::size_t i = 0; i < values.size(); ++i) sum[measure_names[i]] += values[i];
}

class InsightShops : public InsightTest {
protected:
    using BySku = std::map<std::string, Measures>;

    std::mt19937 random{20261122};
    int pick(int high) { return static_cast<int>(random() % static_cast<unsigned>(high)); }

    /// Orders of three shops, from 12 January on for 75 days; of many countries, marketplaces and
    /// currencies, so that a shop has many places. RUB has no rate.
    std::vector<ShopId> filled_shops(Context& ctx) {
        const std::vector<ShopId> shops{make_shop(ctx, "A", "UTC"),
                                        make_shop(ctx, "B", "Asia/Tokyo"),
                                        make_shop(ctx, "C", "America/Los_Angeles")};
        import(ctx, "Date,USD,JPY,CNY\n2026-02-20,1.2,160,7.9\n2026-01-05,1.25,150,8\n");
        const std::vector<std::string> currencies{"CNY", "USD", "JPY", "RUB"};
        for (const ShopId shop : shops) {
            std::vector<IncomingOrder> batch;
            for (int i = 0; i < 240; ++i) {
                IncomingOrder order = sample_order(
                    std::to_string(i),
                    moment("2026-01-12T00:00:00Z") + std::chrono::minutes(pick(60 * 24 * 75)),
                    currencies[static_cast<std::size_t>(pick(4))], 1 + pick(90'000));
                order.marketplace_id = pick(2) == 0 ? "M1" : "M2";
                order.ship_country = std::vector<std::string>{
                    "US", "DE", "JP", "FR"}[static_cast<std::size_t>(pick(4))];
                if (pick(9) == 0) order.kind = orders::OrderKind::cancellation;
                if (pick(9) == 0) order.state = orders::OrderState::cancelled;
                if (pick(9) == 0) order.state = orders::OrderState::pending;
                order.lines[0].seller_sku = "SKU-" + std::to_string(pick(5));
                order.lines[0].quantity_ordered = 1 + pick(4);
                order.lines[0].amounts.tax = pick(500);
                order.lines[0].amounts.shipping = pick(300);
                order.lines[0].amounts.discount = pick(200);
                if (pick(2) == 0) {
                    order.lines.push_back(order.lines[0]);
                    order.lines[1].channel_line_id += "b";
                    order.lines[1].seller_sku = "SKU-" + std::to_string(pick(5));
                }
                batch.push_back(order);
            }
            ingest(ctx, shop, batch);
        }
        drain_jobs();
        return shops;
    }

    static SalesQuery by_sku(const std::vector<ShopId>& shops, const Span& span) {
        SalesQuery query{.from = span.from, .to = span.to, .shop_id = shops, .by = By::sku};
        query.group = Grain::month;
        query.limit = 100;
        return query;
    }
};

const std::vector<Span> spans() {
    return {{day("2026-01-12"), day("2026-03-27")},  // up to the last day with facts
            {day("2026-01-20"), day("2026-03-09")},  // days kept at both ends
            {day("2026-01-14"), day("2026-03-25")},  // days taken off at both ends
            {day("2026-01-14"), day("2026-03-09")}, {day("2026-02-01"), day("2026-02-28")},
            {day("2026-02-03"), day("2026-02-27")},   // one month without its ends
            {day("2026-02-10"), day("2026-02-12")},   // days only
            {day("2026-01-31"), day("2026-02-01")},   // two days, two months
            {day("2025-06-15"), day("2026-06-15")}};  // more than there is
}

TEST_F(InsightShops, items_of_shops_are_the_sum_of_their_days) {
    Context ctx = tenant_context();
    const auto shops = filled_shops(ctx);
    ASSERT_EQ(differences(ctx), "");
    for (const auto& some : {std::vector<ShopId>{shops[1]}, {shops[0], shops[2]}}) {
        std::map<Date, BySku> by_day;
        for (Date at = day("2026-01-11"); at <= day("2026-03-29"); at += std::chrono::days{1})
            for (const Series& series : report(ctx, by_sku(some, {at, at})).series)
                add(by_day[at][series.key], series.totals);
        for (const Span& span : spans()) {
            SCOPED_TRACE(format_date(span.from) + ".." + format_date(span.to));
            BySku expected;
            std::map<std::pair<std::string, Date>, std::int64_t> expected_points;
            for (const auto& [at, items] : by_day) {
                if (at < span.from || at > span.to) continue;
                for (const auto& [key, measures] : items) {
                    for (const auto& [name, value] : measures) expected[key][name] += value;
                    expected_points[{key, period_start(at, Grain::month)}] += measures.at("total");
                }
            }
            const SalesReport got = report(ctx, by_sku(some, span));
            BySku found;
            for (const Series& series : got.series) {
                add(found[series.key], series.totals);
                for (const Point& point : series.points)
                    EXPECT_EQ(point.total.value->minor,
                              (expected_points[{series.key, point.period}]))
                        << series.key << ' ' << format_date(point.period);
            }
            EXPECT_EQ(found, expected);
            SalesQuery of_one = by_sku(some, span);
            of_one.by = By::shop;
            of_one.sku = "SKU-1";
            std::map<Date, std::int64_t> by_month;
            for (const Series& series : report(ctx, of_one).series)
                for (const Point& point : series.points)
                    by_month[point.period] += point.total.value->minor;
            for (const auto& [month, total] : by_month)
                EXPECT_EQ(total, (expected_points[{"SKU-1", month}])) << format_date(month);
            for (const auto& [key, total] : expected_points)
                EXPECT_TRUE(key.first != "SKU-1" || total == 0 || by_month.contains(key.second));
        }
    }
}

TEST_F(InsightShops, the_best_items_of_shops_are_those_of_all_their_days) {
    Context ctx = tenant_context();
    const auto shops = filled_shops(ctx);
    const std::vector<ShopId> some{shops[0], shops[1]};
    for (const Span& span : spans()) {
        for (const Rank rank : {Rank::sales, Rank::units, Rank::orders}) {
            const std::string name = boost::describe::enum_to_string(rank, "");
            SCOPED_TRACE(format_date(span.from) + ".." + format_date(span.to) + " by " + name);
            SalesQuery query = by_sku(some, span);
            query.rank = rank;
            std::vector<std::int64_t> all, best;
            for (const Series& series : report(ctx, query).series) {
                Measures measures;
                add(measures, series.totals);
                all.push_back(measures[name]);
            }
            std::sort(all.begin(), all.end(), std::greater<>());
            query.limit = 2;
            for (const Series& series : report(ctx, query).series) {
                Measures measures;
                add(measures, series.totals);
                best.push_back(measures[name]);
            }
            all.resize(std::min<std::size_t>(all.size(), 2));
            EXPECT_EQ(best, all);
        }
    }
}

TEST_F(InsightShops, verify_finds_a_month_that_nobody_sold_in) {
    Context ctx = tenant_context();
    const ShopId shop = make_shop(ctx, "A", "UTC");
    ingest(ctx, shop, {sample_order("1", moment("2026-02-03T10:00:00Z"), "CNY", 500)});
    drain_jobs();
    ASSERT_EQ(differences(ctx), "");
    sql("insert into insight.item_shop_month (tenant_id, month, shop_id, item_no, orders) select "
        "tenant_id, '2025-12-01', shop_id, item_no, 3 from insight.item_shop_month where" +
        of_tenant(ctx));
    const Verification found = verified(ctx);
    ASSERT_EQ(found.differences, 1);
    EXPECT_EQ(found.first[0].where, "item_shop_month");
    EXPECT_NE(found.first[0].key.find("shop_id=" + shop.text()), std::string::npos);
    EXPECT_EQ(found.first[0].expected, "");
    EXPECT_EQ(found.first[0].found, "orders=3");
}

}  // namespace
}  // namespace entrepot::insight::test
