// The API without a socket: tokens, parameters, paging, limits, shipments, faults, admin.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <map>

#include "sim/test_rig.hpp"

namespace entrepot::sim::test {
namespace {

namespace json = boost::json;

std::string search(std::string_view rest) {
    return std::string(search_path) + "?" + std::string(rest);
}

TEST(Lwa, grants_and_their_errors) {
    Rig rig;
    const Credentials own = rig.simulator.credentials(0);
    const Response good = rig.refresh("US");
    EXPECT_EQ(good.status, 200);
    EXPECT_EQ(json::parse(good.body).at("expires_in").as_int64(), 3600);
    const auto expect_error = [&](const Pairs& form, int status, std::string_view error) {
        const Response response = rig.lwa(form);
        EXPECT_EQ(response.status, status);
        EXPECT_EQ(text(json::parse(response.body), "error"), error);
    };
    expect_error({{"grant_type", "password"}}, 400, "unsupported_grant_type");
    expect_error({{"client_id", own.client_id}}, 400, "invalid_request");
    expect_error({{"grant_type", "refresh_token"},
                  {"client_id", own.client_id},
                  {"client_secret", "no"},
                  {"refresh_token", own.refresh_token}},
                 401, "invalid_client");
    expect_error({{"grant_type", "refresh_token"},
                  {"client_id", own.client_id},
                  {"client_secret", own.client_secret},
                  {"refresh_token", "Atzr|no"}},
                 400, "invalid_grant");
    expect_error({{"grant_type", "client_credentials"},
                  {"client_id", own.client_id},
                  {"client_secret", own.client_secret},
                  {"scope", "no"}},
                 400, "invalid_scope");
    const Response grantless = rig.lwa({{"grant_type", "client_credentials"},
                                        {"client_id", own.client_id},
                                        {"client_secret", own.client_secret},
                                        {"scope", "sellingpartnerapi::notifications"}});
    EXPECT_EQ(grantless.status, 200);
    EXPECT_FALSE(json::parse(grantless.body).as_object().contains("refresh_token"));
}

TEST(Access, token_life_follows_the_simulated_clock) {
    Rig rig;
    const std::string token = rig.token("US");
    const auto call = [&](Pairs headers) {
        return rig.simulator
            .handle(make_request("GET", "/sellers/v1/account", {}, std::move(headers)))
            .status;
    };
    EXPECT_EQ(call({{"user-agent", "t"}, {"x-amz-access-token", token}}), 200);
    EXPECT_EQ(call({{"x-amz-access-token", token}}), 400) << "no User-Agent";
    EXPECT_EQ(call({{"user-agent", "t"}}), 403);
    EXPECT_EQ(call({{"user-agent", "t"}, {"x-amz-access-token", token + "x"}}), 403);
    rig.simulator.set_clock(noon + hour_ms - 1, 1.0);
    EXPECT_EQ(call({{"user-agent", "t"}, {"x-amz-access-token", token}}), 200);
    rig.simulator.set_clock(noon + hour_ms, 1.0);
    EXPECT_EQ(call({{"user-agent", "t"}, {"x-amz-access-token", token}}), 403);
    EXPECT_EQ(rig.get("/orders/2026-01-01/order").status, 403) << "a mistyped path";
}

TEST(Sellers, list_holds_a_channel_that_is_not_amazon) {
    Rig rig;
    const json::value reply = json::parse(rig.get("/sellers/v1/marketplaceParticipations").body);
    ASSERT_EQ(reply.at("payload").as_array().size(), 3U);
    EXPECT_EQ(text(reply.at("payload").as_array()[2].at("marketplace"), "name"), "Non-Amazon US");
}

TEST(SearchOrders, refuses_what_the_model_refuses) {
    Rig rig;
    const std::vector<std::string> wrong{
        "",
        "createdAfter=2026-05-01T00:00:00Z&lastUpdatedAfter=2026-05-01T00:00:00Z",
        "createdAfter=TEST_CASE_400",
        "createdAfter=2026-05-01T00:00:00Z&lastUpdatedBefore=2026-05-02T00:00:00Z",
        "createdAfter=2026-05-01T00:00:00Z&createdBefore=2026-06-01T11:59:00Z",
        "createdAfter=2026-05-02T00:00:00Z&createdBefore=2026-05-01T00:00:00Z",
        "createdAfter=2026-07-01T00:00:00Z",
        "createdAfter=2026-05-01T00:00:00Z&fulfillmentStatuses=SENT",
        "createdAfter=2026-05-01T00:00:00Z&fulfilledBy=ME",
        "createdAfter=2026-05-01T00:00:00Z&marketplaceIds=A1PA6795UKMFR9",
        "createdAfter=2026-05-01T00:00:00Z&maxResultsPerPage=101",
        "createdAfter=2026-05-01T00:00:00Z&maxResultsPerPage=0",
        "createdAfter=2026-05-01T00:00:00Z&includedData=ALL",
        "createdAfter=2026-05-01T00:00:00Z&paginationToken=x",
        "createdAfter=2026-05-01T00:00:00Z&CreatedAfter=x",
        "createdAfter=2026-05-01T00:00:00Z&createdAfter=2026-05-01T00:00:00Z"};
    for (const std::string& query : wrong) {
        const Response response = rig.get(search(query));
        EXPECT_EQ(response.status, 400) << query;
        EXPECT_EQ(text(json::parse(response.body).at("errors").as_array()[0], "code"),
                  "InvalidInput");
        EXPECT_FALSE(header(response, "x-amzn-RateLimit-Limit").empty());
        EXPECT_FALSE(header(response, "x-amzn-RequestId").empty());
    }
    EXPECT_EQ(
        rig.get(search("createdAfter=2026-05-01T00:00:00Z&createdBefore=2026-06-01T11:58:00Z"))
            .status,
        200);
}

TEST(SearchOrders, pages_without_gap_or_double) {
    for (const std::string mode : {"lastUpdatedAfter", "createdAfter"}) {
        for (const std::size_t size : {std::size_t{1}, std::size_t{7}, std::size_t{100}}) {
            Rig rig;
            for (const std::string_view shop : {"US", "DE", "JP"}) {
                std::map<std::string, int> seen;
                std::string last;
                for (const json::value& page : all_pages(
                         rig,
                         search(mode +
                                "=2026-01-01T00:00:00Z&maxResultsPerPage=" + std::to_string(size)),
                         shop)) {
                    EXPECT_LE(page.at("orders").as_array().size(), size);
                    for (const json::value& order : page.at("orders").as_array()) {
                        ++seen[text(order, "orderId")];
                        const std::string at =
                            text(order, mode == "createdAfter" ? "createdTime" : "lastUpdatedTime");
                        EXPECT_LE(last, at);
                        last = at;
                    }
                }
                const std::string bound =
                    mode == "createdAfter" ? "createdBefore" : "updatedBefore";
                const json::value known =
                    rig.admin_json("GET", "/admin/orders?limit=9999&shop=" + std::string(shop) +
                                              "&" + bound + "=2026-06-01T11:58:00Z");
                EXPECT_EQ(seen.size(), known.at("orders").as_array().size());
                for (const json::value& order : known.at("orders").as_array())
                    EXPECT_EQ(seen[text(order, "order_id")], 1);
            }
        }
    }
}

TEST(SearchOrders, a_page_token_is_bound_to_its_query_and_day) {
    Rig rig;
    const std::string query = search("lastUpdatedAfter=2026-05-01T00:00:00Z&maxResultsPerPage=5");
    const json::value first = json::parse(rig.get(query).body);
    const std::string token =
        "&paginationToken=" + Rig::escape(text(first.at("pagination"), "nextToken"));
    EXPECT_EQ(rig.get(query + token).status, 200);
    EXPECT_EQ(rig.get(search("lastUpdatedAfter=2026-05-01T00:00:00Z&maxResultsPerPage=50") + token)
                  .status,
              200);
    EXPECT_EQ(rig.get(query + token + "&fulfilledBy=AMAZON").status, 400);
    EXPECT_EQ(rig.get(query + token, "DE").status, 400);
    const json::value second = json::parse(rig.get(query + token).body);
    EXPECT_EQ(first.at("lastUpdatedBefore"), second.at("lastUpdatedBefore"));
    rig.simulator.set_clock(noon + day_ms + 1, 0);
    EXPECT_EQ(rig.get(query + token).status, 400);
}

TEST(SearchOrders, an_order_that_changes_moves_to_the_next_window) {
    Rig rig;
    rig.fault(R"({"kind":"orders_change","operation":"searchOrders","count":3})");
    const std::string query = search("lastUpdatedAfter=2026-01-01T00:00:00Z&maxResultsPerPage=50");
    std::map<std::string, int> first_window;
    std::string until;
    for (const json::value& page : all_pages(rig, query, "US")) {
        until = text(page, "lastUpdatedBefore");
        for (const json::value& order : page.at("orders").as_array())
            ++first_window[text(order, "orderId")];
    }
    rig.wall += 10 * minute_ms;
    std::map<std::string, int> second_window;
    for (const json::value& page : all_pages(rig, search("lastUpdatedAfter=" + until), "US")) {
        for (const json::value& order : page.at("orders").as_array())
            ++second_window[text(order, "orderId")];
    }
    int both = 0, only_second = 0;
    for (const auto& [id, times] : second_window) {
        EXPECT_EQ(times, 1);
        first_window.contains(id) ? ++both : ++only_second;
    }
    EXPECT_GE(both, 3);
    EXPECT_GE(only_second, 3);
}

TEST(SearchOrders, roles_and_datasets_leave_members_out) {
    Rig rig;
    const std::string query = search("lastUpdatedAfter=2026-01-01T00:00:00Z");
    const auto bare = json::parse(rig.get(query, "JP").body).at("orders").as_array();
    for (const json::value& order : bare) {
        for (const char* name :
             {"buyer", "recipient", "proceeds", "payment", "tax", "fulfillment", "packages"}) {
            EXPECT_FALSE(order.as_object().contains(name)) << name;
        }
    }
    rig.admin("POST", "/admin/settings", R"({"pii_role_JP":false})");
    const auto without =
        json::parse(rig.get(query + std::string(all_datasets), "JP").body).at("orders").as_array();
    std::size_t priced = 0, pending = 0;
    for (const json::value& order : without) {
        EXPECT_FALSE(order.as_object().contains("buyer"));
        EXPECT_FALSE(order.as_object().contains("recipient"));
        if (text(order.at("fulfillment"), "fulfillmentStatus") == "PENDING") {
            ++pending;
            EXPECT_FALSE(order.as_object().contains("proceeds"));
            EXPECT_FALSE(
                order.at("orderItems").as_array()[0].at("product").as_object().contains("price"));
        }
        priced += order.as_object().contains("proceeds");
    }
    EXPECT_GT(priced, 50U);
    static_cast<void>(pending);  // a small shop may have none at this hour
}

TEST(SearchOrders, totals_equal_the_ledger_to_the_cent) {
    Rig rig;
    for (const std::string_view shop : {"US", "DE", "JP"}) {
        std::map<std::string, std::int64_t> totals;
        for (const json::value& page : all_pages(
                 rig, search("createdAfter=2026-01-01T00:00:00Z&includedData=PROCEEDS"), shop)) {
            for (const json::value& order : page.at("orders").as_array()) {
                if (!order.as_object().contains("proceeds")) continue;
                std::string amount = text(order.at("proceeds").at("grandTotal"), "amount");
                std::erase(amount, '.');
                totals[text(order.at("salesChannel"), "marketplaceId")] += std::stoll(amount);
            }
        }
        const json::value ledger = rig.admin_json(
            "GET", "/admin/ledger?createdBefore=2026-06-01T11:58:00Z&shop=" + std::string(shop));
        ASSERT_FALSE(ledger.at("totals").as_array().empty());
        for (const json::value& row : ledger.at("totals").as_array()) {
            std::string amount = text(row, "grand_total");
            std::erase(amount, '.');
            EXPECT_EQ(totals[text(row, "marketplace_id")], std::stoll(amount)) << shop;
        }
    }
}

TEST(Throttle, bucket_empties_refills_and_keeps_sellers_apart) {
    TokenBucket bucket({0.5, 2}, 100);
    EXPECT_TRUE(bucket.take(100));
    EXPECT_TRUE(bucket.take(100));
    EXPECT_FALSE(bucket.take(100));
    EXPECT_FALSE(bucket.take(101.9));
    EXPECT_TRUE(bucket.take(102));
    EXPECT_FALSE(bucket.take(50)) << "a clock that steps back refills nothing";
    Settings settings = small_settings();
    settings.throttled = true;
    Rig rig(settings);
    const std::string query = search("lastUpdatedAfter=2026-05-01T00:00:00Z&maxResultsPerPage=1");
    for (int i = 0; i < 20; ++i) EXPECT_EQ(rig.get(query).status, 200) << i;
    const Response refused = rig.get(query);
    EXPECT_EQ(refused.status, 429);
    EXPECT_EQ(text(json::parse(refused.body).at("errors").as_array()[0], "code"), "QuotaExceeded");
    EXPECT_TRUE(header(refused, "x-amzn-RateLimit-Limit").empty());
    EXPECT_EQ(rig.get(query, "DE").status, 200);
    rig.wall += 178 * second_ms;
    EXPECT_EQ(rig.get(query).status, 429);
    rig.wall += second_ms;
    const Response again = rig.get(query);
    EXPECT_EQ(again.status, 200);
    EXPECT_EQ(header(again, "x-amzn-RateLimit-Limit"), "0.0056");
    rig.admin("POST", "/admin/settings", R"({"rate_factor":10000})");
    for (int i = 0; i < 50; ++i) EXPECT_EQ(rig.get(query).status, 200);
}

std::string unshipped_merchant_order(Rig& rig, std::size_t least_lines) {
    const World& world = rig.simulator.world();
    for (std::uint32_t i = 0; i < world.count(0); ++i) {
        const OrderView view = world.view(0, i);
        if (view.status == Status::unshipped && !view.plan.fulfilled_by_amazon &&
            view.plan.lines.size() >= least_lines)
            return view.plan.id;
    }
    return {};
}

std::string confirmation(const json::value& order, const std::string& reference,
                         const std::vector<std::pair<std::size_t, std::int64_t>>& lines,
                         const std::string& date) {
    json::array items;
    for (const auto& [line, quantity] : lines) {
        items.push_back({{"orderItemId", order.at("orderItems").as_array()[line].at("orderItemId")},
                         {"quantity", quantity}});
    }
    return json::serialize(
        json::value{{"marketplaceId", order.at("salesChannel").at("marketplaceId")},
                    {"packageDetail",
                     {{"packageReferenceId", reference},
                      {"carrierCode", "UPS"},
                      {"trackingNumber", "1Z1"},
                      {"shipDate", date},
                      {"orderItems", items}}}});
}

TEST(ConfirmShipment, ships_in_parts_edits_and_is_delivered) {
    Settings settings = small_settings();
    settings.world.auto_ship = false;
    Rig rig(settings);
    rig.simulator.set_clock(noon + 2 * day_ms, 0);
    const std::string id = unshipped_merchant_order(rig, 2);
    ASSERT_FALSE(id.empty());
    const std::string path =
        "/orders/2026-01-01/orders/" + id + "?includedData=FULFILLMENT,PACKAGES";
    const auto order = [&] { return json::parse(rig.get(path).body).at("order"); };
    const std::string target = "/orders/v0/orders/" + id + "/shipmentConfirmation";
    const json::value before = order();
    const std::string date = iso_millis(noon + 2 * day_ms - hour_ms);
    const std::int64_t first_quantity =
        before.at("orderItems").as_array()[0].at("quantityOrdered").as_int64();
    for (const std::string& wrong :
         {std::string("{}"), confirmation(before, "PKG-1", {{0, 1}}, date),
          confirmation(before, "0", {{0, 1}}, date), confirmation(before, "1", {}, date),
          confirmation(before, "1", {{0, 999}}, date),
          confirmation(before, "1", {{0, 1}}, iso_millis(noon + 3 * day_ms)),
          confirmation(before, "1", {{0, 1}}, "2020-01-01T00:00:00Z")}) {
        EXPECT_EQ(rig.call("POST", target, "US", wrong).status, 400) << wrong;
    }
    const Response accepted =
        rig.call("POST", target, "US", confirmation(before, "1", {{0, first_quantity}}, date));
    EXPECT_EQ(accepted.status, 204);
    EXPECT_TRUE(accepted.body.empty());
    EXPECT_EQ(text(order().at("fulfillment"), "fulfillmentStatus"), "PARTIALLY_SHIPPED");
    EXPECT_GT(text(order(), "lastUpdatedTime"), text(before, "lastUpdatedTime"));
    EXPECT_EQ(rig.call("POST", target, "US", confirmation(before, "1", {{0, first_quantity}}, date))
                  .status,
              204)
        << "the same package again";
    EXPECT_EQ(order().at("packages").as_array().size(), 1U);
    std::vector<std::pair<std::size_t, std::int64_t>> rest;
    for (std::size_t line = 1; line < before.at("orderItems").as_array().size(); ++line) {
        rest.emplace_back(
            line, before.at("orderItems").as_array()[line].at("quantityOrdered").as_int64());
    }
    EXPECT_EQ(rig.call("POST", target, "US", confirmation(before, "2", rest, date)).status, 204);
    EXPECT_EQ(text(order().at("fulfillment"), "fulfillmentStatus"), "SHIPPED");
    const auto statuses = [&] {
        std::string out;
        const json::value now = order();
        for (const json::value& package : now.at("packages").as_array())
            out += text(package.at("packageStatus"), "status") + ' ';
        return out;
    };
    EXPECT_EQ(statuses(), "PENDING PENDING ");
    rig.simulator.set_clock(noon + 2 * day_ms + 9 * hour_ms, 0);
    EXPECT_EQ(statuses(), "IN_TRANSIT IN_TRANSIT ");
    const auto track = [&](const std::string& more) {
        const std::string number = text(order().at("packages").as_array()[0], "trackingNumber");
        return rig.simulator.handle(make_request(
            "POST", "/tracking/v1/events",
            R"({"order_id":"x","carrier":"UPS","tracking_number":")" + number + "\"" + more + "}",
            {}));
    };
    EXPECT_EQ(text(json::parse(track("").body), "status"), "IN_TRANSIT");
    EXPECT_EQ(track(R"(,"name":"Ann")").status, 400) << "nobody asked for a name";
    rig.simulator.set_clock(noon + 8 * day_ms, 0);
    EXPECT_EQ(text(json::parse(track("").body), "status"), "DELIVERED");
    const json::value delivered = order();
    for (const json::value& package : delivered.at("packages").as_array())
        EXPECT_EQ(text(package.at("packageStatus"), "status"), "DELIVERED");
    EXPECT_EQ(
        rig.call("POST", "/orders/v0/orders/111-1111111-1111111/shipmentConfirmation", "US", "{}")
            .status,
        404);
}

/// A restricted data token for one resource.
std::string restricted_token(Rig& rig, const std::string& path, const std::string& elements) {
    const Response made = rig.call("POST", "/tokens/2021-03-01/restrictedDataToken", "US",
                                   R"({"restrictedResources":[{"method":"GET","path":")" + path +
                                       R"(","dataElements":)" + elements + "}]}");
    EXPECT_EQ(made.status, 200) << made.body;
    return text(json::parse(made.body), "restrictedDataToken");
}
Response get_with(Rig& rig, const std::string& target, const std::string& token) {
    return rig.simulator.handle(
        make_request("GET", target, "", {{"user-agent", "test/1"}, {"x-amz-access-token", token}}));
}

