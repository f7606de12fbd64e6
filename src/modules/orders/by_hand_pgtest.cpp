// Orders that no channel reports: added once, seen as all others are, moved by hand along the
// table.
#include <boost/asio/experimental/awaitable_operators.hpp>

#include "modules/orders/by_hand.hpp"
#include "modules/orders/sample_test.hpp"

namespace entrepot::orders::test {
namespace {

using http::Method;

class OrdersByHand : public OrdersTest {
protected:
    void SetUp() override {
        ctx_.emplace(tenant_context());
        shop_ = add_file_shop(*ctx_, "Fair");
    }
    std::string add_file_shop(Context& ctx, const std::string& name) {
        return text_of(post(ctx, "/shops/file",
                            R"({"name":")" + name +
                                R"(","country":"GB","currency":"GBP","time_zone":"Europe/London"})",
                            201),
                       "id");
    }
    /// Two lines, 2 × 10.00 + 1 × 2.50, tax 1.00; `more` are further members.
    static std::string body(const std::string& shop, const std::string& number,
                            const std::string& more = {}) {
        return R"({"shop_id":")" + shop + R"(","channel_order_id":")" + number +
               R"(","currency":"GBP","ship_country":"GB")" + more +
               R"(,"lines":[{"seller_sku":"MUG","title":"Mug","quantity":2,"unit_price":"10.00",)"
               R"("tax":"1.00"},{"seller_sku":"CAP","quantity":1,"unit_price":"2.5"}]})";
    }
    std::string add(const std::string& number, const std::string& more = {}) {
        return text_of(post(*ctx_, "/orders", body(shop_, number, more), 201), "id");
    }
    std::string count(const std::string& what) {
        return sql("select count(*) from " + what + " and" + of_tenant(*ctx_));
    }
    /// The first field that an answer names: "/lines/0/quantity out_of_range".
    static std::string field_of(const boost::json::value& problem) {
        const auto& fields = problem.at("errors").as_array();
        return fields.empty()
                   ? ""
                   : text_of(fields.at(0), "pointer") + ' ' + text_of(fields.at(0), "code");
    }
    static std::string bare(const http::Response& response) {
        auto parsed = boost::json::parse(response.body);
        parsed.as_object().erase("request_id");
        return boost::json::serialize(parsed);
    }
    void map(const std::string& seller_sku, const std::string& code) {
        post(*ctx_, "/sku-mappings",
             R"({"shop_id":")" + shop_ + R"(","seller_sku":")" + seller_sku + R"(","sku_code":")" +
                 code + R"(","create_sku":true})",
             201);
        drain_jobs();
    }
    std::optional<Context> ctx_;
    std::string shop_;
};

TEST_F(OrdersByHand, an_order_is_seen_as_all_others_are) {
    map("MUG", "OUR-MUG");
    map("CAP", "OUR-CAP");
    const auto added = post(*ctx_, "/orders", body(shop_, "F-1"), 201);
    EXPECT_EQ(text_of(added, "state"), "unshipped");
    EXPECT_EQ(text_of(added.at("grand_total"), "amount"), "23.50");
    EXPECT_EQ(added.at("exception_count").as_int64(), 0);
    const auto order = get(*ctx_, "/orders/" + text_of(added, "id"));
    EXPECT_EQ(text_of(order, "channel_order_id"), "F-1");
    EXPECT_EQ(text_of(order.at("lines").as_array().at(0), "sku"), "OUR-MUG");
    EXPECT_TRUE(order.at("money").at("foots").as_bool());
    EXPECT_EQ(text_of(order.at("source"), "origin"), "manual");
    EXPECT_EQ(text_of(order, "marketplace_id"), "GB");
    const auto& history = order.at("history").as_array();
    ASSERT_EQ(history.size(), 1U);
    EXPECT_EQ(text_of(history[0], "kind"), "created");
    EXPECT_EQ(text_of(history[0], "actor_name"), "Test User");
    EXPECT_EQ(numbers(get(*ctx_, "/orders?sku=OUR-CAP")), "F-1");
    drain_jobs();
    EXPECT_EQ("3/2250/100", sql("select sum(units) || '/' || sum(sales) || '/' || sum(tax) from "
                                "insight.sale_line where" +
                                of_tenant(*ctx_)));
    EXPECT_EQ(text_of(added, "id") + " done Test User",
              sql("select object_id || ' ' || result || ' ' || actor_name from "
                  "platform.audit_entry where act = 'orders.added' and" +
                  of_tenant(*ctx_)));
}

