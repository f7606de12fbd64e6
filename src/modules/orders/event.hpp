// The two events of this module, written and read.
#pragma once

#include "modules/orders/orders.hpp"

namespace entrepot::orders {

/// {"order_ids":[…]}, as many events as it takes at 1,000 ids each.
void emit_orders(pg::Transaction& tx, const Context& ctx, std::string_view event,
                 const std::vector<OrderId>& ids);

}  // namespace entrepot::orders
