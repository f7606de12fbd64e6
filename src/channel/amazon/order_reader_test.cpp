// Reading Amazon's JSON: what is understood, what is tolerated, what adds up, what is taken out.
#include "channel/amazon/order_reader.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/text.hpp"
#include "channel/amazon/money_reader.hpp"
#include "channel/amazon/reply.hpp"

namespace entrepot::amazon {
namespace {
namespace json = boost::json;
using orders::OrderState;

json::value wire(std::string_view text) {
    auto value = parse_wire(text);
    EXPECT_TRUE(value.has_value()) << text.substr(0, 200);
    return value ? *value : json::value();
}

orders::IncomingOrder order_of(std::string_view text) {
    auto order = read_order(wire(text));
    EXPECT_TRUE(order.has_value()) << text.substr(0, 200);
    return order ? *order : orders::IncomingOrder{};
}

/// An order with the given extra members and the given items.
std::string order_text(std::string_view items, std::string_view extra = "",
                       std::string_view status = "UNSHIPPED",
                       std::string_view marketplace = "ATVPDKIKX0DER") {
    return R"({"orderId":"114-1","createdTime":"2026-11-01T10:00:00Z",
                "lastUpdatedTime":"2026-11-02T10:00:00.250Z",
        "salesChannel":{"channelName":"AMAZON","marketplaceId":")" +
           std::string(marketplace) + R"("},"fulfillment":{"fulfillmentStatus":")" +
           std::string(status) + R"(","fulfilledBy":"MERCHANT"},"orderItems":[)" +
           std::string(items) + "]" + std::string(extra) + "}";
}

std::int64_t sum(const orders::IncomingOrder& order) {
    std::int64_t total = 0;
    for (const auto& line : order.lines) total += line.amounts.total();
    return total;
}

TEST(AmazonJson, numbers_keep_their_text) {
    const auto document =
        wire(R"({"a":0.10,"b":12345678901234567890.123456789,"c":-1.5E+2,"d":7})");
    EXPECT_EQ(text_at(member(&document, "a")), "0.10");
    EXPECT_EQ(text_at(member(&document, "b")), "12345678901234567890.123456789");
    EXPECT_EQ(text_at(member(&document, "c")), "-1.5E+2");
    EXPECT_EQ(integer_at(member(&document, "d")), 7);
}

TEST(AmazonJson, what_is_no_document_is_refused) {
    std::string deep(200, '[');
    for (const std::string& bad :
         {std::string(""), std::string("{"), std::string(R"({"a":1)"), std::string("<html>"),
          std::string("{\"a\":\"\xff\"}"), deep, std::string("{} trailing")})
        EXPECT_FALSE(parse_wire(bad)) << bad.substr(0, 40);
    EXPECT_TRUE(parse_wire("\xEF\xBB\xBF{}"));
    EXPECT_TRUE(parse_wire("{}\r\n"));
}

TEST(AmazonJson, texts_lose_control_characters_and_are_cut_between_characters) {
    EXPECT_EQ(clean(std::string_view("a\0b\x1F"
                                     "c",
                                     5)),
              "a b c");
    EXPECT_EQ(clean("\xC2\x85x"), " x");
    EXPECT_EQ(clean("日本語", 4), "日本");
    EXPECT_TRUE(text::is_utf8(clean("日本語", 4)));
}

TEST(AmazonMoney, decimals_in_every_form) {
    struct Case {
        const char* in;
        const char* out;
    };
    for (const auto& [in, out] :
         {Case{"12.30", "12.3"}, Case{"-4", "-4"}, Case{"1.25E+2", "125"}, Case{"5e-1", "0.5"},
          Case{"1E3", "1000"}, Case{"0.123456789123", "0.12345678"}, Case{" 7 ", "7"},
          Case{"-1.5e2", "-150"}, Case{"125e-3", "0.125"}}) {
        const auto value = decimal_of(in);
        ASSERT_TRUE(value) << in;
        EXPECT_EQ(value->text(), out) << in;
    }
    for (const char* bad : {"", "abc", "1.2.3", "1e", "1e99", "--1", "NaN"})
        EXPECT_FALSE(decimal_of(bad)) << bad;
}

TEST(AmazonOrder, an_order_with_everything) {
    const auto order = order_of(order_text(
        R"({"orderItemId":"1","quantityOrdered":2,"product":{"sellerSku":"A/b c+%ü","title":"Cup",
                "price":{"unitPrice":{"amount":"10.00","currencyCode":"USD"}}},
            "proceeds":{"proceedsTotal":{"amount":"23.10","currencyCode":"USD"},"breakdowns":[
              {"type":"ITEM","subtotal":{"amount":"20.00","currencyCode":"USD"}},
              {"type":"SHIPPING","subtotal":{"amount":"3.00","currencyCode":"USD"}},
              {"type":"GIFT_WRAP","subtotal":{"amount":"0.50","currencyCode":"USD"}},
              {"type":"DISCOUNT","subtotal":{"amount":"2.00","currencyCode":"USD"},
                "detailedBreakdowns":[{"subtype":"ITEM","value":{"amount":"2.00",
                "currencyCode":"USD"}}]},
              {"type":"TAX","subtotal":{"amount":"1.60","currencyCode":"USD"}}]},
            "fulfillment":{"quantityFulfilled":1,"quantityUnfulfilled":1}})",
        R"(,"programs":["PRIME"],"proceeds":{"grandTotal":{"amount":"23.10",
                "currencyCode":"USD"}})",
        "PARTIALLY_SHIPPED"));
    EXPECT_EQ(order.state, OrderState::partially_shipped);
    EXPECT_EQ(order.fulfilled_by, orders::FulfilledBy::merchant);
    EXPECT_EQ(order.ship_country, "US");
    EXPECT_EQ(order.currency, "USD");
    EXPECT_EQ(order.grand_total, 2310);
    EXPECT_EQ(order.programs, std::vector<std::string>{"PRIME"});
    ASSERT_EQ(order.lines.size(), 1U);
    const auto& line = order.lines[0];
    EXPECT_EQ(line.seller_sku, "A/b c+%ü");
    EXPECT_EQ(line.quantity_ordered, 2);
    EXPECT_EQ(line.quantity_shipped, 1);
    EXPECT_EQ(line.amounts.item, 2000);
    EXPECT_EQ(line.amounts.shipping, 300);
    EXPECT_EQ(line.amounts.gift_wrap, 50);
    EXPECT_EQ(line.amounts.tax, 160);
    EXPECT_EQ(line.amounts.discount, 200);
    EXPECT_EQ(line.amounts.total(), 2310);
}

