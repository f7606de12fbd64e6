// Routes that belong to no business area: jobs that failed for good.
#pragma once

#include "platform/module.hpp"

namespace entrepot::api {

Module platform_module();

}  // namespace entrepot::api
