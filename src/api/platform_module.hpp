// Routes that belong to no business area: jobs that failed for good, proofs of the audit.
#pragma once

#include "platform/module.hpp"

namespace entrepot::api {

Module platform_module();

}  // namespace entrepot::api
