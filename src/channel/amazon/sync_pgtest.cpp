// Sync against a marketplace that fails in every way that facts §5 and §21 list: no gap, no double,
// no hammering, no buyer's data.
#include <boost/asio/experimental/awaitable_operators.hpp>

#include "channel/amazon/fake_amazon_test.hpp"
#include "channel/amazon/jobs.hpp"
#include "channel/amazon/raw_reply.hpp"

namespace entrepot::amazon {
namespace {
using namespace std::chrono;

struct Crash : std::runtime_error {
    Crash() : std::runtime_error("killed on purpose") {}
};

class AmazonSync : public AmazonTest {};

TEST_F(AmazonSync, pages_are_taken_in_and_the_watermark_moves_at_the_end) {
    const ShopId shop = connect();
    fill(250);
    const auto next = sync_once(shop);
    EXPECT_EQ(next, clock().now() + minutes(5));
    expect_same(shop);
    const auto state = health(shop);
    EXPECT_EQ(state.watermark, amazon.visible_until);
    EXPECT_EQ(state.lag_seconds, 120);
    EXPECT_FALSE(state.last_error);
    ASSERT_EQ(state.runs.size(), 1U);
    EXPECT_EQ(state.runs[0].state, RunState::done);
    EXPECT_EQ(state.runs[0].pages, 3);
    EXPECT_EQ(state.runs[0].orders_seen, 250);
    EXPECT_EQ(state.runs[0].orders_changed, 250);
    // The next poll begins five minutes before where Amazon's answer ended.
    const Instant reached = amazon.visible_until;
    advance(minutes(5));
    sync_once(shop);
    const std::string& url = amazon.sent.back().url;
    EXPECT_NE(
        url.find("lastUpdatedAfter=" + text::percent_encode(format_instant(reached - minutes(5)))),
        std::string::npos)
        << url;
    EXPECT_EQ(health(shop).runs[0].orders_changed, 0);
}

TEST_F(AmazonSync, killed_at_every_step_leaves_no_gap_and_no_double) {
    for (int fatal_step = 1;; ++fatal_step) {
        refresh_token = "Atzr|" + crypto::random_token(24);
        amazon.orders.clear();
        const ShopId shop = connect("Shop " + std::to_string(fatal_step));
        fill(250);
        int steps = 0;
        bool killed = false;
        on_step = [&](std::string_view) {
            if (++steps != fatal_step) return;
            killed = true;
            throw Crash();
        };
        if (fatal_step == 1)
            EXPECT_THROW(sync_once(shop), Crash);
        else
            try {
                sync_once(shop);
            } catch (const Crash&) {
            }
        on_step = [](std::string_view) {};
        if (!killed) {
            EXPECT_GE(fatal_step, 12) << "three pages with four steps each";
            break;
        }
        // While we were away an order changed and one came.
        amazon.put("114-00007", clock().now() - minutes(1), 77'777);
        amazon.put("114-99999", clock().now() - minutes(1), 5);
        advance(minutes(10));
        sync_until_done(shop);
        advance(minutes(10));
        sync_until_done(shop);
        SCOPED_TRACE("killed at step " + std::to_string(fatal_step));
        expect_same(shop);
        EXPECT_EQ(
            sql("select count(*) from orders.order_line l join orders.sales_order o on o.id = "
                "l.order_id where o.shop_id = '" +
                shop.text() + "'"),
            "251");
    }
}

TEST_F(AmazonSync, an_order_that_changes_while_paging_never_regresses) {
    const ShopId shop = connect();
    fill(150);
    amazon.next("paginationToken", [&](const EgressRequest&) -> std::optional<EgressReply> {
        // Between the pages: one of the first page and one of the second get a new version.
        amazon.put("114-00003", clock().now() - minutes(3), 1, "SHIPPED");
        amazon.put("114-00120", clock().now() - minutes(3), 2, "CANCELLED");
        return std::nullopt;
    });
    sync_until_done(shop);
    advance(minutes(6));
    sync_until_done(shop);
    expect_same(shop);
    EXPECT_EQ(sql("select state from orders.sales_order where channel_order_id = '114-00003' and "
                  "shop_id = '" +
                  shop.text() + "'"),
              "shipped");
}

TEST_F(AmazonSync, a_page_that_comes_twice_is_harmless) {
    const ShopId shop = connect();
    fill(250);
    // The second answer is the first one again, token included.
    amazon.next("paginationToken", [&](const EgressRequest& request) -> std::optional<EgressReply> {
        auto reply = json_reply(
            R"({"orders":[)" + amazon.orders.begin()->second.json +
            R"(],"pagination":{"nextToken":")" +
            *text::percent_decode(request.url.substr(request.url.find("paginationToken=") + 16)) +
            R"("},"lastUpdatedBefore":")" + format_instant(amazon.visible_until) + "\"}");
        return reply;
    });
    sync_until_done(shop);
    expect_same(shop);
    EXPECT_EQ(health(shop).runs[0].state, RunState::done);
}

TEST_F(AmazonSync, tokens_in_a_circle_end_the_run_and_the_watermark_stays) {
    const ShopId shop = connect();
    fill(250);
    for (int i = 0; i < 8; ++i)
        amazon.next("/orders?", [&](const EgressRequest&) -> std::optional<EgressReply> {
            return json_reply(
                R"({"orders":[],"pagination":{"nextToken":"same"},"lastUpdatedBefore":")" +
                format_instant(amazon.visible_until) + "\"}");
        });
    const auto before = health(shop).watermark;
    const auto next = sync_once(shop);
    EXPECT_GT(*next, clock().now());
    const auto state = health(shop);
    ASSERT_TRUE(state.last_error);
    EXPECT_EQ(state.last_error->code, "amazon.page_token_repeated");
    EXPECT_EQ(state.runs[0].state, RunState::failed);
    EXPECT_FALSE(state.last_good_at);
    EXPECT_FALSE(before);
    EXPECT_LE(amazon.calls("/orders?"), 4U);
}

