// Decisions of dispatch without a database.
#include "modules/fulfil/rules.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace entrepot::fulfil {
namespace {
using orders::FulfilledBy;
using orders::OrderState;

constexpr Instant ordered = Instant{std::chrono::sys_days{std::chrono::year{2026} / 11 / 20}};
constexpr Instant now = ordered + std::chrono::days(2);

orders::DispatchOrder order_of(std::int64_t ordered_units = 3) {
    orders::DispatchOrder out{};
    out.channel_order_id = "114-1";
    out.kind = orders::OrderKind::sale;
    out.ordered_at = ordered;
    out.state = OrderState::unshipped;
    out.fulfilled_by = FulfilledBy::merchant;
    out.source_channel = "amazon";
    out.lines = {{1, "L1", "SKU-1", "Cup", orders::LineKind::goods, ordered_units, 0, 0},
                 {2, "L2", "POST", "Postage", orders::LineKind::postage, 1, 0, 0}};
    return out;
}
ShipmentStanding standing(ShipmentState state) {
    return {state, 1, "1Z1", true, false, true, {{1, 2}}};
}
std::string code_of(const std::optional<Error>& error) {
    return error ? std::string(error->code.name) : "";
}

TEST(FulfilRules, readme_shows_the_table_of_moves) {
    std::ifstream file(std::string(ENTREPOT_SOURCE_DIR) + "/src/modules/fulfil/README.md");
    std::stringstream text;
    text << file.rdbuf();
    EXPECT_NE(text.str().find(shipment_diagram()), std::string::npos) << shipment_diagram();
}

TEST(FulfilRules, only_what_this_house_has_to_send_is_released) {
    const auto with = [](auto change) {
        auto order = order_of();
        change(order);
        return code_of(why_not_release(order));
    };
    EXPECT_EQ(with([](auto&) {}), "");
    EXPECT_EQ(with([](auto& o) { o.state = OrderState::partially_shipped; }), "");
    EXPECT_EQ(with([](auto& o) { o.fulfilled_by = FulfilledBy::channel; }), "fulfil.not_ours");
    EXPECT_EQ(with([](auto& o) { o.fulfilled_by = FulfilledBy::unknown; }), "fulfil.not_ours");
    EXPECT_EQ(with([](auto& o) { o.held = true; }), "fulfil.order_held");
    EXPECT_EQ(with([](auto& o) { o.source_channel = "file"; }), "fulfil.moved_by_file");
    EXPECT_EQ(with([](auto& o) { o.pii_state = "erased"; }), "fulfil.buyer_erased");
    EXPECT_EQ(with([](auto& o) { o.pii_state = "restricted"; }), "fulfil.buyer_restricted");
    EXPECT_EQ(with([](auto& o) {
                  o.pii_state = "erased";
                  o.own = true;
              }),
              "");
    EXPECT_EQ(with([](auto& o) { o.kind = orders::OrderKind::cancellation; }),
              "fulfil.order_not_ready");
    for (const OrderState state :
         {OrderState::pending, OrderState::shipped, OrderState::delivered, OrderState::cancelled,
          OrderState::unfulfillable, OrderState::unknown})
        EXPECT_EQ(with([&](auto& o) { o.state = state; }), "fulfil.order_not_ready");
}

TEST(FulfilRules, what_is_left_is_ordered_less_cancelled_shipped_and_released) {
    auto order = order_of(10);
    order.lines[0].quantity_shipped = 2;
    order.lines[0].quantity_cancelled = 1;
    const auto left = left_to_release(order, {{1, 3}});
    ASSERT_EQ(left.size(), 1U) << "postage is not sent";
    EXPECT_EQ(left[0].quantity, 4);
    EXPECT_TRUE(left_to_release(order, {{1, 7}}).empty());
    EXPECT_TRUE(left_to_release(order, {{1, 70}}).empty());
}

TEST(FulfilRules, nobody_releases_more_than_is_left) {
    const std::vector<LineQuantity> left{{1, 4}};
    using Asked = std::optional<std::vector<LineQuantity>>;
    const auto ask = [&](Asked asked) {
        const auto out = lines_to_release(left, asked);
        return out.has_error() ? std::string(out.error().code.name)
                               : std::to_string(out->front().quantity);
    };
    EXPECT_EQ(ask(std::nullopt), "4");
    EXPECT_EQ(ask(Asked{{{1, 2}}}), "2");
    for (const Asked& wrong : {Asked{{{1, 5}}}, Asked{{{1, 0}}}, Asked{{{1, -1}}}, Asked{{{2, 1}}},
                               Asked{{{1, 1}, {1, 1}}}, Asked{{}}})
        EXPECT_EQ(ask(wrong), "fulfil.too_many_units");
    EXPECT_EQ(lines_to_release({}, std::nullopt).error().code, errors::nothing_left);
}

TEST(FulfilRules, what_a_marketplace_would_refuse_is_refused_at_the_field) {
    struct Case {
        DispatchInput in;
        std::string pointer;
    };
    const std::string long_number(51, '1');
    const std::vector<Case> cases{
        {{"UPS", {}, {}, "1Z999", {}}, ""},
        {{"UPS", {}, {}, " 1Z999 ", ordered}, ""},
        {{"Other", "Boat", {}, "1Z999", {}}, ""},
        {{"UPS", {}, {}, "1Z999", now + std::chrono::minutes(5)}, ""},
        {{"", {}, {}, "1Z999", {}}, "/carrier_code"},
        {{"U\nPS", {}, {}, "1Z999", {}}, "/carrier_code"},
        {{"Other", {}, {}, "1Z999", {}}, "/carrier_name"},
        {{"Other", " ", {}, "1Z999", {}}, "/carrier_name"},
        {{"UPS", {}, {}, "", {}}, "/tracking_number"},
        {{"UPS", {}, {}, "1Z 999", {}}, "/tracking_number"},
        {{"UPS", {}, {}, "1Z\xC3\xA4", {}}, "/tracking_number"},
        {{"UPS", {}, {}, long_number, {}}, "/tracking_number"},
        {{"UPS", {}, std::string(101, 'x'), "1Z999", {}}, "/shipping_method"},
        {{"UPS", {}, {}, "1Z999", now + std::chrono::minutes(11)}, "/ship_date"},
        {{"UPS", {}, {}, "1Z999", ordered - std::chrono::seconds(1)}, "/ship_date"}};
    for (const Case& one : cases) {
        const auto out = checked_dispatch(one.in, ordered, now);
        EXPECT_EQ(out.has_error() ? out.error().fields.at(0).pointer : "", one.pointer);
        if (out.has_value()) EXPECT_LE(out->ship_date, now);
    }
}

TEST(FulfilRules, a_new_parcel_has_a_number_that_no_other_has) {
    EXPECT_EQ(next_reference(0, {}), 1);
    EXPECT_EQ(next_reference(3, {}), 4);
    EXPECT_EQ(next_reference(1, {{"7", "", false, {}}, {"abc", "", false, {}}}), 8);
}

TEST(FulfilRules, acts_follow_the_state) {
    const auto order = order_of();
    struct Row {
        ShipmentState state;
        bool enter, confirm, deliver, cancel;
    };
    for (const Row& row : {Row{ShipmentState::released, true, true, false, true},
                           Row{ShipmentState::confirming, false, false, false, false},
                           Row{ShipmentState::shipped, true, false, true, false},
                           Row{ShipmentState::delivered, false, false, false, false},
                           Row{ShipmentState::cancelled, false, false, false, false},
                           Row{ShipmentState::failed, true, true, false, true}}) {
        const auto s = standing(row.state);
        EXPECT_EQ(!why_not_enter(s), row.enter) << state_text(row.state);
        EXPECT_EQ(!why_not_confirm(s, order), row.confirm) << state_text(row.state);
        EXPECT_EQ(!why_not_deliver(s), row.deliver) << state_text(row.state);
        EXPECT_EQ(!why_not_cancel(s), row.cancel) << state_text(row.state);
    }
    auto unnamed = standing(ShipmentState::released);
    unnamed.entered = false;
    EXPECT_EQ(code_of(why_not_confirm(unnamed, order)), "fulfil.not_entered");
    auto held = order;
    held.held = true;
    EXPECT_EQ(code_of(why_not_confirm(standing(ShipmentState::released), held)),
              "fulfil.order_held");
    auto sent = standing(ShipmentState::failed);
    sent.ever_sent = true;
    EXPECT_EQ(code_of(why_not_cancel(sent)), "fulfil.illegal_move")
        << "a refused correction does not bring the parcel back";
}

TEST(FulfilRules, a_shipment_follows_its_order) {
    const auto what = [](ShipmentState state, auto change) {
        auto order = order_of();
        change(order);
        const auto out = consequence_of(standing(state), order, now);
        return (out.to ? state_text(*out.to) : "-") + (out.counts ? "+" : "");
    };
    const auto cancelled = [](auto& o) { o.state = OrderState::cancelled; };
    const auto elsewhere = [](auto& o) { o.lines[0].quantity_shipped = 2; };
    const auto seen = [](auto& o) {
        o.lines[0].quantity_shipped = 2;
        o.parcels = {{"1", "1Z1", false, {}}};
    };
    const auto arrived = [](auto& o) { o.parcels = {{"9", "1Z1", true, now}}; };
    const auto nothing = [](auto&) {};
    EXPECT_EQ(what(ShipmentState::released, nothing), "-+");
    EXPECT_EQ(what(ShipmentState::released, cancelled), "cancelled");
    EXPECT_EQ(what(ShipmentState::released, elsewhere), "cancelled");
    EXPECT_EQ(what(ShipmentState::failed, cancelled), "cancelled");
    EXPECT_EQ(what(ShipmentState::failed, seen), "shipped") << "the refusal was none";
    EXPECT_EQ(what(ShipmentState::confirming, cancelled), "-+") << "its channel decides";
    EXPECT_EQ(what(ShipmentState::confirming, seen), "-+");
    EXPECT_EQ(what(ShipmentState::shipped, nothing), "-+") << "not yet in the order's own count";
    EXPECT_EQ(what(ShipmentState::shipped, seen), "-");
    EXPECT_EQ(what(ShipmentState::shipped, arrived), "delivered") << "known by its tracking number";
    EXPECT_EQ(what(ShipmentState::shipped, [](auto& o) { o.state = OrderState::delivered; }),
              "delivered");
    EXPECT_EQ(what(ShipmentState::delivered, nothing), "-+");
    EXPECT_EQ(what(ShipmentState::cancelled, seen), "-");
}

}  // namespace
}  // namespace entrepot::fulfil