TEST_F(OrdersByHand, what_is_wrong_with_it_is_an_exception_not_a_refusal) {
    const std::string id = add("F-1", R"(,"grand_total":"23.51")");
    std::string kinds;
    const auto order = get(*ctx_, "/orders/" + id);
    for (const auto& e : order.at("exceptions").as_array())
        kinds += text_of(e, "kind") + ':' + text_of(e, "subject") + ' ';
    EXPECT_EQ(kinds, "money_mismatch:grand_total unmapped_sku:CAP unmapped_sku:MUG ");
    map("MUG", "OUR-MUG");
    EXPECT_EQ(get(*ctx_, "/orders/" + id).at("exception_count").as_int64(), 2);
}

TEST_F(OrdersByHand, a_number_is_taken_once) {
    const std::string id = add("F-1");
    const std::string version =
        sql("select version from orders.sales_order where id = '" + id + "'");
    const auto again = post(*ctx_, "/orders", body(shop_, "F-1", R"(,"kind":"replacement")"), 409);
    EXPECT_EQ(text_of(again, "code"), "orders.number_taken");
    EXPECT_EQ(field_of(again), "/channel_order_id taken");
    EXPECT_EQ(count("orders.sales_order where true"), "1");
    EXPECT_EQ(count("orders.order_line where true"), "2");
    EXPECT_EQ(version, sql("select version from orders.sales_order where id = '" + id + "'"));
    EXPECT_EQ(count("platform.audit_entry where act = 'orders.added'"), "1");
    // In another shop it is another order.
    post(*ctx_, "/orders", body(add_file_shop(*ctx_, "Second"), "F-1"), 201);
}

TEST_F(OrdersByHand, of_two_at_once_one_is_stored) {
    NewOrder in;
    in.shop_id = *ShopId::parse(shop_);
    in.channel_order_id = "RACE";
    in.currency = "GBP";
    in.lines.resize(1);
    in.lines[0].seller_sku = "MUG";
    in.lines[0].quantity = 1;
    in.lines[0].unit_price = Decimal::parse("1");
    int good = 0, taken = 0;
    run([&]() -> Awaitable<void> {
        using namespace boost::asio::experimental::awaitable_operators;
        const auto one = [&]() -> Awaitable<void> {
            const auto out = co_await add_order(*ctx_, in);
            if (out.has_value())
                ++good;
            else if (out.error().code == errors::number_taken)
                ++taken;
        };
        co_await (one() && one() && one());
    });
    EXPECT_EQ(good, 1);
    EXPECT_EQ(taken, 2);
    EXPECT_EQ(count("orders.order_line where true"), "1");
}

TEST_F(OrdersByHand, the_same_request_again_gets_the_same_answer) {
    const auto send = [&](const std::string& text) {
        return call(*ctx_, Method::post, "/orders", text, {{"idempotency-key", "k-1"}});
    };
    std::string numberless = body(shop_, "X");
    numberless.erase(numberless.find(R"("channel_order_id":"X",)"), 23);
    const auto first = send(numberless), second = send(numberless);
    EXPECT_EQ(first.status, 201) << first.body;
    EXPECT_EQ(second.status, 201);
    EXPECT_EQ(boost::json::parse(first.body), boost::json::parse(second.body));
    EXPECT_TRUE(text_of(boost::json::parse(first.body), "channel_order_id").starts_with("M-"));
    EXPECT_EQ(count("orders.sales_order where true"), "1");
    EXPECT_EQ(send(body(shop_, "Y")).status, 409);
    // A refused one may be sent again under its key.
    const auto refused = [&](const std::string& text) {
        return call(*ctx_, Method::post, "/orders", text, {{"idempotency-key", "k-2"}}).status;
    };
    EXPECT_EQ(refused(body(shop_, "Z", R"(,"state":"pending")")), 400);
    EXPECT_EQ(refused(body(shop_, "Z")), 201);
}