TEST_F(AmazonSync, an_expired_page_token_begins_again_from_the_watermark) {
    const ShopId shop = connect();
    fill(250);
    int pages = 0;
    on_step = [&](std::string_view name) {
        if (name == step::after_page && ++pages == 1) throw Crash();
    };
    EXPECT_THROW(sync_once(shop), Crash);
    on_step = [](std::string_view) {};
    advance(hours(25));
    sync_until_done(shop);
    expect_same(shop);
    EXPECT_EQ(health(shop).runs[0].pages, 4);
    // A token that Amazon refuses does the same.
    amazon.put("114-00001", clock().now() - minutes(4), 9);
    for (int i = 0; i < 150; ++i)
        amazon.put("115-" + std::to_string(i), clock().now() - minutes(4), i + 1);
    advance(minutes(5));
    amazon.next_status("paginationToken", 400);
    sync_until_done(shop);
    expect_same(shop);
}

TEST_F(AmazonSync, failures_of_the_wire_are_repeated_gently) {
    const ShopId shop = connect();
    fill(30);
    amazon.next_status("/orders?", 503);
    amazon.next_failure("/orders?", EgressFailure::truncated);
    amazon.next_failure("/orders?", EgressFailure::connect);
    const Instant before = clock().now();
    sync_once(shop);
    expect_same(shop);
    EXPECT_EQ(amazon.calls("/orders?"), 4U);
    EXPECT_GE(clock().now() - before, milliseconds(375)) << "no repeat without a pause";
    // A longer outage: words, growing waits, and no more than four calls a turn.
    for (int i = 0; i < 8; ++i)
        amazon.next_status("/orders?", 500,
                           R"({"errors":[{"code":"InternalFailure","message":"sorry"}]})");
    advance(minutes(5));
    const auto next = sync_once(shop);
    EXPECT_EQ(amazon.calls("/orders?"), 8U);
    EXPECT_GE(*next - clock().now(), seconds(5));
    const auto state = health(shop);
    ASSERT_TRUE(state.last_error);
    EXPECT_EQ(state.last_error->code, "amazon.unavailable");
    EXPECT_NE(state.last_error->detail.find("InternalFailure"), std::string::npos);
    EXPECT_FALSE(state.last_error->request_id.empty());
    EXPECT_EQ(state.next_run_at, next);
    clock().set(*next);
    sync_once(shop);
    clock().advance(minutes(16));
    sync_until_done(shop);
    EXPECT_FALSE(health(shop).last_error) << "a good run clears the words";
}

