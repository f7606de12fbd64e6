// Every kind of reply against the official swagger models, where they are at hand.
// They are looked for in SPAPI_MODELS (environment) and beside the repository, in ../shared.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "sim/model_schema.hpp"
#include "sim/test_rig.hpp"

namespace entrepot::sim::test {
namespace {

namespace json = boost::json;

std::filesystem::path models_directory() {
    const char* given = std::getenv("SPAPI_MODELS");
    return std::filesystem::path(given ? given : SPAPI_MODELS_DIRECTORY) / "models";
}

class Models : public testing::Test {
protected:
    void SetUp() override {
        if (!std::filesystem::exists(models_directory())) {
            GTEST_SKIP() << "the official models are not at " << models_directory()
                         << "; set SPAPI_MODELS";
        }
    }

    static Model load(std::string_view name) { return Model((models_directory() / name).string()); }

    static void expect_fits(const Model& model, std::string_view path, std::string_view method,
                            const Response& response) {
        json::value body;
        if (!response.body.empty()) body = json::parse(response.body);
        for (const std::string& problem : model.check_reply(
                 path, method, response.status, response.body.empty() ? nullptr : &body)) {
            ADD_FAILURE() << path << ' ' << response.status << ' ' << problem << '\n'
                          << response.body.substr(0, 400);
        }
    }
};

constexpr std::string_view one_order = "/orders/2026-01-01/orders/{orderId}";

TEST_F(Models, orders) {
    const Model model = load("orders-api-model/orders_2026-01-01.json");
    Settings settings = small_settings();
    settings.world.history_orders = 3000;
    Rig rig(settings);
    rig.simulator.set_clock(noon + 3 * day_ms, 0);
    std::size_t orders = 0;
    for (const std::string_view shop : {"US", "DE", "JP"}) {
        std::string token;
        do {
            const std::string query = std::string(search_path) +
                                      "?lastUpdatedAfter=2026-01-01T00:00:00Z" +
                                      std::string(all_datasets);
            const Response response = rig.get(
                query + (token.empty() ? "" : "&paginationToken=" + Rig::escape(token)), shop);
            ASSERT_EQ(response.status, 200);
            expect_fits(model, search_path, "get", response);
            const json::value page = json::parse(response.body);
            orders += page.at("orders").as_array().size();
            const auto* pagination = page.as_object().if_contains("pagination");
            token = pagination ? text(*pagination, "nextToken") : "";
            const std::string id = text(page.at("orders").as_array()[0], "orderId");
            expect_fits(model, one_order, "get",
                        rig.get("/orders/2026-01-01/orders/" + id + "?" +
                                    std::string(all_datasets.substr(1)),
                                shop));
        } while (!token.empty());
    }
    EXPECT_GT(orders, 3000U);
    expect_fits(model, search_path, "get", rig.get(search_path));
    expect_fits(model, one_order, "get", rig.get("/orders/2026-01-01/orders/none"));
    for (const char* fault : {R"({"kind":"error","operation":"searchOrders","status":500})",
                              R"({"kind":"error","operation":"searchOrders","status":503})",
                              R"({"kind":"throttle","operation":"searchOrders"})",
                              R"({"kind":"expired_token","operation":"searchOrders"})"}) {
        rig.fault(fault);
        const Response response =
            rig.get(std::string(search_path) + "?createdAfter=2026-05-01T00:00:00Z");
        EXPECT_NE(response.status, 200);
        expect_fits(model, search_path, "get", response);
    }
}

// The checker itself must see what does not fit, or the tests above would prove nothing.
TEST_F(Models, the_checker_sees_what_is_foreign) {
    const Model model = load("orders-api-model/orders_2026-01-01.json");
    Rig rig;
    rig.fault(R"({"kind":"unknown_member","operation":"searchOrders"})");
    rig.fault(R"({"kind":"unknown_enum","operation":"searchOrders"})");
    const json::value page = json::parse(
        rig.get(std::string(search_path) +
                "?createdAfter=2026-05-01T00:00:00Z&maxResultsPerPage=1&includedData=FULFILLMENT")
            .body);
    const auto problems = model.check_reply(search_path, "get", 200, &page);
    EXPECT_NE(
        std::find(problems.begin(), problems.end(), "/orders/0: unknown member sustainability"),
        problems.end());
    EXPECT_NE(std::find(problems.begin(), problems.end(),
                        "/orders/0/fulfillment/fulfillmentStatus: is not in the enum"),
              problems.end());
    const json::value broken = json::parse(R"({"orders":[{"orderId":1}]})");
    EXPECT_GE(model.check_reply(search_path, "get", 200, &broken).size(), 5U);
}

TEST_F(Models, sellers) {
    const Model model = load("sellers-api-model/sellers.json");
    Rig rig;
    for (const std::string_view shop : {"US", "DE", "JP"}) {
        for (const std::string_view path :
             {"/sellers/v1/marketplaceParticipations", "/sellers/v1/account"}) {
            expect_fits(model, path, "get", rig.get(path, shop));
            expect_fits(model, path, "get", rig.get(std::string(path) + "?x=1", shop));
        }
    }
}

TEST_F(Models, reports) {
    const Model model = load("reports-api-model/reports_2021-06-30.json");
    constexpr std::string_view list = "/reports/2021-06-30/reports";
    constexpr std::string_view one = "/reports/2021-06-30/reports/{reportId}";
    constexpr std::string_view document = "/reports/2021-06-30/documents/{reportDocumentId}";
    Rig rig;
    const Response created =
        rig.call("POST", list, "US",
                 R"({"reportType":"GET_FLAT_FILE_ALL_ORDERS_DATA_BY_LAST_UPDATE_GENERAL",
            "marketplaceIds":["ATVPDKIKX0DER"],"dataStartTime":"2026-05-10T00:00:00Z"})");
    EXPECT_EQ(created.status, 202);
    expect_fits(model, list, "post", created);
    expect_fits(model, list, "post", rig.call("POST", list, "US", "{"));
    const std::string target =
        std::string(list) + "/" + text(json::parse(created.body), "reportId");
    for (int step = 0; step < 3; ++step) {
        expect_fits(model, one, "get", rig.get(target));
        rig.wall += 1000;
    }
    expect_fits(model, one, "delete", rig.call("DELETE", target));
    expect_fits(model, one, "get", rig.get(std::string(list) + "/none"));
    const std::string id = text(json::parse(rig.get(target).body), "reportDocumentId");
    expect_fits(model, document, "get", rig.get("/reports/2021-06-30/documents/" + id));
    expect_fits(model, document, "get", rig.get("/reports/2021-06-30/documents/none"));
    expect_fits(model, list, "get",
                rig.get(std::string(list) +
                        "?reportTypes=GET_FLAT_FILE_ALL_ORDERS_DATA_BY_LAST_UPDATE_GENERAL"));
    expect_fits(model, list, "get", rig.get(list));
    const Response queued =
        rig.call("POST", list, "US",
                 R"({"reportType":"GET_FLAT_FILE_ALL_ORDERS_DATA_BY_LAST_UPDATE_GENERAL",
            "marketplaceIds":["ATVPDKIKX0DER"]})");
    expect_fits(
        model, one, "delete",
        rig.call("DELETE", std::string(list) + "/" + text(json::parse(queued.body), "reportId")));
}