TEST_F(OrdersByHand, shops_out_of_sight_answer_like_shops_that_never_were) {
    Context stranger = tenant_context();
    const std::string theirs = add_file_shop(stranger, "Theirs");
    const std::string hidden = add_file_shop(*ctx_, "Hidden");
    Context limited = as(*ctx_, ctx_->rights.permissions, std::vector{*ShopId::parse(shop_)});
    const std::string never = crypto::new_uuid(ctx_->now()).text();
    const auto nobodys = call(*ctx_, Method::post, "/orders", body(never, "F-1"));
    EXPECT_EQ(nobodys.status, 404);
    EXPECT_EQ(bare(call(*ctx_, Method::post, "/orders", body(theirs, "F-1"))), bare(nobodys));
    EXPECT_EQ(bare(call(limited, Method::post, "/orders", body(hidden, "F-1"))), bare(nobodys));
    post(limited, "/orders", body(shop_, "F-1"), 201);
    EXPECT_EQ(count("orders.sales_order where true"), "1");
    EXPECT_EQ("0", sql("select count(*) from orders.sales_order where" + of_tenant(stranger)));
}

TEST_F(OrdersByHand, only_who_may_write_and_see_amounts_adds_orders) {
    Context reader = as(*ctx_, {Permission::orders_read, Permission::money_read});
    post(reader, "/orders", body(shop_, "F-1"), 403);
    Context clerk = as(*ctx_, {Permission::orders_read, Permission::orders_write});
    post(clerk, "/orders", body(shop_, "F-1"), 403);
    EXPECT_EQ(count("platform.audit_entry where result = 'refused'"), "2");
}

TEST_F(OrdersByHand, a_shop_of_a_channel_gets_its_orders_from_there) {
    const ShopId amazon = make_shop(*ctx_, "US");
    const auto refused = post(*ctx_, "/orders", body(amazon.text(), "F-1"), 409);
    EXPECT_EQ(text_of(refused, "code"), "orders.shop_of_channel");
    EXPECT_EQ(field_of(refused), "/shop_id shop_of_channel");
    EXPECT_EQ(count("orders.sales_order where true"), "0");
}

TEST_F(OrdersByHand, bad_fields_are_named_and_nothing_is_stored) {
    const std::string start = R"({"shop_id":")" + shop_ + R"(","currency":"GBP",)";
    const std::string line = R"("lines":[{"seller_sku":"A","quantity":1,"unit_price":"1"})";
    const std::pair<std::string, std::string> cases[] = {
        {start + R"("lines":[])", "/lines length"},
        {start + R"("buyer_name":"Anna",)" + line + ']', "/buyer_name unknown_member"},
        {start + R"("lines":[{"seller_sku":"A","quantity":1,"unit_price":"1","gift_to":"Bo"}])",
         "/lines/0/gift_to unknown_member"},
        {start + R"("lines":[{"seller_sku":"A","quantity":1,"unit_price":1.5}])",
         "/lines/0/unit_price string_expected"},
        {start + R"("lines":[{"seller_sku":"A","quantity":1.5,"unit_price":"1"}])",
         "/lines/0/quantity integer_expected"},
        {start + R"("lines":[{"seller_sku":"A","quantity":1,"unit_price":"1e3"}])",
         "/lines/0/unit_price decimal_expected"},
        {start + R"("lines":[{"seller_sku":"A\u0000","quantity":1,"unit_price":"1"}])",
         "/lines/0/seller_sku invalid_text"},
        {start + R"("lines":[{"sku_code":"NONE","quantity":1,"unit_price":"1"}])",
         "/lines/0/sku_code unknown_sku"},
        {start + R"("ordered_at":"2027-01-01T00:00:00Z",)" + line + ']', "/ordered_at in_future"},
        {start + R"("marketplace_id":"FR",)" + line + ']', "/marketplace_id unknown_marketplace"},
        {start + R"("kind":"gift",)" + line + ']', "/kind unknown_value"},
        {R"({"currency":"GBP",)" + line + ']', "/shop_id required"},
    };
    for (const auto& [text, expected] : cases)
        EXPECT_EQ(field_of(post(*ctx_, "/orders", text + '}', 400)), expected) << text;
    EXPECT_EQ(count("orders.sales_order where true"), "0");
    EXPECT_EQ(count("catalog.sku where true"), "0");
}

