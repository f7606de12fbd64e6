// Ingest against a real database: idempotence, staleness, races, exceptions, what hangs on an
// order.
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <random>

#include "modules/orders/evaluation.hpp"
#include "modules/orders/sample_test.hpp"

namespace entrepot::orders::test {
namespace {

class OrdersIngest : public OrdersTest {
protected:
    std::string state_of(const Context& ctx, const std::string& number) {
        return sql("select state from orders.sales_order where channel_order_id = '" + number +
                   "' and" + of_tenant(ctx));
    }
    /// "kind/subject/state" of every exception, sorted.
    std::string exceptions(const Context& ctx) {
        return sql(
            "select coalesce(string_agg(kind || '/' || subject || '/' || state, ' ' order by kind, "
            "subject), '') from orders.exception where" +
            of_tenant(ctx));
    }
    void expect_counts_hold(const Context& ctx) {
        EXPECT_EQ(
            "0",
            sql("select count(*) from orders.sales_order as o where o.exception_count <> "
                "(select count(*) from orders.exception as e where e.tenant_id = o.tenant_id and "
                "e.order_id = o.id and e.state = 'open') and o." +
                of_tenant(ctx).substr(1)));
    }
    /// Header sums are line sums, for every order of the tenant.
    void expect_books_foot(const Context& ctx) {
        EXPECT_EQ(
            "0",
            sql("select count(*) from orders.sales_order as o cross join lateral (select "
                "coalesce(sum(l.item_minor), 0) as item, coalesce(sum(l.shipping_minor), 0) as "
                "shipping, "
                "coalesce(sum(l.gift_wrap_minor), 0) as gift_wrap, coalesce(sum(l.tax_minor), 0) "
                "as tax, "
                "coalesce(sum(l.discount_minor), 0) as discount, coalesce(sum(l.other_minor), 0) "
                "as other, "
                "count(*) as lines, coalesce(sum(l.quantity_ordered) filter (where l.kind = "
                "'goods'), 0) "
                "as units from orders.order_line as l where l.tenant_id = o.tenant_id and "
                "l.order_id = "
                "o.id) as s where (o.item_minor, o.shipping_minor, o.gift_wrap_minor, o.tax_minor, "
                "o.discount_minor, o.other_minor, o.line_count, o.unit_count) is distinct from "
                "(s.item, "
                "s.shipping, s.gift_wrap, s.tax, s.discount, s.other, s.lines, s.units) and o." +
                of_tenant(ctx).substr(1)));
    }
};

IncomingOrder later(IncomingOrder order, int minutes = 1) {
    order.channel_updated_at += std::chrono::minutes(minutes);
    return order;
}

TEST_F(OrdersIngest, the_same_again_writes_nothing) {
    Context ctx = tenant_context();
    const ShopId shop = make_shop(ctx, "US");
    const std::vector batch{sample_order("111-1"), sample_order("111-2")};
    const auto first = ingest_batch(ctx, source(shop), batch);
    EXPECT_EQ(first.created, 2);
    EXPECT_EQ(first.lines, 4);
    const std::string rows =
        "select string_agg(xmin::text || version::text, ',' order by id) from orders.sales_order "
        "where" +
        of_tenant(ctx);
    const std::string before = sql(rows);
    const auto second = ingest_batch(ctx, source(shop), batch);
    EXPECT_EQ(second.unchanged, 2);
    EXPECT_EQ(second.created + second.changed + second.stale, 0);
    EXPECT_EQ(before, sql(rows));
    EXPECT_EQ("1",
              sql("select count(*) from platform.audit_entry where act = 'orders.ingested' and" +
                  of_tenant(ctx)));
}

TEST_F(OrdersIngest, what_is_older_never_regresses) {
    Context ctx = tenant_context();
    const ShopId shop = make_shop(ctx, "US");
    IncomingOrder order = sample_order("1");
    IncomingOrder shipped = later(order, 10);
    shipped.state = OrderState::shipped;
    shipped.channel_state = "SHIPPED";
    ingest_batch(ctx, source(shop), {shipped});
    EXPECT_EQ(ingest_batch(ctx, source(shop), {order}).stale, 1);
    EXPECT_EQ(state_of(ctx, "1"), "shipped");
    EXPECT_EQ(exceptions(ctx), "unmapped_sku/SKU-1/open unmapped_sku/SKU-2/open");
}

TEST_F(OrdersIngest, the_same_content_at_a_later_time_moves_the_mark) {
    Context ctx = tenant_context();
    const ShopId shop = make_shop(ctx, "US");
    const IncomingOrder order = sample_order("1");
    ingest_batch(ctx, source(shop), {order});
    EXPECT_EQ(ingest_batch(ctx, source(shop), {later(order, 10)}).unchanged, 1);
    IncomingOrder between = later(order, 5);
    between.state = OrderState::cancelled;
    EXPECT_EQ(ingest_batch(ctx, source(shop), {between}).stale, 1);
    EXPECT_EQ(state_of(ctx, "1"), "unshipped");
}

TEST_F(OrdersIngest, of_one_order_twice_in_a_batch_the_newer_counts) {
    Context ctx = tenant_context();
    const ShopId shop = make_shop(ctx, "US");
    const IncomingOrder old = sample_order("1");
    IncomingOrder fresh = later(old);
    fresh.state = OrderState::shipped;
    const auto outcome = ingest_batch(ctx, source(shop), {fresh, old, sample_order("2")});
    EXPECT_EQ(outcome.created, 2);
    EXPECT_EQ(outcome.stale, 1);
    EXPECT_EQ(state_of(ctx, "1"), "shipped");
}

TEST_F(OrdersIngest, an_illegal_move_keeps_our_state_and_tells) {
    Context ctx = tenant_context();
    const ShopId shop = make_shop(ctx, "US");
    IncomingOrder order = sample_order("1", 0);
    order.state = OrderState::shipped;
    ingest_batch(ctx, source(shop), {order});
    IncomingOrder back = later(order);
    back.state = OrderState::unshipped;
    back.channel_state = "UNSHIPPED AGAIN";
    back.ship_country = "DE";
    EXPECT_EQ(ingest_batch(ctx, source(shop), {back}).changed, 1);
    EXPECT_EQ(state_of(ctx, "1"), "shipped");
    EXPECT_EQ("UNSHIPPED AGAIN/DE",
              sql("select channel_state || '/' || ship_country from orders.sales_order where" +
                  of_tenant(ctx)));
    EXPECT_EQ(exceptions(ctx), "illegal_transition/shipped to unshipped/open");
    expect_counts_hold(ctx);
    IncomingOrder good = later(order, 2);
    good.state = OrderState::delivered;
    clock().advance(std::chrono::seconds(1));
    ingest_batch(ctx, source(shop), {good});
    EXPECT_EQ(state_of(ctx, "1"), "delivered");
    EXPECT_EQ(exceptions(ctx), "illegal_transition/shipped to unshipped/resolved");
    expect_counts_hold(ctx);
    EXPECT_EQ(
        "refused/shipped/unshipped state/shipped/delivered",
        sql("select string_agg(kind || '/' || from_value || '/' || to_value, ' ' order by id) from "
            "orders.history where kind <> 'content' and" +
            of_tenant(ctx)));
}

TEST_F(OrdersIngest, exceptions_open_close_and_stay_dismissed) {
    Context ctx = tenant_context();
    const ShopId shop = make_shop(ctx, "US");
    IncomingOrder order = sample_order("1", 0);
    order.state = OrderState::unknown;
    order.channel_state = "ON_THE_MOON";
    order.currency = "XQZ";
    ingest_batch(ctx, source(shop), {order});
    EXPECT_EQ(exceptions(ctx), "currency_unknown/XQZ/open unknown_state/ON_THE_MOON/open");
    sql("update orders.exception set state = 'dismissed' where kind = 'currency_unknown' and" +
        of_tenant(ctx));
    IncomingOrder next = later(order);
    next.state = OrderState::unshipped;
    next.channel_state = "UNSHIPPED";
    ingest_batch(ctx, source(shop), {next});
    EXPECT_EQ(exceptions(ctx), "currency_unknown/XQZ/dismissed unknown_state/ON_THE_MOON/resolved");
    expect_counts_hold(ctx);
    IncomingOrder again = later(order, 2);
    ingest_batch(ctx, source(shop), {again});
    EXPECT_EQ(exceptions(ctx), "currency_unknown/XQZ/dismissed unknown_state/ON_THE_MOON/open");
    expect_counts_hold(ctx);
}

TEST_F(OrdersIngest, money_that_does_not_foot_is_told_to_the_cent) {
    Context ctx = tenant_context();
    const ShopId shop = make_shop(ctx, "US");
    IncomingOrder order = sample_order("1");
    order.grand_total = 2001;
    ingest_batch(ctx, source(shop), {order});
    EXPECT_NE(exceptions(ctx).find("money_mismatch/grand_total/open"), std::string::npos);
    IncomingOrder right = later(order);
    right.grand_total = 2000;
    ingest_batch(ctx, source(shop), {right});
    EXPECT_NE(exceptions(ctx).find("money_mismatch/grand_total/resolved"), std::string::npos);
    expect_books_foot(ctx);
}

TEST_F(OrdersIngest, lines_keep_their_number_and_parcels_are_replaced) {
    Context ctx = tenant_context();
    const ShopId shop = make_shop(ctx, "US");
    IncomingOrder order = sample_order("1", 3);
    order.packages = {{"P1", "UPS", "1Z1", "shipped", noon, std::nullopt},
                      {"P2", "UPS", "1Z2", "shipped", noon, std::nullopt},
                      {"P2", "UPS", "1Z2b", "shipped", noon, std::nullopt}};
    ingest_batch(ctx, source(shop), {order});
    IncomingOrder next = later(order);
    next.lines.erase(next.lines.begin() + 1);
    next.lines.push_back(order.lines[0]);
    next.lines.back().channel_line_id = "new";
    std::swap(next.lines[0], next.lines[1]);
    next.packages = {{"P2", "UPS", "1Z2c", "delivered", noon, noon}};
    next.grand_total.reset();
    ingest_batch(ctx, source(shop), {next});
    EXPECT_EQ("1:1-1 3:1-3 4:new",
              sql("select string_agg(line_no || ':' || channel_line_id, ' ' order by line_no) from "
                  "orders.order_line where" +
                  of_tenant(ctx)));
    EXPECT_EQ(
        "P2:1Z2c:delivered",
        sql("select string_agg(reference || ':' || tracking_number || ':' || status, ' ') from "
            "orders.package where" +
            of_tenant(ctx)));
    expect_books_foot(ctx);
}

TEST_F(OrdersIngest, an_undo_takes_only_what_nobody_else_touched) {
    Context ctx = tenant_context();
    const ShopId shop = make_shop(ctx, "File", shops::Channel::file);
    const ImportId first = ctx.new_id<ImportId>();
    const ImportId second = ctx.new_id<ImportId>();
    ingest_batch(ctx, source(shop, first),
                 {sample_order("1"), sample_order("2"), sample_order("3")});
    IncomingOrder changed = later(sample_order("2"));
    changed.ship_country = "DE";
    ingest_batch(ctx, source(shop, second), {changed, sample_order("4")});
    const auto removed = run([&]() -> Awaitable<std::int64_t> {
        auto body = [&](pg::Transaction& tx) -> Awaitable<Result<std::int64_t>> {
            co_return co_await remove_import(ctx, tx, first);
        };
        co_return (co_await ctx.db().transaction(ctx.tenant, body)).value();
    });
    EXPECT_EQ(removed, 2);
    EXPECT_EQ("2,4", sql("select string_agg(channel_order_id, ',' order by channel_order_id) from "
                         "orders.sales_order where" +
                         of_tenant(ctx)));
    EXPECT_EQ("4", sql("select count(*) from orders.order_line where" + of_tenant(ctx)));
}

TEST_F(OrdersIngest, bytes_that_cannot_be_stored_do_not_stop_a_batch) {
    Context ctx = tenant_context();
    const ShopId shop = make_shop(ctx, "US");
    IncomingOrder order = sample_order("1", 1);
    order.lines[0].title = std::string("nul\0 and \xFF", 10);
    const auto first = ingest_batch(ctx, source(shop), {order, sample_order("2")});
    EXPECT_EQ(first.created, 2);
    EXPECT_EQ(ingest_batch(ctx, source(shop), {order}).unchanged, 1);
}

TEST_F(OrdersIngest, two_at_once_neither_double_nor_block_each_other) {
    Context ctx = tenant_context();
    const ShopId shop = make_shop(ctx, "US");
    std::mt19937 random(7);
    for (int round = 0; round < 8; ++round) {
        std::vector<IncomingOrder> one, two;
        for (int i = 0; i < 60; ++i) {
            IncomingOrder order = sample_order("C" + std::to_string(round % 3) + std::to_string(i));
            order = later(order, round);
            one.push_back(order);
            IncomingOrder other = later(order, static_cast<int>(random() % 3) - 1);
            other.ship_country = "D" + std::to_string(random() % 3);
            two.push_back(other);
        }
        std::shuffle(one.begin(), one.end(), random);
        std::shuffle(two.begin(), two.end(), random);
        const auto store = [&](const std::vector<IncomingOrder>& batch) -> Awaitable<void> {
            auto body = [&](pg::Transaction& tx) -> Awaitable<Result<IngestOutcome>> {
                co_return co_await ingest(ctx, tx, source(shop), batch);
            };
            (void)(co_await ctx.db().transaction(ctx.tenant, body)).value();
        };
        run([&]() -> Awaitable<void> {
            using namespace boost::asio::experimental::awaitable_operators;
            co_await (store(one) && store(two) && store(one));
        });
        std::string said;
        for (const auto* batch : {&one, &two})
            for (const auto& order : *batch)
                said += (said.empty() ? "('" : ", ('") + order.channel_order_id + "', '" +
                        format_instant(order.channel_updated_at) + "'::timestamptz)";
        EXPECT_EQ(
            "0",
            sql("select count(*) from (values " + said +
                ") as said(number, at) left join orders.sales_order as o on o.channel_order_id = "
                "said.number and o." +
                of_tenant(ctx).substr(1) +
                " where o.id is null or o.channel_updated_at < said.at"));
    }
    EXPECT_EQ("180", sql("select count(*) from orders.sales_order where" + of_tenant(ctx)));
    EXPECT_EQ("360", sql("select count(*) from orders.order_line where" + of_tenant(ctx)));
    expect_books_foot(ctx);
    expect_counts_hold(ctx);
}

/// What must be stored after any sequence of versions: the newest by the channel's clock (of two at
/// one moment, the later said), and the state that the legal moves lead to.
struct Model {
    struct Entry {
        IncomingOrder order;
        OrderState state;
        std::string hash;
    };
    std::map<std::string, Entry> entries;

