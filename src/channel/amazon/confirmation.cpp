// Built member by member; nothing reaches the wire that was not named here.
#include "channel/amazon/confirmation.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "base/text.hpp"
#include "channel/amazon/amazon.hpp"

namespace entrepot::amazon {
namespace json = boost::json;
namespace {
constexpr std::string_view other_carrier = "Other";

/// What is missing, in words for the person who ships; empty when nothing is.
std::string missing(const fulfil::Confirmation& what) {
    if (what.reference < 1) return "The parcel has no number.";
    if (what.marketplace_id.empty())
        return "The order has no marketplace; read it again from Amazon.";
    if (what.carrier_code.empty()) return "Enter the carrier.";
    if (what.carrier_code == other_carrier && what.carrier_name.empty())
        return "Enter the carrier's name: Amazon wants it when the carrier is Other.";
    if (what.tracking_number.empty())
        return "Enter the tracking number: Amazon takes no parcel without one.";
    if (what.ship_date < what.ordered_at)
        return "Correct the date: the parcel cannot have left before the order was made.";
    if (what.lines.empty()) return "The order's lines have changed; release it again.";
    for (const fulfil::ConfirmedLine& line : what.lines)
        if (line.channel_line_id.empty() || line.quantity < 1)
            return "A line of the parcel is not one of Amazon's; release the order again.";
    return {};
}
}  // namespace

std::string confirmation_path(std::string_view order_id) {
    return "/orders/v0/orders/" + text::percent_encode(order_id) + "/shipmentConfirmation";
}

Result<std::string> confirmation_body(const fulfil::Confirmation& what) {
    if (const std::string words = missing(what); !words.empty())
        return make_error(errors::bad_request, words);
    json::array items;
    for (const fulfil::ConfirmedLine& line : what.lines)
        items.push_back(
            json::object{{"orderItemId", line.channel_line_id}, {"quantity", line.quantity}});
    json::object package{{"packageReferenceId", std::to_string(what.reference)},
                         {"carrierCode", what.carrier_code},
                         {"trackingNumber", what.tracking_number},
                         {"shipDate", format_instant(what.ship_date)},
                         {"orderItems", std::move(items)}};
    if (!what.carrier_name.empty()) package["carrierName"] = what.carrier_name;
    if (!what.shipping_method.empty()) package["shippingMethod"] = what.shipping_method;
    return json::serialize(json::object{{"marketplaceId", what.marketplace_id},
                                        {"packageDetail", std::move(package)}});
}

bool has_parcel(const orders::IncomingOrder& order, const fulfil::Confirmation& what) {
    const std::string reference = std::to_string(what.reference);
    return std::any_of(order.packages.begin(), order.packages.end(), [&](const auto& package) {
        return package.reference == reference && package.tracking_number == what.tracking_number;
    });
}

}  // namespace entrepot::amazon