TEST_F(AmazonSync, a_reply_that_is_no_page_changes_nothing) {
    const ShopId shop = connect();
    fill(10);
    for (const char* body : {"<html>", R"({"orders":[{"orderId":)", R"({"payload":{}})", ""}) {
        amazon.next_status("/orders?", 200, body);
        const auto next = sync_once(shop);
        EXPECT_GT(*next, clock().now()) << body;
        EXPECT_EQ(health(shop).last_error->code, "amazon.bad_reply") << body;
        clock().advance(minutes(16));
    }
    EXPECT_EQ(stored(shop), "");
    sync_until_done(shop);
    expect_same(shop);
}

TEST_F(AmazonSync, a_429_is_waited_out_and_seen_by_all) {
    const ShopId shop = connect();
    fill(10);
    amazon.next_status("/orders?", 429);
    const auto next = sync_once(shop);
    EXPECT_GE(*next - clock().now(), seconds(178)) << "at least what one token takes";
    EXPECT_EQ(amazon.calls("/orders?"), 1U);
    sync_once(shop);
    EXPECT_EQ(amazon.calls("/orders?"), 1U) << "nobody calls before the time has come";
    const auto quota = health(shop).quota;
    EXPECT_EQ(quota[0].operation, "searchOrders");
    EXPECT_EQ(quota[0].rate.text(), "0.0056");
    EXPECT_EQ(quota[0].throttled_24h, 1);
    EXPECT_EQ(quota[0].used_24h, 1);
    clock().advance(minutes(16));
    sync_until_done(shop);
    expect_same(shop);
}

TEST_F(AmazonSync, the_bucket_bounds_the_calls_of_a_long_catch_up) {
    const ShopId shop = connect();
    amazon.page_size = 10;
    fill(400);
    const Instant begin = clock().now();
    sync_once(shop);
    // Burst 20, of which two are left for people.
    EXPECT_EQ(amazon.calls("/orders?"), 18U);
    sync_until_done(shop);
    expect_same(shop);
    const auto elapsed = duration_cast<seconds>(clock().now() - begin).count();
    EXPECT_GE(elapsed, (40 - 20) * 178);
    EXPECT_FALSE(health(shop).last_error) << "waiting for the quota is no failure";
}

TEST_F(AmazonSync, an_expired_token_is_fetched_anew_once) {
    const ShopId shop = connect();
    fill(10);
    const std::size_t tokens = amazon.calls("/auth/o2/token");
    amazon.valid_tokens.clear();
    sync_once(shop);
    expect_same(shop);
    EXPECT_EQ(amazon.calls("/auth/o2/token"), tokens + 1);
    // Cached until a minute before its end.
    advance(minutes(58));
    sync_once(shop);
    EXPECT_EQ(amazon.calls("/auth/o2/token"), tokens + 1);
    advance(minutes(2));
    sync_once(shop);
    EXPECT_EQ(amazon.calls("/auth/o2/token"), tokens + 2);
}

