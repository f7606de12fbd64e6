// Jobs and events live in PostgreSQL. An event is fanned out, in the act's transaction, to one job
// row per consumer. Delivery at least once; a handler's database effect happens exactly once
// because it commits with the claim.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "platform/context.hpp"

namespace entrepot::jobs {

struct Job {
    JobId id;
    std::string payload;  ///< JSON text
    std::int64_t attempts;
};

/// Handles up to `batch` jobs of one kind and tenant inside one transaction, which also removes
/// them. One pass at a time in a process for a tenant, and passes that find little gather a moment.
/// An exception rolls back and retries each later with growing delay; after `attempts_max` a job is
/// quarantined.
using TransactionalHandler =
    std::function<Awaitable<void>(Context&, pg::Transaction&, const std::vector<Job>&)>;

/// Runs outside a transaction under a lease that is renewed; must itself be idempotent (it may run
/// again after a crash). Returns when it wants to run again (a standing job such as a shop's sync),
/// or nothing when it is finished.
using LeasedHandler = std::function<Awaitable<std::optional<Instant>>(Context&, const Job&)>;

struct Kind {
    std::string_view name;               ///< "insight.facts"
    TransactionalHandler transactional;  ///< exactly one of the two is set
    LeasedHandler leased;
    int batch = 1;
    std::int64_t batch_bytes = 1 << 30;  ///< of payloads in one batch, about
    int attempts_max = 8;
    std::chrono::seconds lease{60};
};

/// Which job kinds an event reaches: {"orders.changed", "insight.facts"}.
struct Subscription {
    std::string_view event;
    std::string_view kind;
};

/// Every module's kinds and subscriptions, set once at start-up.
struct Registry {
    std::vector<Kind> kinds;
    std::vector<Subscription> subscriptions;
    const Kind* find(std::string_view name) const;
};
Registry& registry();

/// Publishes an event: one job row per subscriber, with the transaction. `payload` is a JSON object
/// text without personal data.
void emit(pg::Transaction& tx, const Context& ctx, std::string_view event,
          const std::string& payload);

/// Adds one job. `unique_key`: when not empty, at most one job of that kind and key exists; an
/// existing one is moved to the earlier of both times (a standing job is thereby woken).
void enqueue(pg::Transaction& tx, const Context& ctx, std::string_view kind,
             const std::string& payload, Instant run_at, const std::string& unique_key = {});
/// Removes a standing job.
void remove(pg::Transaction& tx, std::string_view kind, const std::string& unique_key);

/// Claims and runs until the runtime stops. Start one per loop (`workers` of them); any number of
/// processes may do so.
Awaitable<void> work(Services& services);
/// Runs everything that is due now, once; returns the number of jobs handled. For tests and the
/// command line.
Awaitable<std::size_t> run_due(Services& services);
/// For bulk work, between two of its transactions: when those who subscribe to `event` are more
/// than a second behind for this tenant, does their work here, or waits a little while others do
/// it. So facts never fall far behind a long history, however many workers histories keep busy.
Awaitable<void> keep_pace(Context& ctx, std::string_view event);
/// Wakes idle workers of this process (called after a commit that added jobs).
void wake();

}  // namespace entrepot::jobs
