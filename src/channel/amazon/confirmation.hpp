// The body of confirmShipment, and whether an order already has the parcel. Pure.
#pragma once

#include <string>

#include "modules/fulfil/fulfil.hpp"
#include "modules/orders/orders.hpp"

namespace entrepot::amazon {

/// The body as the model wants it: packageReferenceId is a string of a positive number, orderItems
/// is an array even of one item. What Amazon would refuse is refused here, in words that say what
/// to mend (spapi-facts §9, pitfall 8).
Result<std::string> confirmation_body(const fulfil::Confirmation& what);
/// Path of the operation for an order.
std::string confirmation_path(std::string_view order_id);

/// Whether the order that Amazon shows has this very parcel: a reply that was lost is then no
/// reason to say it again.
bool has_parcel(const orders::IncomingOrder& order, const fulfil::Confirmation& what);

}  // namespace entrepot::amazon
