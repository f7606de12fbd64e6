// The route table, for module.cpp.
#pragma once

#include <span>

#include "platform/http/types.hpp"

namespace entrepot::rights {
std::span<const http::Route> routes();
}  // namespace entrepot::rights
