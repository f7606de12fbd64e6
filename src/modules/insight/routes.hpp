// Route lines of insight.
#pragma once

#include <span>

#include "platform/http/types.hpp"

namespace entrepot::insight {

std::span<const http::Route> routes();

}  // namespace entrepot::insight
