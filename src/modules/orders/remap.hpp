// Orders follow the mappings: lines get their SKU and exceptions close when a mapping comes, and
// open when it goes, without asking the channel again.
#pragma once

#include "modules/orders/orders.hpp"

namespace entrepot::orders {

inline constexpr std::string_view remap_kind = "orders.remap";

/// Handler of catalog.mapping_changed: looks at up to 500 orders, then leaves the rest to a job of
/// the same kind.
Awaitable<void> remap(Context& ctx, pg::Transaction& tx, const std::vector<jobs::Job>& work);

}  // namespace entrepot::orders