TEST(AmazonOrder, strange_things_are_tolerated) {
    // Numbers where strings belong and strings where numbers belong, unknown members and words.
    const auto order = order_of(order_text(
        R"({"orderItemId":123456789012,"quantityOrdered":"3","brandNew":{"x":[1]},
                "product":{"sellerSku":42},
            "proceeds":{"breakdowns":[{"type":"ITEM","subtotal":{"amount":30.00,
                "currencyCode":"USD"}},
                {"type":"CLIMATE_FEE","subtotal":{"amount":"0.25","currencyCode":"USD"}}]}})",
        R"(,"sustainability":{"grams":1},"programs":["DRONE_DELIVERY"],
                "proceeds":{"grandTotal":{"amount":30.25,"currencyCode":"USD"}})",
        "AWAITING_CUSTOMS"));
    EXPECT_EQ(order.state, OrderState::unknown);
    EXPECT_EQ(order.channel_state, "AWAITING_CUSTOMS");
    EXPECT_EQ(order.programs, std::vector<std::string>{"DRONE_DELIVERY"});
    EXPECT_EQ(order.lines[0].channel_line_id, "123456789012");
    EXPECT_EQ(order.lines[0].seller_sku, "42");
    EXPECT_EQ(order.lines[0].quantity_ordered, 3);
    EXPECT_EQ(order.lines[0].amounts.other, 25);
    EXPECT_EQ(sum(order), *order.grand_total);
}

TEST(AmazonOrder, states) {
    struct Case {
        const char* word;
        OrderState state;
    };
    for (const auto& [word, state] :
         {Case{"PENDING_AVAILABILITY", OrderState::pending}, Case{"PENDING", OrderState::pending},
          Case{"UNSHIPPED", OrderState::unshipped},
          Case{"PARTIALLY_SHIPPED", OrderState::partially_shipped},
          Case{"SHIPPED", OrderState::shipped}, Case{"CANCELLED", OrderState::cancelled},
          Case{"CANCELED", OrderState::cancelled}, Case{"UNFULFILLABLE", OrderState::unfulfillable},
          Case{"", OrderState::unknown}, Case{"shipped", OrderState::unknown}})
        EXPECT_EQ(state_of_word(word), state) << word;
}

