// Rules without a database: sums, hash, problems, filters, cells.
#include <gtest/gtest.h>

#include "modules/orders/acts.hpp"
#include "modules/orders/evaluation.hpp"
#include "modules/orders/filter.hpp"
#include "modules/orders/sheet.hpp"
#include "modules/orders/suggest.hpp"

namespace entrepot::orders {
namespace {

IncomingOrder order_of(std::vector<IncomingLine> lines) {
    IncomingOrder order;
    order.channel_order_id = "1";
    order.state = OrderState::unshipped;
    order.currency = "USD";
    order.lines = std::move(lines);
    return order;
}
IncomingLine line_of(const std::string& sku, std::int64_t item, LineKind kind = LineKind::goods) {
    IncomingLine line;
    line.seller_sku = sku;
    line.kind = kind;
    line.quantity_ordered = 2;
    line.amounts.item = item;
    return line;
}
const auto all_mapped = [](const std::string&) { return true; };
const auto none_mapped = [](const std::string&) { return false; };

TEST(OrdersRules, sums_come_from_the_lines) {
    IncomingLine rich = line_of("A", 1000);
    rich.amounts = {1000, 200, 30, 80, 110, -5};
    const auto sums = sums_of({rich, line_of("POST", 500, LineKind::postage)});
    EXPECT_EQ(sums.amounts.total(), 1000 + 200 + 30 + 80 - 110 - 5 + 500);
    EXPECT_EQ(sums.lines, 2);
    EXPECT_EQ(sums.units, 2) << "postage is no unit";
}

TEST(OrdersRules, the_hash_sees_every_field_but_the_channels_clock) {
    const IncomingOrder base = order_of({line_of("A", 1000)});
    const std::string hash = content_hash(base);
    IncomingOrder same = base;
    same.channel_updated_at = Instant{std::chrono::hours(1)};
    EXPECT_EQ(content_hash(same), hash);
    using Change = void (*)(IncomingOrder&);
    const std::array<Change, 22> changes{
        [](IncomingOrder& o) { o.kind = OrderKind::replacement; },
        [](IncomingOrder& o) { o.ordered_at += std::chrono::seconds(1); },
        [](IncomingOrder& o) { o.channel_state = "x"; },
        [](IncomingOrder& o) { o.state = OrderState::shipped; },
        [](IncomingOrder& o) { o.fulfilled_by = FulfilledBy::channel; },
        [](IncomingOrder& o) { o.marketplace_id = "x"; },
        [](IncomingOrder& o) { o.ship_country = ""; },
        [](IncomingOrder& o) { o.currency = "EUR"; },
        [](IncomingOrder& o) { o.grand_total = 0; },
        [](IncomingOrder& o) { o.programs = {"a"}; },
        [](IncomingOrder& o) { o.ship_by_from = Instant{}; },
        [](IncomingOrder& o) { o.ship_by_to = Instant{}; },
        [](IncomingOrder& o) { o.deliver_by_from = Instant{}; },
        [](IncomingOrder& o) { o.deliver_by_to = Instant{}; },
        [](IncomingOrder& o) { o.lines.clear(); },
        [](IncomingOrder& o) { o.lines[0].seller_sku = "B"; },
        [](IncomingOrder& o) { o.lines[0].title = "B"; },
        [](IncomingOrder& o) { o.lines[0].quantity_shipped = 1; },
        [](IncomingOrder& o) { o.lines[0].unit_price = Decimal::from_integer(1); },
        [](IncomingOrder& o) { o.lines[0].amounts.discount = 1; },
        [](IncomingOrder& o) { o.packages.push_back({}); },
        [](IncomingOrder& o) { o.lines.push_back(o.lines[0]); }};
    std::vector<std::string> seen{hash};
    for (const Change change : changes) {
        IncomingOrder other = base;
        change(other);
        const std::string changed = content_hash(other);
        EXPECT_EQ(std::count(seen.begin(), seen.end(), changed), 0);
        seen.push_back(changed);
    }
}

TEST(OrdersRules, problems_name_what_is_wrong) {
    IncomingOrder order = order_of({line_of("B", 1000), line_of("A", 500), line_of("A", 500),
                                    line_of("POST", 100, LineKind::postage)});
    order.grand_total = 2100;
    EXPECT_TRUE(problems_of(order, sums_of(order.lines), std::nullopt, all_mapped).empty());
    const auto missing = problems_of(order, sums_of(order.lines), std::nullopt, none_mapped);
    ASSERT_EQ(missing.size(), 2U) << "one for each SKU, none for postage";
    EXPECT_EQ(missing[0].subject, "A");
    order.state = OrderState::cancelled;
    EXPECT_TRUE(problems_of(order, sums_of(order.lines), std::nullopt, none_mapped).empty());
    order.grand_total = 2099;
    order.state = OrderState::unshipped;
    order.currency = "XQZ";
    const auto wrong = problems_of(order, sums_of(order.lines), OrderState::shipped, all_mapped);
    ASSERT_EQ(wrong.size(), 3U);
    EXPECT_EQ(wrong[0].kind, ExceptionKind::money_mismatch);
    EXPECT_EQ(wrong[1].kind, ExceptionKind::illegal_transition);
    EXPECT_EQ(wrong[1].subject, "shipped to unshipped");
    EXPECT_EQ(wrong[2].kind, ExceptionKind::currency_unknown);
    EXPECT_EQ(wrong[0].detail.find("20"), std::string::npos) << "no amounts in words";
}

TEST(OrdersRules, a_pending_order_without_currency_has_no_total) {
    IncomingOrder order = order_of({line_of("A", 0)});
    order.currency.reset();
    EXPECT_FALSE(grand_total_of(order, sums_of(order.lines)).has_value());
    order.currency = "USD";
    EXPECT_EQ(grand_total_of(order, sums_of(order.lines)), 0);
}

TEST(OrdersRules, texts_that_cannot_be_stored_are_repaired) {
    IncomingOrder order = order_of({line_of("A", 0)});
    EXPECT_FALSE(repaired(order).has_value());
    order.lines[0].title = std::string("a\0b\xFFz\xC3\xA9", 7);
    const auto whole = repaired(order);
    ASSERT_TRUE(whole.has_value());
    EXPECT_EQ(whole->lines[0].title,
              "a\xEF\xBF\xBD"
              "b\xEF\xBF\xBDz\xC3\xA9");
}

TEST(OrdersRules, the_first_line_of_goods_stands_for_the_order) {
    const IncomingOrder order = order_of({line_of("POST", 1, LineKind::postage), line_of("A", 1)});
    EXPECT_EQ(first_line_of(order)->seller_sku, "A");
    EXPECT_EQ(first_line_of(order_of({})), nullptr);
}

TEST(OrdersRules, drivers_are_chosen_by_shape) {
    Selection s;
    EXPECT_EQ(driver_of(s, Sort::newest), Driver::all);
    s.states = {OrderState::pending, OrderState::unshipped};
    EXPECT_EQ(driver_of(s, Sort::newest), Driver::open);
    s.states->push_back(OrderState::shipped);
    EXPECT_EQ(driver_of(s, Sort::newest), Driver::all);
    s.shops.emplace();
    EXPECT_EQ(driver_of(s, Sort::newest), Driver::shops);
    EXPECT_EQ(driver_of(s, Sort::updated), Driver::all);
    s.held = true;
    EXPECT_EQ(driver_of(s, Sort::newest), Driver::held);
    s.by_sku = true;
    EXPECT_EQ(driver_of(s, Sort::newest), Driver::sku);
    s.by_text = true;
    EXPECT_EQ(driver_of(s, Sort::updated), Driver::text);
}

TEST(OrdersRules, periods_take_days_and_moments) {
    OrderFilter filter;
    filter.from = "2026-11-01";
    filter.to = "2026-11-30";
    const auto days = parse_period(filter);
    EXPECT_EQ(format_instant(days->from), "2026-11-01T00:00:00Z");
    EXPECT_EQ(format_instant(days->to), "2026-12-01T00:00:00Z") << "the last day is in";
    filter.to = "2026-11-30T00:00:00Z";
    EXPECT_EQ(format_instant(parse_period(filter)->to), "2026-11-30T00:00:00Z");
    filter.to = "soon";
    EXPECT_TRUE(parse_period(filter).has_error());
    filter.to = "2026-10-01";
    EXPECT_TRUE(parse_days(filter).has_error());
}

TEST(OrdersRules, prefixes_end_behind_every_text_that_has_them) {
    const std::string prefix = "AB";
    for (const char* text : {"AB", "ABC", "AB~", "AB\xF4\x8F\xBF\xBE"})
        EXPECT_TRUE(prefix <= text && text < end_of_prefix(prefix)) << text;
    EXPECT_FALSE(std::string("AC") < end_of_prefix(prefix));
    EXPECT_TRUE(parse_text("ab").has_error());
    EXPECT_EQ(parse_text(" abC ")->size(), 2U);
    EXPECT_EQ(parse_text("ABC")->size(), 1U);
}

TEST(OrdersRules, formulas_are_disarmed) {
    for (const char* payload : {"=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1",
                                "=cmd|' /C calc'!A0", "=HYPERLINK(\"http://x\")",
                                "\xEF\xBC\x9D"
                                "1",
                                "\xEF\xBC\x8B"
                                "1",
                                "\xEF\xBC\x8D"
                                "1",
                                "\xEF\xBC\xA0"
                                "A"})
        EXPECT_EQ(formula_safe(payload), std::string("'") + payload);
    for (const char* harmless : {"", "A=1", "1-2", "a@b", "'=1", "中文"})
        EXPECT_EQ(formula_safe(harmless), harmless);
    std::string csv;
    append_csv(csv, {std::string("=A\"B"), std::int64_t{-5}, Number{"-1.20"}, std::monostate{},
                     std::string("a,b")});
    EXPECT_EQ(csv, "\"'=A\"\"B\",-5,-1.20,,\"a,b\"\r\n");
}

TEST(OrdersRules, people_may_do_what_makes_sense) {
    LockedOrder order{};
    order.state = OrderState::unshipped;
    order.fulfilled_by = FulfilledBy::merchant;
    EXPECT_FALSE(why_not(BulkAction::hold, order, ""));
    EXPECT_EQ(why_not(BulkAction::release, order, "")->code, errors::not_held);
    order.held = true;
    EXPECT_EQ(why_not(BulkAction::hold, order, "")->code, errors::already_held);
    EXPECT_FALSE(why_not(BulkAction::release, order, ""));
    order.held = false;
    order.state = OrderState::shipped;
    EXPECT_EQ(why_not(BulkAction::hold, order, "")->code, errors::nothing_to_hold);
    order.fulfilled_by = FulfilledBy::channel;
    EXPECT_EQ(why_not(BulkAction::hold, order, "")->code, errors::fulfilled_by_channel);
    order.tags.assign(tags_max, "x");
    EXPECT_EQ(why_not(BulkAction::add_tag, order, "y")->code, errors::too_many_tags);
    EXPECT_FALSE(why_not(BulkAction::add_tag, order, "x"));
    EXPECT_TRUE(checked_tag("a,b", "/tag").has_error());
    EXPECT_TRUE(checked_tag("  ", "/tag").has_error());
    EXPECT_EQ(*checked_tag(" vip ", "/tag"), "vip");
}

TEST(OrdersRules, bare_codes_compare_letters_and_digits) {
    EXPECT_EQ(bare_code("Ab-12 c"), "AB12C");
    EXPECT_EQ(bare_code("--"), "");
}

}  // namespace
}  // namespace entrepot::orders