    void say(const std::vector<IncomingOrder>& batch) {
        std::map<std::string, const IncomingOrder*> newest;
        for (const IncomingOrder& order : batch) {
            auto& slot = newest[order.channel_order_id];
            if (slot == nullptr || slot->channel_updated_at <= order.channel_updated_at)
                slot = &order;
        }
        for (const auto& [number, order] : newest) {
            const std::string hash = content_hash(*order);
            const auto known = entries.find(number);
            if (known == entries.end()) {
                entries.emplace(number, Entry{*order, order->state, hash});
                continue;
            }
            Entry& entry = known->second;
            if (order->channel_updated_at < entry.order.channel_updated_at) continue;
            if (hash != entry.hash) entry.state = move_to(entry.state, order->state).state;
            entry = {*order, entry.state, hash};
        }
    }
};

class Versions {
public:
    explicit Versions(unsigned seed) : random_(seed) {}
    IncomingOrder next() {
        IncomingOrder order = sample_order("N" + std::to_string(below(12)), below(4));
        order.channel_updated_at = noon + std::chrono::minutes(below(20));
        order.state = static_cast<OrderState>(below(8));
        order.channel_state = state_name(order.state);
        order.ship_country = below(2) == 0 ? "US" : "DE";
        for (IncomingLine& line : order.lines) {
            line.amounts = {below(5000), below(900), below(90), below(700), below(300), below(20)};
            line.quantity_ordered = 1 + below(3);
            line.seller_sku = "SKU-" + std::to_string(below(5));
            if (below(4) == 0) line.kind = LineKind::postage;
        }
        if (below(3) == 0) std::reverse(order.lines.begin(), order.lines.end());
        if (below(2) == 0) order.grand_total = sums_of(order.lines).amounts.total();
        return order;
    }
    int below(int end) { return static_cast<int>(random_() % static_cast<unsigned>(end)); }

private:
    std::mt19937 random_;
};

TEST_F(OrdersIngest, any_interleaving_ends_like_the_model) {
    for (unsigned seed = 1; seed <= 6; ++seed) {
        Context ctx = tenant_context();
        const ShopId shop = make_shop(ctx, "US");
        Versions versions(seed);
        Model model;
        std::vector<std::vector<IncomingOrder>> said;
        for (int page = 0; page < 25; ++page) {
            std::vector<IncomingOrder> batch;
            // Every fifth page comes again, as marketplaces do.
            if (page % 5 == 4)
                batch = said[static_cast<std::size_t>(versions.below(page))];
            else
                for (int i = versions.below(12); i >= 0; --i) batch.push_back(versions.next());
            said.push_back(batch);
            ingest_batch(ctx, source(shop), batch);
            model.say(batch);
        }
        for (const auto& [number, entry] : model.entries) {
            const auto sums = sums_of(entry.order.lines);
            const std::string expected =
                state_name(entry.state) + '|' + entry.order.channel_state + '|' +
                entry.order.ship_country.value_or("") + '|' + std::to_string(sums.lines) + '|' +
                std::to_string(sums.units) + '|' + std::to_string(sums.amounts.total()) + '|' +
                std::to_string(*grand_total_of(entry.order, sums)) + '|' +
                format_instant(entry.order.channel_updated_at);
            EXPECT_EQ(
                expected,
                sql("select concat_ws('|', state, channel_state, ship_country, line_count, "
                    "unit_count, "
                    "item_minor + shipping_minor + gift_wrap_minor + tax_minor - discount_minor + "
                    "other_minor, grand_total_minor, to_char(channel_updated_at at time zone "
                    "'UTC', "
                    "'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')) from orders.sales_order where "
                    "channel_order_id = '" +
                    number + "' and" + of_tenant(ctx)))
                << "seed " << seed << " order " << number;
        }
        EXPECT_EQ(std::to_string(model.entries.size()),
                  sql("select count(*) from orders.sales_order where" + of_tenant(ctx)));
        expect_books_foot(ctx);
        expect_counts_hold(ctx);
    }
}

}  // namespace
}  // namespace entrepot::orders::test