TEST_F(AmazonSync, a_refusal_stops_and_says_what_to_do) {
    const ShopId shop = connect();
    for (int i = 0; i < 10; ++i)
        amazon.next_status("/orders?", 403,
                           R"({"errors":[{"code":"Unauthorized",
                "message":"Access to requested resource is denied."}]})");
    const auto next = sync_once(shop);
    EXPECT_EQ(amazon.calls("/orders?"), 2U) << "once more with a fresh token, then no more";
    EXPECT_EQ(*next, clock().now() + hours(1));
    const auto state = health(shop);
    EXPECT_EQ(state.last_error->code, "amazon.access_denied");
    EXPECT_NE(state.last_error->detail.find("role"), std::string::npos);
    EXPECT_EQ(state.state, shops::ShopState::connected);
}

TEST_F(AmazonSync, a_search_that_is_not_accepted_is_made_anew) {
    const ShopId shop = connect();
    fill(3);
    amazon.next_status("/orders?", 400, R"({"errors":[{"code":"InvalidInput","message":"no"}]})");
    EXPECT_EQ(*sync_once(shop), clock().now() + hours(1));
    EXPECT_EQ(health(shop).last_error->code, "amazon.bad_request");
    EXPECT_EQ(health(shop).runs[0].state, RunState::failed);
    advance(hours(1));
    sync_until_done(shop);
    expect_same(shop);
}

TEST_F(AmazonSync, limits_of_the_operator_stand_before_the_built_in_ones) {
    sql("insert into amazon.usage_plan values ('searchOrders', 2000000000, 1000)");
    const ShopId shop = connect();
    amazon.page_size = 10;
    fill(400);
    sync_once(shop);
    const auto quota = health(shop).quota;
    sql("delete from amazon.usage_plan");
    expect_same(shop);
    EXPECT_EQ(amazon.calls("/orders?"), 40U);
    EXPECT_EQ(quota[0].burst, 1000);
    EXPECT_EQ(quota[0].rate.text(), "2000");
}

TEST_F(AmazonSync, a_clock_that_was_far_ahead_holds_nobody_up) {
    const ShopId shop = connect();
    fill(10);
    sync_until_done(shop);
    sql("update amazon.rate_bucket set refilled_at = '2036-01-01', blocked_until = '2036-01-01'");
    advance(minutes(5));
    sync_until_done(shop);
    EXPECT_GE(health(shop).runs.size(), 2U);
}

TEST_F(AmazonSync, a_revoked_token_breaks_the_shop_until_new_credentials) {
    const ShopId shop = connect();
    fill(10);
    sync_until_done(shop);
    advance(hours(2));
    amazon.next_status("/auth/o2/token", 400, R"({"error":"invalid_grant"})");
    sync_once(shop);
    auto state = health(shop);
    EXPECT_EQ(state.state, shops::ShopState::broken);
    EXPECT_EQ(state.last_error->code, "amazon.authorisation_revoked");
    EXPECT_NE(state.last_error->detail.find("Seller Central"), std::string::npos);
    const std::size_t calls = amazon.sent.size();
    advance(hours(2));
    sync_once(shop);
    EXPECT_EQ(amazon.sent.size(), calls) << "a broken shop calls nobody";
    const ShopRef which{shop};
    const auto pressed = run([&] { return request_sync(ctx, which); });
    ASSERT_TRUE(pressed.has_error());
    EXPECT_EQ(pressed.error().code, errors::shop_not_connected);
    Link wire = link();
    const ChangeCredentials fresh{shop, "amzn1.application-oa2-client.test", "secret 2",
                                  "Atzr|" + crypto::random_token(24), std::nullopt};
    const auto refused = run([&] { return change_credentials(wire, fresh); });
    ASSERT_TRUE(refused.has_error()) << "a blank inside a secret";
    ChangeCredentials good = fresh;
    good.lwa_client_secret = " secret2 ";
    const auto changed = run([&] { return change_credentials(wire, good); });
    ASSERT_TRUE(changed.has_value()) << changed.error().detail;
    EXPECT_EQ(changed->state, shops::ShopState::connected);
    amazon.put("114-77777", clock().now() - hours(1), 7);
    sync_until_done(shop);
    expect_same(shop);
    EXPECT_EQ(health(shop).state, shops::ShopState::connected);
}