TEST(AmazonOrder, pending_has_no_money_and_replacements_are_none) {
    const auto pending = order_of(order_text(
        R"({"orderItemId":"1","quantityOrdered":1,"product":{"sellerSku":"A"}})", "", "PENDING"));
    EXPECT_FALSE(pending.currency);
    EXPECT_FALSE(pending.grand_total);
    EXPECT_EQ(sum(pending), 0);
    const auto again = order_of(
        order_text(R"({"orderItemId":"1","quantityOrdered":1,"product":{"sellerSku":"A"}})",
                   R"(,"associatedOrders":[{"orderId":"114-0",
                "associationType":"REPLACEMENT_ORIGINAL_ID"}])"));
    EXPECT_EQ(again.kind, orders::OrderKind::replacement);
}

TEST(AmazonOrder, delivered_when_all_packages_are) {
    const auto package = [](const char* id, const char* status) {
        return R"({"packageReferenceId":")" + std::string(id) + R"(","packageStatus":{"status":")" +
               status + R"("},"carrier":"UPS","trackingNumber":"1Z)" + id +
               R"(","shipTime":"2026-11-02T08:00:00Z"})";
    };
    const auto with = [&](const std::string& packages) {
        return order_of(order_text(R"({"orderItemId":"1","quantityOrdered":1,"product":{}})",
                                   R"(,"packages":[)" + packages + "]", "SHIPPED"));
    };
    EXPECT_EQ(with(package("1", "DELIVERED")).state, OrderState::delivered);
    EXPECT_EQ(with(package("1", "DELIVERED") + ',' + package("2", "IN_TRANSIT")).state,
              OrderState::shipped);
    EXPECT_EQ(with(package("1", "DELIVERED") + ',' + package("2", "CANCELLED")).state,
              OrderState::delivered);
    EXPECT_EQ(with(package("1", "TELEPORTED")).state, OrderState::shipped);
    const auto order = with(package("7", "DELIVERED") + ',' + package("7", "DELIVERED"));
    ASSERT_EQ(order.packages.size(), 1U);
    EXPECT_EQ(order.packages[0].tracking_number, "1Z7");
    EXPECT_TRUE(order.packages[0].delivered_at);
}

TEST(AmazonOrder, cancelled_quantities) {
    const auto whole = order_of(order_text(
        R"({"orderItemId":"1","quantityOrdered":2,"product":{},
                "fulfillment":{"quantityFulfilled":0}})",
        "", "CANCELLED"));
    EXPECT_EQ(whole.lines[0].quantity_cancelled, 2);
    const auto one = order_of(order_text(
        R"({"orderItemId":"1","quantityOrdered":3,"product":{},
                "fulfillment":{"quantityFulfilled":1},
                "cancellation":{"cancellationExecution":{"cancelledBy":"BUYER"}}})"));
    EXPECT_EQ(one.lines[0].quantity_cancelled, 2);
    const auto wish = order_of(order_text(
        R"({"orderItemId":"1","quantityOrdered":3,"product":{},
                "cancellation":{"cancellationRequest":{"requester":"BUYER"}}})"));
    EXPECT_EQ(wish.lines[0].quantity_cancelled, 0);
}

/// One item of 119.00 with 19.00 of tax, shipping 5.95 with 0.95.
std::string taxed_item(const char* total) {
    return R"({"orderItemId":"1","quantityOrdered":1,"product":{"sellerSku":"A"},"proceeds":{)" +
           (*total == '\0' ? std::string()
                           : R"("proceedsTotal":{"amount":")" + std::string(total) +
                                 R"(","currencyCode":"EUR"},)") +
           R"("breakdowns":[{"type":"ITEM","subtotal":{"amount":"119.00","currencyCode":"EUR"}},
             {"type":"SHIPPING","subtotal":{"amount":"5.95","currencyCode":"EUR"}},
             {"type":"TAX","subtotal":{"amount":"19.95","currencyCode":"EUR"},"detailedBreakdowns":[
               {"subtype":"ITEM","value":{"amount":"19.00","currencyCode":"EUR"}},
               {"subtype":"SHIPPING","value":{"amount":"0.95","currencyCode":"EUR"}}]}]}})";
}