TEST(RestrictedData, v0_shows_a_person_only_to_a_token_made_for_it) {
    Settings settings = small_settings();
    settings.world.auto_ship = false;
    Rig rig(settings);
    rig.simulator.set_clock(noon + 2 * day_ms, 0);
    const std::string id = unshipped_merchant_order(rig, 1);
    const std::string path = "/orders/v0/orders/" + id;
    const auto shown = [&](const std::string& target, const std::string& token) {
        const Response response = token.empty() ? rig.get(target) : get_with(rig, target, token);
        EXPECT_EQ(response.status, 200) << response.body;
        const json::value reply = json::parse(response.body);
        const json::object payload = reply.at("payload").as_object();
        return std::string(payload.contains("ShippingAddress") ? "address " : "") +
               (payload.contains("BuyerInfo") || payload.contains("BuyerName") ? "buyer" : "");
    };
    EXPECT_EQ(shown(path, ""), "");
    EXPECT_EQ(shown(path + "/address", ""), "");
    EXPECT_EQ(shown(path + "/buyerInfo", ""), "");
    const std::string generic = "/orders/v0/orders/{orderId}";
    EXPECT_EQ(shown(path, restricted_token(rig, path, R"(["shippingAddress"])")), "address ");
    EXPECT_EQ(shown(path, restricted_token(rig, generic, R"(["buyerInfo"])")), "buyer");
    EXPECT_EQ(shown(path + "/address",
                    restricted_token(rig, generic + "/address", R"(["shippingAddress"])")),
              "address ");
    EXPECT_EQ(
        get_with(rig, path + "/address", restricted_token(rig, path, R"(["shippingAddress"])"))
            .status,
        403)
        << "a token for another path";
}

