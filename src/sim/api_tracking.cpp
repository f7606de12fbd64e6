// A tracking service that is no part of the marketplace: POST /tracking/v1/events.
// It is told three things; a request that tells it more is a mistake, and it says so.
#include <algorithm>
#include <array>
#include <boost/json.hpp>

#include "sim/simulator.hpp"

namespace entrepot::sim {

namespace json = boost::json;

Response Simulator::track(const Request& request) {
    constexpr std::array<std::string_view, 3> members{"order_id", "tracking_number", "carrier"};
    if (auto struck = strike_before("tracking", "*")) return std::move(*struck);
    boost::system::error_code error;
    const json::value body = json::parse(request.body, error);
    if (request.method != "POST" || error || !body.is_object() || !request.query.empty())
        return bad_input("A JSON object is expected.");
    for (const auto& member : body.get_object())
        if (std::find(members.begin(), members.end(), member.key()) == members.end())
            return bad_input("Nobody asked for '" + std::string(member.key()) + "'.");
    for (const std::string_view name : members) {
        const json::value* value = body.get_object().if_contains(name);
        if (value == nullptr || !value->is_string() || value->get_string().empty())
            return bad_input("The member '" + std::string(name) + "' is missing.");
    }
    const auto tracking = json::value_to<std::string>(body.at("tracking_number"));
    const auto parcel = world_->find_parcel(tracking);
    std::string out;
    JsonWriter writer(out);
    writer.begin_object();
    writer.member("tracking_number", tracking);
    if (!parcel)
        writer.member("status", "UNKNOWN");
    else
        writer.member("status", parcel->delivered != 0 ? "DELIVERED"
                                : parcel->moving != 0  ? "IN_TRANSIT"
                                                       : "PENDING");
    if (parcel && parcel->delivered != 0)
        writer.member("delivered_at", iso_millis(parcel->delivered));
    writer.end_object();
    return json_response(std::move(out));
}

}  // namespace entrepot::sim