TEST_F(AmazonSync, a_paused_shop_does_not_run) {
    const ShopId shop = connect();
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<bool>> {
        co_await shops::set_state(ctx, tx, shop, shops::ShopState::paused);
        co_return true;
    };
    (void)run([&] { return ctx.db().transaction(ctx.tenant, body); });
    const std::size_t calls = amazon.sent.size();
    EXPECT_EQ(sync_once(shop), clock().now() + minutes(5));
    EXPECT_EQ(amazon.sent.size(), calls);
}

TEST_F(AmazonSync, two_nodes_at_once_break_nothing) {
    using namespace boost::asio::experimental::awaitable_operators;
    const ShopId shop = connect();
    amazon.page_size = 20;
    fill(200);
    Link one = link(), two = link();
    auto both = [&]() -> Awaitable<void> {
        (void)co_await (sync_shop(one, shop) && sync_shop(two, shop));
    };
    run(both);
    sync_until_done(shop);
    expect_same(shop);
    // A node that comes when the other has finished makes a run of its own.
    EXPECT_EQ(sql("select max(orders_seen) from amazon.sync_run where state = 'done' and pages > 1 "
                  "and shop_id = '" +
                  shop.text() + "'"),
              "200")
        << "each page counted once";
}

TEST_F(AmazonSync, a_marketplace_enabled_later_is_caught_up) {
    const ShopId shop = connect();
    sync_until_done(shop);
    sql("insert into shops.marketplace (tenant_id, shop_id, id, country, name, currency, "
        "participating, enabled) "
        "values ('" +
        ctx.tenant.text() + "', '" + shop.text() +
        "', 'A2EUQ1WTGCTBG2', 'CA', 'Amazon.ca', 'CAD', true, true)");
    advance(days(3));
    sync_once(shop);
    EXPECT_NE(amazon.sent.back().url.find("marketplaceIds=A2EUQ1WTGCTBG2&"), std::string::npos)
        << amazon.sent.back().url;
    sync_once(shop);
    EXPECT_NE(amazon.sent.back().url.find("marketplaceIds=ATVPDKIKX0DER&"), std::string::npos);
    advance(minutes(5));
    sync_once(shop);
    EXPECT_NE(amazon.sent.back().url.find("marketplaceIds=A2EUQ1WTGCTBG2,ATVPDKIKX0DER&"),
              std::string::npos);
}

TEST_F(AmazonSync, one_order_and_one_day_again) {
    const ShopId shop = connect();
    fill(3);
    Link wire = link();
    const auto pull = [&](const std::string& id) {
        return run([&] { return pull_order(wire, shop, id, Priority::user); });
    };
    EXPECT_EQ(pull("114-00001")->outcome, "created");
    EXPECT_EQ(pull("114-00001")->outcome, "unchanged");
    amazon.put("114-00001", clock().now(), 4242);
    EXPECT_EQ(pull("114-00001")->outcome, "changed");
    amazon.put("114-00001", clock().now() - hours(5), 1);
    EXPECT_EQ(pull("114-00001")->outcome, "stale");
    EXPECT_EQ(pull("no such").error().code, errors::order_not_found);
    EXPECT_FALSE(health(shop).last_error) << "a wrong number is no fault of the shop";
    const PullDay day{shop, std::chrono::sys_days{std::chrono::year{2026} / 11 / 20}};
    ASSERT_TRUE(run([&] { return request_day(ctx, day); }).has_value());
    amazon.put("114-00001", clock().now(), 4242);
    for (int turn = 0; turn < 5; ++turn)
        if (!run([&] { return sync_days(wire, shop); })) break;
    EXPECT_NE(amazon.sent.back().url.find("createdAfter=2026-11-20T08%3A00%3A00Z"),
              std::string::npos)
        << "the day of the shop's zone: " << amazon.sent.back().url;
    expect_same(shop);
    const PullDay future{shop, std::chrono::floor<std::chrono::days>(clock().now()) + days(2)};
    EXPECT_EQ(run([&] { return request_day(ctx, future); }).error().code,
              errors::range_not_allowed);
}