TEST_F(Models, tokens_and_shipment_confirmation) {
    const Model tokens = load("tokens-api-model/tokens_2021-03-01.json");
    constexpr std::string_view rdt = "/tokens/2021-03-01/restrictedDataToken";
    Rig rig;
    expect_fits(
        tokens, rdt, "post",
        rig.call("POST", rdt, "US",
                 R"({"restrictedResources":[{"method":"GET","path":"/orders/v0/orders"}]})"));
    expect_fits(tokens, rdt, "post", rig.call("POST", rdt, "US", "{}"));
    const Model orders = load("orders-api-model/ordersV0.json");
    constexpr std::string_view confirm = "/orders/v0/orders/{orderId}/shipmentConfirmation";
    const std::string id = rig.simulator.world().view(0, 0).plan.id;
    expect_fits(orders, confirm, "post",
                rig.call("POST", "/orders/v0/orders/" + id + "/shipmentConfirmation", "US", "{}"));
    expect_fits(orders, confirm, "post",
                rig.call("POST", "/orders/v0/orders/none/shipmentConfirmation", "US", "{}"));
}

TEST_F(Models, orders_v0_with_and_without_a_restricted_token) {
    const Model orders = load("orders-api-model/ordersV0.json");
    Rig rig;
    for (const std::string_view part : {"", "/address", "/buyerInfo"}) {
        const std::string pattern = "/orders/v0/orders/{orderId}" + std::string(part);
        const json::value token =
            json::parse(rig.call("POST", "/tokens/2021-03-01/restrictedDataToken", "US",
                                 R"({"restrictedResources":[{"method":"GET","path":")" + pattern +
                                     R"(","dataElements":["buyerInfo","shippingAddress"]}]})")
                            .body);
        for (std::uint32_t sequence = 0; sequence < 100; ++sequence) {
            const std::string target = "/orders/v0/orders/" +
                                       rig.simulator.world().view(0, sequence).plan.id +
                                       std::string(part);
            expect_fits(orders, pattern, "get", rig.get(target));
            expect_fits(orders, pattern, "get",
                        rig.simulator.handle(make_request(
                            "GET", target, "",
                            {{"user-agent", "test/1"},
                             {"x-amz-access-token", text(token, "restrictedDataToken")}})));
        }
        expect_fits(orders, pattern, "get", rig.get("/orders/v0/orders/none" + std::string(part)));
    }
}

}  // namespace
}  // namespace entrepot::sim::test
