// SQL of the Amazon channel. Only this file and store.cpp know its tables.
#pragma once

#include <boost/describe.hpp>

#include "channel/amazon/amazon.hpp"
#include "platform/pg/pg.hpp"

namespace entrepot::amazon {
using RunId = Id<struct SyncRunTag>;
using ReportRowId = Id<struct HistoryReportTag>;
using RawReplyId = Id<struct RawReplyTag>;

enum class RunKind { poll, day, order, history };
BOOST_DESCRIBE_ENUM(RunKind, poll, day, order, history)
enum class RunState { running, done, failed };
BOOST_DESCRIBE_ENUM(RunState, running, done, failed)
/// waiting: not asked for · creating: asked, answer not known · requested: Amazon works on it ·
/// ready: the document is known · done · empty: no data, or asked too often · split: too large,
/// asked again in halves · failed.
enum class ReportState { waiting, creating, requested, ready, done, empty, split, failed };
BOOST_DESCRIBE_ENUM(ReportState, waiting, creating, requested, ready, done, empty, split, failed)
}  // namespace entrepot::amazon

namespace entrepot::amazon::store {

struct ConnectionRow {
    std::optional<std::string> endpoint;
    pg::Bytes client_id_sealed, client_secret_sealed, refresh_token_sealed, account_key;
    Instant connected_at, secrets_changed_at;
    std::int64_t failures;
    std::optional<Instant> last_good_at;
    std::optional<std::string> last_error_code, last_error_detail;
    std::optional<Instant> last_error_at;
    std::optional<std::string> last_error_request_id;
    std::optional<Instant> next_run_at;
    std::int64_t pii_dropped;
};
BOOST_DESCRIBE_STRUCT(ConnectionRow, (),
                      (endpoint, client_id_sealed, client_secret_sealed, refresh_token_sealed,
                       account_key, connected_at, secrets_changed_at, failures, last_good_at,
                       last_error_code, last_error_detail, last_error_at, last_error_request_id,
                       next_run_at, pii_dropped))

struct MarkRow {
    std::string marketplace_id;
    Instant reached;
};
BOOST_DESCRIBE_STRUCT(MarkRow, (), (marketplace_id, reached))

struct RunRow {
    RunId id;
    RunKind kind;
    RunState state;
    std::vector<std::string> marketplaces;
    Instant lower_at;
    std::optional<Instant> upper_at, bound_at;
    std::optional<std::string> page_token;
    std::optional<Instant> token_at;
    std::vector<std::string> seen_tokens;
    std::int64_t pages, restarts, orders_seen, orders_changed;
    Instant started_at;
    std::optional<Instant> ended_at;
    std::string detail;
};
BOOST_DESCRIBE_STRUCT(RunRow, (),
                      (id, kind, state, marketplaces, lower_at, upper_at, bound_at, page_token,
                       token_at, seen_tokens, pages, restarts, orders_seen, orders_changed,
                       started_at, ended_at, detail))

struct ReportRow {
    ReportRowId id;
    Uuid batch_id;
    std::vector<std::string> marketplaces;
    Instant from_at, to_at;
    ReportState state;
    std::optional<std::string> report_id, document_id;
    std::optional<Instant> asked_at;
    Instant next_poll_at;
    std::int64_t polls, failures, orders_loaded, orders_changed, rows_read, rows_skipped;
    std::vector<std::string> dropped_columns;
    std::string encoding, detail;
};
BOOST_DESCRIBE_STRUCT(ReportRow, (),
                      (id, batch_id, marketplaces, from_at, to_at, state, report_id, document_id,
                       asked_at, next_poll_at, polls, failures, orders_loaded, orders_changed,
                       rows_read, rows_skipped, dropped_columns, encoding, detail))

struct BucketRow {
    std::int64_t micro_tokens;
    Instant refilled_at;
    std::optional<Instant> blocked_until;
    std::optional<std::int64_t> plan_rate, plan_burst;
};
BOOST_DESCRIBE_STRUCT(BucketRow, (),
                      (micro_tokens, refilled_at, blocked_until, plan_rate, plan_burst))

struct QuotaRow {
    std::string operation;
    std::int64_t micro_tokens;
    Instant refilled_at;
    std::optional<Instant> blocked_until;
    std::optional<std::int64_t> plan_rate, plan_burst;
};
BOOST_DESCRIBE_STRUCT(QuotaRow, (),
                      (operation, micro_tokens, refilled_at, blocked_until, plan_rate, plan_burst))

struct UsageRow {
    std::string operation;
    std::int64_t calls, throttled;
};
BOOST_DESCRIBE_STRUCT(UsageRow, (), (operation, calls, throttled))

struct DayBounds {
    Instant begin_at, end_at;
};
BOOST_DESCRIBE_STRUCT(DayBounds, (), (begin_at, end_at))

// Connection.
extern const pg::Statement<void(TenantId, ShopId, std::optional<std::string>, pg::Bytes, pg::Bytes,
                                pg::Bytes, pg::Bytes, Instant)>
    insert_connection;
extern const pg::Statement<void(TenantId, ShopId, std::optional<std::string>, pg::Bytes, pg::Bytes,
                                pg::Bytes, pg::Bytes, Instant)>
    update_secrets;
extern const pg::Statement<ConnectionRow(TenantId, ShopId)> connection_of;
extern const pg::Statement<void(TenantId, ShopId, Instant, Instant)> note_good;
/// code, words, when, request id, next run.
extern const pg::Statement<void(TenantId, ShopId, std::string, std::string, Instant, std::string,
                                Instant)>
    note_failure;
extern const pg::Statement<void(TenantId, ShopId, Instant)> note_next_run;
extern const pg::Statement<void(TenantId, ShopId, std::int64_t)> note_pii_dropped;

// Watermarks.
extern const pg::Statement<void(TenantId, ShopId, std::string, Instant)> add_mark;
extern const pg::Statement<MarkRow(TenantId, ShopId, std::vector<std::string>)> marks_of;
extern const pg::Statement<void(TenantId, ShopId, std::vector<std::string>, Instant)> move_marks;

// Runs.
extern const pg::Statement<void(TenantId, ShopId, RunId, RunKind, std::vector<std::string>, Instant,
                                std::optional<Instant>, Instant)>
    insert_run;
extern const pg::Statement<RunRow(TenantId, ShopId, RunKind)> open_run;
extern const pg::Statement<RunRow(TenantId, ShopId, RunId)> run_by_id;
/// Moves a run on by one page; no row when another node has moved it meanwhile.
/// pages before, next token, digest of it, seen, changed, bound, now.
extern const pg::Statement<void(TenantId, ShopId, RunId, std::int64_t, std::optional<std::string>,
                                std::vector<std::string>, std::int64_t, std::int64_t,
                                std::optional<Instant>, Instant)>
    advance_run;
extern const pg::Statement<void(TenantId, ShopId, RunId, Instant)> finish_run;
extern const pg::Statement<void(TenantId, ShopId, RunId, std::string, Instant)> fail_run;
/// Back to the first page of the same search.
extern const pg::Statement<void(TenantId, ShopId, RunId, std::int64_t)> restart_run;
extern const pg::Statement<RunRow(TenantId, ShopId)> latest_runs;
/// A run that is over when it is noted: one order, one report.
extern const pg::Statement<void(TenantId, ShopId, RunId, RunKind, RunState, Instant, std::int64_t,
                                std::int64_t, std::int64_t, std::string)>
    insert_ended_run;

// History.
extern const pg::Statement<void(TenantId, ShopId, ReportRowId, Uuid, std::vector<std::string>,
                                Instant, Instant, Instant)>
    insert_report;
extern const pg::Statement<ReportRow(TenantId, ShopId)> open_reports;
extern const pg::Statement<ReportRow(TenantId, ShopId)> latest_batch;
/// state, report id, document id, asked at, next poll, polls, failures, detail.
extern const pg::Statement<void(TenantId, ShopId, ReportRowId, ReportState,
                                std::optional<std::string>, std::optional<std::string>,
                                std::optional<Instant>, Instant, std::int64_t, std::int64_t,
                                std::string)>
    move_report;
/// Takes `changed` and the number of orders now loaded; no row when another node was faster.
extern const pg::Statement<void(TenantId, ShopId, ReportRowId, std::int64_t, std::int64_t,
                                std::int64_t)>
    advance_report;
extern const pg::Statement<void(TenantId, ShopId, ReportRowId, std::int64_t, std::int64_t,
                                std::vector<std::string>, std::string)>
    note_report_shape;
extern const pg::Statement<void(TenantId, ShopId, ReportRowId, ReportState, std::string, Instant)>
    end_report;

// Raw replies and retention.
extern const pg::Statement<void(TenantId, ShopId, RawReplyId, std::string, std::string, Instant,
                                pg::Bytes, std::int64_t, pg::Bytes, std::int64_t)>
    insert_raw_reply;
extern const pg::Statement<void(TenantId, Instant)> purge_raw_replies;
extern const pg::Statement<void(TenantId, Instant)> purge_runs;
extern const pg::Statement<void(TenantId, Instant)> purge_usage;
extern const pg::Statement<void(TenantId, Instant)> purge_reports;

// Buckets.
extern const pg::Statement<void(pg::Bytes, std::string, std::int64_t, Instant)> make_bucket;
extern const pg::Statement<BucketRow(pg::Bytes, std::string)> lock_bucket;
extern const pg::Statement<void(pg::Bytes, std::string, std::int64_t, Instant)> set_bucket;
/// Nothing in it, counted from now.
extern const pg::Statement<void(pg::Bytes, std::string, Instant)> empty_bucket;
extern const pg::Statement<void(pg::Bytes, std::string, Instant, Instant)> block_bucket;
extern const pg::Statement<QuotaRow(pg::Bytes)> quotas_of;
/// operation, hour, calls, throttled to add.
extern const pg::Statement<void(TenantId, ShopId, std::string, Instant, std::int64_t, std::int64_t)>
    count_usage;
extern const pg::Statement<UsageRow(TenantId, ShopId, Instant)> usage_since;

/// A calendar day in a zone.
extern const pg::Statement<DayBounds(Date, std::string)> day_bounds;

}  // namespace entrepot::amazon::store
