// Orders from outside, as JSON: the --feed file and POST /admin/orders. Format: docs/marketsim.md.
#pragma once

#include <boost/json/value.hpp>
#include <string_view>
#include <vector>

#include "sim/order_plan.hpp"

namespace entrepot::sim {

/// Reads a feed, {"orders":[…]} or the array alone. Throws std::runtime_error naming the order and
/// the member that is wrong; nothing is guessed.
std::vector<OrderPlan> read_feed(std::string_view text, std::uint64_t seed);

/// One order of a feed. `created` is used where the order names no time. Throws as read_feed does.
OrderPlan read_feed_order(const boost::json::value& order, std::uint64_t seed, Millis created);

}  // namespace entrepot::sim
