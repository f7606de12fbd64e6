// What may happen to a shipment, and why not. Pure.
#pragma once

#include <array>

#include "modules/fulfil/fulfil.hpp"
#include "modules/orders/orders.hpp"

namespace entrepot::fulfil {

inline constexpr std::size_t shipment_state_count = 6;

/// One row per state: the states that it may move to. The diagram in README.md is printed from it.
struct ShipmentMoves {
    ShipmentState from;
    std::array<bool, shipment_state_count> to;
};

namespace detail {
constexpr ShipmentMoves moves(ShipmentState from, std::initializer_list<ShipmentState> to) {
    ShipmentMoves out{from, {}};
    for (const ShipmentState state : to) out.to[static_cast<std::size_t>(state)] = true;
    return out;
}
}  // namespace detail

/// shipped → confirming is a correction: the channel is told again under the same reference.
inline constexpr std::array<ShipmentMoves, shipment_state_count> shipment_transitions{{
    detail::moves(ShipmentState::released,
                  {ShipmentState::confirming, ShipmentState::shipped, ShipmentState::cancelled}),
    detail::moves(ShipmentState::confirming, {ShipmentState::shipped, ShipmentState::failed}),
    detail::moves(ShipmentState::shipped, {ShipmentState::delivered, ShipmentState::confirming}),
    detail::moves(ShipmentState::delivered, {}),
    detail::moves(ShipmentState::cancelled, {}),
    detail::moves(ShipmentState::failed,
                  {ShipmentState::confirming, ShipmentState::shipped, ShipmentState::cancelled}),
}};

constexpr bool may_move(ShipmentState from, ShipmentState to) {
    return shipment_transitions[static_cast<std::size_t>(from)].to[static_cast<std::size_t>(to)];
}
static_assert(!may_move(ShipmentState::confirming, ShipmentState::cancelled));
static_assert(!may_move(ShipmentState::delivered, ShipmentState::shipped));
static_assert(!may_move(ShipmentState::cancelled, ShipmentState::confirming));

/// The table as a Mermaid diagram.
std::string shipment_diagram();

/// Nothing when something of the order may be released, else why not.
std::optional<Error> why_not_release(const orders::DispatchOrder& order);

/// Units of a line.
struct LineQuantity {
    std::int64_t line_no;
    std::int64_t quantity;
};
BOOST_DESCRIBE_STRUCT(LineQuantity, (), (line_no, quantity))

/// What may still be released: ordered less cancelled, shipped, and in shipments that the order
/// does not count yet. Lines of goods with something left, in their order.
std::vector<LineQuantity> left_to_release(const orders::DispatchOrder& order,
                                          const std::vector<LineQuantity>& counted);
/// What is asked for, or everything when nothing is named; refused when more is asked for than is
/// left, or a line is named that has nothing to send.
Result<std::vector<LineQuantity>> lines_to_release(
    const std::vector<LineQuantity>& left, const std::optional<std::vector<LineQuantity>>& asked);

/// Carrier and tracking as a person entered them, checked.
struct Dispatch {
    std::string carrier_code;
    std::string carrier_name;
    std::string shipping_method;
    std::string tracking_number;
    Instant ship_date;
};
struct DispatchInput {
    std::string carrier_code;
    std::optional<std::string> carrier_name;
    std::optional<std::string> shipping_method;
    std::string tracking_number;
    std::optional<Instant> ship_date;
};
/// Field errors for what no marketplace takes: "Other" without a name, a tracking number that is
/// not 1 to 50 printable ASCII characters, a date in the future or before the order.
Result<Dispatch> checked_dispatch(const DispatchInput& in, Instant ordered_at, Instant now);

/// The number of a new parcel: one more than any that the order has.
std::int64_t next_reference(std::int64_t highest_of_shipments,
                            const std::vector<orders::DispatchParcel>& parcels);

/// What a shipment is, as far as rules ask.
struct ShipmentStanding {
    ShipmentState state;
    std::int64_t reference;
    std::string tracking_number;
    bool entered;    ///< carrier, tracking and date are there
    bool ever_sent;  ///< it has been shipped once
    bool counts;
    std::vector<LineQuantity> lines;
};
/// "enter", "confirm", "deliver", "cancel": what a person may do now.
std::optional<Error> why_not_enter(const ShipmentStanding& shipment);
std::optional<Error> why_not_confirm(const ShipmentStanding& shipment,
                                     const orders::DispatchOrder& order);
std::optional<Error> why_not_deliver(const ShipmentStanding& shipment);
std::optional<Error> why_not_cancel(const ShipmentStanding& shipment);

/// What the order's own news mean for a shipment of it.
struct Consequence {
    std::optional<ShipmentState> to;
    bool counts = true;
    std::string detail;
    std::optional<Instant> delivered_at;
};
Consequence consequence_of(const ShipmentStanding& shipment, const orders::DispatchOrder& order,
                           Instant now);

std::string state_text(ShipmentState state);

}  // namespace entrepot::fulfil
