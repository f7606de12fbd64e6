// Reports: days at zone borders, comparisons, scope, masking, drill, rates.
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <random>

#include "modules/insight/sample.hpp"
#include "platform/json/reader.hpp"
#include "platform/runtime/runtime.hpp"
#include "support/plans.hpp"

namespace entrepot::insight::test {
namespace {

using http::Method;
using orders::IncomingOrder;

class InsightReport : public InsightTest {
protected:
    static boost::json::object body_of(const http::Response& response) {
        return json::parse(response.body)->as_object();
    }
    std::int64_t orders_on(Context& ctx, const std::string& on) {
        return report(ctx, {.from = day(on), .to = day(on)}).totals.orders;
    }
};

TEST_F(InsightReport, counts_days_in_the_zone_of_the_shop) {
    struct Case {
        const char *zone, *at, *expected;
    };
    // Tokyo 23:30, and both sides of midnight around the changes of summer time.
    for (const Case& c : {Case{"Asia/Tokyo", "2026-02-03T14:30:00Z", "2026-02-03"},
                          Case{"Asia/Tokyo", "2026-02-03T15:00:00Z", "2026-02-04"},
                          Case{"America/Los_Angeles", "2026-03-08T07:59:59Z", "2026-03-07"},
                          Case{"America/Los_Angeles", "2026-03-09T06:59:59Z", "2026-03-08"},
                          Case{"America/Los_Angeles", "2026-03-09T07:00:00Z", "2026-03-09"},
                          Case{"Europe/Berlin", "2026-10-24T22:00:00Z", "2026-10-25"},
                          Case{"Europe/Berlin", "2026-10-25T22:59:59Z", "2026-10-25"},
                          Case{"Europe/Berlin", "2026-10-25T23:00:00Z", "2026-10-26"},
                          Case{"Pacific/Kiritimati", "2025-12-31T10:00:00Z", "2026-01-01"}}) {
        Context ctx = tenant_context();
        ingest(ctx, make_shop(ctx, "A", c.zone), {sample_order("1", moment(c.at), "CNY", 100)});
        drain_jobs();
        EXPECT_EQ(orders_on(ctx, c.expected), 1) << c.zone << ' ' << c.at;
        EXPECT_EQ(differences(ctx), "");
    }
}

TEST_F(InsightReport, compares_with_the_period_before_and_the_year_before) {
    Context ctx = tenant_context();
    const ShopId shop = make_shop(ctx, "A", "UTC");
    ingest(ctx, shop,
           {sample_order("1", moment("2024-02-29T12:00:00Z"), "CNY", 100),
            sample_order("2", moment("2025-01-31T12:00:00Z"), "CNY", 1000),
            sample_order("3", moment("2025-02-28T12:00:00Z"), "CNY", 10000)});
    drain_jobs();
    SalesQuery query{.from = day("2025-02-01"), .to = day("2025-02-28")};
    query.compare = Compare::previous;
    SalesReport got = report(ctx, query);
    EXPECT_EQ(amount(got.totals.sales), "100.00 CNY");
    EXPECT_EQ(amount(got.compare_totals->sales), "10.00 CNY");
    EXPECT_EQ(format_date(*got.compare_to), "2025-01-31");
    ASSERT_EQ(got.compare_points.size(), 1U);
    EXPECT_EQ(format_date(got.compare_points[0].period), "2025-01-31");
    query.compare = Compare::year;
    got = report(ctx, query);
    EXPECT_EQ(amount(got.compare_totals->sales), "1.00 CNY");
    EXPECT_EQ(format_date(*got.compare_to), "2024-02-29");
}

TEST_F(InsightReport, years_are_the_sums_of_their_months) {
    Context ctx = tenant_context();
    const ShopId old = make_shop(ctx, "Old", "UTC"), young = make_shop(ctx, "Young", "UTC");
    ingest(ctx, old,
           {sample_order("1", moment("2010-12-01T12:00:00Z"), "CNY", 100),
            sample_order("2", moment("2011-01-31T12:00:00Z"), "CNY", 1000),
            sample_order("3", moment("2011-08-02T12:00:00Z"), "CNY", 10000)});
    ingest(ctx, young, {sample_order("1", moment("2026-11-20T12:00:00Z"), "CNY", 7)});
    drain_jobs();
    const auto years_of_first = [&](const SalesReport& got) {
        std::string out;
        for (const Point& point : got.series.at(0).points)
            out += format_date(point.period) + " to " + format_date(point.last_day) + ": " +
                   amount(point.sales) + "; ";
        return out;
    };
    SalesQuery query{.group = Grain::year, .from = day("2010-12-01"), .to = day("2026-11-22")};
    const std::string all =
        "2010-01-01 to 2010-12-31: 1.00 CNY; "
        "2011-01-01 to 2011-12-31: 110.00 CNY; "
        "2026-01-01 to 2026-11-22: 0.07 CNY; ";
    for (const Valuation money : {Valuation::book, Valuation::original}) {
        query.currency = money;
        for (const By by : {By::none, By::sku}) {
            query.by = by;
            const SalesReport got = report(ctx, query);
            EXPECT_EQ(got.periods.size(), 17U);
            EXPECT_EQ(years_of_first(got), all);
            EXPECT_EQ(got.series[0].points[1].orders, 2);
        }
    }
    query.by = By::shop;
    query.currency = Valuation::book;
    EXPECT_EQ(report(ctx, query).series.size(), 2U);
    query.by = By::sku;
    query.shop_id = {{old}};
    // The ends of the span cut their months, not their years.
    query.from = day("2011-01-02");
    query.to = day("2011-08-01");
    EXPECT_EQ(years_of_first(report(ctx, query)), "2011-01-01 to 2011-08-01: 10.00 CNY; ");
}

TEST_F(InsightReport, the_dashboard_shows_any_span_and_names_its_first_day) {
    Context ctx = tenant_context();
    const auto board = [&](Context& who, const std::string& query) {
        const auto response = call(who, Method::get, "/insight/dashboard" + query);
        EXPECT_EQ(response.status, 200) << response.body;
        return body_of(response);
    };
    const auto orders_in = [](const boost::json::object& shown) {
        return shown.at("period").at("totals").at("orders").as_int64();
    };
    EXPECT_TRUE(board(ctx, "").at("first_day").is_null());
    const ShopId old = make_shop(ctx, "Old", "UTC"), young = make_shop(ctx, "Young", "UTC");
    make_shop(ctx, "Without a sale", "UTC");
    const auto import_id = ctx.new_id<ImportId>();
    ingest(ctx, old, {sample_order("0", moment("2009-05-01T12:00:00Z"), "CNY", 100)}, import_id);
    ingest(ctx, old, {sample_order("1", moment("2010-12-02T12:00:00Z"), "CNY", 100)});
    ingest(ctx, young, {sample_order("1", moment("2025-01-09T12:00:00Z"), "CNY", 100)});
    drain_jobs();
    EXPECT_EQ(board(ctx, "").at("first_day"), "2009-05-01");
    transact(ctx, [&](pg::Transaction& tx) -> Awaitable<Result<bool>> {
        co_await orders::remove_import(ctx, tx, import_id);
        co_return true;
    });
    drain_jobs();
    EXPECT_EQ(orders_in(board(ctx, "")), 0);
    const auto all = board(ctx, "?from=2010-12-02&to=2026-11-22");
    EXPECT_EQ(all.at("first_day"), "2010-12-02") << "an order that is gone leaves no first day";
    EXPECT_EQ(orders_in(all), 2);
    EXPECT_EQ(all.at("period").at("group"), "year");
    EXPECT_EQ(all.at("points").as_array().size(), 2U);
    EXPECT_EQ(all.at("points").at(0).at("period"), "2010-01-01");
    EXPECT_EQ(all.at("by_shop").as_array().size(), 2U);
    const auto one = board(ctx, "?from=2010-12-02&to=2010-12-02");
    EXPECT_EQ(one.at("period").at("group"), "day");
    EXPECT_EQ(one.at("points").at(0).at("period"), "2010-12-02");
    Context scoped = as(ctx, ctx.rights.permissions, {{young}});
    EXPECT_EQ(board(scoped, "").at("first_day"), "2025-01-09");
    EXPECT_EQ(board(scoped, "?from=2010-12-02&to=2026-11-22").at("sync").as_array().size(), 1U);
    Context nowhere = as(ctx, ctx.rights.permissions, std::vector<ShopId>{});
    EXPECT_TRUE(board(nowhere, "").at("first_day").is_null());
}

TEST_F(InsightReport, the_dashboard_names_what_is_wrong_with_its_span) {
    Context ctx = tenant_context();
    const auto refused = [&](const std::string& query) {
        const auto response = call(ctx, Method::get, "/insight/dashboard?" + query);
        const auto body = body_of(response);
        if (!body.contains("errors") || body.at("errors").as_array().empty())
            return std::to_string(response.status) + " " + std::string(body.at("code").as_string());
        const auto& field = body.at("errors").at(0);
        return std::to_string(response.status) + " " +
               std::string(field.at("pointer").as_string()) + " " +
               std::string(field.at("code").as_string());
    };
    EXPECT_EQ(refused("from=2026-01-01"), "400 /to required");
    EXPECT_EQ(refused("to=2026-01-01"), "400 /from required");
    EXPECT_EQ(refused("from=2026-01-02&to=2026-01-01"), "400 /to before_from");
    EXPECT_EQ(refused("days=7&from=2026-01-01&to=2026-01-01"), "400 /days one_of");
    EXPECT_EQ(refused("days=7&to=2026-01-01"), "400 /days one_of");
    EXPECT_EQ(refused("days=0"), "400 /days out_of_range");
    EXPECT_EQ(refused("from=2026-02-30&to=2026-03-01"), "400 /from date_expected");
    EXPECT_EQ(refused("from=1900-01-01&to=2026-01-01"), "400 insight.period_too_long");
}

TEST_F(InsightReport, answers_are_remembered_until_facts_change_and_never_for_another_tenant) {
    Context ctx = tenant_context(), other = tenant_context();
    const ShopId shop = make_shop(ctx, "A", "UTC");
    make_shop(other, "A", "UTC");
    ingest(ctx, shop, {sample_order("1", moment("2026-02-03T12:00:00Z"), "CNY", 1000)});
    drain_jobs();
    const SalesQuery query{.from = day("2026-02-01"), .to = day("2026-02-28")};
    const auto sales_now = [&] { return amount(report(ctx, query).totals.sales); };
    EXPECT_EQ(sales_now(), "10.00 CNY");
    EXPECT_EQ(report(other, query).totals.orders, 0);
    // Behind its back: a report that read again would see this.
    sql("update insight.sales_month set book_sales = 7 where" + of_tenant(ctx));
    sql("update insight.shop_day set book_sales = 7 where" + of_tenant(ctx));
    EXPECT_EQ(sales_now(), "10.00 CNY");
    sql("update insight.progress set version = version + 1 where" + of_tenant(ctx));
    EXPECT_EQ(sales_now(), "0.07 CNY");
    ingest(ctx, shop, {sample_order("2", moment("2026-02-04T12:00:00Z"), "CNY", 1000)});
    drain_jobs();
    EXPECT_EQ(sales_now(), "10.07 CNY");
    EXPECT_EQ(report(ctx, query).series.front().points.size(), 2U);
}

TEST_F(InsightReport, asked_three_times_at_once_is_read_once) {
    Context ctx = tenant_context();
    ingest(ctx, make_shop(ctx, "A", "UTC"),
           {sample_order("1", moment("2026-02-03T12:00:00Z"), "CNY", 1000)});
    drain_jobs();
    const SalesQuery query{.from = day("2026-02-01"), .to = day("2026-02-28"), .by = By::sku};
    // Nobody gets past the ranking while this holds the table.
    entrepot::test::PlanReader blocker(conninfo("entrepot_app"), ctx.tenant);
    blocker.run("lock table insight.item_month in access exclusive mode");
    const std::string others =
        "from pg_stat_activity where usename = 'entrepot_app' and state <> 'idle' and pid <> " +
        blocker.run("select pg_backend_pid()");
    std::vector<std::string> answers;
    const auto ask = [&]() -> Awaitable<void> {
        const SalesReport got = (co_await sales(ctx, query)).value();
        answers.push_back(amount(got.series.at(0).totals.sales));
    };
    std::string reading;
    const auto watch = [&]() -> Awaitable<void> {
        for (int rounds = 0, turns = 0; rounds < 5000 && turns < 20; ++rounds) {
            co_await Runtime::sleep_for(std::chrono::nanoseconds(0));
            reading = sql("select count(*) filter (where wait_event_type = 'Lock') " + others);
            if (reading != "0" && sql("select count(*) " + others) == "3") ++turns;
        }
        blocker.run("rollback");
    };
    run([&]() -> Awaitable<void> {
        using namespace boost::asio::experimental::awaitable_operators;
        co_await (ask() && ask() && ask() && watch());
    });
    EXPECT_EQ(reading, "1");
    EXPECT_EQ(answers, std::vector<std::string>(3, "10.00 CNY"));
}

TEST_F(InsightReport, originals_of_two_currencies_are_never_one_sum) {
    Context ctx = tenant_context();
    const ShopId shop = make_shop(ctx, "A", "UTC");
    import(ctx, "Date,USD,JPY,CNY\n2026-02-02,1.25,150,8\n");
    ingest(ctx, shop,
           {sample_order("1", moment("2026-02-03T12:00:00Z"), "USD", 1000),
            sample_order("2", moment("2026-02-03T12:00:00Z"), "JPY", 1000)});
    drain_jobs();
    SalesQuery query{.from = day("2026-02-01"), .to = day("2026-02-28")};
    SalesReport got = report(ctx, query);
    EXPECT_EQ(amount(got.totals.sales), "117.33 CNY");  // 10 × 6.4 + 1000 × 0.053333333333
    ASSERT_EQ(got.originals.size(), 2U);
    query.currency = Valuation::original;
    got = report(ctx, query);
    ASSERT_EQ(got.series.size(), 2U);
    EXPECT_EQ(amount(got.totals.sales), "none");
    std::set<std::string> sums;
    for (const Series& series : got.series) sums.insert(amount(series.totals.sales));
    EXPECT_EQ(sums, (std::set<std::string>{"10.00 USD", "1000 JPY"}));
}

TEST_F(InsightReport, folds_what_is_beyond_the_limit_into_other) {
    Context ctx = tenant_context();
    const ShopId shop = make_shop(ctx, "A", "UTC");
    std::vector<IncomingOrder> batch;
    for (int i = 1; i <= 5; ++i) {
        batch.push_back(
            sample_order(std::to_string(i), moment("2026-02-03T12:00:00Z"), "CNY", 100 * i));
        batch.back().ship_country = std::string("C") + std::to_string(i);
    }
    ingest(ctx, shop, batch);
    drain_jobs();
    SalesQuery query{.from = day("2026-02-01"), .to = day("2026-02-28")};
    query.by = By::country;
    query.limit = 2;
    const SalesReport got = report(ctx, query);
    ASSERT_EQ(got.series.size(), 3U);
    EXPECT_EQ(got.series[0].key, "C5");
    EXPECT_EQ(got.series[2].key, "other");
    EXPECT_EQ(amount(got.series[2].totals.sales), "6.00 CNY");
    EXPECT_EQ(got.series[2].points.at(0).orders, 3);
    EXPECT_FALSE(got.series[2].drill);
}

TEST_F(InsightReport, shows_only_shops_in_scope) {
    Context ctx = tenant_context();
    const ShopId mine = make_shop(ctx, "Mine", "UTC");
    const ShopId theirs = make_shop(ctx, "Theirs", "UTC");
    const Instant at = moment("2026-11-20T12:00:00Z");
    ingest(ctx, mine, {sample_order("1", at, "CNY", 100)});
    ingest(ctx, theirs, {sample_order("1", at, "CNY", 9900), sample_order("2", at, "CNY", 9900)});
    drain_jobs();
    Context scoped = as(ctx, ctx.rights.permissions, {{mine}});
    const SalesQuery query{.from = day("2026-11-01"), .to = day("2026-11-30"), .by = By::shop};
    const SalesReport got = report(scoped, query);
    EXPECT_EQ(got.totals.orders, 1);
    ASSERT_EQ(got.series.size(), 1U);
    EXPECT_EQ(got.series[0].label, "Mine");
    const auto board = run([&]() -> Awaitable<Dashboard> {
        const DashboardQuery days;
        co_return (co_await dashboard(scoped, days)).value();
    });
    EXPECT_EQ(board.period.totals.orders, 1);
    ASSERT_EQ(board.top_skus.size(), 1U);
    EXPECT_EQ(amount(board.top_skus[0].totals.sales), "1.00 CNY");
    EXPECT_EQ(board.open.unshipped, 1);
    EXPECT_EQ(board.sync.size(), 1U);
    const std::string range = "/insight/sales?from=2026-11-01&to=2026-11-30&shop_id=";
    const auto hidden = call(scoped, Method::get, range + theirs.text());
    const auto unknown = call(scoped, Method::get, range + scoped.new_id<ShopId>().text());
    EXPECT_EQ(hidden.status, 404);
    EXPECT_EQ(body_of(hidden)["code"], body_of(unknown)["code"]);
    EXPECT_EQ(body_of(hidden)["detail"], body_of(unknown)["detail"]);
}

TEST_F(InsightReport, another_tenant_sees_nothing) {
    Context ctx = tenant_context();
    const ShopId shop = make_shop(ctx, "A", "UTC");
    ingest(ctx, shop, {sample_order("1", moment("2026-02-03T12:00:00Z"), "CNY", 100)});
    drain_jobs();
    Context other = tenant_context();
    const SalesQuery query{.from = day("2026-02-01"), .to = day("2026-02-28")};
    EXPECT_EQ(report(other, query).totals.orders, 0);
    EXPECT_EQ(verified(other).orders, 0);
}

TEST_F(InsightReport, masks_money_and_does_not_rank_by_it) {
    Context ctx = tenant_context();
    const ShopId shop = make_shop(ctx, "A", "UTC");
    const Instant at = moment("2026-02-03T12:00:00Z");
    IncomingOrder dear = sample_order("1", at, "CNY", 123456);
    IncomingOrder cheap = sample_order("2", at, "CNY", 1);
    dear.lines[0].seller_sku = "DEAR";
    cheap.lines[0].quantity_ordered = 7;
    ingest(ctx, shop, {dear, cheap});
    drain_jobs();
    Context blind = as(ctx, {Permission::insight_read});
    const std::string span = "from=2026-02-01&to=2026-02-28";
    for (const std::string& path :
         {"/insight/sales?by=sku&compare=year&" + span, "/insight/top?by=sku&rank=sales&" + span,
          std::string("/insight/dashboard")}) {
        const auto seen = call(blind, Method::get, path);
        EXPECT_EQ(seen.status, 200) << seen.body;
        EXPECT_EQ(seen.body.find("1234"), std::string::npos) << path;
        EXPECT_NE(seen.body.find(R"("masked":["sales")"), std::string::npos) << path;
    }
    const auto top = body_of(call(blind, Method::get, "/insight/top?by=sku&rank=sales&" + span));
    EXPECT_EQ(top.at("items").at(0).at("key"), "MUG");
    const auto seen = body_of(call(ctx, Method::get, "/insight/top?by=sku&rank=sales&" + span));
    EXPECT_EQ(seen.at("items").at(0).at("key"), "DEAR");
    EXPECT_EQ(call(blind, Method::post, "/insight/rates/import", "x").status, 403);
    Context stranger = as(ctx, {Permission::orders_read});
    EXPECT_EQ(call(stranger, Method::get, "/insight/sales?" + span).status, 403);
}

TEST_F(InsightReport, refuses_what_makes_no_report) {
    Context ctx = tenant_context();
    const auto code = [&](const std::string& query) {
        const auto response = call(ctx, Method::get, "/insight/sales?" + query);
        return std::to_string(response.status) + " " +
               std::string(body_of(response).at("code").as_string());
    };
    EXPECT_EQ(code("from=2026-02-02&to=2026-02-01"), "400 invalid_fields");
    EXPECT_EQ(code("from=2026-02-02"), "400 invalid_fields");
    EXPECT_EQ(code("from=2020-01-01&to=2026-02-01"), "400 insight.period_too_long");
    EXPECT_EQ(code("from=2026-02-01&to=2026-02-02&group=decade"), "400 invalid_fields");
    EXPECT_EQ(code("from=1970-01-01&to=2026-02-02&group=year"), "400 insight.period_too_long");
    EXPECT_EQ(code("from=2026-02-01&to=2026-02-02&limit=0"), "400 invalid_fields");
    EXPECT_EQ(code("from=2026-02-01&to=2026-02-02&colour=red"), "400 invalid_fields");
    const auto odd = call(ctx, Method::get,
                          "/insight/sales?from=2026-02-01&to=2026-02-02&sku=%27%3B%20drop%20table");
    EXPECT_EQ(odd.status, 200) << odd.body;
}

/// What GET /orders lists for a drill must be the orders of the figure, each once and no other.
TEST_F(InsightReport, drill_lists_exactly_the_orders_of_a_cell) {
    Context ctx = tenant_context();
    const std::vector<ShopId> shops{make_shop(ctx, "Tokyo", "Asia/Tokyo"),
                                    make_shop(ctx, "Berlin", "Europe/Berlin")};
    std::mt19937 random{7};
    const auto pick = [&](int high) {
        return static_cast<int>(random() % static_cast<unsigned>(high));
    };
    std::vector<std::vector<IncomingOrder>> batches(2);
    for (int i = 0; i < 300; ++i) {
        IncomingOrder order =
            sample_order(std::to_string(i),
                         moment("2026-03-25T00:00:00Z") + std::chrono::minutes(pick(60 * 24 * 10)),
                         "CNY", pick(9'000));
        order.marketplace_id = pick(2) == 0 ? "M1" : "M2";
        order.ship_country =
            std::vector<std::string>{"US", "DE", "JP"}[static_cast<std::size_t>(pick(3))];
        order.state = pick(8) == 0 ? orders::OrderState::cancelled : orders::OrderState::shipped;
        if (pick(9) == 0) order.kind = orders::OrderKind::cancellation;
        order.lines[0].seller_sku = "SKU-" + std::to_string(pick(5));
        if (pick(2) == 0) {
            order.lines.push_back(order.lines[0]);
            order.lines[1].channel_line_id += "b";
            order.lines[1].seller_sku = "SKU-" + std::to_string(pick(5));
        }
        batches[static_cast<std::size_t>(pick(2))].push_back(order);
    }
    for (std::size_t i = 0; i < 2; ++i) ingest(ctx, shops[i], batches[i]);
    drain_jobs();
    ASSERT_EQ(differences(ctx), "");
    int cells = 0;
    for (const By by : {By::none, By::shop, By::marketplace, By::country, By::sku}) {
        SalesQuery query{.from = day("2026-03-25"), .to = day("2026-04-05"), .by = by};
        query.group = by == By::sku ? Grain::week : Grain::day;
        const SalesReport got = report(ctx, query);
        for (const Series& series : got.series) {
            ASSERT_TRUE(series.drill) << series.key;
            for (const Point& point : series.points) {
                if (pick(2) != 0) continue;
                ++cells;
                const Date first = std::max(point.period, query.from);
                std::string target = "/orders?limit=200&" + *series.drill +
                                     "&from=" + format_date(first) +
                                     "&to=" + format_date(point.last_day);
                const auto listed = call(ctx, Method::get, target);
                ASSERT_EQ(listed.status, 200) << listed.body;
                std::int64_t counted = 0;
                std::string ids;
                const boost::json::object page = body_of(listed);
                for (const auto& item : page.at("items").as_array()) {
                    const std::string id(item.at("id").as_string());
                    ids += (ids.empty() ? "'" : ",'") + id + "'";
                    ++counted;
                }
                const std::string notes = sql(
                    "select count(*) filter (where kind = 'cancellation') from orders.sales_order"
                    " where id in (" +
                    (ids.empty() ? "null" : ids) + ")");
                EXPECT_EQ(counted - std::stoll(notes), point.orders) << target;
                const std::string of_sku =
                    by == By::sku ? " and seller_sku = '" + series.key + "'" : "";
                const std::string total =
                    sql("select coalesce(sum(item_minor), 0) from "
                        "orders.order_line where order_id in (" +
                        (ids.empty() ? "null" : ids) + ")" + of_sku);
                EXPECT_EQ(std::stoll(total), point.total.value->minor) << target;
            }
        }
    }
    EXPECT_GT(cells, 30);
}

}  // namespace
}  // namespace entrepot::insight::test