TEST(AmazonMoney, tax_inside_or_beside_the_price_foots_either_way) {
    const auto inside =
        order_of(order_text(taxed_item("124.95"), "", "UNSHIPPED", "A1PA6795UKMFR9"));
    EXPECT_EQ(inside.lines[0].amounts.item, 10000);
    EXPECT_EQ(inside.lines[0].amounts.shipping, 500);
    EXPECT_EQ(inside.lines[0].amounts.tax, 1995);
    EXPECT_EQ(sum(inside), 12495);
    // The stated total decides, not the country.
    const auto beside =
        order_of(order_text(taxed_item("144.90"), "", "UNSHIPPED", "A1PA6795UKMFR9"));
    EXPECT_EQ(beside.lines[0].amounts.item, 11900);
    EXPECT_EQ(sum(beside), 14490);
    // Nothing stated: the marketplace's habit.
    EXPECT_EQ(sum(order_of(order_text(taxed_item(""), "", "UNSHIPPED", "A1PA6795UKMFR9"))), 12495);
    EXPECT_EQ(sum(order_of(order_text(taxed_item(""), "", "UNSHIPPED", "ATVPDKIKX0DER"))), 14490);
    // Only the order states a total.
    const auto by_order = order_of(order_text(
        taxed_item(""), R"(,"proceeds":{"grandTotal":{"amount":"144.90","currencyCode":"EUR"}})",
        "UNSHIPPED", "A1PA6795UKMFR9"));
    EXPECT_EQ(sum(by_order), 14490);
}

TEST(AmazonMoney, a_discount_is_one_whatever_its_sign) {
    for (const char* amount : {"1.50", "-1.50"}) {
        const auto order = order_of(order_text(
            R"({"orderItemId":"1","quantityOrdered":1,"product":{},"proceeds":{"breakdowns":[
                {"type":"ITEM","subtotal":{"amount":"10.00","currencyCode":"USD"}},
                {"type":"DISCOUNT","subtotal":{"amount":")" +
            std::string(amount) + R"(","currencyCode":"USD"}}]}})"));
        EXPECT_EQ(order.lines[0].amounts.discount, 150) << amount;
        EXPECT_EQ(sum(order), 850) << amount;
    }
}

TEST(AmazonMoney, tips_yen_and_currencies_that_nobody_knows) {
    const auto tip = order_of(order_text(
        R"({"orderItemId":"1","quantityOrdered":1,"product":{},
                "proceeds":{"breakdowns":[{"type":"ITEM","subtotal":{"amount":"10.00",
                "currencyCode":"USD"}}]}})",
        R"(,"proceeds":{"grandTotal":{"amount":"12.00","currencyCode":"USD"},
                "breakdowns":[{"type":"DELIVERY_TIP","status":"FINALIZED",
                "subtotal":{"amount":"2.00","currencyCode":"USD"}}]})"));
    ASSERT_EQ(tip.lines.size(), 2U);
    EXPECT_EQ(tip.lines[1].kind, orders::LineKind::fee);
    EXPECT_EQ(sum(tip), 1200);
    const auto yen = order_of(order_text(
        R"({"orderItemId":"1","quantityOrdered":1,
                "product":{"price":{"unitPrice":{"amount":"5980","currencyCode":"JPY"}}}})",
        "", "SHIPPED", "A1VC38T7YXB528"));
    EXPECT_EQ(sum(yen), 5980);
    const auto odd = order_of(order_text(
        R"({"orderItemId":"1","quantityOrdered":1,"product":{"price":{"unitPrice":{"amount":"5",
                "currencyCode":"XYZ"}}}})"));
    EXPECT_EQ(odd.currency, "XYZ");
    EXPECT_FALSE(odd.grand_total);
}

TEST(AmazonOrder, entries_without_number_or_time_are_counted_not_guessed) {
    const auto page = read_orders_page(wire(
        R"({"orders":[{"orderId":"1"},{"createdTime":"2026-11-01T10:00:00Z"},17,null],
                "pagination":{"nextToken":""}})"));
    ASSERT_TRUE(page);
    EXPECT_TRUE(page->orders.empty());
    EXPECT_EQ(page->unusable, 4);
    EXPECT_TRUE(page->next_token.empty());
    EXPECT_FALSE(read_orders_page(wire(R"({"payload":[]})")));
    EXPECT_FALSE(read_orders_page(wire(R"({"orders":{}})")));
}

