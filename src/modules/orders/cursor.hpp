// Where a list goes on: a sealed position that nobody can make up, good for one tenant and one
// sort.
#pragma once

#include "modules/orders/filter.hpp"

namespace entrepot::orders {

std::string write_cursor(const Context& ctx, std::string_view list, const Position& position);
/// invalid_cursor when a single bit was changed, or when it comes from another list or tenant.
Result<Position> read_cursor(const Context& ctx, std::string_view list, const std::string& cursor);

}  // namespace entrepot::orders
