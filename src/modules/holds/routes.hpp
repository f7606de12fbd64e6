// The route table, for module.cpp.
#pragma once

#include <span>

#include "platform/http/types.hpp"

namespace entrepot::holds {
std::span<const http::Route> routes();
}  // namespace entrepot::holds
