// Telling Amazon that a parcel has left. May be interrupted at any point and called again: what may
// have been heard is looked up before it is said a second time.
#pragma once

#include "channel/amazon/opened_shop.hpp"
#include "channel/amazon/transport.hpp"
#include "modules/fulfil/fulfil.hpp"

namespace entrepot::amazon {

/// One attempt. Returns when to try again; nothing when it is settled or none of this channel's.
Awaitable<std::optional<Instant>> confirm_parcel(Link& link, const fulfil::ShipmentRef& shipment);

}  // namespace entrepot::amazon
