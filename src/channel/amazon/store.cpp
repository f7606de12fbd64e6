// The statements. Every one names its tenant; buckets and plans are global.
#include "channel/amazon/store.hpp"

namespace entrepot::amazon::store {
namespace {
const pg::ConstraintMeaning same_account{
    "connection_account_key",
    field_error(errors::already_connected, "/refresh_token", "already_connected",
                "these credentials serve another shop already; its orders would count twice")};
}  // namespace

const pg::Statement<void(TenantId, ShopId, std::optional<std::string>, pg::Bytes, pg::Bytes,
                         pg::Bytes, pg::Bytes, Instant)>
    insert_connection{"amazon.insert_connection", R"sql(
    insert into amazon.connection (tenant_id, shop_id, endpoint, client_id_sealed,
        client_secret_sealed, refresh_token_sealed, account_key, connected_at,
        secrets_changed_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $8)
)sql"};

const pg::Statement<void(TenantId, ShopId, std::optional<std::string>, pg::Bytes, pg::Bytes,
                         pg::Bytes, pg::Bytes, Instant)>
    update_secrets{"amazon.update_secrets", R"sql(
    update amazon.connection set endpoint = $3, client_id_sealed = $4, client_secret_sealed = $5,
        refresh_token_sealed = $6, account_key = $7, secrets_changed_at = $8, failures = 0
    where tenant_id = $1 and shop_id = $2
)sql"};

const pg::Statement<ConnectionRow(TenantId, ShopId)> connection_of{"amazon.connection_of", R"sql(
    select endpoint, client_id_sealed, client_secret_sealed, refresh_token_sealed, account_key,
        connected_at, secrets_changed_at, failures, last_good_at, last_error_code,
        last_error_detail, last_error_at, last_error_request_id, next_run_at, pii_dropped
    from amazon.connection where tenant_id = $1 and shop_id = $2
)sql"};

const pg::Statement<void(TenantId, ShopId, Instant, Instant)> note_good{"amazon.note_good", R"sql(
    update amazon.connection set failures = 0, last_good_at = $3, next_run_at = $4,
        last_error_code = null, last_error_detail = null, last_error_at = null,
        last_error_request_id = null
    where tenant_id = $1 and shop_id = $2
)sql"};

const pg::Statement<void(TenantId, ShopId, std::string, std::string, Instant, std::string, Instant)>
    note_failure{"amazon.note_failure", R"sql(
    update amazon.connection set failures = failures + 1, last_error_code = $3,
        last_error_detail = $4, last_error_at = $5, last_error_request_id = $6, next_run_at = $7
    where tenant_id = $1 and shop_id = $2
)sql"};

const pg::Statement<void(TenantId, ShopId, Instant)> note_next_run{"amazon.note_next_run", R"sql(
    update amazon.connection set next_run_at = $3 where tenant_id = $1 and shop_id = $2
)sql"};

const pg::Statement<void(TenantId, ShopId, std::int64_t)> note_pii_dropped{
    "amazon.note_pii_dropped", R"sql(
    update amazon.connection set pii_dropped = pii_dropped + $3 where tenant_id = $1
        and shop_id = $2
)sql"};

const pg::Statement<void(TenantId, ShopId, std::string, Instant)> add_mark{"amazon.add_mark", R"sql(
    insert into amazon.watermark (tenant_id, shop_id, marketplace_id, reached) values ($1, $2,
        $3, $4)
    on conflict (tenant_id, shop_id, marketplace_id) do nothing
)sql"};

const pg::Statement<MarkRow(TenantId, ShopId, std::vector<std::string>)> marks_of{"amazon.marks_of",
                                                                                  R"sql(
    select marketplace_id, reached from amazon.watermark
    where tenant_id = $1 and shop_id = $2 and marketplace_id = any($3) order by marketplace_id
)sql"};

const pg::Statement<void(TenantId, ShopId, std::vector<std::string>, Instant)> move_marks{
    "amazon.move_marks", R"sql(
    update amazon.watermark set reached = greatest(reached, $4)
    where tenant_id = $1 and shop_id = $2 and marketplace_id = any($3)
)sql"};

const pg::Statement<void(TenantId, ShopId, RunId, RunKind, std::vector<std::string>, Instant,
                         std::optional<Instant>, Instant)>
    insert_run{"amazon.insert_run", R"sql(
    insert into amazon.sync_run (tenant_id, shop_id, id, kind, state, marketplaces, lower_at,
        upper_at, started_at)
    values ($1, $2, $3, $4, 'running', $5, $6, $7, $8)
)sql"};

const pg::Statement<RunRow(TenantId, ShopId, RunKind)> open_run{"amazon.open_run", R"sql(
    select id, kind, state, marketplaces, lower_at, upper_at, bound_at, page_token, token_at,
        seen_tokens, pages, restarts, orders_seen, orders_changed, started_at, ended_at, detail
    from amazon.sync_run where tenant_id = $1 and shop_id = $2 and kind = $3
        and state = 'running'
    order by id limit 1
)sql"};

const pg::Statement<RunRow(TenantId, ShopId, RunId)> run_by_id{"amazon.run_by_id", R"sql(
    select id, kind, state, marketplaces, lower_at, upper_at, bound_at, page_token, token_at,
        seen_tokens, pages, restarts, orders_seen, orders_changed, started_at, ended_at, detail
    from amazon.sync_run where tenant_id = $1 and shop_id = $2 and id = $3
)sql"};

const pg::Statement<void(TenantId, ShopId, RunId, std::int64_t, std::optional<std::string>,
                         std::vector<std::string>, std::int64_t, std::int64_t,
                         std::optional<Instant>, Instant)>
    advance_run{"amazon.advance_run", R"sql(
    update amazon.sync_run set pages = pages + 1, page_token = $5, seen_tokens = $6,
        token_at = case when $5::text is null then null else coalesce(token_at, $10) end,
        orders_seen = orders_seen + $7, orders_changed = orders_changed + $8,
        bound_at = least(bound_at, $9)
    where tenant_id = $1 and shop_id = $2 and id = $3 and pages = $4 and state = 'running'
)sql"};

const pg::Statement<void(TenantId, ShopId, RunId, Instant)> finish_run{"amazon.finish_run", R"sql(
    update amazon.sync_run set state = 'done', ended_at = $4 where tenant_id = $1
        and shop_id = $2 and id = $3
)sql"};

const pg::Statement<void(TenantId, ShopId, RunId, std::string, Instant)> fail_run{"amazon.fail_run",
                                                                                  R"sql(
    update amazon.sync_run set state = 'failed', detail = $4, ended_at = $5, page_token = null
    where tenant_id = $1 and shop_id = $2 and id = $3 and state = 'running'
)sql"};

const pg::Statement<void(TenantId, ShopId, RunId, std::int64_t)> restart_run{"amazon.restart_run",
                                                                             R"sql(
    update amazon.sync_run set page_token = null, token_at = null, seen_tokens = array[]::text[],
        bound_at = null, restarts = restarts + 1
    where tenant_id = $1 and shop_id = $2 and id = $3 and pages = $4 and state = 'running'
)sql"};

const pg::Statement<RunRow(TenantId, ShopId)> latest_runs{"amazon.latest_runs", R"sql(
    select id, kind, state, marketplaces, lower_at, upper_at, bound_at, page_token, token_at,
        seen_tokens, pages, restarts, orders_seen, orders_changed, started_at, ended_at, detail
    from amazon.sync_run where tenant_id = $1 and shop_id = $2 order by id desc limit 20
)sql"};

const pg::Statement<void(TenantId, ShopId, RunId, RunKind, RunState, Instant, std::int64_t,
                         std::int64_t, std::int64_t, std::string)>
    insert_ended_run{"amazon.insert_ended_run", R"sql(
    insert into amazon.sync_run (tenant_id, shop_id, id, kind, state, marketplaces, lower_at,
        started_at, ended_at, pages, orders_seen, orders_changed, detail)
    values ($1, $2, $3, $4, $5, array[]::text[], $6, $6, $6, $7, $8, $9, $10)
)sql"};

const pg::Statement<void(TenantId, ShopId, ReportRowId, Uuid, std::vector<std::string>, Instant,
                         Instant, Instant)>
    insert_report{"amazon.insert_report", R"sql(
    insert into amazon.history_report (tenant_id, shop_id, id, batch_id, marketplaces, from_at,
        to_at, state, next_poll_at)
    values ($1, $2, $3, $4, $5, $6, $7, 'waiting', $8)
)sql"};

const pg::Statement<ReportRow(TenantId, ShopId)> open_reports{"amazon.open_reports", R"sql(
    select id, batch_id, marketplaces, from_at, to_at, state, report_id, document_id, asked_at,
        next_poll_at, polls, failures, orders_loaded, orders_changed, rows_read, rows_skipped,
        dropped_columns, encoding, detail
    from amazon.history_report where tenant_id = $1 and shop_id = $2 and ended_at is null
    order by to_at desc, id limit 200
)sql"};

const pg::Statement<ReportRow(TenantId, ShopId)> latest_batch{"amazon.latest_batch", R"sql(
    select r.id, r.batch_id, r.marketplaces, r.from_at, r.to_at, r.state, r.report_id,
        r.document_id, r.asked_at, r.next_poll_at, r.polls, r.failures, r.orders_loaded,
        r.orders_changed, r.rows_read, r.rows_skipped, r.dropped_columns, r.encoding, r.detail
    from amazon.history_report r
    where r.tenant_id = $1 and r.shop_id = $2 and r.batch_id = ( select l.batch_id
        from amazon.history_report l where l.tenant_id = $1 and l.shop_id = $2
        order by l.id desc limit 1)
    order by r.to_at desc, r.id limit 400
)sql"};

const pg::Statement<void(TenantId, ShopId, ReportRowId, ReportState, std::optional<std::string>,
                         std::optional<std::string>, std::optional<Instant>, Instant, std::int64_t,
                         std::int64_t, std::string)>
    move_report{"amazon.move_report", R"sql(
    update amazon.history_report set state = $4, report_id = $5, document_id = $6, asked_at = $7,
        next_poll_at = $8, polls = $9, failures = $10, detail = $11,
        orders_loaded = case when $4 = 'waiting' then 0 else orders_loaded end
    where tenant_id = $1 and shop_id = $2 and id = $3 and ended_at is null
)sql"};

const pg::Statement<void(TenantId, ShopId, ReportRowId, std::int64_t, std::int64_t, std::int64_t)>
    advance_report{"amazon.advance_report", R"sql(
    update amazon.history_report set orders_loaded = $5, orders_changed = orders_changed + $6
    where tenant_id = $1 and shop_id = $2 and id = $3 and orders_loaded = $4 and ended_at is null
)sql"};

const pg::Statement<void(TenantId, ShopId, ReportRowId, std::int64_t, std::int64_t,
                         std::vector<std::string>, std::string)>
    note_report_shape{"amazon.note_report_shape", R"sql(
    update amazon.history_report set rows_read = $4, rows_skipped = $5, dropped_columns = $6,
        encoding = $7
    where tenant_id = $1 and shop_id = $2 and id = $3
)sql"};

const pg::Statement<void(TenantId, ShopId, ReportRowId, ReportState, std::string, Instant)>
    end_report{"amazon.end_report", R"sql(
    update amazon.history_report set state = $4, detail = $5, ended_at = $6
    where tenant_id = $1 and shop_id = $2 and id = $3 and ended_at is null
)sql"};

const pg::Statement<void(TenantId, ShopId, RawReplyId, std::string, std::string, Instant, pg::Bytes,
                         std::int64_t, pg::Bytes, std::int64_t)>
    insert_raw_reply{"amazon.insert_raw_reply", R"sql(
    insert into amazon.raw_reply (tenant_id, shop_id, id, operation, request_id, received_at,
        sha256, size_bytes, body_zstd, dropped)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
)sql"};

const pg::Statement<void(TenantId, Instant)> purge_raw_replies{
    "amazon.purge_raw_replies",
    "delete from amazon.raw_reply where tenant_id = $1 and received_at < $2"};

const pg::Statement<void(TenantId, Instant)> purge_runs{"amazon.purge_runs", R"sql(
    delete from amazon.sync_run where tenant_id = $1 and state <> 'running' and started_at < $2
)sql"};

const pg::Statement<void(TenantId, Instant)> purge_reports{"amazon.purge_reports", R"sql(
    delete from amazon.history_report where tenant_id = $1 and ended_at < $2
)sql"};

const pg::Statement<void(TenantId, Instant)> purge_usage{
    "amazon.purge_usage", "delete from amazon.usage_hour where tenant_id = $1 and hour < $2"};

const pg::Statement<void(pg::Bytes, std::string, std::int64_t, Instant)> make_bucket{
    "amazon.make_bucket", R"sql(
    insert into amazon.rate_bucket (account_key, operation, micro_tokens,
        refilled_at) values ($1, $2, $3, $4)
    on conflict (account_key, operation) do nothing
)sql"};

const pg::Statement<BucketRow(pg::Bytes, std::string)> lock_bucket{"amazon.lock_bucket", R"sql(
    select b.micro_tokens, b.refilled_at, b.blocked_until, p.micro_per_second plan_rate,
        p.burst plan_burst
    from amazon.rate_bucket b left join amazon.usage_plan p on p.operation = b.operation
    where b.account_key = $1 and b.operation = $2 for update of b
)sql"};

const pg::Statement<void(pg::Bytes, std::string, std::int64_t, Instant)> set_bucket{
    "amazon.set_bucket", R"sql(
    update amazon.rate_bucket set micro_tokens = $3, refilled_at = $4 where account_key = $1
        and operation = $2
)sql"};

const pg::Statement<void(pg::Bytes, std::string, Instant)> empty_bucket{"amazon.empty_bucket",
                                                                        R"sql(
    update amazon.rate_bucket set micro_tokens = 0, refilled_at = $3, blocked_until = null
    where account_key = $1 and operation = $2
)sql"};

const pg::Statement<void(pg::Bytes, std::string, Instant, Instant)> block_bucket{
    "amazon.block_bucket", R"sql(
    update amazon.rate_bucket set micro_tokens = 0, refilled_at = greatest(refilled_at, $3),
        blocked_until = greatest(blocked_until, $4)
    where account_key = $1 and operation = $2
)sql"};

const pg::Statement<QuotaRow(pg::Bytes)> quotas_of{"amazon.quotas_of", R"sql(
    select b.operation, b.micro_tokens, b.refilled_at, b.blocked_until,
        p.micro_per_second plan_rate, p.burst plan_burst
    from amazon.rate_bucket b left join amazon.usage_plan p on p.operation = b.operation
    where b.account_key = $1 order by b.operation
)sql"};

const pg::Statement<void(TenantId, ShopId, std::string, Instant, std::int64_t, std::int64_t)>
    count_usage{"amazon.count_usage", R"sql(
    insert into amazon.usage_hour as u (tenant_id, shop_id, operation, hour, calls, throttled)
    values ($1, $2, $3, $4, $5, $6)
    on conflict (tenant_id, shop_id, operation, hour)
        do update set calls = u.calls + excluded.calls,
        throttled = u.throttled + excluded.throttled
)sql"};

const pg::Statement<UsageRow(TenantId, ShopId, Instant)> usage_since{"amazon.usage_since", R"sql(
    select operation, sum(calls)::bigint calls, sum(throttled)::bigint throttled
        from amazon.usage_hour
    where tenant_id = $1 and shop_id = $2 and hour >= $3 group by operation order by operation
)sql"};

const pg::Statement<DayBounds(Date, std::string)> day_bounds{"amazon.day_bounds", R"sql(
    select ($1::date)::timestamp at time zone $2 begin_at,
        ($1::date + 1)::timestamp at time zone $2 end_at
)sql"};

}  // namespace entrepot::amazon::store
