// The operator of one shop sees nothing of another; another tenant sees nothing at all.
#include "modules/orders/sample_test.hpp"
#include "platform/http/route.hpp"

namespace entrepot::orders::test {
namespace {

class OrdersScope : public OrdersTest {
protected:
    void SetUp() override {
        owner_.emplace(tenant_context());
        us_ = make_shop(*owner_, "US");
        de_ = make_shop(*owner_, "DE");
        IncomingOrder seen = sample_order("111-SEEN", 1), hidden = sample_order("999-HIDDEN", 1);
        hidden.lines[0].seller_sku = "HIDDEN-SKU";
        hidden.packages = {{"P", "UPS", "HIDDENTRACK", "", noon, std::nullopt}};
        ingest_batch(*owner_, source(us_), {seen});
        ingest_batch(*owner_, source(de_), {hidden});
        hidden_id_ = id_of(*owner_, "999-HIDDEN");
        post(*owner_, "/orders/" + hidden_id_ + "/tags", R"({"add":["secret"]})");
        limited_.emplace(as(*owner_, owner_->rights.permissions, std::vector{us_}));
    }
    std::optional<Context> owner_, limited_;
    ShopId us_{}, de_{};
    std::string hidden_id_;
};

TEST_F(OrdersScope, lists_searches_counts_and_exports_hold_nothing_of_another_shop) {
    const std::string de = de_.text();
    for (const std::string& query :
         {std::string("limit=50"), std::string("sort=ordered_at"), std::string("sort=-updated_at"),
          "shop_id=" + de, "shop_id=" + de + "," + us_.text(), std::string("q=999-HIDDEN"),
          std::string("q=HIDDEN"), std::string("sku=HIDDEN-SKU"), std::string("tag=secret"),
          std::string("exception=true"), std::string("state=unshipped"), std::string("country=US"),
          std::string("insight_day=true&from=2026-11-20&to=2026-11-20"),
          "sort=-updated_at&q=HIDDEN&shop_id=" + de,
          std::string("sku=HIDDEN-SKU&sort=-updated_at")}) {
        const auto answer = call(*limited_, http::Method::get, "/orders?" + query);
        EXPECT_EQ(answer.status, 200);
        EXPECT_EQ(answer.body.find("HIDDEN"), std::string::npos) << query;
        const std::string seen = numbers(boost::json::parse(answer.body));
        const auto count =
            get(*limited_,
                "/orders/count?" + (query.starts_with("sort") || query.starts_with("limit") ||
                                            query.find("&sort") != std::string::npos
                                        ? "country=US"
                                        : query));
        EXPECT_LE(count.at("count").as_int64(), 1) << query;
        if (!query.starts_with("sort") && !query.starts_with("limit") &&
            query.find("&sort") == std::string::npos) {
            const auto file =
                call(*limited_, http::Method::get, "/orders/export?format=csv&" + query);
            EXPECT_EQ(file.status, 200) << file.body;
            EXPECT_EQ(file.body.find("HIDDEN"), std::string::npos) << query;
            EXPECT_EQ(count.at("count").as_int64(), seen.empty() ? 0 : 1) << query;
        }
    }
    for (const char* q : {"999-HIDDEN", "HIDDEN-SKU", "HIDDENTRACK"}) {
        const auto found = call(*limited_, http::Method::get, std::string("/search?q=") + q);
        EXPECT_NE(found.body.find(R"("orders":[])"), std::string::npos) << found.body;
        const auto everywhere = call(*owner_, http::Method::get, std::string("/search?q=") + q);
        EXPECT_NE(everywhere.body.find("999-HIDDEN"), std::string::npos) << everywhere.body;
    }
    const auto inbox = call(*limited_, http::Method::get, "/orders/exceptions");
    EXPECT_EQ(inbox.body.find("HIDDEN"), std::string::npos);
    EXPECT_EQ(get(*limited_, "/orders/exceptions/summary").at("items").as_array().at(0).at("count"),
              1);
    EXPECT_EQ(get(*owner_, "/orders/exceptions/summary").at("items").as_array().at(0).at("count"),
              2);
    EXPECT_EQ(call(*limited_, http::Method::get, "/shops").body.find(de), std::string::npos);
    get(*limited_, "/shops/" + de, 404);
}

TEST_F(OrdersScope, acts_on_what_is_out_of_sight_are_not_found) {
    const std::string exception =
        sql("select id from orders.exception where order_id = '" + hidden_id_ + "'");
    get(*limited_, "/orders/" + hidden_id_, 404);
    post(*limited_, "/orders/" + hidden_id_ + "/hold", R"({"reason":"x"})", 404);
    post(*limited_, "/orders/" + hidden_id_ + "/release", "{}", 404);
    post(*limited_, "/orders/" + hidden_id_ + "/tags", R"({"add":["x"]})", 404);
    post(*limited_, "/orders/" + hidden_id_ + "/notes", R"({"text":"x"})", 404);
    post(*limited_, "/orders/exceptions/" + exception + "/dismiss", R"({"reason":"x"})", 404);
    post(*limited_, "/sku-mappings/suggest", R"({"shop_id":")" + de_.text() + "\"}", 404);
    post(*limited_, "/sku-mappings",
         R"({"shop_id":")" + de_.text() +
             R"(","seller_sku":"HIDDEN-SKU","sku_code":"X","create_sku":true})",
         404);
    const auto bulk = post(*limited_, "/orders/bulk",
                           R"({"action":"hold","reason":"x","order_ids":[")" + hidden_id_ +
                               R"(",")" + id_of(*owner_, "111-SEEN") + "\"]}");
    EXPECT_EQ(bulk.at("done").as_array().size(), 1U);
    EXPECT_EQ(text_of(bulk.at("refused").as_array().at(0), "code"), "not_found");
    EXPECT_EQ("f", sql("select held from orders.sales_order where id = '" + hidden_id_ + "'"));
    post(*limited_, "/shops/file",
         R"({"name":"mine","country":"GB","currency":"GBP","time_zone":"Europe/London"})", 403);
}

