// SQL of backups: what was done and tried, and the questions that a drill asks of both databases.
#pragma once

#include <boost/describe/class.hpp>
#include <optional>
#include <string>
#include <vector>

#include "platform/pg/pg.hpp"
#include "platform/pgserver/session.hpp"

namespace entrepot::backup::store {

/// One attempt to make a backup.
struct RunRow {
    Uuid id;
    std::int64_t repository;
    std::string kind;  ///< full, diff, incr
    Instant started_at, finished_at;
    std::string outcome;  ///< done, failed
    std::optional<std::string> label;
    std::int64_t original_bytes, stored_bytes;
    std::string trouble;  ///< empty when done
};
BOOST_DESCRIBE_STRUCT(RunRow, (),
                      (id, repository, kind, started_at, finished_at, outcome, label,
                       original_bytes, stored_bytes, trouble))

/// One drill.
struct DrillRow {
    Uuid id;
    std::int64_t repository;
    std::optional<std::string> label;
    Instant started_at, finished_at;
    std::string outcome;  ///< passed, failed
    std::int64_t restore_ms;
    std::optional<std::int64_t> loss_ms;
    std::int64_t erased_tried, erased_opened, live_tried, live_opened;
    std::string faults;
    pg::Bytes report_digest;
};
BOOST_DESCRIBE_STRUCT(DrillRow, (),
                      (id, repository, label, started_at, finished_at, outcome, restore_ms, loss_ms,
                       erased_tried, erased_opened, live_tried, live_opened, faults, report_digest))

Awaitable<void> add_run(pg::Database& db, const RunRow& row);
Awaitable<void> add_drill(pg::Database& db, const DrillRow& row);

/// Of one repository and kind; nothing when there never was one.
struct LatestRow {
    std::int64_t repository;
    std::string kind, outcome;
    Instant started_at;
};
BOOST_DESCRIBE_STRUCT(LatestRow, (), (repository, kind, outcome, started_at))
Awaitable<std::vector<LatestRow>> latest_runs(pg::Database& db);

/// When the newest drill began.
Awaitable<std::optional<Instant>> latest_drill(pg::Database& db);

/// Every table of ours with its rows.
struct Count {
    std::string table;
    bool append_only = false;
    std::int64_t rows = 0;
};
std::vector<Count> counts(pgserver::Session& session);

/// What an order says of its money, in one digest.
struct OrderDigest {
    std::string tenant, id, version, digest;
};
/// In the order of their keys, after `last`.
std::vector<OrderDigest> orders_after(pgserver::Session& session, const OrderDigest& last,
                                      std::int64_t limit);
/// The same orders in another database; those that it lacks are missing.
std::vector<OrderDigest> same_orders(pgserver::Session& session,
                                     const std::vector<OrderDigest>& wanted);

/// When the newest transaction was committed; nothing when the server has seen none.
std::optional<Instant> newest_commit(pgserver::Session& session);
/// The newest transaction that recovery has replayed; nothing when it replayed none.
std::optional<Instant> newest_replayed(pgserver::Session& session);
bool in_recovery(pgserver::Session& session);
std::vector<TenantId> tenants(pgserver::Session& session);

}  // namespace entrepot::backup::store
