// Connecting: nothing is stored before Amazon agrees; secrets are sealed; refusals name the field.
#include <boost/json.hpp>

#include "channel/amazon/account.hpp"
#include "channel/amazon/fake_amazon_test.hpp"
#include "platform/pgserver/session.hpp"

namespace entrepot::amazon {
namespace {

class AmazonConnect : public AmazonTest {
protected:
    ConnectShop wish() const {
        return {"Shop",
                RegionName::NA,
                "amzn1.application-oa2-client.canary",
                "amzn1.oa2-cs.v1.canary",
                refresh_token,
                "https://localhost:1"};
    }
    Result<shops::Shop> attempt(const ConnectShop& in) {
        Link wire = link();
        return run([&] { return connect_shop(wire, in); });
    }
    std::string shops_of_tenant() {
        return sql("select count(*) from shops.shop where tenant_id = '" + ctx.tenant.text() + "'");
    }
};

std::string pointers(const Error& error) {
    std::string out;
    for (const auto& field : error.fields)
        out += (out.empty() ? "" : " ") + field.pointer + '=' + field.code;
    return out;
}

TEST_F(AmazonConnect, stores_marketplaces_and_sealed_secrets_and_starts_the_sync) {
    const auto shop = attempt(wish());
    ASSERT_TRUE(shop.has_value()) << shop.error().detail;
    EXPECT_EQ(shop->region, "NA");
    EXPECT_EQ(shop->time_zone, "America/Los_Angeles");
    EXPECT_EQ(shop->state, shops::ShopState::connected);
    ASSERT_EQ(shop->marketplaces.size(), 1U) << "channels that are not Amazon's are left out";
    EXPECT_EQ(shop->marketplaces[0].id, "ATVPDKIKX0DER");
    EXPECT_TRUE(shop->marketplaces[0].enabled);
    const std::string one_shop = " where shop_id = '" + shop->id.text() + "'";
    const std::string row = sql("select connection::text from amazon.connection" + one_shop);
    EXPECT_EQ(row.find(text::to_hex(std::span(reinterpret_cast<const std::uint8_t*>("canary"), 6))),
              std::string::npos);
    EXPECT_EQ(tables_with("canary"), "");
    EXPECT_EQ(
        sql("select count(*) from platform.job where kind = 'amazon.sync' and unique_key = '" +
            shop->id.text() + "'"),
        "1");
    EXPECT_EQ(sql("select act from platform.audit_entry where object_id = '" + shop->id.text() +
                  "' and act like 'amazon.%'"),
              "amazon.shop_connected");
    // A sealed field moved to another place does not open.
    sql("update amazon.connection set client_secret_sealed = refresh_token_sealed" + one_shop);
    const auto moved = sync_once(shop->id);
    EXPECT_TRUE(moved);
    EXPECT_EQ(health(shop->id).last_error->code, "amazon.client_refused");
    EXPECT_EQ(health(shop->id).state, shops::ShopState::broken);
}

TEST_F(AmazonConnect, refusals_name_the_field_and_store_nothing) {
    struct Case {
        int status;
        const char* body;
        const char* code;
        const char* fields;
    };
    for (const auto& [status, body, code, fields] :
         {Case{401, R"({"error":"invalid_client"})", "amazon.client_refused",
               "/lwa_client_id=invalid_client /lwa_client_secret=invalid_client"},
          Case{400, R"({"error":"invalid_grant"})", "amazon.authorisation_revoked",
               "/refresh_token=invalid_grant"}}) {
        amazon.next_status("/auth/o2/token", status, body);
        const auto shop = attempt(wish());
        ASSERT_TRUE(shop.has_error()) << code;
        EXPECT_EQ(shop.error().code.name, code);
        EXPECT_EQ(pointers(shop.error()), fields);
    }
    amazon.next_status("/sellers/", 403);
    amazon.next_status("/sellers/", 403);
    EXPECT_EQ(pointers(attempt(wish()).error()), "/region=access_denied");
    amazon.next_status(
        "/sellers/", 200,
        R"({"payload":[{"marketplace":{"id":"A3SIM","name":"Non-Amazon","domainName":"x"},
                "participation":{"isParticipating":true}}]})");
    EXPECT_EQ(attempt(wish()).error().code, errors::no_marketplace);
    amazon.next_status("/sellers/", 200, "[]");
    EXPECT_EQ(attempt(wish()).error().code, errors::bad_reply);
    for (int i = 0; i < 4; ++i) amazon.next_failure("/sellers/", EgressFailure::connect);
    EXPECT_EQ(attempt(wish()).error().code, errors::unavailable);
    amazon.next_failure("/auth/o2/token", EgressFailure::refused);
    EXPECT_EQ(pointers(attempt(wish()).error()), "/endpoint=not_allowed");
    EXPECT_EQ(shops_of_tenant(), "0");
}

