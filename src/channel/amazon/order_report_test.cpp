// The flat file of all orders.
#include "channel/amazon/order_report.hpp"

#include <gtest/gtest.h>

namespace entrepot::amazon {
namespace {
using orders::OrderState;

const std::string header =
    "amazon-order-id\tmerchant-order-id\tpurchase-date\tlast-updated-date\torder-status\t"
    "fulfillment-channel\tsales-channel\torder-channel\turl\tship-service-level\tproduct-"
    "name\tsku\t"
    "asin\titem-status\tquantity\tcurrency\titem-price\titem-tax\tshipping-price\tshipping-tax\t"
    "gift-wrap-price\tgift-wrap-tax\titem-promotion-discount\tship-promotion-discount\tship-city\t"
    "ship-state\tship-postal-code\tship-country\tpromotion-ids\tis-business-order\t"
    "purchase-order-number\tprice-designation";

struct Line {
    std::string id = "302-1", bought = "2026-11-01T10:00:00+00:00",
                updated = "2026-11-02T11:00:00+00:00", status = "Shipped", by = "Merchant",
                channel = "Amazon.de", name = "Tasse \"groß\"", sku = "SKU-1",
                item_status = "Shipped", quantity = "1", currency = "EUR", price = "119.00",
                tax = "19.00", shipping = "5.95", shipping_tax = "0.95", wrap, wrap_tax, discount,
                ship_discount, country = "DE", business = "false";
    std::string text() const {
        return id + "\t" + id + "\t" + bought + "\t" + updated + "\t" + status + "\t" + by + "\t" +
               channel + "\t\t\tStandard\t" + name + "\t" + sku + "\tB0\t" + item_status + "\t" +
               quantity + "\t" + currency + "\t" + price + "\t" + tax + "\t" + shipping + "\t" +
               shipping_tax + "\t" + wrap + "\t" + wrap_tax + "\t" + discount + "\t" +
               ship_discount + "\tCANARY-City\tCANARY-State\tCANARY-12345\t" + country + "\t\t" +
               business + "\tCANARY-PO\t";
    }
};

OrderReport read(const std::vector<Line>& lines, const std::string& end = "\r\n",
                 const std::string& head = header) {
    std::string text = head + end;
    for (const Line& line : lines) text += line.text() + end;
    return read_order_report(text, {"A1PA6795UKMFR9", "ATVPDKIKX0DER", "A1VC38T7YXB528"});
}

TEST(AmazonReport, rows_become_orders) {
    Line first, second, other;
    second.sku = "SKU-2";
    second.price = "10.00";
    second.tax = "1.60";
    second.shipping = second.shipping_tax = "";
    second.discount = "-2.00";
    other.id = "302-2";
    // Rows of one order need not stand together.
    const auto report = read({first, other, second});
    EXPECT_TRUE(report.header.missing.empty());
    EXPECT_TRUE(report.header.unknown.empty());
    EXPECT_EQ(report.rows, 3);
    ASSERT_EQ(report.orders.size(), 2U);
    const auto& order = report.orders[0];
    EXPECT_EQ(order.channel_order_id, "302-1");
    EXPECT_EQ(order.marketplace_id, "A1PA6795UKMFR9");
    EXPECT_EQ(order.state, OrderState::shipped);
    EXPECT_EQ(order.channel_state, "Shipped");
    EXPECT_EQ(order.ship_country, "DE");
    EXPECT_EQ(order.currency, "EUR");
    EXPECT_FALSE(order.grand_total) << "a report states none";
    ASSERT_EQ(order.lines.size(), 2U);
    EXPECT_EQ(order.lines[0].title, "Tasse \"groß\"") << "quotes are plain characters";
    EXPECT_EQ(order.lines[0].amounts.item, 10000);
    EXPECT_EQ(order.lines[0].amounts.shipping, 500);
    EXPECT_EQ(order.lines[0].amounts.tax, 1995);
    EXPECT_EQ(order.lines[0].amounts.total(), 12495);
    EXPECT_EQ(order.lines[1].amounts.discount, 200);
    EXPECT_EQ(order.lines[1].amounts.total(), 800);
    // At the same second the API's word wins.
    EXPECT_EQ(order.channel_updated_at,
              *parse_instant("2026-11-02T11:00:00Z") - std::chrono::microseconds(1));
}

TEST(AmazonReport, lines_of_the_same_sku_are_told_apart) {
    const auto report = read({Line{}, Line{}});
    ASSERT_EQ(report.orders.size(), 1U);
    ASSERT_EQ(report.orders[0].lines.size(), 2U);
    EXPECT_EQ(report.orders[0].lines[0].channel_line_id, "report:SKU-1#1");
    EXPECT_EQ(report.orders[0].lines[1].channel_line_id, "report:SKU-1#2");
}

TEST(AmazonReport, line_ends_and_trailing_columns) {
    EXPECT_EQ(read({Line{}}, "\n").orders.size(), 1U);
    const auto trailing = read({Line{}}, "\t\r\n", header);
    EXPECT_EQ(trailing.orders.size(), 1U);
    EXPECT_EQ(trailing.rows_unusable, 0);
    EXPECT_EQ(read({}).rows, 0);
    EXPECT_TRUE(read({}).header.missing.empty());
    const auto upper = read_order_report("AMAZON-ORDER-ID\tPurchase-Date\n", {});
    EXPECT_EQ(upper.header.missing.size(), 7U);
}

TEST(AmazonReport, columns_with_buyer_data_are_dropped_and_counted) {
    const auto report = read({Line{}});
    EXPECT_EQ(report.header.dropped,
              (std::vector<std::string>{"ship-city", "ship-state", "ship-postal-code",
                                        "purchase-order-number"}));
    for (const auto& order : report.orders) {
        for (const auto& line : order.lines) {
            EXPECT_EQ(line.title.find("CANARY"), std::string::npos);
            EXPECT_EQ(line.seller_sku.find("CANARY"), std::string::npos);
        }
        EXPECT_EQ(order.ship_country->find("CANARY"), std::string::npos);
    }
    for (const char* name : {"buyer-name", "buyer-email", "recipient-name", "ship-address-1",
                             "bill-city", "buyer-phone-number", "ship-phone-number",
                             "gift-message-text", "customized-url", "cpf", "delivery-Instructions",
                             "tax-registration-id", "purchase-order-number", "ship-postal-code"})
        EXPECT_TRUE(is_buyer_column(name)) << name;
    for (const char* name : {"ship-country", "ship-service-level", "product-name",
                             "ship-promotion-discount", "shipping-price", "sku"})
        EXPECT_FALSE(is_buyer_column(name)) << name;
}

TEST(AmazonReport, unknown_columns_warn_and_missing_ones_stop) {
    const auto more = read({Line{}}, "\r\n", header + "\tcarbon-score");
    EXPECT_EQ(more.header.unknown, std::vector<std::string>{"carbon-score"});
    EXPECT_EQ(more.orders.size(), 1U);
    std::string without = header;
    without.replace(without.find("\titem-price\t"), 12, "\titem-cost\t");
    const auto less = read({Line{}}, "\r\n", without);
    EXPECT_EQ(less.header.missing, std::vector<std::string>{"item-price"});
    EXPECT_TRUE(less.orders.empty());
    EXPECT_FALSE(read_order_report("", {}).header.missing.empty());
    EXPECT_FALSE(read_order_report("注文番号\t購入日\n", {}).header.missing.empty());
}

TEST(AmazonReport, ragged_foreign_and_unreadable_rows_are_counted) {
    Line foreign, mcf, undated, unlisted;
    mcf.channel = "Non-Amazon DE";
    undated.id = "302-9";
    undated.bought = "yesterday";
    unlisted.channel = "Amazon.fr";
    const auto report = read({Line{}, mcf, undated, unlisted});
    EXPECT_EQ(report.orders.size(), 1U);
    EXPECT_EQ(report.rows_elsewhere, 2);
    EXPECT_EQ(report.rows_unusable, 1);
    const auto ragged = read_order_report(header + "\n302-1\tx\n\n", {"A1PA6795UKMFR9"});
    EXPECT_EQ(ragged.rows_unusable, 1);
    EXPECT_EQ(ragged.rows, 1);
}

TEST(AmazonReport, numbers_of_every_country) {
    struct Case {
        const char* in;
        int places;
        const char* out;
    };
    for (const auto& [in, places, out] :
         {Case{"12.50", 2, "12.5"}, Case{"12,50", 2, "12.5"}, Case{"1.234,56", 2, "1234.56"},
          Case{"1,234.56", 2, "1234.56"}, Case{"1,234", 0, "1234"}, Case{"1.234", 2, "1234"},
          Case{"1 234,5", 2, "1234.5"},
          Case{"1\xC2\xA0"
               "234,50",
               2, "1234.5"},
          Case{"1\xE2\x80\xAF"
               "234,50",
               2, "1234.5"},
          Case{"1'234.50", 2, "1234.5"}, Case{"1.234.567", 0, "1234567"},
          Case{"1,234,567.89", 2, "1234567.89"}, Case{"-2,00", 2, "-2"}, Case{"5980", 0, "5980"},
          Case{"5980.00", 0, "5980"}, Case{"1.234", 3, "1.234"}, Case{".5", 2, "0.5"},
          Case{"5,", 2, "5"}}) {
        const auto value = local_number(in, places);
        ASSERT_TRUE(value) << in;
        EXPECT_EQ(value->text(), out) << in;
    }
    for (const char* bad : {"", "abc", "1-2", "EUR 5"}) EXPECT_FALSE(local_number(bad, 2)) << bad;
}

TEST(AmazonReport, times_of_every_country) {
    struct Case {
        const char* in;
        DayOrder order;
        const char* out;
    };
    using enum DayOrder;
    for (const auto& [in, order, out] :
         {Case{"2026-11-02T11:00:00+00:00", month_first, "2026-11-02T11:00:00Z"},
          Case{"2026-11-02T11:00:00-08:00", month_first, "2026-11-02T19:00:00Z"},
          Case{"2026-11-02 11:00:00 UTC", month_first, "2026-11-02T11:00:00Z"},
          Case{"2026/11/02 11:00:00 JST", day_first, "2026-11-02T02:00:00Z"},
          Case{"02.11.2026 11:00", day_first, "2026-11-02T11:00:00Z"},
          Case{"02/11/2026 11:00:00 CET", day_first, "2026-11-02T10:00:00Z"},
          Case{"11/02/2026 11:00:00 PST", month_first, "2026-11-02T19:00:00Z"},
          Case{"2026-11-02", month_first, "2026-11-02T00:00:00Z"}}) {
        const auto value = report_time(in, order);
        ASSERT_TRUE(value) << in;
        EXPECT_EQ(format_instant(*value), out) << in;
    }
    for (const char* bad :
         {"", "yesterday", "2026-13-02 11:00:00", "2026-11-02 11:00:00 MOON", "0123456789abcdef"})
        EXPECT_FALSE(report_time(bad, DayOrder::day_first)) << bad;
}

TEST(AmazonReport, words_for_states) {
    struct Case {
        const char* word;
        OrderState state;
    };
    for (const auto& [word, state] :
         {Case{"Pending", OrderState::pending},
          Case{"Pending - Waiting for Pick Up", OrderState::pending},
          Case{"Unshipped", OrderState::unshipped}, Case{"Shipping", OrderState::unshipped},
          Case{"PartiallyShipped", OrderState::partially_shipped},
          Case{"Partially Shipped", OrderState::partially_shipped},
          Case{"Shipped", OrderState::shipped}, Case{"Complete", OrderState::shipped},
          Case{"Shipped - Delivered to Buyer", OrderState::delivered},
          Case{"Shipped - Returned to Seller", OrderState::shipped},
          Case{"Cancelled", OrderState::cancelled}, Case{"Canceled", OrderState::cancelled},
          Case{"Unfulfillable", OrderState::unfulfillable},
          Case{"Teleported", OrderState::unknown}})
        EXPECT_EQ(state_of_report_word(word), state) << word;
}

TEST(AmazonReport, cancelled_pending_yen_and_mixed_currencies) {
    Line cancelled, pending, yen, mixed;
    cancelled.status = cancelled.item_status = "Cancelled";
    cancelled.quantity = "2";
    pending.id = "302-3";
    pending.status = pending.item_status = "Pending";
    pending.currency = pending.price = pending.tax = pending.shipping = pending.shipping_tax = "";
    yen.id = "249-1";
    yen.channel = "Amazon.co.jp";
    yen.currency = "JPY";
    yen.price = "5,980";
    yen.tax = "543";
    yen.shipping = yen.shipping_tax = "";
    yen.quantity = "2";
    mixed.id = "249-1";
    mixed.channel = "Amazon.co.jp";
    mixed.sku = "SKU-2";
    const auto report = read({cancelled, pending, yen, mixed});
    ASSERT_EQ(report.orders.size(), 3U);
    EXPECT_EQ(report.orders[0].lines[0].quantity_cancelled, 2);
    EXPECT_FALSE(report.orders[1].currency);
    EXPECT_EQ(report.orders[1].lines[0].amounts.total(), 0);
    EXPECT_EQ(report.orders[2].lines[0].amounts.total(), 5980);
    EXPECT_EQ(report.orders[2].lines[0].unit_price->text(), "2990");
    EXPECT_EQ(report.orders[2].lines[1].amounts.total(), 0) << "euros do not add up to yen";
}

TEST(AmazonReport, skus_are_not_touched) {
    for (const char* sku : {"A/B", "a b", "100%", "a+b", "ümlaut-日本", "\"quoted\"", "=1+1", "-5",
                            "null", "0001", "1E5"}) {
        Line line;
        line.sku = sku;
        const auto report = read({line});
        ASSERT_EQ(report.orders.size(), 1U) << sku;
        EXPECT_EQ(report.orders[0].lines[0].seller_sku, sku);
    }
}

}  // namespace
}  // namespace entrepot::amazon
