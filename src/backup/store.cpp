// The statements. Those of a drill go through a plain connection, as the cluster's administrator:
// it counts all tenants' rows, which no role of the application may.
#include "backup/store.hpp"

#include "base/text.hpp"

namespace entrepot::backup::store {
namespace {
using pgserver::Row;
using pgserver::Session;

const pg::Statement<void(Uuid, std::int64_t, std::string, Instant, Instant, std::string,
                         std::optional<std::string>, std::int64_t, std::int64_t, std::string)>
    insert_run{"backup.add_run", R"sql(
    insert into backup.run (id, repository, kind, started_at, finished_at, outcome, label,
        original_bytes, stored_bytes, trouble)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
)sql"};

const pg::Statement<void(Uuid, std::int64_t, std::optional<std::string>, Instant, Instant,
                         std::string, std::int64_t, std::optional<std::int64_t>, std::int64_t,
                         std::int64_t, std::int64_t, std::int64_t, std::string, pg::Bytes)>
    insert_drill{"backup.add_drill", R"sql(
    insert into backup.drill (id, repository, label, started_at, finished_at, outcome, restore_ms,
        loss_ms, erased_tried, erased_opened, live_tried, live_opened, faults, report_digest)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
)sql"};

const pg::Statement<LatestRow()> select_latest{"backup.latest_runs", R"sql(
    select distinct on (repository, kind, outcome) repository, kind, outcome, started_at
    from backup.run
    order by repository, kind, outcome, started_at desc
)sql"};

const pg::Statement<std::optional<Instant>()> select_latest_drill{
    "backup.latest_drill", "select max(started_at) from backup.drill"};

constexpr const char* tables_sql = R"sql(
    select n.nspname || '.' || c.relname, coalesce(obj_description(c.oid), '') like '%[append-only]%',
        format('%I.%I', n.nspname, c.relname)
    from pg_class as c join pg_namespace as n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p') and not c.relispartition
        and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')
    order by 1
)sql";

constexpr const char* digest_columns = R"sql(
    o.tenant_id, o.id, o.version, encode(sha256(convert_to(concat_ws('|', o.currency, o.item_minor,
        o.shipping_minor, o.gift_wrap_minor, o.tax_minor, o.discount_minor, o.other_minor,
        o.grand_total_minor, o.line_count, o.unit_count, (
            select string_agg(concat_ws(',', l.line_no, l.seller_sku, l.quantity_ordered,
                l.item_minor, l.shipping_minor, l.gift_wrap_minor, l.tax_minor, l.discount_minor,
                l.other_minor), ';' order by l.line_no)
            from orders.order_line as l
            where l.tenant_id = o.tenant_id and l.order_id = o.id)), 'UTF8')), 'hex')
    from orders.sales_order as o
)sql";

std::vector<OrderDigest> digests(const std::vector<Row>& rows) {
    std::vector<OrderDigest> out;
    out.reserve(rows.size());
    for (const Row& row : rows) out.push_back({row.at(0), row.at(1), row.at(2), row.at(3)});
    return out;
}

std::optional<Instant> instant(const std::string& micros) {
    const auto number = text::parse_int(micros);
    if (!number) return std::nullopt;
    return Instant{std::chrono::microseconds{*number}};
}
}  // namespace

Awaitable<void> add_run(pg::Database& db, const RunRow& row) {
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<>> {
        tx.defer(insert_run, row.id, row.repository, row.kind, row.started_at, row.finished_at,
                 row.outcome, row.label, row.original_bytes, row.stored_bytes, row.trouble);
        co_return Result<>{};
    };
    (void)co_await db.global(body);
}

Awaitable<void> add_drill(pg::Database& db, const DrillRow& row) {
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<>> {
        tx.defer(insert_drill, row.id, row.repository, row.label, row.started_at, row.finished_at,
                 row.outcome, row.restore_ms, row.loss_ms, row.erased_tried, row.erased_opened,
                 row.live_tried, row.live_opened, row.faults, row.report_digest);
        co_return Result<>{};
    };
    (void)co_await db.global(body);
}

Awaitable<std::vector<LatestRow>> latest_runs(pg::Database& db) {
    auto body = [](pg::Transaction& tx) -> Awaitable<Result<std::vector<LatestRow>>> {
        co_return co_await tx.rows(select_latest);
    };
    co_return *co_await db.global(body, pg::Access::read_only);
}

Awaitable<std::optional<Instant>> latest_drill(pg::Database& db) {
    auto body = [](pg::Transaction& tx) -> Awaitable<Result<std::optional<Instant>>> {
        co_return co_await tx.one(select_latest_drill);
    };
    co_return *co_await db.global(body, pg::Access::read_only);
}

std::vector<Count> counts(Session& session) {
    std::vector<Count> out;
    for (const Row& row : session.rows(tables_sql)) {
        const std::string rows = session.value("select count(*) from " + row.at(2));
        out.push_back({row.at(0), row.at(1) == "t", text::parse_int(rows).value_or(-1)});
    }
    return out;
}

std::vector<OrderDigest> orders_after(Session& session, const OrderDigest& last,
                                      std::int64_t limit) {
    return digests(session.rows(std::string("select ") + digest_columns +
                                    "where (o.tenant_id, o.id) > ($1::uuid, $2::uuid) "
                                    "order by o.tenant_id, o.id limit $3::bigint",
                                {last.tenant, last.id, std::to_string(limit)}));
}

std::vector<OrderDigest> same_orders(Session& session, const std::vector<OrderDigest>& wanted) {
    std::string tenant_ids = "{", order_ids = "{";
    for (const OrderDigest& order : wanted) {
        if (tenant_ids.size() > 1) tenant_ids += ',', order_ids += ',';
        tenant_ids += order.tenant;
        order_ids += order.id;
    }
    return digests(session.rows(
        std::string("select ") + digest_columns +
            "join unnest($1::uuid[], $2::uuid[]) as k(tenant_id, id) on k.tenant_id = o.tenant_id "
            "and k.id = o.id order by o.tenant_id, o.id",
        {tenant_ids + '}', order_ids + '}'}));
}

std::optional<Instant> newest_commit(Session& session) {
    return instant(
        session.value("select (extract(epoch from timestamp) * 1000000)::bigint "
                      "from pg_last_committed_xact()"));
}

std::optional<Instant> newest_replayed(Session& session) {
    return instant(session.value(
        "select (extract(epoch from pg_last_xact_replay_timestamp()) * 1000000)::bigint"));
}

bool in_recovery(Session& session) {
    return session.value("select pg_is_in_recovery()") == "t";
}

std::vector<TenantId> tenants(Session& session) {
    std::vector<TenantId> out;
    for (const Row& row : session.rows("select distinct tenant_id from vault.capsule order by 1"))
        if (const auto id = TenantId::parse(row.at(0))) out.push_back(*id);
    return out;
}

}  // namespace entrepot::backup::store