TEST_F(OrdersScope, another_tenants_ids_answer_like_ids_that_never_were) {
    Context stranger = tenant_context();
    const std::string never = crypto::new_uuid(stranger.now()).text();
    const std::string exception =
        sql("select id from orders.exception where order_id = '" + hidden_id_ + "'");
    const auto same = [&](http::Method method, const std::string& before, const std::string& after,
                          const std::string& id, const std::string& body) {
        auto theirs = call(stranger, method, before + id + after, body);
        auto nobodys = call(stranger, method, before + never + after, body);
        EXPECT_EQ(theirs.status, 404) << before << after << theirs.body;
        for (auto* response : {&theirs, &nobodys}) {
            auto parsed = boost::json::parse(response->body);
            parsed.as_object().erase("request_id");
            response->body = boost::json::serialize(parsed);
        }
        EXPECT_EQ(theirs.body, nobodys.body);
    };
    same(http::Method::get, "/orders/", "", hidden_id_, "");
    same(http::Method::post, "/orders/", "/hold", hidden_id_, R"({"reason":"x"})");
    same(http::Method::post, "/orders/", "/release", hidden_id_, "{}");
    same(http::Method::post, "/orders/", "/tags", hidden_id_, R"({"add":["x"]})");
    same(http::Method::post, "/orders/", "/notes", hidden_id_, R"({"text":"x"})");
    same(http::Method::post, "/orders/exceptions/", "/dismiss", exception, R"({"reason":"x"})");
    same(http::Method::get, "/shops/", "", de_.text(), "");
    EXPECT_EQ(call(stranger, http::Method::get, "/orders?shop_id=" + de_.text()).body,
              call(stranger, http::Method::get, "/orders?shop_id=" + never).body);
}

TEST_F(OrdersScope, money_is_masked_for_those_who_may_not_read_it) {
    Context clerk = as(*owner_, {Permission::orders_read, Permission::orders_export});
    const auto list = get(clerk, "/orders").at("items").as_array().at(0);
    EXPECT_TRUE(list.at("grand_total").is_null());
    EXPECT_EQ(list.at("masked").as_array().at(0).as_string(), "grand_total");
    const auto detail = get(clerk, "/orders/" + hidden_id_);
    EXPECT_TRUE(detail.at("money").is_null());
    EXPECT_TRUE(detail.at("lines").as_array().at(0).at("amounts").is_null());
    EXPECT_TRUE(detail.at("allowed_actions").as_array().empty());
    const auto file = call(clerk, http::Method::get, "/orders/export?format=csv");
    EXPECT_EQ(file.body.find("order_total"), std::string::npos);
    EXPECT_EQ(file.body.find("10.00"), std::string::npos);
    EXPECT_NE(call(*owner_, http::Method::get, "/orders/export?format=csv").body.find("10.00"),
              std::string::npos);
}

}  // namespace
}  // namespace entrepot::orders::test