TEST(RestrictedData, the_report_with_buyers_opens_only_with_a_token_for_its_document) {
    Rig rig;
    const std::string wish =
        R"({"reportType":"GET_FLAT_FILE_ACTIONABLE_ORDER_DATA_SHIPPING",
            "marketplaceIds":["ATVPDKIKX0DER"]})";
    const Response made = rig.call("POST", "/reports/2021-06-30/reports", "US", wish);
    ASSERT_EQ(made.status, 202) << made.body;
    rig.simulator.set_clock(noon + hour_ms, 0);
    rig.wall += hour_ms;
    const std::string report =
        "/reports/2021-06-30/reports/" + text(json::parse(made.body), "reportId");
    const json::value done = json::parse(rig.get(report).body);
    ASSERT_EQ(text(done, "processingStatus"), "DONE");
    const std::string document = "/reports/2021-06-30/documents/" + text(done, "reportDocumentId");
    EXPECT_EQ(rig.get(document).status, 403);
    EXPECT_EQ(get_with(rig, document, restricted_token(rig, document, "[]")).status, 200);
    const Response generic = rig.call("POST", "/tokens/2021-03-01/restrictedDataToken", "US",
                                      R"({"restrictedResources":[{"method":"GET",
            "path":"/reports/2021-06-30/documents/{reportDocumentId}"}]})");
    EXPECT_EQ(generic.status, 400);
    rig.admin("POST", "/admin/settings", R"({"pii_role_US":false})");
    EXPECT_EQ(rig.call("POST", "/reports/2021-06-30/reports", "US", wish).status, 403);
}

