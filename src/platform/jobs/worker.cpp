// Claims due jobs tenant by tenant and runs their handlers.
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <map>
#include <mutex>

#include "platform/jobs/store.hpp"
#include "platform/runtime/runtime.hpp"
#include "platform/telemetry/log.hpp"

namespace entrepot::jobs {
namespace {
constexpr auto idle_poll = std::chrono::milliseconds(1000);
constexpr auto wake_poll = std::chrono::milliseconds(25);
constexpr auto retry_max = std::chrono::minutes(10);
constexpr auto pace_lag_max = std::chrono::seconds(1);
/// So long a tenant's small jobs of one kind gather before the next pass takes them: a pass over a
/// hundred costs little more than one over ten.
constexpr auto gather_time = std::chrono::milliseconds(150);
constexpr auto gather_poll = std::chrono::milliseconds(50);
/// A subscriber that fails or stands still must not hold back what it listens to for ever.
constexpr int pace_rounds_max = 40;

Instant retry_at(const Context& ctx, std::int64_t attempts) {
    const auto base = std::min<std::chrono::milliseconds>(
        std::chrono::seconds(1LL << std::min<std::int64_t>(attempts, 12)), retry_max);
    const auto jitter = std::chrono::milliseconds(
        static_cast<std::int64_t>(crypto::random_u64() % static_cast<std::uint64_t>(base.count())));
    return ctx.now() + base / 2 + jitter / 2;
}

std::string words_of(const std::exception_ptr& failure) {
    try {
        std::rethrow_exception(failure);
    } catch (const std::exception& e) {
        return std::string(e.what()).substr(0, 500);
    } catch (...) {
        return "unknown failure";
    }
}

Awaitable<void> note_failure(Context& ctx, const Kind& kind, std::vector<JobId> ids,
                             std::int64_t attempts, std::string words) {
    log::warning(
        "job_failed",
        {{"kind", kind.name}, {"jobs", ids.size()}, {"attempts", attempts + 1}, {"what", words}});
    const Instant next = retry_at(ctx, attempts);
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<bool>> {
        co_await tx.exec(store::fail, ctx.tenant, ids, next, std::int64_t{kind.attempts_max},
                         words);
        co_return true;
    };
    (void)co_await ctx.db().transaction(ctx.tenant, body);
}

/// Passes of this process over transactional jobs. Two passes for one tenant would wait for each
/// other's rows, the second with a connection in its hand.
class Passes {
public:
    using Clock = std::chrono::steady_clock;
    /// False when one runs already.
    bool begin(TenantId tenant, std::string_view kind) {
        const std::lock_guard lock(mutex_);
        return !std::exchange(passes_[{tenant, kind}].runs, true);
    }
    void end(TenantId tenant, std::string_view kind) {
        const std::lock_guard lock(mutex_);
        passes_[{tenant, kind}] = {false, Clock::now() + gather_time};
    }
    /// Whether one runs, or has ended so lately that jobs may gather still.
    bool lately(TenantId tenant, std::string_view kind) {
        const std::lock_guard lock(mutex_);
        const auto found = passes_.find({tenant, kind});
        return found != passes_.end() && (found->second.runs || Clock::now() < found->second.next);
    }

private:
    struct Pass {
        bool runs = false;
        Clock::time_point next{};
    };
    std::mutex mutex_;
    std::map<std::pair<TenantId, std::string_view>, Pass> passes_;
};
Passes& passes() {
    static Passes all;
    return all;
}
struct Turn {
    TenantId tenant;
    std::string_view kind;
    ~Turn() { passes().end(tenant, kind); }
};

Awaitable<std::size_t> run_pass(Context& ctx, const Kind& kind) {
    std::vector<JobId> ids;
    std::int64_t attempts = 0;
    std::exception_ptr failure;
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<bool>> {
        ids.clear();
        const auto rows =
            co_await tx.rows(store::claim_and_remove, ctx.tenant, std::string(kind.name), ctx.now(),
                             std::int64_t{kind.batch}, kind.batch_bytes);
        std::vector<Job> claimed;
        for (const auto& row : rows) {
            claimed.push_back({row.id, row.payload.text, row.attempts});
            ids.push_back(row.id);
            attempts = row.attempts;
        }
        if (!claimed.empty()) co_await kind.transactional(ctx, tx, claimed);
        co_return true;
    };
    try {
        (void)co_await ctx.db().transaction(ctx.tenant, body);
    } catch (...) {
        failure = std::current_exception();
    }
    if (!failure) co_return ids.size();
    if (ids.empty()) std::rethrow_exception(failure);
    co_await note_failure(ctx, kind, ids, attempts, words_of(failure));
    co_return ids.size();
}

/// A pass, unless one runs already; answers the number of jobs handled.
Awaitable<std::size_t> run_transactional(Context& ctx, const Kind& kind) {
    if (!passes().begin(ctx.tenant, kind.name)) co_return 0;
    const Turn turn{ctx.tenant, kind.name};
    co_return co_await run_pass(ctx, kind);
}

Awaitable<void> keep_lease(Context& ctx, const Kind& kind, JobId id) {
    for (;;) {
        co_await Runtime::sleep_for(kind.lease / 3);
        auto body = [&](pg::Transaction& tx) -> Awaitable<Result<bool>> {
            co_await tx.exec(store::extend, ctx.tenant, id, ctx.now() + kind.lease);
            co_return true;
        };
        try {
            (void)co_await ctx.db().transaction(ctx.tenant, body);
        } catch (const pg::Unavailable& e) {
            // The handler goes on; the next third of the lease may find the database again.
            log::warning("lease_not_extended", {{"kind", kind.name}, {"what", e.what()}});
        }
    }
}

Awaitable<std::size_t> run_leased(Context& ctx, const Kind& kind) {
    using namespace boost::asio::experimental::awaitable_operators;
    std::optional<Job> job;
    auto claim = [&](pg::Transaction& tx) -> Awaitable<Result<bool>> {
        const Instant far = ctx.now() + std::chrono::hours(24 * 365);
        const auto row = co_await tx.maybe(store::lease, ctx.tenant, std::string(kind.name),
                                           ctx.now(), ctx.now() + kind.lease, far);
        job.reset();
        if (row) job = Job{row->id, row->payload.text, row->attempts};
        co_return true;
    };
    (void)co_await ctx.db().transaction(ctx.tenant, claim);
    if (!job) co_return 0;
    std::exception_ptr failure;
    std::optional<Instant> next;
    // `||` waits for the first that succeeds: a handler that throws would wait for the lease for
    // ever.
    auto handle = [&]() -> Awaitable<void> {
        try {
            next = co_await kind.leased(ctx, *job);
        } catch (...) {
            failure = std::current_exception();
        }
    };
    co_await (handle() || keep_lease(ctx, kind, job->id));
    if (failure) {
        const std::vector<JobId> ids{job->id};
        co_await note_failure(ctx, kind, ids, job->attempts, words_of(failure));
        co_return 1;
    }
    auto finish = [&](pg::Transaction& tx) -> Awaitable<Result<bool>> {
        if (next)
            co_await tx.exec(store::again, ctx.tenant, job->id, *next);
        else
            co_await tx.exec(store::finish, ctx.tenant, job->id);
        co_return true;
    };
    (void)co_await ctx.db().transaction(ctx.tenant, finish);
    co_return 1;
}

/// True when the subscriber may be left alone.
Awaitable<bool> keeps_pace(Context& ctx, const Kind& kind) {
    const auto oldest = co_await ctx.db().read(ctx.tenant, store::oldest_event, ctx.tenant,
                                               std::string(kind.name), ctx.now());
    co_return oldest.empty() || ctx.now() - oldest.front() <= pace_lag_max;
}

Awaitable<std::vector<store::DueRow>> due_now(Services& services) {
    std::vector<store::DueRow> rows;
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<bool>> {
        rows = co_await tx.rows(store::due, services.clock.now());
        co_return true;
    };
    (void)co_await services.jobs_db.global(body, pg::Access::read_only);
    co_return rows;
}

Awaitable<void> wait_for_work(Services& services, std::uint64_t& seen) {
    for (auto waited = std::chrono::milliseconds(0);
         waited < idle_poll && !services.runtime.stopping(); waited += wake_poll) {
        if (wakes() != seen) break;
        co_await Runtime::sleep_for(wake_poll);
    }
    seen = wakes();
}

enum class Pace { at_once, gathering };
struct Round {
    std::size_t handled = 0;
    bool gathering = false;  ///< something was left to gather
};
Awaitable<Round> run_round(Services& services, Pace pace) {
    Round round;
    const auto rows = co_await due_now(services);
    for (const store::DueRow& row : rows) {
        const Kind* kind = registry().find(row.kind);
        // A kind that this build does not know waits for a build that does.
        if (kind == nullptr) continue;
        if (kind->transactional && pace == Pace::gathering &&
            passes().lately(row.tenant_id, kind->name)) {
            round.gathering = true;
            continue;
        }
        Context ctx = system_context(services, row.tenant_id, std::string(row.kind));
        ctx.request_id = "job-" + crypto::random_token(9);
        round.handled +=
            co_await (kind->transactional ? run_transactional(ctx, *kind) : run_leased(ctx, *kind));
    }
    co_return round;
}
}  // namespace

Awaitable<std::size_t> run_due(Services& services) {
    co_return (co_await run_round(services, Pace::at_once)).handled;
}

Awaitable<void> keep_pace(Context& ctx, std::string_view event) {
    for (const Subscription& subscription : registry().subscriptions) {
        const Kind* kind = registry().find(subscription.kind);
        if (subscription.event != event || kind == nullptr || !kind->transactional) continue;
        Context own = system_context(ctx.services, ctx.tenant, std::string(kind->name));
        own.request_id = ctx.request_id;
        for (int round = 0; round < pace_rounds_max && !co_await keeps_pace(own, *kind); ++round)
            if (co_await run_transactional(own, *kind) == 0) co_await Runtime::sleep_for(wake_poll);
    }
}

Awaitable<void> work(Services& services) {
    std::uint64_t seen = wakes();
    while (!services.runtime.stopping()) {
        std::exception_ptr failure;
        Round round;
        try {
            round = co_await run_round(services, Pace::gathering);
        } catch (...) {
            failure = std::current_exception();
        }
        if (failure && !services.runtime.stopping()) {
            log::warning("worker_failed", {{"what", words_of(failure)}});
            co_await Runtime::sleep_for(idle_poll);
        }
        if (round.handled != 0) continue;
        if (round.gathering)
            co_await Runtime::sleep_for(gather_poll);
        else
            co_await wait_for_work(services, seen);
    }
}

}  // namespace entrepot::jobs
