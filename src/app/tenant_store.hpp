// The tenants of a database, for commands that work on all of them.
#pragma once

#include <string>
#include <vector>

#include "base/id.hpp"

namespace entrepot::app {

std::vector<TenantId> all_tenants(const std::string& app_conninfo);

}  // namespace entrepot::app
