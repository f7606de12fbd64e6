// When, and the loop that acts on it.
#include "backup/schedule.hpp"

#include "backup/setup.hpp"
#include "platform/telemetry/log.hpp"

namespace entrepot::backup {
namespace {
constexpr std::chrono::days full_each{7};
constexpr std::chrono::hours try_again{1};
constexpr std::chrono::seconds look_each{20};
constexpr std::chrono::minutes prepare_again{5};

std::optional<Instant> newest(const std::vector<store::LatestRow>& latest, int repository,
                              std::string_view outcome, bool full_only) {
    std::optional<Instant> out;
    for (const store::LatestRow& row : latest)
        if (row.repository == repository && row.outcome == outcome &&
            (!full_only || row.kind == "full") && (!out || *out < row.started_at))
            out = row.started_at;
    return out;
}

/// The latest moment at which a day's backup was to begin.
Instant slot_before(Instant now, const Schedule& schedule) {
    const auto today = std::chrono::floor<std::chrono::days>(now);
    const Instant slot = today + std::chrono::hours(schedule.hour);
    return slot <= now ? slot : slot - std::chrono::days(1);
}

void note(const store::RunRow& row) {
    if (row.outcome == "done")
        log::info("backup.done", {{"repository", row.repository},
                                  {"kind", row.kind},
                                  {"label", row.label.value_or("")},
                                  {"stored_bytes", row.stored_bytes}});
    else
        log::error("backup.failed",
                   {{"repository", row.repository}, {"kind", row.kind}, {"why", row.trouble}});
}

Awaitable<void> back_up_what_is_due(Runtime& runtime, const Clock& clock, const Tool& tool,
                                    pg::Database& db, const Schedule& schedule) {
    for (const int repository : repositories(tool.data_dir())) {
        const auto latest = co_await store::latest_runs(db);
        const auto kind = due(latest, repository, schedule, clock.now());
        if (!kind || runtime.stopping()) continue;
        const auto row =
            co_await runtime.on_blocking([&] { return take(tool, repository, *kind, clock); });
        note(row);
        co_await store::add_run(db, row);
    }
}
}  // namespace

std::optional<std::string> due(const std::vector<store::LatestRow>& latest, int repository,
                               const Schedule& schedule, Instant now) {
    const auto failed = newest(latest, repository, "failed", false);
    const auto done = newest(latest, repository, "done", false);
    if (failed && (!done || *done < *failed) && now - *failed < try_again) return std::nullopt;
    const auto full = newest(latest, repository, "done", true);
    const Instant slot = slot_before(now, schedule);
    // Counted from slot to slot, so that the day of the full one does not wander.
    if (!full || slot - slot_before(*full, schedule) >= full_each) return "full";
    if (*done < slot) return "diff";
    return std::nullopt;
}

Awaitable<void> keep_backing_up(Runtime& runtime, const Clock& clock, std::string data_dir,
                                pgserver::OsUser user, std::string conninfo, Schedule schedule) {
    pg::Database db(runtime, {.conninfo = std::move(conninfo), .connections_per_loop = 1});
    const Tool tool(std::move(data_dir), std::move(user),
                    [&runtime] { return runtime.stopping(); });
    bool prepared = false;
    while (!runtime.stopping()) {
        std::string why;
        try {
            if (!prepared) {
                why = co_await runtime.on_blocking([&] { return prepare(tool); });
                prepared = why.empty();
            }
            if (prepared) co_await back_up_what_is_due(runtime, clock, tool, db, schedule);
        } catch (const pg::DatabaseError& error) {
            why = error.what();
        }
        if (!why.empty() && !runtime.stopping()) log::error("backup.cannot_run", {{"why", why}});
        const std::chrono::nanoseconds pause =
            why.empty() ? std::chrono::nanoseconds(look_each) : prepare_again;
        co_await Runtime::sleep_for(pause);
    }
}

}  // namespace entrepot::backup
