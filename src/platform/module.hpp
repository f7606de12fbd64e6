// All that the server knows of a business area: its routes, jobs and subscriptions.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "platform/http/types.hpp"
#include "platform/jobs/jobs.hpp"

namespace entrepot {

struct Module {
    std::string_view name;
    std::span<const http::Route> routes;
    std::vector<jobs::Kind> kinds = {};
    std::vector<jobs::Subscription> subscriptions = {};
};

}  // namespace entrepot
