// Where a list goes on: a sealed place that nobody can make up, good for one tenant and one list.
#pragma once

#include <string>
#include <string_view>

#include "platform/context.hpp"

namespace entrepot::http {

/// Seals `place` (any bytes) for the named list of this tenant; URL-safe text.
std::string write_cursor(const Context& ctx, std::string_view list, std::string_view place);
/// invalid_cursor when a single bit was changed, or when it comes from another list or tenant.
Result<std::string> read_cursor(const Context& ctx, std::string_view list, std::string_view cursor);

}  // namespace entrepot::http
