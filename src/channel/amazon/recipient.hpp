// Just in time: the buyer's data of one order, asked for when somebody will ship it, and handed to
// the vault as it came.
#pragma once

#include "channel/amazon/opened_shop.hpp"
#include "modules/fulfil/fulfil.hpp"
#include "vault/vault.hpp"

namespace entrepot::amazon {

/// Fetches and seals, unless the order has a capsule or had one. Returns when to try again; nothing
/// when it is settled: sealed, not granted, not this channel's, or not to be shipped any more.
Awaitable<std::optional<Instant>> fetch_recipient(Link& link, const fulfil::ShipmentRef& shipment);

/// Where a getOrder reply (Orders 2026-01-01) has which field.
std::vector<vault::Source> recipient_sources();
/// getOrder with the buyer's data and nothing else that we do not need.
std::string recipient_path(std::string_view order_id);

}  // namespace entrepot::amazon