TEST(AmazonPrivacy, buyer_data_is_taken_out_wherever_it_stands) {
    auto document = wire(
        R"({"orders":[{"orderId":"1","buyer":{"buyerName":"CANARY-1"},
                "recipient":{"deliveryAddress":{"name":"CANARY-2"}},
            "payment":{"paymentExecutions":[{"cardBrand":"CANARY-3"}]},
                "tax":{"taxRegistrations":[{"legalName":"CANARY-4"}]},
            "packages":[{"packageReferenceId":"1","shipFromAddress":{"name":"CANARY-5"}}],
            "orderItems":[{"orderItemId":"9",
                "product":{"customization":{"customizedUrl":"https://CANARY-6"}},
               "cancellation":{"cancellationRequest":{"cancelReason":"CANARY-7"}},
               "fulfillment":{"packing":{"giftOption":{"giftMessage":"CANARY-8",
                "giftWrapLevel":"CLASSIC"}}}}]}]})");
    const Scrubbed gone = scrub(document);
    EXPECT_EQ(gone.buyer_data, 6);
    EXPECT_EQ(gone.other, 2);
    const std::string kept = wire_text(document);
    EXPECT_EQ(kept.find("CANARY"), std::string::npos) << kept;
    EXPECT_NE(kept.find("giftWrapLevel"), std::string::npos);
    auto clean_document = wire(R"({"orders":[{"orderId":"1","tax":{"taxRegistrations":[]}}]})");
    EXPECT_EQ(scrub(clean_document).all(), 0);
}

TEST(AmazonSellers, channels_that_are_not_amazon_are_marked) {
    const auto all = read_participations(wire(R"({"payload":[
        {"marketplace":{"id":"ATVPDKIKX0DER","countryCode":"US","name":"Amazon.com",
                "defaultCurrencyCode":"USD","domainName":"www.amazon.com"},
                "participation":{"isParticipating":true}},
        {"marketplace":{"id":"ANEWONE","countryCode":"CL","name":"Amazon.cl",
                "defaultCurrencyCode":"CLP","domainName":"www.amazon.cl"},
                "participation":{"isParticipating":false}},
        {"marketplace":{"id":"A1MQXOICRS2Z7M","countryCode":"US","name":"SI Prod CA Marketplace",
                "domainName":"siprod.stores.amazon.ca"},"participation":{"isParticipating":true}},
        {"marketplace":{"id":"A3XNONAMAZON","countryCode":"US","name":"Non-Amazon US",
                "domainName":"www.amazon.com"},"participation":{"isParticipating":true}}]})"));
    ASSERT_TRUE(all);
    ASSERT_EQ(all->size(), 4U);
    EXPECT_TRUE((*all)[0].amazon && (*all)[0].participating);
    EXPECT_TRUE((*all)[1].amazon);
    EXPECT_FALSE((*all)[1].participating);
    EXPECT_FALSE((*all)[2].amazon);
    EXPECT_FALSE((*all)[3].amazon);
}

TEST(AmazonReply, the_error_table) {
    struct Case {
        int status;
        Outcome outcome;
    };
    for (const auto& [status, outcome] :
         {Case{200, Outcome::ok}, Case{202, Outcome::ok}, Case{400, Outcome::bad_request},
          Case{401, Outcome::forbidden}, Case{403, Outcome::forbidden},
          Case{404, Outcome::not_found}, Case{409, Outcome::bad_request},
          Case{413, Outcome::bad_request}, Case{415, Outcome::bad_request},
          Case{408, Outcome::transient}, Case{429, Outcome::throttled},
          Case{500, Outcome::transient}, Case{503, Outcome::transient},
          Case{302, Outcome::transient}})
        EXPECT_EQ(judge_api(status, "").outcome, outcome) << status;
    // By status, whatever the text says.
    EXPECT_EQ(judge_api(400, R"({"errors":[{"code":"QuotaExceeded","message":null}]})").outcome,
              Outcome::bad_request);
    EXPECT_EQ(error_text(R"({"errors":[{"code":"InvalidInput","message":null,"details":""}]})"),
              "InvalidInput");
    EXPECT_EQ(error_text(R"([{"code":"X","message":"y"}])"), "X: y");
    EXPECT_EQ(error_text("<html>504</html>"), "");
}

TEST(AmazonReply, login_with_amazon) {
    EXPECT_EQ(judge_lwa(200, "{}").outcome, Outcome::ok);
    const auto revoked = judge_lwa(400, R"({"error":"invalid_grant"})");
    EXPECT_EQ(revoked.outcome, Outcome::unauthorised);
    EXPECT_EQ(revoked.code.name, "amazon.authorisation_revoked");
    const auto refused = judge_lwa(401, R"({"error":"invalid_client"})");
    EXPECT_EQ(refused.outcome, Outcome::unauthorised);
    EXPECT_EQ(refused.code.name, "amazon.client_refused");
    EXPECT_EQ(judge_lwa(503, "").outcome, Outcome::transient);
    EXPECT_EQ(judge_lwa(429, "").outcome, Outcome::transient);
    EXPECT_EQ(judge_lwa(400, R"({"error":"invalid_scope"})").outcome, Outcome::bad_request);
}