TEST_F(AmazonConnect, malformed_fields_are_refused_before_anybody_is_called) {
    ConnectShop in = wish();
    in.lwa_client_id = "";
    in.lwa_client_secret = "with blank";
    in.refresh_token = "line\nbreak";
    in.endpoint = "http://localhost:1";
    const auto shop = attempt(in);
    ASSERT_TRUE(shop.has_error());
    EXPECT_EQ(pointers(shop.error()),
              "/lwa_client_id=malformed /lwa_client_secret=malformed /refresh_token=malformed "
              "/endpoint=malformed");
    EXPECT_TRUE(amazon.sent.empty());
    for (const char* endpoint : {"https://user@evil", "https://x/?a=b", "ftp://x"}) {
        ConnectShop other = wish();
        other.endpoint = endpoint;
        EXPECT_TRUE(attempt(other).has_error()) << endpoint;
    }
}

TEST_F(AmazonConnect, the_same_account_twice_would_count_twice_and_is_refused) {
    ASSERT_TRUE(attempt(wish()).has_value());
    ConnectShop again = wish();
    again.name = "The same once more";
    const auto shop = attempt(again);
    ASSERT_TRUE(shop.has_error());
    EXPECT_EQ(shop.error().code, errors::already_connected);
    EXPECT_EQ(shops_of_tenant(), "1") << "the shop row is gone with its connection";
}

TEST_F(AmazonConnect, a_keyd_that_is_away_delays_the_sync_and_breaks_nothing) {
    const auto shop = attempt(wish());
    ASSERT_TRUE(shop.has_value()) << shop.error().detail;
    test::Environment::get().keyd().stop();
    EXPECT_TRUE(sync_once(shop->id)) << "it is tried again";
    EXPECT_EQ(health(shop->id).last_error->code, "keys.unavailable");
    EXPECT_EQ(health(shop->id).state, shops::ShopState::connected);
    ConnectShop second = wish();
    second.name = "Another";
    second.refresh_token = "Atzr|another";
    EXPECT_EQ(attempt(second).error().code.name, "keys.unavailable");
    EXPECT_EQ(shops_of_tenant(), "1");
    test::Environment::get().keyd().start();
    EXPECT_TRUE(sync_once(shop->id));
    EXPECT_FALSE(health(shop->id).last_error);
}

TEST_F(AmazonConnect, a_keyd_with_another_keyring_makes_no_key_and_breaks_no_shop) {
    const auto shop = attempt(wish());
    ASSERT_TRUE(shop.has_value()) << shop.error().detail;
    auto& here = test::Environment::get();
    here.keyd().stop();
    {
        const test::TestKeyd stranger(here.admin_conninfo(), here.conninfo("entrepot_owner"),
                                      here.conninfo("entrepot_keyd"), here.dir() + "/stranger",
                                      here.clock(), "keyring_of_a_stranger", here.keyd().socket());
        EXPECT_TRUE(sync_once(shop->id)) << "it is tried again";
        EXPECT_EQ(health(shop->id).last_error->code, "keys.unavailable");
        EXPECT_EQ(health(shop->id).state, shops::ShopState::connected);
        ConnectShop second = wish();
        second.name = "Another";
        second.refresh_token = "Atzr|another";
        const auto refused = attempt(second);
        ASSERT_TRUE(refused.has_error());
        EXPECT_EQ(refused.error().code.name, "keys.unavailable");
        EXPECT_NE(refused.error().detail.find("keyd keeps the keyring"), std::string::npos)
            << refused.error().detail;
        pgserver::Session theirs(here.admin_conninfo() + " dbname='keyring_of_a_stranger'");
        EXPECT_EQ(theirs.value("select count(*) from keyring.data_key"), "0");
    }
    here.keyd().start();
    EXPECT_TRUE(sync_once(shop->id));
    EXPECT_FALSE(health(shop->id).last_error);
}