TEST(Faults, each_counts_down_and_is_gone) {
    Rig rig;
    const std::string query = search(
        "lastUpdatedAfter=2026-01-01T00:00:00Z&maxResultsPerPage=10&includedData=FULFILLMENT");
    rig.fault(R"({"kind":"error","operation":"searchOrders","status":500,"times":2,"skip":1})");
    for (const int status : {200, 500, 500, 200}) EXPECT_EQ(rig.get(query).status, status);
    rig.fault(R"({"kind":"throttle","shop":"DE","times":1})");
    EXPECT_EQ(rig.get(query).status, 200);
    EXPECT_EQ(rig.get(query, "DE").status, 429);
    EXPECT_EQ(rig.get(query, "DE").status, 200);
    rig.fault(R"({"kind":"expired_token"})");
    EXPECT_EQ(rig.get(query).status, 403);
    rig.fault(R"({"kind":"expired_token","status":401})");
    EXPECT_EQ(rig.get(query).status, 401);
    rig.fault(R"({"kind":"invalid_grant"})");
    EXPECT_EQ(rig.refresh("US").status, 400);
    EXPECT_EQ(rig.refresh("US").status, 200);
    rig.fault(R"({"kind":"unknown_enum"})");
    EXPECT_NE(rig.get(query).body.find("AWAITING_CUSTOMS"), std::string::npos);
    rig.fault(R"({"kind":"latency","ms":250})");
    EXPECT_EQ(rig.get(query, "US").transport.delay_ms, 0)
        << "the token call before it took the fault";
    rig.admin("DELETE", "/admin/faults");
    EXPECT_EQ(rig.admin_json("GET", "/admin/faults").at("faults").as_array().size(), 0U);
    for (const char* wrong : {"{}", R"({"kind":"nonsense"})", R"({"kind":"error","tmes":1})",
                              R"({"kind":"error","times":"1"})", "["}) {
        EXPECT_EQ(rig.admin("POST", "/admin/faults", wrong).status, 400) << wrong;
    }
    EXPECT_EQ(rig.simulator.handle(make_request("GET", "/admin/faults")).status, 401);
}