TEST_F(OrdersByHand, strings_are_stored_as_they_are) {
    const std::string evil = R"('; drop table orders.sales_order; -- <script>alert(1)</script>)";
    const auto added =
        post(*ctx_, "/orders",
             R"({"shop_id":")" + shop_ + R"(","currency":"GBP",)" + R"("channel_order_id":")" +
                 evil + R"(","lines":[{"seller_sku":")" + evil + R"(","title":")" + evil +
                 R"(","quantity":1,"unit_price":"1"}]})",
             201);
    const auto order = get(*ctx_, "/orders/" + text_of(added, "id"));
    EXPECT_EQ(text_of(order, "channel_order_id"), evil);
    EXPECT_EQ(text_of(order.at("lines").as_array().at(0), "seller_sku"), evil);
    EXPECT_EQ(text_of(order.at("lines").as_array().at(0), "title"), evil);
}

TEST_F(OrdersByHand, a_sku_of_ours_becomes_the_shops_word_for_it) {
    post(*ctx_, "/skus", R"({"code":"OUR-1","title":"Our first"})", 201);
    post(*ctx_, "/skus", R"({"code":"OUR-2","title":"Our second"})", 201);
    const auto of_code = [&](const std::string& number, const std::string& code) {
        return R"({"shop_id":")" + shop_ + R"(","channel_order_id":")" + number +
               R"(","currency":"GBP","lines":[{"sku_code":")" + code +
               R"(","quantity":1,"unit_price":"1"}]})";
    };
    const auto added = post(*ctx_, "/orders", of_code("1", "OUR-1"), 201);
    EXPECT_EQ(added.at("exception_count").as_int64(), 0);
    const auto line = get(*ctx_, "/orders/" + text_of(added, "id")).at("lines").as_array().at(0);
    EXPECT_EQ(text_of(line, "sku"), "OUR-1");
    EXPECT_EQ(text_of(line, "title"), "Our first");
    // The shop's word OUR-2 means another SKU already.
    map("OUR-2", "OUR-1");
    EXPECT_EQ(field_of(post(*ctx_, "/orders", of_code("2", "OUR-2"), 400)),
              "/lines/0/sku_code means_another_sku");
    // Who may not map leaves an exception for who may.
    post(*ctx_, "/skus", R"({"code":"OUR-3","title":"Our third"})", 201);
    Context service = as(*ctx_, role_by_name("customer_service")->permissions);
    EXPECT_EQ(post(service, "/orders", of_code("3", "OUR-3"), 201).at("exception_count"), 1);
    EXPECT_EQ(count("catalog.sku_mapping where seller_sku = 'OUR-3'"), "0");
}

