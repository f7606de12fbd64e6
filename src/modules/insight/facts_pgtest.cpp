// Facts under everything that happens to orders: new versions, cancellations, undo, events twice
// and in any sequence. The figures must equal those of a naive model that reads the orders.
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <random>

#include "modules/insight/sample.hpp"
#include "platform/runtime/runtime.hpp"

namespace entrepot::insight::test {
namespace {

using orders::IncomingLine;
using orders::IncomingOrder;
using orders::LineKind;
using orders::OrderKind;
using orders::OrderState;
__extension__ using Wide = __int128;

struct NaiveLine {
    OrderId order_id;
    std::int64_t line_no;
    Date day;
    ShopId shop_id;
    std::string marketplace_id, country, currency, sku, kind, state, line_kind;
    std::int64_t quantity, item, shipping, gift_wrap, tax, discount, other;
};
BOOST_DESCRIBE_STRUCT(NaiveLine, (),
                      (order_id, line_no, day, shop_id, marketplace_id, country, currency, sku,
                       kind, state, line_kind, quantity, item, shipping, gift_wrap, tax, discount,
                       other))

const pg::Statement<NaiveLine(TenantId)> naive_lines{"insight_test.naive_lines", R"sql(
    select o.id as order_id, l.line_no, (o.ordered_at at time zone s.time_zone)::date as day,
        o.shop_id, o.marketplace_id, coalesce(o.ship_country, '-') as country,
        coalesce(o.currency, 'XXX') as currency, coalesce(k.code, l.seller_sku) as sku, o.kind,
        o.state, l.kind as line_kind, l.quantity_ordered - l.quantity_cancelled as quantity,
        l.item_minor as item, l.shipping_minor as shipping, l.gift_wrap_minor as gift_wrap,
        l.tax_minor as tax, l.discount_minor as discount, l.other_minor as other
    from orders.sales_order o
    join shops.shop s on s.tenant_id = $1 and s.id = o.shop_id
    join orders.order_line l on l.tenant_id = $1 and l.order_id = o.id
    left join catalog.sku k on k.tenant_id = $1 and k.id = l.sku_id
    where o.tenant_id = $1
    order by o.id, l.line_no
)sql"};

Wide half_even(Wide numerator, Wide denominator) {
    const bool negative = (numerator < 0) != (denominator < 0);
    const Wide n = numerator < 0 ? -numerator : numerator;
    const Wide d = denominator < 0 ? -denominator : denominator;
    Wide quotient = n / d;
    const Wide twice = n % d * 2;
    if (twice > d || (twice == d && quotient % 2 != 0)) ++quotient;
    return negative ? -quotient : quotient;
}

/// Rates of the test: published on some days only; GBP from the tenth day on, RUB never.
constexpr std::string_view rates_csv =
    "Date,USD,JPY,CNY,GBP,\n"
    "2026-02-20,1.2042,159.65,7.8123,0.86541,\n"
    "2026-02-10,1.1968,161.07,7.8899,0.85012,\n"
    "2026-02-06,1.1841,158.22,7.9214,N/A,\n"
    "2026-02-02,1.1755,160.01,7.9005,N/A,\n"
    "2026-01-30,1.1831,157.93,7.8567,N/A,\n";

struct NaiveRates {
    std::map<std::string, std::map<Date, Wide>> per_eur{
        {"USD",
         {{day("2026-02-20"), 120420000},
          {day("2026-02-10"), 119680000},
          {day("2026-02-06"), 118410000},
          {day("2026-02-02"), 117550000},
          {day("2026-01-30"), 118310000}}},
        {"JPY",
         {{day("2026-02-20"), 15965000000},
          {day("2026-02-10"), 16107000000},
          {day("2026-02-06"), 15822000000},
          {day("2026-02-02"), 16001000000},
          {day("2026-01-30"), 15793000000}}},
        {"CNY",
         {{day("2026-02-20"), 781230000},
          {day("2026-02-10"), 788990000},
          {day("2026-02-06"), 792140000},
          {day("2026-02-02"), 790050000},
          {day("2026-01-30"), 785670000}}},
        {"GBP", {{day("2026-02-20"), 86541000}, {day("2026-02-10"), 85012000}}}};

