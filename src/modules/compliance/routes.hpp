// Route lines of compliance.
#pragma once

#include "platform/http/types.hpp"

namespace entrepot::compliance {

std::span<const http::Route> routes();

}  // namespace entrepot::compliance
