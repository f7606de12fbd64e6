// The daily check.
#pragma once

#include "platform/jobs/jobs.hpp"

namespace entrepot::compliance {

inline constexpr std::string_view check_job = "compliance.check";
inline constexpr std::string_view begin_job = "compliance.begin";
inline constexpr auto check_interval = std::chrono::hours(24);

std::vector<jobs::Kind> job_kinds();
std::vector<jobs::Subscription> subscriptions();

/// Makes sure that the tenant is checked within a day from now.
void plan_daily_check(pg::Transaction& tx, const Context& ctx);

}  // namespace entrepot::compliance