    std::optional<Wide> at(const std::string& currency, Date on) const {
        if (currency == "EUR") return 100000000;
        const auto found = per_eur.find(currency);
        if (found == per_eur.end()) return std::nullopt;
        auto after = found->second.upper_bound(on);
        if (after == found->second.begin()) return std::nullopt;
        return std::prev(after)->second;
    }
    /// Minor units of CNY; nothing without a rate.
    std::optional<std::int64_t> book(std::int64_t minor, const std::string& code, Date on) const {
        if (code == "CNY") return minor;
        const auto currency = Currency::parse(code);
        const auto from = at(code, on), to = at("CNY", on);
        if (!currency || !from || !to) return std::nullopt;
        const Wide rate = half_even(*to * 1'000'000'000'000, *from);
        Wide numerator = Wide{minor} * rate, denominator = 1'000'000'000'000;
        for (int e = currency->exponent(); e < 2; ++e) numerator *= 10;
        for (int e = 2; e < currency->exponent(); ++e) denominator *= 10;
        return static_cast<std::int64_t>(half_even(numerator, denominator));
    }
};

/// Figures of a set of lines, counted one by one.
struct Naive {
    std::set<OrderId> orders, cancelled, notes;
    std::int64_t units = 0, credit_units = 0, unrated = 0;
    std::map<std::string, std::int64_t> original, book;

    bool is_nothing() const {
        const auto zero = [](const auto& item) { return item.second == 0; };
        return orders.empty() && cancelled.empty() && notes.empty() && units == 0 &&
               credit_units == 0 && std::all_of(original.begin(), original.end(), zero);
    }

    void add(const NaiveLine& line, const NaiveRates& rates) {
        const bool sale = line.kind == "sale" || line.kind == "replacement";
        if (line.state == "cancelled") cancelled.insert(line.order_id);
        if (line.state == "cancelled" || line.state == "pending") return;
        if (sale) orders.insert(line.order_id);
        if (line.kind == "cancellation") notes.insert(line.order_id);
        const std::int64_t net =
            line.item + line.shipping + line.gift_wrap + line.other - line.discount;
        std::map<std::string, std::int64_t> parts;
        if (line.kind == "adjustment" || line.line_kind == "adjustment") {
            parts["adjustments"] = net + line.tax;
        } else {
            parts["tax"] = line.tax;
            if (line.line_kind == "goods") {
                (line.kind == "cancellation" ? credit_units : units) += line.quantity;
                parts[line.kind == "cancellation" ? "credits" : "sales"] = line.item;
                parts["discounts"] = -line.discount;
                parts["postage"] = line.shipping;
                parts["other"] = line.gift_wrap + line.other;
            } else if (line.line_kind == "postage") {
                parts["postage"] = net;
            } else if (line.line_kind == "fee") {
                parts["fees"] = net;
            } else if (line.line_kind == "discount") {
                parts["discounts"] = net;
            } else {
                parts["other"] = net;
            }
        }
        bool lacks_rate = false;
        for (const auto& [name, minor] : parts) {
            original[name] += minor;
            original["total"] += minor;
            const auto valued = rates.book(minor, line.currency, line.day);
            lacks_rate = lacks_rate || (!valued && minor != 0);
            book[name] += valued.value_or(0);
            book["total"] += valued.value_or(0);
        }
        unrated += lacks_rate ? 1 : 0;
    }
};

class InsightFacts : public InsightTest {
protected:
    std::mt19937 random{20261122};
    std::int64_t pick(std::int64_t low, std::int64_t high) {
        return std::uniform_int_distribution<std::int64_t>(low, high)(random);
    }
    bool one_in(int n) { return pick(1, n) == 1; }
    template <class T>
    T any(std::initializer_list<T> list) {
        return *(list.begin() + pick(0, static_cast<std::int64_t>(list.size()) - 1));
    }

