// When, and the loop that acts on it.
#include "backup/schedule.hpp"

#include <signal.h>

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
/// A process of its own, so that whatever becomes of a restored database happens outside the
/// server.
Awaitable<void> drill_when_due(Runtime& runtime, const Clock& clock, const Tool& tool,
                               pg::Database& db, const Schedule& schedule) {
    const auto latest = co_await store::latest_runs(db);
    const auto newest_drill = co_await store::latest_drill(db);
    const Instant now = clock.now();
    if (schedule.drill.empty() || !drill_is_due(newest_drill, latest, schedule, now)) co_return;
    // In turn, so that each site is proved.
    const auto all = repositories(tool.data_dir());
    const auto weeks = std::chrono::duration_cast<std::chrono::weeks>(now.time_since_epoch());
    const int repository = all.at(static_cast<std::size_t>(weeks.count()) % all.size());
    const std::string day = format_date(std::chrono::floor<std::chrono::days>(now));
    auto arguments = schedule.drill;
    arguments.insert(arguments.end(), {"--repo", std::to_string(repository), "--out",
                                       schedule.reports + "/drill-" + day + ".json"});
    const auto call = [&] {
        return run_program(
            {arguments, pgserver::own_user(), schedule.reports + "/drill.log", SIGTERM},
            [&runtime] { return runtime.stopping(); });
    };
    const int code = co_await runtime.on_blocking(call);
    if (code == 0)
        log::info("drill.passed", {{"repository", repository}});
    else if (!runtime.stopping())
        log::error("drill.failed", {{"repository", repository}, {"code", code}});
}
}  // namespace

bool drill_is_due(const std::optional<Instant>& newest_drill,
                  const std::vector<store::LatestRow>& latest, const Schedule& schedule,
                  Instant now) {
    std::optional<Instant> first;
    for (const store::LatestRow& row : latest)
        if (row.outcome == "done" && row.kind == "full" && (!first || row.started_at < *first))
            first = row.started_at;
    if (!first) return false;
    const Instant slot = slot_before(now, schedule);
    if (!newest_drill) return *first < slot;
    return slot - slot_before(*newest_drill, schedule) >= full_each;
}

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
            if (prepared) {
                co_await back_up_what_is_due(runtime, clock, tool, db, schedule);
                co_await drill_when_due(runtime, clock, tool, db, schedule);
            }
        } catch (const std::exception& error) {
            why = error.what();
        }
        if (!why.empty() && !runtime.stopping()) log::error("backup.cannot_run", {{"why", why}});
        const std::chrono::nanoseconds pause =
            why.empty() ? std::chrono::nanoseconds(look_each) : prepare_again;
        co_await Runtime::sleep_for(pause);
    }
}

}  // namespace entrepot::backup
