// Shops by people and by channels.
#include <boost/json.hpp>

#include "modules/shops/shops.hpp"
#include "support/fixture.hpp"

namespace entrepot::shops {
namespace {

using http::Method;

class Shops : public entrepot::test::DatabaseTest {
protected:
    boost::json::value ask(Context& ctx, Method method, const std::string& path,
                           const std::string& body, int status,
                           std::vector<std::pair<std::string, std::string>> headers = {}) {
        const auto response = call(ctx, method, path, body, std::move(headers));
        EXPECT_EQ(response.status, status) << path << response.body;
        return response.body.empty() ? boost::json::value() : boost::json::parse(response.body);
    }
    std::string add(Context& ctx, const std::string& name, int status = 201) {
        const auto shop =
            ask(ctx, Method::post, "/shops/file",
                R"({"name":")" + name +
                    R"(","country":"GB","currency":"GBP","time_zone":"Europe/London"})",
                status);
        return status == 201 ? std::string(shop.at("id").as_string()) : std::string();
    }
    template <class Body>
    auto in_transaction(Context& ctx, Body body) {
        return run([&]() -> typename std::invoke_result_t<Body, pg::Transaction&> {
            co_return co_await ctx.db().transaction(ctx.tenant, body);
        });
    }
};

TEST_F(Shops, a_file_shop_is_added_changed_paused) {
    Context ctx = tenant_context();
    const std::string id = add(ctx, "Store");
    add(ctx, "Store", 409);
    const auto shop = ask(ctx, Method::get, "/shops/" + id, "", 200);
    EXPECT_EQ(shop.at("channel").as_string(), "file");
    EXPECT_EQ(shop.at("marketplaces").as_array().at(0).at("id").as_string(), "GB");
    for (const char* bad :
         {R"({"name":"X","country":"gb","currency":"GBP","time_zone":"Europe/London"})",
          R"({"name":"X","country":"GB","currency":"QQQ","time_zone":"Europe/London"})",
          R"({"name":"X","country":"GB","currency":"GBP","time_zone":"Mars/Olympus"})",
          R"({"name":"X","country":"GB","currency":"GBP","time_zone":"posixrules"})",
          R"({"name":" ","country":"GB","currency":"GBP","time_zone":"Europe/London"})"})
        ask(ctx, Method::post, "/shops/file", bad, 400);
    const auto changed =
        ask(ctx, Method::put, "/shops/" + id, R"({"name":"Shop","time_zone":"Asia/Tokyo"})", 200,
            {{"if-match", "\"1\""}});
    EXPECT_EQ(changed.at("version").as_int64(), 2);
    EXPECT_EQ(changed.at("time_zone").as_string(), "Asia/Tokyo");
    ask(ctx, Method::put, "/shops/" + id, R"({"name":"Late","time_zone":"Asia/Tokyo"})", 409,
        {{"if-match", "\"1\""}});
    EXPECT_EQ(ask(ctx, Method::post, "/shops/" + id + "/pause", "{}", 200).at("state").as_string(),
              "paused");
    EXPECT_EQ(ask(ctx, Method::post, "/shops/" + id + "/resume", "{}", 200).at("state").as_string(),
              "connected");
}

TEST_F(Shops, marketplaces_keep_what_people_chose) {
    Context ctx = tenant_context();
    const std::vector<Marketplace> first{{"M1", "US", "one", "USD", true, true},
                                         {"M2", "CA", "two", "CAD", true, true}};
    const NewShop wanted{"Amazon", Channel::amazon, "NA", "A1", "UTC", first};
    const ShopId id = in_transaction(ctx, [&](pg::Transaction& tx) -> Awaitable<Result<ShopId>> {
                          co_return co_await add_shop(ctx, tx, wanted);
                      }).value();
    const std::string path = "/shops/" + id.text() + "/marketplaces";
    ask(ctx, Method::put, path, R"({"enabled":["M9"]})", 400);
    ask(ctx, Method::put, path, R"({"enabled":["M2"]})", 200);
    const std::vector<Marketplace> second{{"M1", "US", "uno", "USD", true, true},
                                          {"M3", "MX", "three", "MXN", true, true}};
    const Shop shop = in_transaction(ctx, [&](pg::Transaction& tx) -> Awaitable<Result<Shop>> {
                          co_await set_marketplaces(ctx, tx, id, second);
                          co_await set_state(ctx, tx, id, ShopState::broken);
                          note_synced(tx, id, ctx.now());
                          note_synced(tx, id, ctx.now() - std::chrono::hours(1));
                          co_return co_await find_shop(ctx, tx, id);
                      }).value();
    ASSERT_EQ(shop.marketplaces.size(), 3U);
    EXPECT_EQ(shop.marketplaces[0].id, "M2");
    EXPECT_FALSE(shop.marketplaces[0].participating) << "no longer reported";
    EXPECT_TRUE(shop.marketplaces[0].enabled);
    EXPECT_TRUE(shop.marketplaces[1].enabled) << "a new one starts as the channel says";
    EXPECT_EQ(shop.marketplaces[2].name, "uno");
    EXPECT_FALSE(shop.marketplaces[2].enabled) << "a person switched it off";
    EXPECT_EQ(shop.last_synced_at, ctx.now()) << "never goes back";
    EXPECT_EQ(
        ask(ctx, Method::post, "/shops/" + id.text() + "/resume", "{}", 409).at("code").as_string(),
        "shops.broken");
}

TEST_F(Shops, days_begin_at_each_shops_midnight) {
    Context ctx = tenant_context();
    const ShopId id = ShopId::parse(add(ctx, "London")).value();
    using namespace std::chrono;
    const auto ranges =
        in_transaction(ctx, [&](pg::Transaction& tx) -> Awaitable<Result<std::vector<DayRange>>> {
            co_return co_await day_ranges(ctx, tx, sys_days{2026y / 3 / 29},
                                          sys_days{2026y / 3 / 29});
        }).value();
    ASSERT_EQ(ranges.size(), 1U);
    EXPECT_EQ(ranges[0].shop_id, id);
    EXPECT_EQ(format_instant(ranges[0].from), "2026-03-29T00:00:00Z");
    EXPECT_EQ(format_instant(ranges[0].to), "2026-03-29T23:00:00Z")
        << "the day summer time begins has 23 hours";
}

}  // namespace
}  // namespace entrepot::shops