TEST(Faults, pages_that_come_twice_and_tokens_that_repeat) {
    Rig rig;
    const std::string query = search("createdAfter=2026-01-01T00:00:00Z&maxResultsPerPage=40");
    const std::size_t plain = all_pages(rig, query, "US").size();
    rig.fault(R"({"kind":"duplicate_page","skip":1})");
    const auto pages = all_pages(rig, query, "US");
    ASSERT_EQ(pages.size(), plain + 1);
    EXPECT_EQ(pages[1].at("orders"), pages[2].at("orders"));
    EXPECT_NE(text(pages[0].at("pagination"), "nextToken"),
              text(pages[1].at("pagination"), "nextToken"));
    rig.fault(R"({"kind":"repeat_token","skip":1,"times":3})");
    const auto looping = all_pages(rig, query, "US");
    EXPECT_EQ(looping.size(), plain + 3);
    EXPECT_EQ(text(looping[0].at("pagination"), "nextToken"),
              text(looping[1].at("pagination"), "nextToken"));
}

TEST(Clock, freezes_jumps_and_steps_back) {
    Rig rig;
    rig.admin("POST", "/admin/clock", R"({"speed":0})");
    rig.wall += hour_ms;
    EXPECT_EQ(rig.simulator.now(), noon);
    const std::size_t before = rig.simulator.world().count(0);
    rig.admin("POST", "/admin/clock", R"({"advance_seconds":864000,"quiet":true})");
    EXPECT_EQ(rig.simulator.world().count(0), before);
    rig.admin("POST", "/admin/clock", R"({"now":"2026-06-21T12:00:00Z","speed":2})");
    EXPECT_GT(rig.simulator.world().count(0), before);
    rig.wall += minute_ms;
    EXPECT_EQ(rig.simulator.now(), noon + 20 * day_ms + 2 * minute_ms);
    rig.admin("POST", "/admin/clock", R"({"now":"2026-06-01T12:00:00Z"})");
    EXPECT_EQ(rig.simulator.now(), noon);
    EXPECT_EQ(rig.admin("POST", "/admin/clock", R"({"noww":1})").status, 400);
}

