// Lists: pages, filters, cursors, scope, plans.
#include "base/text.hpp"
#include "modules/orders/list_store.hpp"
#include "modules/orders/sample_test.hpp"
#include "support/plans.hpp"

namespace entrepot::orders::test {
namespace {

class OrdersList : public OrdersTest {
protected:
    /// Walks all pages of a list.
    std::string walk(Context& ctx, const std::string& query) {
        std::string out, cursor;
        for (int page = 0; page < 50; ++page) {
            const auto answer = get(ctx, "/orders?" + query + cursor);
            out += (out.empty() || numbers(answer).empty() ? "" : " ") + numbers(answer);
            if (answer.at("next_cursor").is_null()) return out;
            cursor = "&cursor=" + text_of(answer, "next_cursor");
        }
        ADD_FAILURE() << "the list does not end: " << query;
        return out;
    }
    IncomingOrder at(const std::string& number, int hour) {
        return sample_order(number, 1, noon + std::chrono::hours(hour));
    }
};

TEST_F(OrdersList, pages_meet_without_gap_or_double_in_every_sort) {
    Context ctx = tenant_context();
    const ShopId shop = make_shop(ctx, "US");
    std::vector<IncomingOrder> batch;
    std::string newest, oldest;
    for (int i = 0; i < 23; ++i) {
        // Three orders share each moment, so the id decides between them.
        batch.push_back(at("A" + std::to_string(100 + i), i / 3));
    }
    ingest_batch(ctx, source(shop), batch);
    const std::string all = walk(ctx, "limit=200");
    EXPECT_EQ(walk(ctx, "limit=4"), all);
    EXPECT_EQ(walk(ctx, "limit=1"), all);
    std::vector<std::string_view> forward = text::split(all, ' ');
    EXPECT_EQ(forward.size(), 23U);
    std::reverse(forward.begin(), forward.end());
    std::string reversed;
    for (const auto number : forward)
        reversed += (reversed.empty() ? "" : " ") + std::string(number);
    EXPECT_EQ(walk(ctx, "limit=5&sort=ordered_at"), reversed);
    EXPECT_EQ(walk(ctx, "limit=5&shop_id=" + shop.text()), all);
    EXPECT_EQ(text::split(walk(ctx, "limit=5&sort=-updated_at"), ' ').size(), 23U);
}

TEST_F(OrdersList, every_filter_selects_what_it_says) {
    Context ctx = tenant_context();
    const ShopId us = make_shop(ctx, "US");
    const ShopId de = make_shop(ctx, "DE");
    IncomingOrder a = at("111-A", 0), b = at("222-B", 1), c = at("333-C", 2), d = at("444-D", 30);
    a.ship_country = "FR";
    b.state = OrderState::shipped;
    b.fulfilled_by = FulfilledBy::channel;
    b.lines[0].seller_sku = "OTHER-9";
    b.packages = {{"P", "UPS", "1Z999", "", noon, std::nullopt}};
    c.marketplace_id = "M2";
    c.grand_total = 5;
    ingest_batch(ctx, source(us), {a, b, c});
    ingest_batch(ctx, source(de), {d});
    post(ctx, "/orders/" + id_of(ctx, "111-A") + "/hold", R"({"reason":"wait"})");
    post(ctx, "/orders/" + id_of(ctx, "222-B") + "/tags", R"({"add":["vip"]})");
    const auto listed = [&](const std::string& query) {
        const std::string numbers_of_list = numbers(get(ctx, "/orders?" + query));
        const auto count = get(ctx, "/orders/count?" + query);
        const auto expected =
            numbers_of_list.empty()
                ? 0
                : static_cast<std::int64_t>(text::split(numbers_of_list, ' ').size());
        EXPECT_EQ(count.at("count").as_int64(), expected) << query;
        EXPECT_TRUE(count.at("exact").as_bool());
        EXPECT_EQ(text::split(numbers(get(ctx, "/orders?sort=-updated_at&" + query)), ' ').size(),
                  text::split(numbers_of_list, ' ').size())
            << query;
        return numbers_of_list;
    };
    EXPECT_EQ(listed("state=unshipped"), "444-D 333-C 111-A");
    EXPECT_EQ(listed("state=shipped,cancelled"), "222-B");
    EXPECT_EQ(listed("shop_id=" + de.text()), "444-D");
    EXPECT_EQ(listed("shop_id=" + de.text() + "," + us.text()), "444-D 333-C 222-B 111-A");
    EXPECT_EQ(listed("marketplace_id=M2"), "333-C");
    EXPECT_EQ(listed("country=FR"), "111-A");
    EXPECT_EQ(listed("fulfilled_by=channel"), "222-B");
    EXPECT_EQ(listed("held=true"), "111-A");
    EXPECT_EQ(listed("held=false&state=unshipped"), "444-D 333-C");
    EXPECT_EQ(listed("tag=vip"), "222-B");
    EXPECT_EQ(listed("exception=true&marketplace_id=M2"), "333-C");
    EXPECT_EQ(listed("exception=false"), "");
    EXPECT_EQ(listed("sku=OTHER-9"), "222-B");
    EXPECT_EQ(listed("sku=SKU-1&country=FR"), "111-A");
    EXPECT_EQ(listed("q=111"), "111-A");
    EXPECT_EQ(listed("q=other"), "222-B") << "capitals are tried too";
    EXPECT_EQ(listed("q=1Z99"), "222-B");
    EXPECT_EQ(listed("q=SKU-1&held=true"), "111-A");
    EXPECT_EQ(listed("from=2026-11-20T13:00:00Z&to=2026-11-20T14:00:00Z"), "222-B");
    EXPECT_EQ(listed("from=2026-11-20&to=2026-11-20"), "333-C 222-B 111-A");
    EXPECT_EQ(listed("from=2026-11-21&sku=SKU-1"), "444-D");
    EXPECT_EQ(listed("sku=%27%3B%20drop%20table%20x%3B--"), "");
    for (const char* wrong :
         {"limit=0", "limit=201", "sort=money", "q=ab", "from=soon", "state=lost", "shop_id=1",
          "held=maybe", "insight_day=true", "nothing=1"})
        get(ctx, std::string("/orders?") + wrong, 400);
}

TEST_F(OrdersList, days_are_those_of_each_shop) {
    Context ctx = tenant_context();
    const ShopId tokyo = make_shop(ctx, "JP", shops::Channel::amazon, "Asia/Tokyo");
    const ShopId la = make_shop(ctx, "LA", shops::Channel::amazon, "America/Los_Angeles");
    // 2026-11-20 in Tokyo ends at 15:00Z; in Los Angeles it begins at 08:00Z.
    ingest_batch(ctx, source(tokyo), {at("JP-1", 2), at("JP-2", 3)});
    ingest_batch(ctx, source(la), {at("LA-1", -5), at("LA-2", -4), at("LA-3", 19), at("LA-4", 20)});
    const std::string days = "insight_day=true&from=2026-11-20&to=2026-11-20";
    EXPECT_EQ(numbers(get(ctx, "/orders?" + days)), "LA-3 JP-1 LA-2");
    EXPECT_EQ(numbers(get(ctx, "/orders?sort=ordered_at&sku=SKU-1&" + days)), "LA-2 JP-1 LA-3");
    EXPECT_EQ(
        numbers(get(ctx, "/orders?sort=-updated_at&shop_id=" + la.text() + "&" + days)).size(), 9U);
    EXPECT_EQ(numbers(get(ctx, "/orders?q=JP-&" + days)), "JP-1");
    EXPECT_EQ(numbers(get(ctx, "/orders?exception=true&" + days)), "LA-3 JP-1 LA-2");
    EXPECT_EQ(get(ctx, "/orders/count?" + days).at("count").as_int64(), 3);
}

TEST_F(OrdersList, a_figure_of_a_sku_drills_to_the_lines_that_count_under_it) {
    Context ctx = tenant_context();
    const ShopId shop = make_shop(ctx, "US");
    IncomingOrder other = at("OTHER", 1), mapped = at("MAPPED", 2);
    other.lines[0].seller_sku = "B";
    mapped.lines[0].seller_sku = "A";
    ingest_batch(ctx, source(shop), {other, mapped});
    for (const char* pair :
         {R"("seller_sku":"A","sku_code":"B")", R"("seller_sku":"B","sku_code":"C")"})
        post(ctx, "/sku-mappings",
             R"({"shop_id":")" + shop.text() + R"(","create_sku":true,)" + pair + "}", 201);
    drain_jobs();
    const std::string days = "&insight_day=true&from=2026-11-20&to=2026-11-20";
    EXPECT_EQ(numbers(get(ctx, "/orders?sku=B")), "MAPPED OTHER");
    EXPECT_EQ(numbers(get(ctx, "/orders?sku=B" + days)), "MAPPED");
    EXPECT_EQ(numbers(get(ctx, "/orders?sku=C" + days)), "OTHER");
    EXPECT_EQ(numbers(get(ctx, "/orders?sku=A" + days)), "");
}

TEST_F(OrdersList, cursors_cannot_be_made_up) {
    Context ctx = tenant_context();
    Context other = tenant_context();
    const ShopId shop = make_shop(ctx, "US");
    ingest_batch(ctx, source(shop), {at("A", 0), at("B", 1), at("C", 2)});
    const std::string cursor = text_of(get(ctx, "/orders?limit=1"), "next_cursor");
    get(ctx, "/orders?limit=1&cursor=" + cursor);
    for (std::size_t i = 0; i < cursor.size(); ++i) {
        std::string changed = cursor;
        changed[i] = changed[i] == 'A' ? 'B' : 'A';
        const auto answer = call(ctx, http::Method::get, "/orders?cursor=" + changed);
        // The last character of base64 has bits that stand for nothing.
        if (i + 1 == cursor.size() && answer.status == 200) continue;
        EXPECT_EQ(answer.status, 400) << i;
        EXPECT_NE(answer.body.find("invalid_cursor"), std::string::npos);
    }
    for (const std::string& bad :
         {std::string("x"), std::string("%00"), cursor + "AAAA", cursor.substr(4)})
        get(ctx, "/orders?cursor=" + bad, 400);
    get(ctx, "/orders?sort=ordered_at&cursor=" + cursor, 400);
    get(ctx, "/orders/exceptions?cursor=" + cursor, 400);
    get(other, "/orders?cursor=" + cursor, 400);
}

TEST_F(OrdersList, counts_are_exact_up_to_ten_thousand) {
    Context ctx = tenant_context();
    const ShopId shop = make_shop(ctx, "US");
    IncomingOrder shipped = at("B", 1);
    shipped.state = OrderState::shipped;
    ingest_batch(ctx, source(shop), {at("A", 0), shipped});
    const auto count = get(ctx, "/orders/count");
    EXPECT_EQ(count.at("by_state").at("shipped").as_int64(), 1);
    EXPECT_EQ(count.at("by_state").at("unshipped").as_int64(), 1);
    std::vector<IncomingOrder> batch;
    for (int i = 0; i < 10'000; ++i) {
        batch.push_back(sample_order("N" + std::to_string(i), 0));
        if (batch.size() < 1000) continue;
        ingest_batch(ctx, source(shop), batch);
        batch.clear();
    }
    const auto many = get(ctx, "/orders/count");
    EXPECT_EQ(many.at("count").as_int64(), 10'000);
    EXPECT_FALSE(many.at("exact").as_bool());
    EXPECT_TRUE(many.at("by_state").as_object().empty());
    EXPECT_EQ(get(ctx, "/orders/count?sku=SKU-1").at("count").as_int64(), 2);
}

/// Plans of the lean statements on 40,000 orders, as a prepared statement meets them after a while.
class OrdersPlans : public OrdersTest {
protected:
    static std::string plan(entrepot::test::PlanReader& reader, const Context& ctx,
                            const std::string& name, const std::string& shops,
                            const std::string& states) {
        return reader.plan(
            name, "'" + ctx.tenant.text() +
                      "', '0001-01-01', '00000000-0000-0000-0000-000000000000', '9999-01-01', "
                      "'00000000-0000-0000-0000-000000000000', " +
                      shops + ", " + states +
                      ", null, null, null, null, null, null, '{SKU-1}', '{}', '{}', '0001-01-01', "
                      "'9999-01-01', "
                      "'{0001-01-01}', '{9999-01-01}', null, 'SKU-1', true");
    }
};

TEST_F(OrdersPlans, a_page_is_one_index_range_without_a_sort) {
    Context ctx = tenant_context();
    const ShopId shop = make_shop(ctx, "US");
    const ShopId other = make_shop(ctx, "CA");
    std::vector<IncomingOrder> batch;
    for (int i = 0; i < 6'000; ++i) {
        batch.push_back(sample_order("P" + std::to_string(i), 1, noon - std::chrono::minutes(i)));
        if (i % 10 != 0) batch.back().state = OrderState::shipped;
        if (batch.size() < 1000) continue;
        // The shop that is asked for has a sixth of the orders: its own index must be worth it.
        ingest_batch(ctx, source(i < 1'000 ? shop : other), batch);
        batch.clear();
    }
    // What other tests left in the tables would bend the statistics.
    sql("delete from orders.sales_order where tenant_id <> '" + ctx.tenant.text() + "'");
    sql("vacuum full analyze orders.sales_order");
    sql("vacuum full analyze orders.order_line");
    entrepot::test::PlanReader reader(conninfo("entrepot_app"), ctx.tenant);
    reader.run("set local plan_cache_mode = force_generic_plan");
    const std::string every =
        "'{pending,unshipped,partially_shipped,shipped,delivered,cancelled,unfulfillable,unknown}'";
    const std::string this_shop = "'{" + shop.text() + "}'";
    struct Case {
        const char* name;
        std::string shops, states;
        const char* index;
    };
    const std::vector<Case> cases{
        {"orders.list_all_newest_lean_50", "null", every, "sales_order_ordered_idx"},
        {"orders.list_all_oldest_lean_50", "null", every, "sales_order_ordered_idx"},
        {"orders.list_open_newest_lean_50", "null", "'{unshipped}'", "sales_order_open_idx"},
        {"orders.list_shops_newest_lean_50", this_shop, every, "sales_order_shop_idx"},
        {"orders.list_shops_oldest_lean_50", this_shop, every, "sales_order_shop_idx"}};
    for (const Case& c : cases) {
        const std::string text = plan(reader, ctx, c.name, c.shops, c.states);
        EXPECT_NE(text.find(c.index), std::string::npos) << c.name << '\n' << text;
        EXPECT_EQ(text.find("Seq Scan"), std::string::npos) << c.name << '\n' << text;
        EXPECT_EQ(text.find("Bitmap"), std::string::npos) << c.name << '\n' << text;
        // Only the few rows of each shop are merged by a sort.
        if (c.shops == "null") {
            EXPECT_EQ(text.find("Sort"), std::string::npos) << c.name << '\n' << text;
        }
    }
    reader.run("set local plan_cache_mode = force_custom_plan");
    for (const Case& c : std::vector<Case>{
             {"orders.list_all_newest_50", "null", "null", "sales_order_ordered_idx"},
             {"orders.list_all_updated_50", "null", "null", "sales_order_updated_idx"},
             {"orders.list_held_newest_50", "null", "null", "sales_order_held_idx"},
             {"orders.list_exception_newest_50", "null", "null", "sales_order_exception_idx"},
             {"orders.list_sku_newest_50", "null", "null", "order_line_seller_sku_idx"}}) {
        const std::string text = plan(reader, ctx, c.name, c.shops, c.states);
        EXPECT_NE(text.find(c.index), std::string::npos) << c.name << '\n' << text;
        EXPECT_EQ(text.find("Seq Scan"), std::string::npos) << c.name << '\n' << text;
    }
}

}  // namespace
}  // namespace entrepot::orders::test
