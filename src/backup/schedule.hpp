// The standing backup of a running server: a full one each week, a differential one each day, in
// every repository; what has failed is tried again within the hour.
#pragma once

#include "backup/run.hpp"
#include "platform/runtime/runtime.hpp"

namespace entrepot::backup {

struct Schedule {
    int hour = 2;  ///< UTC; a day's backup begins at it
    /// This program's own `drill`, without its repository and --out; empty = no drills.
    std::vector<std::string> drill;
    std::string reports;  ///< directory of the drills' signed reports
};

/// What a repository is due now: full, diff, or nothing. Pure.
std::optional<std::string> due(const std::vector<store::LatestRow>& latest, int repository,
                               const Schedule& schedule, Instant now);

/// A drill each week, the first on the day after the first backup. Pure.
bool drill_is_due(const std::optional<Instant>& newest_drill,
                  const std::vector<store::LatestRow>& latest, const Schedule& schedule,
                  Instant now);

/// Until the runtime stops. `conninfo`: role entrepot_backup.
Awaitable<void> keep_backing_up(Runtime& runtime, const Clock& clock, std::string data_dir,
                                pgserver::OsUser user, std::string conninfo, Schedule schedule);

}  // namespace entrepot::backup
