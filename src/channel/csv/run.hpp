// The job that checks a file and writes its orders, and the ones that undo and expire.
#pragma once

#include <functional>

#include "channel/csv/store.hpp"
#include "platform/jobs/jobs.hpp"

namespace entrepot::csv {

inline constexpr std::string_view run_job = "imports.run";
inline constexpr std::string_view undo_job = "imports.undo";
inline constexpr std::string_view expire_job = "imports.expire";

Awaitable<std::optional<Instant>> handle_run(Context& ctx, const jobs::Job& job);
Awaitable<std::optional<Instant>> handle_undo(Context& ctx, const jobs::Job& job);
Awaitable<std::optional<Instant>> handle_expire(Context& ctx, const jobs::Job& job);

std::string job_payload(ImportId id);

/// Called between a batch's last statement and its commit, with the batch's number from 1. Tests
/// throw here: what a kill at that moment leaves behind is what a rollback leaves behind.
struct RunProbe {
    std::function<void(std::int64_t batch)> before_commit;
};
RunProbe& run_probe();

}  // namespace entrepot::csv