TEST_F(OrdersByHand, it_is_shipped_and_delivered_by_hand) {
    const std::string id = add("F-1"), path = "/orders/" + id;
    const auto actions = [&] {
        return boost::json::serialize(get(*ctx_, path).at("allowed_actions"));
    };
    EXPECT_EQ(actions(), R"(["tag","note","hold","cancel","ship","deliver"])");
    post(*ctx_, path + "/hold", R"({"reason":"wait"})");
    EXPECT_EQ(text_of(post(*ctx_, path + "/ship", "{}", 409), "code"), "orders.held");
    post(*ctx_, path + "/release");
    clock().advance(std::chrono::seconds(1));
    const auto shipped =
        post(*ctx_, path + "/ship", R"({"carrier":"Royal Mail","tracking_number":"RM 1"})");
    EXPECT_EQ(text_of(shipped, "state"), "shipped");
    EXPECT_EQ(text_of(shipped.at("lines").as_array().at(0), "state"), "shipped");
    EXPECT_EQ(text_of(shipped.at("packages").as_array().at(0), "tracking_number"), "RM 1");
    EXPECT_EQ(text_of(shipped.at("history").as_array().at(0), "kind"), "state");
    EXPECT_EQ(text_of(shipped.at("source"), "origin"), "manual");
    EXPECT_EQ(actions(), R"(["tag","note","deliver"])");
    EXPECT_EQ(text_of(post(*ctx_, path + "/ship", "{}", 409), "code"), "orders.illegal_move");
    EXPECT_EQ(text_of(post(*ctx_, path + "/cancel", R"({"reason":"late"})", 409), "code"),
              "orders.illegal_move");
    EXPECT_EQ(
        field_of(post(*ctx_, path + "/deliver", R"({"delivered_at":"2027-01-01T00:00:00Z"})", 400)),
        "/delivered_at in_future");
    const auto delivered = post(*ctx_, path + "/deliver");
    EXPECT_EQ(text_of(delivered, "state"), "delivered");
    EXPECT_FALSE(delivered.at("packages").as_array().at(0).at("delivered_at").is_null());
    EXPECT_EQ(actions(), R"(["tag","note"])");
    EXPECT_EQ(numbers(get(*ctx_, "/orders?q=RM%201")), "F-1");
}

TEST_F(OrdersByHand, a_cancelled_one_leaves_the_figures_and_the_inbox) {
    const std::string id = add("F-1"), path = "/orders/" + id;
    drain_jobs();
    const std::string units =
        "select coalesce(sum(units), 0) from insight.sale_line where" + of_tenant(*ctx_);
    EXPECT_EQ("3", sql(units));
    EXPECT_EQ(field_of(post(*ctx_, path + "/cancel", R"({"reason":" "})", 400)), "/reason length");
    const auto stale =
        call(*ctx_, Method::post, path + "/cancel", R"({"reason":"x"})", {{"if-match", "\"7\""}});
    EXPECT_EQ(stale.status, 409);
    clock().advance(std::chrono::seconds(1));
    const auto cancelled = post(*ctx_, path + "/cancel", R"({"reason":"buyer asked"})");
    EXPECT_EQ(text_of(cancelled, "state"), "cancelled");
    EXPECT_EQ(cancelled.at("exception_count").as_int64(), 0);
    EXPECT_EQ(text_of(cancelled.at("lines").as_array().at(0), "state"), "cancelled");
    const auto& row = cancelled.at("history").as_array().at(0);
    EXPECT_EQ(text_of(row, "from") + ' ' + text_of(row, "to") + ' ' + text_of(row, "detail") + ' ' +
                  text_of(row, "actor_name"),
              "unshipped cancelled buyer asked Test User");
    drain_jobs();
    EXPECT_EQ("0", sql(units));
    EXPECT_EQ(count("platform.audit_entry where act = 'orders.cancelled' and result = 'done'"),
              "1");
}

TEST_F(OrdersByHand, orders_of_a_channel_are_moved_by_it_alone) {
    const ShopId amazon = make_shop(*ctx_, "US");
    ingest_batch(*ctx_, source(amazon), {sample_order("A-1")});
    const std::string path = "/orders/" + id_of(*ctx_, "A-1");
    EXPECT_EQ(text_of(post(*ctx_, path + "/ship", "{}", 409), "code"), "orders.moved_by_channel");
    EXPECT_EQ(text_of(post(*ctx_, path + "/deliver", "{}", 409), "code"),
              "orders.moved_by_channel");
    EXPECT_EQ(text_of(post(*ctx_, path + "/cancel", R"({"reason":"x"})", 409), "code"),
              "orders.moved_by_channel");
    EXPECT_EQ(text_of(get(*ctx_, path), "state"), "unshipped");
    Context stranger = tenant_context();
    post(stranger, path + "/ship", "{}", 404);
}

}  // namespace
}  // namespace entrepot::orders::test
