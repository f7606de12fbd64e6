// The module's route table.
#pragma once

#include <vector>

#include "platform/http/types.hpp"

namespace entrepot::account {

std::vector<http::Route> route_lines();

}  // namespace entrepot::account