    IncomingOrder random_order(int number, Instant updated);
    void map_sku(Context& ctx, ShopId shop, const std::string& seller_sku, const std::string& code);
    std::vector<NaiveLine> lines_of(Context& ctx) {
        return transact(ctx, [&](pg::Transaction& tx) -> Awaitable<Result<std::vector<NaiveLine>>> {
            co_return co_await tx.rows(naive_lines, ctx.tenant);
        });
    }
    void expect_equal(Context& ctx, const std::vector<NaiveLine>& lines, SalesQuery query);
    void replay(Context& ctx, const std::vector<OrderId>& ids);
    NaiveRates rates_;
};

IncomingOrder InsightFacts::random_order(int number, Instant updated) {
    IncomingOrder order = sample_order("N-" + std::to_string(number), updated,
                                       any<const char*>({"USD", "EUR", "JPY", "CNY", "GBP"}), 0);
    order.kind = any({OrderKind::sale, OrderKind::sale, OrderKind::sale, OrderKind::sale,
                      OrderKind::cancellation, OrderKind::adjustment, OrderKind::replacement});
    order.ordered_at = moment("2026-02-01T00:00:00Z") + std::chrono::minutes(pick(0, 60 * 24 * 28));
    order.channel_updated_at = updated;
    order.state =
        any({OrderState::pending, OrderState::unshipped, OrderState::shipped, OrderState::shipped,
             OrderState::cancelled, OrderState::delivered, OrderState::unfulfillable});
    order.marketplace_id = any<const char*>({"M1", "M2"});
    order.ship_country = any<std::optional<std::string>>({"US", "DE", "JP", std::nullopt});
    if (order.state == OrderState::pending && one_in(2)) order.currency.reset();
    order.lines.clear();
    const auto count = pick(1, 4);
    for (int i = 0; i < count; ++i) {
        IncomingLine line;
        line.channel_line_id = "L" + std::to_string(i);
        line.seller_sku = any<const char*>({"MUG", "MUG-B", "CUP", "POST", "PLATE"});
        line.title = line.seller_sku;
        line.kind = any({LineKind::goods, LineKind::goods, LineKind::goods, LineKind::goods,
                         LineKind::postage, LineKind::fee, LineKind::discount, LineKind::gift_card,
                         LineKind::adjustment});
        const std::int64_t sign = order.kind == OrderKind::cancellation ? -1 : 1;
        line.quantity_ordered = sign * pick(1, 9);
        if (sign > 0 && one_in(5)) line.quantity_cancelled = 1;
        if (order.currency) {
            line.amounts.item = sign * pick(0, 100'000);
            line.amounts.shipping = one_in(3) ? sign * pick(0, 2'000) : 0;
            line.amounts.tax = one_in(2) ? sign * pick(0, 9'000) : 0;
            line.amounts.discount = one_in(4) ? sign * pick(0, 5'000) : 0;
            line.amounts.gift_wrap = one_in(9) ? pick(0, 500) : 0;
            line.amounts.other = one_in(9) ? pick(-500, 500) : 0;
        }
        order.lines.push_back(line);
    }
    return order;
}

void InsightFacts::map_sku(Context& ctx, ShopId shop, const std::string& seller_sku,
                           const std::string& code) {
    const std::string tenant = "'" + ctx.tenant.text() + "'";
    sql("insert into catalog.sku (tenant_id, id, code, title, created_at) values (" + tenant +
        ", md5(" + tenant + " || '" + code + "')::uuid, '" + code +
        "', 'Title', now()) on conflict do nothing");
    sql("insert into catalog.sku_mapping (tenant_id, id, shop_id, seller_sku, sku_id, valid_from, "
        "created_at, created_by) values (" +
        tenant + ", gen_random_uuid(), '" + shop.text() + "', '" + seller_sku + "', md5(" + tenant +
        " || '" + code + "')::uuid, '1970-01-01Z', now(), 'test')");
}

/// A filter that is not given holds everything.
bool holds(const auto& list, const auto& value) {
    return !list || std::find(list->begin(), list->end(), value) != list->end();
}

/// The report says of each series, each period, and all together what the lines say.
void InsightFacts::expect_equal(Context& ctx, const std::vector<NaiveLine>& lines,
                                SalesQuery query) {
    query.limit = 100;
    const SalesReport got = report(ctx, query);
    const bool original = query.currency == Valuation::original;
    Naive all;
    std::map<std::pair<std::string, std::string>, Naive> series;
    std::map<std::tuple<std::string, std::string, Date>, Naive> points;
    for (const NaiveLine& line : lines) {
        if (line.day < query.from || line.day > query.to || !holds(query.shop_id, line.shop_id) ||
            !holds(query.marketplace_id, line.marketplace_id) ||
            !holds(query.country, line.country) || (query.sku && *query.sku != line.sku))
            continue;
        std::string key;
        if (query.by == By::shop) key = line.shop_id.text();
        if (query.by == By::marketplace) key = line.marketplace_id;
        if (query.by == By::country) key = line.country;
        if (query.by == By::currency) key = line.currency;
        if (query.by == By::sku) key = line.sku;
        const std::string currency = original ? line.currency : "CNY";
        all.add(line, rates_);
        series[{key, currency}].add(line, rates_);
        points[{key, currency, period_start(line.day, query.group.value_or(Grain::day))}].add(
            line, rates_);
    }
    const auto minor = [](const MaybeMoney& money) { return money.value ? money.value->minor : 0; };
    const auto equal = [&](const Figures& figures, Naive& naive, const std::string& what) {
        auto& amounts = original ? naive.original : naive.book;
        EXPECT_EQ(figures.orders, static_cast<std::int64_t>(naive.orders.size())) << what;
        EXPECT_EQ(figures.cancelled_orders, static_cast<std::int64_t>(naive.cancelled.size()))
            << what;
        EXPECT_EQ(figures.credit_notes, static_cast<std::int64_t>(naive.notes.size())) << what;
        EXPECT_EQ(figures.units, naive.units) << what;
        EXPECT_EQ(figures.credit_units, naive.credit_units) << what;
        if (!figures.currency) return;
        EXPECT_EQ(minor(figures.sales), amounts["sales"]) << what;
        EXPECT_EQ(minor(figures.credits), amounts["credits"]) << what;
        EXPECT_EQ(minor(figures.discounts), amounts["discounts"]) << what;
        EXPECT_EQ(minor(figures.postage), amounts["postage"]) << what;
        EXPECT_EQ(minor(figures.tax), amounts["tax"]) << what;
        EXPECT_EQ(minor(figures.fees), amounts["fees"]) << what;
        EXPECT_EQ(minor(figures.adjustments), amounts["adjustments"]) << what;
        EXPECT_EQ(minor(figures.other), amounts["other"]) << what;
        EXPECT_EQ(minor(figures.total), amounts["total"]) << what;
    };
    equal(got.totals, all, "all");
    for (const Series& one : got.series) {
        const std::string currency = one.totals.currency.value_or("XXX");
        auto found = series.find({one.key, currency});
        if (found == series.end()) {
            EXPECT_EQ(one.totals.orders + one.totals.cancelled_orders + one.totals.units, 0);
            continue;
        }
        equal(one.totals, found->second, one.key + " " + currency);
        for (const Point& point : one.points) {
            Naive naive = points[{one.key, currency, point.period}];
            points.erase({one.key, currency, point.period});
            auto& amounts = original ? naive.original : naive.book;
            const std::string what = one.key + " " + format_date(point.period);
            EXPECT_EQ(point.orders, static_cast<std::int64_t>(naive.orders.size())) << what;
            EXPECT_EQ(point.units, naive.units) << what;
            EXPECT_EQ(minor(point.sales), amounts["sales"]) << what;
            if (one.totals.currency) {
                EXPECT_EQ(minor(point.total), amounts["total"]) << what;
            }
        }
        series.erase(found);
    }
    for (const auto& [key, naive] : series)
        EXPECT_TRUE(naive.is_nothing()) << key.first << " has no series";
    for (const auto& [key, naive] : points)
        EXPECT_TRUE(naive.is_nothing())
            << std::get<0>(key) << " lacks " << format_date(std::get<2>(key));
    std::int64_t unrated = 0;
    for (const Gap& gap : got.gaps)
        if (gap.code == "missing_rates" || gap.code == "currency_unknown") unrated += gap.count;
    EXPECT_EQ(unrated, all.unrated);
}

void InsightFacts::replay(Context& ctx, const std::vector<OrderId>& ids) {
    transact(ctx, [&](pg::Transaction& tx) -> Awaitable<Result<bool>> {
        co_await derive_facts(ctx, tx, ids);
        co_return true;
    });
}

TEST_F(InsightFacts, tie_to_the_orders_whatever_happens_to_them) {
    Context ctx = tenant_context();
    const std::vector<ShopId> shops{make_shop(ctx, "Tokyo", "Asia/Tokyo"),
                                    make_shop(ctx, "Los Angeles", "America/Los_Angeles")};
    for (const ShopId shop : shops) {
        map_sku(ctx, shop, "MUG", "RED-MUG");
        map_sku(ctx, shop, "MUG-B", "RED-MUG");
    }
    import(ctx, std::string(rates_csv));
    Instant at = moment("2026-03-01T00:00:00Z");
    std::vector<ImportId> imports;
    for (int step = 1; step <= 80; ++step) {
        at += std::chrono::minutes(1);
        const ShopId shop = shops[static_cast<std::size_t>(pick(0, 1))];
        std::optional<ImportId> of_import;
        if (one_in(6)) imports.push_back(*(of_import = ctx.new_id<ImportId>()));
        std::vector<IncomingOrder> batch;
        const auto size = pick(1, 6);
        for (int i = 0; i < size; ++i)
            batch.push_back(random_order(static_cast<int>(pick(1, 150)),
                                         at - std::chrono::minutes(one_in(4) ? 5 : 0)));
        ingest(ctx, shop, batch, of_import);
        if (one_in(10) && !imports.empty()) {
            transact(ctx, [&](pg::Transaction& tx) -> Awaitable<Result<bool>> {
                co_await orders::remove_import(ctx, tx, imports.back());
                co_return true;
            });
            imports.pop_back();
        }
        // Facts of some orders out of turn, and of some that never were.
        if (one_in(3)) {
            std::vector<OrderId> out_of_turn{ctx.new_id<OrderId>()};
            for (const NaiveLine& line : lines_of(ctx))
                if (one_in(9)) out_of_turn.push_back(line.order_id);
            replay(ctx, out_of_turn);
        }
        if (one_in(3)) drain_jobs();
        if (step % 40 != 0) continue;
        drain_jobs();
        ASSERT_EQ(differences(ctx), "") << "step " << step;
        const auto lines = lines_of(ctx);
        const SalesQuery whole{.from = day("2026-01-01"), .to = day("2026-03-31")};
        for (const By by :
             {By::none, By::shop, By::marketplace, By::country, By::sku, By::currency}) {
            for (const Grain grain : {Grain::day, Grain::week, Grain::month}) {
                for (const Valuation valuation : {Valuation::book, Valuation::original}) {
                    SalesQuery query = whole;
                    query.by = by;
                    query.group = grain;
                    query.currency = valuation;
                    query.from = day("2026-01-25") + std::chrono::days(pick(0, 14));
                    query.to = query.from + std::chrono::days(pick(0, 40));
                    if (one_in(3)) query.shop_id = {shops[0]};
                    if (one_in(3)) query.marketplace_id = {"M2"};
                    if (one_in(3)) query.country = {"DE", "-"};
                    if (one_in(3)) query.sku = any<const char*>({"RED-MUG", "CUP"});
                    SCOPED_TRACE("step " + std::to_string(step) + " by " +
                                 boost::describe::enum_to_string(by, "") + " grain " +
                                 boost::describe::enum_to_string(grain, "") + " " +
                                 boost::describe::enum_to_string(valuation, "") + " " +
                                 format_date(query.from) + ".." + format_date(query.to));
                    expect_equal(ctx, lines, query);
                }
            }
        }
    }
    EXPECT_GT(verified(ctx).lines, 100);
}

TEST_F(InsightFacts, the_same_event_twice_changes_nothing) {
    Context ctx = tenant_context();
    const ShopId shop = make_shop(ctx, "A", "UTC");
    ingest(ctx, shop, {sample_order("1", moment("2026-02-03T10:00:00Z"), "CNY", 12345)});
    drain_jobs();
    const std::string ids = sql("select id from orders.sales_order where" + of_tenant(ctx));
    const std::string state =
        "select string_agg(ctid::text || xmin::text || t::text, ';') from insight.sales_day t "
        "where" +
        of_tenant(ctx);
    const std::string before = sql(state);
    replay(ctx, {*OrderId::parse(ids), *OrderId::parse(ids)});
    EXPECT_EQ(sql(state), before);
}

TEST_F(InsightFacts, undo_removes_every_trace) {
    Context ctx = tenant_context();
    const ShopId shop = make_shop(ctx, "A", "UTC");
    const auto import_id = ctx.new_id<ImportId>();
    ingest(ctx, shop, {sample_order("1", moment("2026-02-03T10:00:00Z"), "CNY", 500)}, import_id);
    drain_jobs();
    const SalesQuery february{.from = day("2026-02-01"), .to = day("2026-02-28")};
    EXPECT_EQ(amount(report(ctx, february).totals.sales), "5.00 CNY");
    transact(ctx, [&](pg::Transaction& tx) -> Awaitable<Result<bool>> {
        co_await orders::remove_import(ctx, tx, import_id);
        co_return true;
    });
    drain_jobs();
    EXPECT_EQ(amount(report(ctx, february).totals.sales), "0.00 CNY");
    EXPECT_EQ(report(ctx, february).totals.orders, 0);
    EXPECT_EQ(sql("select count(*) from insight.sale_line where" + of_tenant(ctx)), "0");
    EXPECT_EQ(differences(ctx), "");
}

TEST_F(InsightFacts, verify_names_the_cell_that_was_tampered_with) {
    Context ctx = tenant_context();
    const ShopId shop = make_shop(ctx, "A", "UTC");
    ingest(ctx, shop, {sample_order("1", moment("2026-02-03T10:00:00Z"), "CNY", 500)});
    drain_jobs();
    EXPECT_EQ(verified(ctx).differences, 0);
    for (const char* table : {"sales_day", "shop_day", "sales_month", "item_day", "item_month",
                              "item_shop_month", "item_place_month", "sale_line"}) {
        const std::string where = std::string("update insight.") + table;
        sql(where + " set book_sales = book_sales + 1 where" + of_tenant(ctx));
        const Verification found = verified(ctx);
        ASSERT_GE(found.differences, 1) << table;
        EXPECT_EQ(found.first[0].where, table);
        EXPECT_NE(found.first[0].found.find("book_sales=501"), std::string::npos);
        EXPECT_NE(found.first[0].expected.find("book_sales=500"), std::string::npos);
        sql(where + " set book_sales = book_sales - 1 where" + of_tenant(ctx));
    }
    sql("delete from insight.sales_day where" + of_tenant(ctx));
    EXPECT_EQ(verified(ctx).first[0].where, "sales_day");
    run([&]() -> Awaitable<std::int64_t> { co_return co_await rebuild(ctx); });
    EXPECT_EQ(differences(ctx), "");
}

TEST_F(InsightFacts, verify_waits_for_facts_that_are_due_and_finds_what_stays) {
    Context ctx = tenant_context();
    const ShopId shop = make_shop(ctx, "A", "UTC");
    ingest(ctx, shop, {sample_order("1", moment("2026-02-03T10:00:00Z"), "CNY", 500)});
    drain_jobs();
    ingest(ctx, shop,
           {sample_order("2", moment("2026-02-03T11:00:00Z"), "CNY", 700),
            sample_order("3", moment("2026-02-03T12:00:00Z"), "CNY", 900)});
    std::int64_t waiting = 0;
    Patience patience;
    patience.pause = std::chrono::milliseconds(10);
    patience.waiting = [&](std::int64_t orders) { waiting = std::max(waiting, orders); };
    const auto verified_while_facts_come = [&] {
        Verification found;
        waiting = 0;
        const auto verifying = [&]() -> Awaitable<void> { found = co_await verify(ctx, patience); };
        const auto deriving = [&]() -> Awaitable<void> {
            while (waiting == 0) co_await Runtime::sleep_for(std::chrono::milliseconds(1));
            co_await jobs::run_due(services());
        };
        run([&]() -> Awaitable<void> {
            using namespace boost::asio::experimental::awaitable_operators;
            co_await (verifying() && deriving());
        });
        return found;
    };
    Verification found = verified_while_facts_come();
    EXPECT_EQ(waiting, 2);
    EXPECT_EQ(found.differences, 0);
    EXPECT_EQ(found.orders, 3);

    // One that is wrong and waits for nothing is found beside one that waits.
    const std::string tampered = " where" + of_tenant(ctx) +
                                 "and order_id = (select id from orders.sales_order where" +
                                 of_tenant(ctx) + "and channel_order_id = '1')";
    sql("update insight.sale_line set units = 9" + tampered);
    ingest(ctx, shop, {sample_order("4", moment("2026-02-04T11:00:00Z"), "CNY", 100)});
    found = verified_while_facts_come();
    EXPECT_EQ(waiting, 1);
    ASSERT_GE(found.differences, 1);
    EXPECT_EQ(found.first[0].where, "sale_line");
    EXPECT_NE(found.first[0].found.find("units=9"), std::string::npos);
    for (const Difference& difference : found.first)
        EXPECT_EQ(difference.found.find("day=2026-02-04"), std::string::npos) << difference.found;
    sql("update insight.sale_line set units = 1" + tampered);
    EXPECT_EQ(differences(ctx), "");

    // Facts that never come are a difference: when patience is over, or when the job has failed.
    ingest(ctx, shop, {sample_order("5", moment("2026-02-05T11:00:00Z"), "CNY", 100)});
    patience.wait_max = std::chrono::milliseconds(30);
    waiting = 0;
    EXPECT_EQ(verified(ctx, patience).differences, 1);
    EXPECT_EQ(waiting, 1);
    sql("update platform.job set state = 'quarantined' where" + of_tenant(ctx));
    waiting = 0;
    EXPECT_EQ(verified(ctx, patience).differences, 1);
    EXPECT_EQ(waiting, 0);
}

TEST_F(InsightFacts, a_change_of_zone_moves_days) {
    Context ctx = tenant_context();
    const ShopId shop = make_shop(ctx, "A", "UTC");
    ingest(ctx, shop, {sample_order("1", moment("2026-02-03T23:30:00Z"), "CNY", 500)});
    drain_jobs();
    sql("update shops.shop set time_zone = 'Asia/Tokyo' where" + of_tenant(ctx));
    EXPECT_NE(differences(ctx), "");
    transact(ctx, [&](pg::Transaction& tx) -> Awaitable<Result<bool>> {
        jobs::emit(tx, ctx, shops::zone_changed, R"({"shop_id":")" + shop.text() + "\"}");
        co_return true;
    });
    drain_jobs();
    EXPECT_EQ(differences(ctx), "");
    const auto after = report(ctx, {.from = day("2026-02-04"), .to = day("2026-02-04")});
    EXPECT_EQ(after.totals.orders, 1);
}

}  // namespace
}  // namespace entrepot::insight::test