TEST(Journal, a_restart_goes_on_where_it_was) {
    const auto directory =
        std::filesystem::temp_directory_path() / ("marketsim-test-" + std::to_string(::getpid()));
    std::filesystem::remove_all(directory);
    Settings settings = small_settings();
    settings.orders_per_minute = 20;
    settings.data_directory = directory.string();
    std::string before, id;
    {
        Rig rig(settings);
        rig.wall += 10 * minute_ms;
        id = unshipped_merchant_order(rig, 1);
        const json::value order =
            json::parse(rig.get("/orders/2026-01-01/orders/" + id).body).at("order");
        const std::int64_t quantity =
            order.at("orderItems").as_array()[0].at("quantityOrdered").as_int64();
        EXPECT_EQ(
            rig.call("POST", "/orders/v0/orders/" + id + "/shipmentConfirmation", "US",
                     confirmation(order, "1", {{0, quantity}}, iso_millis(noon + 9 * minute_ms)))
                .status,
            204);
        EXPECT_EQ(
            rig.admin(
                   "POST", "/admin/orders",
                   R"({"shop":"US","orderId":"HAND-1","lines":[{"sku":"S","unitPrice":"5.00"}]})")
                .status,
            201);
        rig.wall += 10 * minute_ms;
        rig.simulator.save();
        before = rig.admin("GET", "/admin/orders?limit=99999").body;
    }
    {
        Rig rig(settings);
        EXPECT_EQ(rig.simulator.now(), noon + 20 * minute_ms);
        EXPECT_EQ(rig.admin("GET", "/admin/orders?limit=99999").body, before);
        EXPECT_EQ(rig.get("/orders/2026-01-01/orders/HAND-1").status, 200);
    }
    settings.world.seed = 8;
    EXPECT_THROW(Rig{settings}, std::runtime_error) << "another world in the same directory";
    std::filesystem::remove_all(directory);
}

TEST(Tokens, restricted_data_token) {
    Rig rig;
    const std::string target = "/tokens/2021-03-01/restrictedDataToken";
    const Response good =
        rig.call("POST", target, "US",
                 R"({"restrictedResources":[{"method":"GET","path":"/orders/v0/orders",
                                    "dataElements":["buyerInfo"]}]})");
    EXPECT_EQ(good.status, 200);
    for (const char* wrong :
         {"", "{}", R"({"restrictedResources":[]})",
          R"({"restrictedResources":[{"method":"GET"}]})",
          R"({"restrictedResources":[{"method":"GET","path":"/x","dataElements":["all"]}]})"}) {
        EXPECT_EQ(rig.call("POST", target, "US", wrong).status, 400) << wrong;
    }
    rig.admin("POST", "/admin/settings", R"({"pii_role_US":false})");
    EXPECT_EQ(rig.call("POST", target, "US",
                       R"({"restrictedResources":[{"method":"GET","path":"/orders/v0/orders"}]})")
                  .status,
              403);
}

}  // namespace
}  // namespace entrepot::sim::test
