// SKUs and mappings through the API.
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/json.hpp>

#include "modules/catalog/catalog.hpp"
#include "modules/shops/shops.hpp"
#include "support/fixture.hpp"

namespace entrepot::catalog {
namespace {

using http::Method;

class Catalog : public entrepot::test::DatabaseTest {
protected:
    boost::json::value ask(Context& ctx, Method method, const std::string& path,
                           const std::string& body, int status,
                           std::vector<std::pair<std::string, std::string>> headers = {}) {
        const auto response = call(ctx, method, path, body, std::move(headers));
        EXPECT_EQ(response.status, status) << path << response.body;
        return response.body.empty() ? boost::json::value() : boost::json::parse(response.body);
    }
    std::string add_shop(Context& ctx, const std::string& name) {
        return ask(ctx, Method::post, "/shops/file",
                   R"({"name":")" + name +
                       R"(","country":"GB","currency":"GBP","time_zone":"UTC"})",
                   201)
            .at("id")
            .as_string()
            .c_str();
    }
};

TEST_F(Catalog, skus_are_added_changed_and_paged) {
    Context ctx = tenant_context();
    for (const char* code : {"C", "A", "B"})
        ask(ctx, Method::post, "/skus",
            std::string(R"({"code":")") + code + R"(","title":"Title"})", 201);
    EXPECT_EQ(
        ask(ctx, Method::post, "/skus", R"({"code":"A","title":"x"})", 409).at("code").as_string(),
        "catalog.sku_taken");
    ask(ctx, Method::post, "/skus", R"({"code":"","title":"x"})", 400);
    const auto first = ask(ctx, Method::get, "/skus?limit=2", "", 200);
    EXPECT_EQ(first.at("items").as_array().at(0).at("code").as_string(), "A");
    const auto rest =
        ask(ctx, Method::get,
            "/skus?limit=2&cursor=" + std::string(first.at("next_cursor").as_string()), "", 200);
    ASSERT_EQ(rest.at("items").as_array().size(), 1U);
    EXPECT_TRUE(rest.at("next_cursor").is_null());
    ask(ctx, Method::get, "/skus?cursor=xyz", "", 400);
    EXPECT_EQ(ask(ctx, Method::get, "/skus?q=tit", "", 200).at("items").as_array().size(), 3U);
    const std::string id(rest.at("items").as_array().at(0).at("id").as_string());
    ask(ctx, Method::put, "/skus/" + id, R"({"title":"New"})", 200, {{"if-match", "\"1\""}});
    ask(ctx, Method::put, "/skus/" + id, R"({"title":"Old"})", 409, {{"if-match", "\"1\""}});
    Context stranger = tenant_context();
    ask(stranger, Method::put, "/skus/" + id, R"({"title":"Theirs"})", 404);
    EXPECT_TRUE(ask(stranger, Method::get, "/skus", "", 200).at("items").as_array().empty());
}

TEST_F(Catalog, mappings_of_a_shop_out_of_sight_are_not_shown) {
    Context ctx = tenant_context();
    const std::string one = add_shop(ctx, "One"), two = add_shop(ctx, "Two");
    for (const auto& shop : {one, two})
        ask(ctx, Method::post, "/sku-mappings",
            R"({"shop_id":")" + shop + R"(","seller_sku":"S","sku_code":"K","create_sku":true})",
            201);
    Context limited = as(ctx, ctx.rights.permissions, std::vector{ShopId::parse(one).value()});
    const auto seen = ask(limited, Method::get, "/sku-mappings", "", 200).at("items").as_array();
    ASSERT_EQ(seen.size(), 1U);
    EXPECT_EQ(seen[0].at("shop_name").as_string(), "One");
    EXPECT_TRUE(ask(limited, Method::get, "/sku-mappings?shop_id=" + two, "", 200)
                    .at("items")
                    .as_array()
                    .empty());
    const auto all = ask(ctx, Method::get, "/sku-mappings?limit=1", "", 200);
    EXPECT_FALSE(all.at("next_cursor").is_null());
    const std::string hidden(ask(ctx, Method::get, "/sku-mappings?shop_id=" + two, "", 200)
                                 .at("items")
                                 .as_array()
                                 .at(0)
                                 .at("id")
                                 .as_string());
    ask(limited, Method::post, "/sku-mappings/" + hidden + "/end", "{}", 404);
    ask(limited, Method::post, "/sku-mappings/" + hidden + "/change", R"({"sku_code":"K"})", 404);
    ask(ctx, Method::post, "/sku-mappings",
        R"({"shop_id":")" + one + R"(","seller_sku":"T","sku_code":"NOWHERE"})", 400);
    ask(ctx, Method::post, "/sku-mappings/" + hidden + "/end", "{}", 204);
    EXPECT_EQ(ask(ctx, Method::post, "/sku-mappings/" + hidden + "/end", "{}", 409)
                  .at("code")
                  .as_string(),
              "catalog.mapping_ended");
}

TEST_F(Catalog, two_who_map_at_once_do_not_overlap) {
    Context ctx = tenant_context();
    const std::string shop = add_shop(ctx, "One");
    const ShopId id = ShopId::parse(shop).value();
    const std::vector<SellerSku> skus{{"A", "a"}, {"B", "b"}, {"C", "c"}};
    const auto map_all = [&]() -> Awaitable<void> {
        auto body = [&](pg::Transaction& tx) -> Awaitable<Result<std::int64_t>> {
            co_return co_await ensure_skus(ctx, tx, id, skus);
        };
        (void)(co_await ctx.db().transaction(ctx.tenant, body)).value();
    };
    run([&]() -> Awaitable<void> {
        using namespace boost::asio::experimental::awaitable_operators;
        co_await (map_all() && map_all() && map_all());
    });
    EXPECT_EQ(ask(ctx, Method::get, "/sku-mappings", "", 200).at("items").as_array().size(), 3U);
    EXPECT_EQ(ask(ctx, Method::get, "/skus", "", 200).at("items").as_array().size(), 3U);
}

}  // namespace
}  // namespace entrepot::catalog
