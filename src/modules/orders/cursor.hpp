// Positions of order lists as sealed cursors.
#pragma once

#include "modules/orders/filter.hpp"

namespace entrepot::orders {

std::string write_cursor(const Context& ctx, std::string_view list, const Position& position);
/// invalid_cursor when it was not given out for this list of this tenant.
Result<Position> read_cursor(const Context& ctx, std::string_view list, const std::string& cursor);

}  // namespace entrepot::orders
