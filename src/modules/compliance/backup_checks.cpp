// Checks of backups and drills, by the rows that each leaves.
#include <algorithm>

#include "modules/compliance/catalogue_store.hpp"
#include "modules/compliance/check.hpp"

namespace entrepot::compliance {
namespace {
/// One a day, and some hours for trouble.
constexpr std::int64_t backup_hours_max = 30;
/// One a week, and a week for trouble.
constexpr std::int64_t drill_days_max = 14;

std::int64_t hours_since(const Context& ctx, Instant at) {
    return std::chrono::duration_cast<std::chrono::hours>(ctx.now() - at).count();
}
}  // namespace

Awaitable<Finding> backups_made(Context& ctx, pg::Transaction& tx) {
    const auto found = co_await tx.rows(store::newest_backups);
    if (found.empty()) co_return Finding{State::red, "none", {}, {}};
    std::int64_t hours = 0;
    bool failed = false;
    for (const store::BackupRow& row : found) {
        hours =
            std::max(hours, row.done_at ? hours_since(ctx, *row.done_at) : backup_hours_max + 1);
        failed = failed || row.newest_outcome == "failed";
    }
    const std::map<std::string, std::int64_t> figures{
        {"places", static_cast<std::int64_t>(found.size())}, {"hours", hours}};
    if (hours > backup_hours_max) co_return Finding{State::red, "late", figures, {}};
    if (failed) co_return Finding{State::amber, "failed", figures, {}};
    if (found.size() == 1) co_return Finding{State::amber, "one_place", figures, {}};
    co_return Finding{State::green, "made", figures, {}};
}

Awaitable<Finding> drill_passed(Context& ctx, pg::Transaction& tx) {
    const auto drill = co_await tx.maybe(store::newest_drill);
    if (!drill) co_return Finding{State::red, "none", {}, {}};
    const std::int64_t days = hours_since(ctx, drill->started_at) / 24;
    // Not how many buyers: they are all tenants' together.
    const std::map<std::string, std::int64_t> figures{{"days", days}};
    if (drill->outcome != "passed") co_return Finding{State::red, "failed", figures, {}};
    if (days > drill_days_max) co_return Finding{State::red, "late", figures, {}};
    co_return Finding{State::green, "passed", figures, {}};
}

}  // namespace entrepot::compliance