TEST_F(AmazonConnect, an_endpoint_of_ones_own_needs_the_servers_leave) {
    Services strict{services().runtime,     services().clock,
                    services().db,          services().jobs_db,
                    services().egress,      services().keys,
                    services().secrets_key, services().data_dir,
                    services().public_url,  false};
    Context limited(strict);
    limited.tenant = ctx.tenant;
    limited.actor = ctx.actor;
    limited.rights = ctx.rights;
    Link wire{limited, amazon, link().pause};
    const ConnectShop in = wish();
    const auto shop = run([&] { return connect_shop(wire, in); });
    ASSERT_TRUE(shop.has_error());
    EXPECT_EQ(pointers(shop.error()), "/endpoint=not_allowed");
    EXPECT_TRUE(amazon.sent.empty());
}

TEST_F(AmazonConnect, one_token_fetch_at_a_time_for_the_same_credentials) {
    const ShopId shop = connect();
    fill(3);
    amazon.valid_tokens.clear();
    const std::size_t before = amazon.calls("/auth/o2/token");
    Link one = link(), two = link();
    const std::string first = "114-00000", second = "114-00001";
    (void)run([&] { return pull_order(one, shop, first, Priority::user); });
    (void)run([&] { return pull_order(two, shop, second, Priority::user); });
    EXPECT_EQ(amazon.calls("/auth/o2/token"), before + 1);
}

TEST_F(AmazonConnect, answers_fit_the_described_schema) {
    const ShopId shop = connect();
    const auto sync = call(ctx, http::Method::get, "/shops/" + shop.text() + "/sync");
    EXPECT_EQ(sync.status, 200) << sync.body;
    const auto body = boost::json::parse(sync.body);
    for (const char* name : {"state", "lag_seconds", "last_good_at", "last_error", "next_run_at",
                             "watermark", "quota", "runs", "history", "pii_dropped"})
        EXPECT_TRUE(body.as_object().contains(name)) << name;
    EXPECT_EQ(body.at("history").at("state").as_string(), "none");
    EXPECT_EQ(body.at("quota").as_array().size(), 8U);
    EXPECT_EQ(call(ctx, http::Method::post, "/shops/" + shop.text() + "/sync/run").status, 204);
    EXPECT_EQ(call(ctx, http::Method::post, "/shops/" + shop.text() + "/sync/history",
                   R"({"from":"2026-11-01","to":"2026-11-20"})")
                  .status,
              204);
    EXPECT_EQ(call(ctx, http::Method::post, "/shops/" + shop.text() + "/sync/history",
                   R"({"from":"2026-11-01","to":"2026-11-20"})")
                  .status,
              409);
    EXPECT_EQ(call(ctx, http::Method::post, "/shops/" + shop.text() + "/sync/order",
                   R"({"channel_order_id":""})")
                  .status,
              400);
    EXPECT_EQ(call(ctx, http::Method::post, "/shops/" + shop.text() + "/sync/day",
                   R"({"day":"2026-11-20"})")
                  .status,
              204);
    sql("delete from platform.job where kind like 'amazon.%'");
}

TEST_F(AmazonConnect, a_file_shop_has_no_sync) {
    const auto made =
        call(ctx, http::Method::post, "/shops/file",
             R"({"name":"Own","country":"DE","currency":"EUR","time_zone":"Europe/Berlin"})");
    ASSERT_EQ(made.status, 201) << made.body;
    const auto id = boost::json::parse(made.body).at("id").as_string();
    const auto sync = call(ctx, http::Method::get, "/shops/" + std::string(id) + "/sync");
    EXPECT_EQ(sync.status, 409);
    EXPECT_NE(sync.body.find("amazon.not_amazon"), std::string::npos);
}

}  // namespace
}  // namespace entrepot::amazon
