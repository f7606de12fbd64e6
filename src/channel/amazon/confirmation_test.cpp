// The body of confirmShipment: its types, and what never leaves the house.
#include "channel/amazon/confirmation.hpp"

#include <gtest/gtest.h>

namespace entrepot::amazon {
namespace {

constexpr Instant day = Instant{std::chrono::sys_days{std::chrono::year{2026} / 11 / 20}};

fulfil::Confirmation good() {
    fulfil::Confirmation out{};
    out.channel_order_id = "114-1/ä";
    out.marketplace_id = "ATVPDKIKX0DER";
    out.reference = 12;
    out.carrier_code = "UPS";
    out.shipping_method = "Ground";
    out.tracking_number = "1Z999";
    out.ship_date = day + std::chrono::hours(3);
    out.ordered_at = day;
    out.lines = {{"0815", 2}};
    return out;
}

TEST(AmazonConfirmation, has_the_types_of_the_model) {
    EXPECT_EQ(*confirmation_body(good()),
              R"({"marketplaceId":"ATVPDKIKX0DER","packageDetail":{"packageReferenceId":"12",)"
              R"("carrierCode":"UPS","trackingNumber":"1Z999",)"
              R"("shipDate":"2026-11-20T03:00:00Z","orderItems":[{"orderItemId":"0815",)"
              R"("quantity":2}],"shippingMethod":"Ground"}})");
    auto other = good();
    other.carrier_code = "Other";
    other.carrier_name = "Boat";
    EXPECT_NE(confirmation_body(other)->find(R"("carrierName":"Boat")"), std::string::npos);
    EXPECT_EQ(confirmation_path("114-1/ä"),
              "/orders/v0/orders/114-1%2F%C3%A4/shipmentConfirmation");
}

TEST(AmazonConfirmation, what_amazon_would_refuse_is_refused_in_words) {
    const std::vector<std::function<void(fulfil::Confirmation&)>> broken{
        [](auto& c) { c.reference = 0; },
        [](auto& c) { c.marketplace_id = ""; },
        [](auto& c) { c.carrier_code = ""; },
        [](auto& c) { c.carrier_code = "Other"; },
        [](auto& c) { c.tracking_number = ""; },
        [](auto& c) { c.ship_date = c.ordered_at - std::chrono::seconds(1); },
        [](auto& c) { c.lines.clear(); },
        [](auto& c) { c.lines[0].quantity = 0; },
        [](auto& c) { c.lines[0].channel_line_id = ""; }};
    for (const auto& breaks : broken) {
        auto one = good();
        breaks(one);
        const auto body = confirmation_body(one);
        ASSERT_TRUE(body.has_error());
        EXPECT_FALSE(body.error().detail.empty());
    }
}

TEST(AmazonConfirmation, a_parcel_is_known_by_number_and_tracking) {
    orders::IncomingOrder order;
    EXPECT_FALSE(has_parcel(order, good()));
    order.packages = {{"12", "UPS", "OTHER", "", {}, {}}, {"13", "UPS", "1Z999", "", {}, {}}};
    EXPECT_FALSE(has_parcel(order, good()));
    order.packages.push_back({"12", "UPS", "1Z999", "", {}, {}});
    EXPECT_TRUE(has_parcel(order, good()));
}

}  // namespace
}  // namespace entrepot::amazon
