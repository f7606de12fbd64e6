// What a new order must be, and what becomes of one that is.
#include "modules/orders/new_order.hpp"

#include <gtest/gtest.h>

#include <functional>

namespace entrepot::orders {
namespace {

constexpr Instant now =
    Instant{std::chrono::sys_days{std::chrono::year{2026} / 11 / 22}} + std::chrono::hours(9);

NewOrder good() {
    NewOrder in;
    in.currency = "EUR";
    in.ship_country = "DE";
    NewLine line;
    line.seller_sku = "MUG-1";
    line.title = "A mug";
    line.quantity = 3;
    line.unit_price = Decimal::parse("1.235");
    line.tax = Decimal::parse("0.70");
    line.shipping = Decimal::parse("4.9");
    line.discount = Decimal::parse("1");
    in.lines.push_back(line);
    return in;
}

Result<IncomingOrder> check(const NewOrder& in) {
    return checked_order(in, now, {"DE"});
}

TEST(OrdersNewOrder, amounts_are_exact_and_defaults_are_those_of_a_sale) {
    const auto out = check(good());
    ASSERT_TRUE(out.has_value());
    EXPECT_EQ(out->kind, OrderKind::sale);
    EXPECT_EQ(out->state, OrderState::unshipped);
    EXPECT_EQ(out->fulfilled_by, FulfilledBy::merchant);
    EXPECT_EQ(out->ordered_at, now);
    EXPECT_EQ(out->marketplace_id, "DE");
    ASSERT_EQ(out->lines.size(), 1U);
    const IncomingLine& line = out->lines.front();
    EXPECT_EQ(line.amounts.item, 370) << "3.705 goes to the even cent";
    EXPECT_EQ(line.amounts.total(), 370 + 70 + 490 - 100);
    EXPECT_EQ(line.unit_price->text(), "1.235") << "the price keeps its places";
    EXPECT_EQ(line.quantity_shipped, 0);
    EXPECT_FALSE(out->grand_total.has_value());
}

TEST(OrdersNewOrder, kinds_other_than_sales_have_their_own_signs_and_states) {
    NewOrder credit = good();
    credit.kind = OrderKind::cancellation;
    credit.lines[0].quantity = -3;
    credit.lines[0].tax = Decimal::parse("-0.70");
    const auto note = check(credit);
    ASSERT_TRUE(note.has_value());
    EXPECT_EQ(note->lines[0].amounts.item, -370);
    EXPECT_EQ(note->state, OrderState::shipped) << "nothing of it is sent";
    EXPECT_EQ(note->lines[0].quantity_shipped, 0);

    NewOrder adjustment = good();
    adjustment.kind = OrderKind::adjustment;
    adjustment.lines[0].unit_price = Decimal::parse("-5");
    const auto adjusted = check(adjustment);
    ASSERT_TRUE(adjusted.has_value());
    EXPECT_EQ(adjusted->lines[0].kind, LineKind::adjustment);
    EXPECT_EQ(adjusted->lines[0].amounts.item, 0);
    EXPECT_EQ(adjusted->lines[0].amounts.other, -1500);

    NewOrder replacement = good();
    replacement.kind = OrderKind::replacement;
    replacement.lines[0].unit_price.reset();
    ASSERT_TRUE(check(replacement).has_value());
    NewOrder sent = good();
    sent.state = OrderState::delivered;
    EXPECT_EQ(check(sent)->lines[0].quantity_shipped, 3);
}

TEST(OrdersNewOrder, each_bad_field_is_named) {
    struct Case {
        const char* pointer;
        const char* code;
        std::function<void(NewOrder&)> spoil;
    };
    const auto price = [](const char* text) {
        return [text](NewOrder& in) { in.lines[0].unit_price = Decimal::parse(text); };
    };
    const Case cases[] = {
        {"/channel_order_id", "length", [](auto& in) { in.channel_order_id = "  "; }},
        {"/channel_order_id", "length",
         [](auto& in) { in.channel_order_id = std::string(101, 'x'); }},
        {"/ordered_at", "in_future", [](auto& in) { in.ordered_at = now + std::chrono::hours(1); }},
        {"/ordered_at", "too_early", [](auto& in) { in.ordered_at = Instant{}; }},
        {"/fulfilled_by", "unknown_value",
         [](auto& in) { in.fulfilled_by = FulfilledBy::unknown; }},
        {"/state", "not_at_the_start", [](auto& in) { in.state = OrderState::cancelled; }},
        {"/state", "not_at_the_start",
         [](auto& in) {
             in.kind = OrderKind::adjustment;
             in.state = OrderState::delivered;
         }},
        {"/currency", "unknown_currency", [](auto& in) { in.currency = "XYZ"; }},
        {"/ship_country", "unknown_country", [](auto& in) { in.ship_country = "de"; }},
        {"/marketplace_id", "unknown_marketplace", [](auto& in) { in.marketplace_id = "FR"; }},
        {"/grand_total", "invalid_amount",
         [](auto& in) { in.grand_total = Decimal::parse("1.001"); }},
        {"/lines", "length", [](auto& in) { in.lines.clear(); }},
        {"/lines", "length",
         [](auto& in) { in.lines.resize(new_lines_max + 1, in.lines.front()); }},
        {"/lines/0/seller_sku", "required", [](auto& in) { in.lines[0].seller_sku.reset(); }},
        {"/lines/0/seller_sku", "length", [](auto& in) { in.lines[0].seller_sku = ""; }},
        {"/lines/0/sku_code", "one_of", [](auto& in) { in.lines[0].sku_code = "MUG"; }},
        {"/lines/0/title", "length", [](auto& in) { in.lines[0].title = std::string(501, 'x'); }},
        {"/lines/0/quantity", "out_of_range", [](auto& in) { in.lines[0].quantity = 0; }},
        {"/lines/0/quantity", "out_of_range", [](auto& in) { in.lines[0].quantity = -1; }},
        {"/lines/0/quantity", "out_of_range", [](auto& in) { in.lines[0].quantity = 1'000'001; }},
        {"/lines/0/quantity", "out_of_range", [](auto& in) { in.kind = OrderKind::cancellation; }},
        {"/lines/0/unit_price", "required", [](auto& in) { in.lines[0].unit_price.reset(); }},
        {"/lines/0/unit_price", "negative", price("-0.01")},
        {"/lines/0/unit_price", "out_of_range", price("1000000000000.01")},
        {"/lines/0/unit_price", "out_of_range",
         [](auto& in) {
             in.lines[0].quantity = 1'000'000;
             in.lines[0].unit_price = Decimal::parse("1000000000");
         }},
        {"/lines/0/tax", "invalid_amount",
         [](auto& in) { in.lines[0].tax = Decimal::parse("0.001"); }},
        {"/lines/0/tax", "invalid_amount",
         [](auto& in) { in.lines[0].tax = Decimal::parse("99999999999999999999"); }},
        {"/lines/0/shipping", "negative",
         [](auto& in) { in.lines[0].shipping = Decimal::parse("-1"); }},
        {"/lines/0/discount", "negative",
         [](auto& in) { in.lines[0].discount = Decimal::parse("-1"); }},
    };
    for (const Case& each : cases) {
        NewOrder in = good();
        each.spoil(in);
        const auto out = check(in);
        ASSERT_TRUE(out.has_error()) << each.pointer << ' ' << each.code;
        ASSERT_EQ(out.error().fields.size(), 1U) << each.pointer << ' ' << each.code;
        EXPECT_EQ(out.error().fields[0].pointer, each.pointer);
        EXPECT_EQ(out.error().fields[0].code, each.code) << each.pointer;
    }
}

TEST(OrdersNewOrder, all_faults_are_told_at_once) {
    NewOrder in = good();
    in.currency = "?";
    in.lines.push_back(in.lines[0]);
    in.lines[0].quantity = 0;
    in.lines[1].unit_price.reset();
    const auto out = check(in);
    ASSERT_TRUE(out.has_error());
    EXPECT_EQ(out.error().fields.size(), 3U);
}

TEST(OrdersNewOrder, a_marketplace_is_named_where_a_shop_has_several) {
    EXPECT_EQ(checked_order(good(), now, {"DE", "FR"}).error().fields.at(0).pointer,
              "/marketplace_id");
    NewOrder in = good();
    in.marketplace_id = "FR";
    EXPECT_EQ(checked_order(in, now, {"DE", "FR"})->marketplace_id, "FR");
}

TEST(OrdersNewOrder, our_numbers_tell_the_day) {
    const std::string one = made_number(now), other = made_number(now);
    EXPECT_EQ(one.size(), 15U);
    EXPECT_TRUE(one.starts_with("M-261122-")) << one;
    EXPECT_NE(one, other);
}

}  // namespace
}  // namespace entrepot::orders