// ---- the official sandbox pairs

std::optional<json::value> model(const std::string& file) {
    const std::filesystem::path path =
        std::filesystem::path(ENTREPOT_SOURCE_DIR) / "../shared/spapi-models/models" / file;
    std::ifstream in(path);
    if (!in) return std::nullopt;
    std::stringstream text;
    text << in.rdbuf();
    return json::parse(text.str());
}

struct Pair {
    std::string operation;
    int status;
    json::value response;
};

std::vector<Pair> sandbox_pairs(const json::value& document) {
    std::vector<Pair> out;
    for (const auto& path : document.at("paths").as_object()) {
        for (const auto& verb : path.value().as_object()) {
            if (!verb.value().is_object()) continue;
            for (const auto& response : verb.value().at("responses").as_object()) {
                const auto* sandbox =
                    response.value().as_object().if_contains("x-amzn-api-sandbox");
                const auto* pairs =
                    sandbox != nullptr ? sandbox->as_object().if_contains("static") : nullptr;
                if (pairs == nullptr) continue;
                for (const json::value& pair : pairs->as_array()) {
                    const auto* body = pair.as_object().if_contains("response");
                    out.push_back({std::string(verb.value().at("operationId").as_string()),
                                   std::stoi(std::string(response.key())),
                                   body != nullptr ? *body : json::value(nullptr)});
                }
            }
        }
    }
    return out;
}

bool understood(const Pair& pair) {
    const std::string text = json::serialize(pair.response);
    if (pair.status >= 400)
        return judge_api(pair.status, text).outcome == Outcome::bad_request &&
               !error_text(text).empty();
    auto document = parse_wire(text);
    if (pair.response.is_null()) return true;
    if (!document) return false;
    scrub(*document);
    if (pair.operation == "searchOrders") {
        const auto page = read_orders_page(*document);
        return page && !page->orders.empty() && page->unusable == 0;
    }
    if (pair.operation == "getOrder") return read_order_reply(*document).has_value();
    if (pair.operation == "getReport") return read_report(*document).has_value();
    if (pair.operation == "createReport") return !text_at(member(&*document, "reportId")).empty();
    if (pair.operation == "getReportDocument") return !text_at(member(&*document, "url")).empty();
    if (pair.operation == "getMarketplaceParticipations")
        return read_participations(*document).has_value();
    // Operations that this client does not call: their bodies are at least read.
    return true;
}

TEST(AmazonSandbox, every_official_pair_is_understood) {
    std::size_t count = 0;
    for (const char* file :
         {"orders-api-model/orders_2026-01-01.json", "reports-api-model/reports_2021-06-30.json",
          "sellers-api-model/sellers.json"}) {
        const auto document = model(file);
        if (!document) GTEST_SKIP() << "the official models are not at ../shared/spapi-models";
        for (const Pair& pair : sandbox_pairs(*document)) {
            ++count;
            EXPECT_TRUE(understood(pair)) << file << ' ' << pair.operation << ' ' << pair.status
                                          << ' ' << json::serialize(pair.response).substr(0, 300);
        }
    }
    EXPECT_EQ(count, 8U + 18U + 3U);
}

TEST(AmazonSandbox, totals_of_the_official_orders_foot) {
    const auto document = model("orders-api-model/orders_2026-01-01.json");
    if (!document) GTEST_SKIP() << "the official models are not at ../shared/spapi-models";
    std::size_t count = 0;
    for (const Pair& pair : sandbox_pairs(*document)) {
        const auto body = parse_wire(json::serialize(pair.response));
        std::vector<orders::IncomingOrder> all;
        if (const auto page = read_orders_page(*body)) all = page->orders;
        if (const auto one = read_order_reply(*body)) all.push_back(*one);
        for (const auto& order : all) {
            ++count;
            EXPECT_EQ(sum(order), order.grand_total) << order.channel_order_id;
            EXPECT_NE(order.state, OrderState::unknown) << order.channel_order_id;
        }
    }
    EXPECT_EQ(count, 6U);
}

}  // namespace
}  // namespace entrepot::amazon
