// What insight adds to the job registry.
#pragma once

#include "modules/insight/insight.hpp"

namespace entrepot::insight {

std::vector<jobs::Kind> job_kinds();
std::vector<jobs::Subscription> subscriptions();

}  // namespace entrepot::insight