TEST_F(AmazonSync, no_buyer_data_is_stored_even_when_it_comes_unasked) {
    amazon.extra_members =
        R"(,"buyer":{"buyerName":"CANARY-7Q name","buyerEmail":"CANARY-7Q@x"},
                "recipient":{"deliveryAddress":{"name":"CANARY-7Q","postalCode":"CANARY-7Q"}},
                "tax":{"taxRegistrations":[{"legalName":"CANARY-7Q"}]})";
    const ShopId shop = connect();
    fill(5);
    sync_until_done(shop);
    Link wire = link();
    const std::string one = "114-00001";
    (void)run([&] { return pull_order(wire, shop, one, Priority::user); });
    EXPECT_EQ(tables_with("CANARY-7Q"), "");
    EXPECT_EQ(health(shop).pii_dropped, 5 * 3 + 3);
    // The compressed texts do not have it either.
    const std::string hex =
        sql("select encode(body_zstd, 'hex') from amazon.raw_reply where shop_id = '" +
            shop.text() + "' and operation = 'searchOrders' limit 1");
    const std::string size = sql("select size_bytes from amazon.raw_reply where shop_id = '" +
                                 shop.text() + "' and operation = 'searchOrders' limit 1");
    const auto bytes = text::from_hex(hex);
    const auto kept = open_kept(std::string(bytes->begin(), bytes->end()), std::stoul(size));
    ASSERT_TRUE(kept);
    EXPECT_EQ(kept->find("CANARY"), std::string::npos);
    EXPECT_NE(kept->find("114-00001"), std::string::npos);
}

TEST_F(AmazonSync, raw_replies_are_kept_as_they_came_and_leave_after_14_days) {
    const ShopId shop = connect();
    fill(1);
    sync_until_done(shop);
    const std::string where = " from amazon.raw_reply where shop_id = '" + shop.text() + "'";
    EXPECT_EQ(sql("select count(*)" + where), "1");
    EXPECT_NE(sql("select request_id" + where), "");
    clock().advance(days(13));
    run([&] { return purge(ctx); });
    EXPECT_EQ(sql("select count(*)" + where), "1");
    clock().advance(days(2));
    run([&] { return purge(ctx); });
    EXPECT_EQ(sql("select count(*)" + where), "0");
}

TEST_F(AmazonSync, other_tenants_and_limited_people_see_nothing) {
    const ShopId shop = connect();
    Context stranger = tenant_context();
    Context limited = as(ctx, ctx.rights.permissions, std::vector<ShopId>{});
    const ShopRef which{shop};
    const PullOrder order{shop, "114-1"};
    for (Context* who : {&stranger, &limited}) {
        const auto seen = run([&] { return sync_health(*who, which); });
        ASSERT_TRUE(seen.has_error());
        EXPECT_EQ(seen.error().code, entrepot::errors::not_found);
        EXPECT_TRUE(run([&] { return request_sync(*who, which); }).has_error());
        EXPECT_TRUE(run([&] { return request_order(*who, order); }).has_error());
    }
}

TEST_F(AmazonSync, the_clock_stepping_back_makes_no_calls_and_no_gap) {
    const ShopId shop = connect();
    fill(50);
    sync_until_done(shop);
    const Instant now = clock().now();
    clock().set(now - hours(2));
    amazon.put("114-00001", now - minutes(1), 8);
    amazon.visible_until = now;
    sync_until_done(shop);
    expect_same(shop);
    clock().set(now);
    const auto watermark = health(shop).watermark;
    EXPECT_GE(*watermark, now - minutes(2));
}

}  // namespace
}  // namespace entrepot::amazon
