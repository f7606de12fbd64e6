// Statements of imports.
#include "channel/csv/store.hpp"

namespace entrepot::csv {
namespace {
using Texts = std::vector<std::string>;
using Numbers = std::vector<std::int64_t>;

const pg::Statement<void(TenantId, ImportId, ShopId, std::string, std::int64_t, pg::Bytes, Encoding,
                         Encoding, std::string, std::int64_t, Texts, Texts, std::string,
                         std::int64_t, std::string, Instant)>
    insert{"imports.insert", R"sql(
    insert into imports.file_import (tenant_id, id, shop_id, file_name, size_bytes, sha256, state,
        encoding,
        stored_encoding, delimiter, header_row, columns, dropped_columns, header_signature,
            rows_total,
        created_by, created_at)
    values ($1, $2, $3, $4, $5, $6, 'uploaded', $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
)sql"};

#define ENTREPOT_IMPORT_COLUMNS                                                                    \
    "select id, shop_id, file_name, size_bytes, sha256, state, phase, encoding, stored_encoding, " \
    "delimiter, header_row, columns, dropped_columns, header_signature, settings, rows_total, "    \
    "rows_checked, rows_written, groups_done, orders_created, orders_changed, orders_unchanged, "  \
    "lines, cancellations, adjustments, fees, rows_skipped, error_count, failure_code, "           \
    "failure_detail, orders_removed, created_by, created_at, started_at, ended_at, "               \
    "file_deleted_at from imports.file_import "

const pg::Statement<ImportRow(TenantId, ShopScopeIds, ImportId)> by_id{
    "imports.by_id", ENTREPOT_IMPORT_COLUMNS R"sql(
    where tenant_id = $1 and ($2::uuid[] is null or shop_id = any($2)) and id = $3
)sql"};

const pg::Statement<ImportRow(TenantId, ShopScopeIds, ImportId)> for_update{
    "imports.for_update", ENTREPOT_IMPORT_COLUMNS R"sql(
    where tenant_id = $1 and ($2::uuid[] is null or shop_id = any($2)) and id = $3
    for update
)sql"};

const pg::Statement<ImportRow(TenantId, ShopScopeIds, std::optional<ShopId>,
                              std::optional<ImportId>, std::int64_t)>
    page{"imports.page", ENTREPOT_IMPORT_COLUMNS R"sql(
    where tenant_id = $1 and ($2::uuid[] is null or shop_id = any($2)) and ($3::uuid is null or
        shop_id = $3)
        and ($4::uuid is null or id < $4)
    order by id desc limit $5
)sql"};
#undef ENTREPOT_IMPORT_COLUMNS

const pg::Statement<ImportId(TenantId, ShopId, pg::Bytes)> by_hash{"imports.same_file", R"sql(
    select id from imports.file_import
    where tenant_id = $1 and shop_id = $2 and sha256 = $3 and state in ('running', 'done')
    order by id desc limit 1
)sql"};

const pg::Statement<void(TenantId, ImportId, Encoding, Encoding, std::string, std::int64_t, Texts,
                         Texts, std::string, std::int64_t)>
    set_table{"imports.set_table", R"sql(
    update imports.file_import set encoding = $3, stored_encoding = $4, delimiter = $5, header_row
        = $6,
        columns = $7, dropped_columns = $8, header_signature = $9, rows_total = $10
    where tenant_id = $1 and id = $2
)sql"};

const pg::Statement<void(TenantId, ImportId)> previewed{"imports.previewed", R"sql(
    update imports.file_import set state = 'previewed' where tenant_id = $1 and id = $2 and state =
        'uploaded'
)sql"};

const pg::Statement<void(TenantId, ImportId, pg::Json, Instant)> start{"imports.start", R"sql(
    update imports.file_import set state = 'running', phase = 'checking', settings = $3, started_at
        = $4,
        ended_at = null, rows_checked = 0, rows_written = 0, groups_done = 0, orders_created = 0,
        orders_changed = 0, orders_unchanged = 0, lines = 0, cancellations = 0, adjustments = 0,
            fees = 0,
        rows_skipped = 0, error_count = 0, failure_code = null, failure_detail = null,
            orders_removed = 0
    where tenant_id = $1 and id = $2
)sql"};

const pg::Statement<void(TenantId, ImportId, std::int64_t)> checked{"imports.checked", R"sql(
    update imports.file_import set rows_checked = $3
    where tenant_id = $1 and id = $2 and state = 'running' and phase = 'checking'
)sql"};

const pg::Statement<void(TenantId, ImportId, std::int64_t, std::int64_t)> writing{
    "imports.start_writing", R"sql(
    update imports.file_import set phase = 'writing', rows_checked = $3, error_count = $4
    where tenant_id = $1 and id = $2
)sql"};

const pg::Statement<void(TenantId, ImportId, std::int64_t, std::int64_t, std::int64_t, std::int64_t,
                         std::int64_t, std::int64_t, std::int64_t, std::int64_t, std::int64_t,
                         std::int64_t)>
    add_counts{"imports.add_batch", R"sql(
    update imports.file_import set groups_done = groups_done + $3, rows_written = rows_written + $4,
        orders_created = orders_created + $5, orders_changed = orders_changed + $6,
        orders_unchanged = orders_unchanged + $7, lines = lines + $8, cancellations = cancellations
            + $9,
        adjustments = adjustments + $10, fees = fees + $11, rows_skipped = rows_skipped + $12
    where tenant_id = $1 and id = $2
)sql"};

const pg::Statement<void(TenantId, ImportId, Instant)> finish{"imports.finish", R"sql(
    update imports.file_import set state = 'done', phase = 'none', ended_at = $3,
        rows_skipped = rows_skipped + rows_total - rows_written
    where tenant_id = $1 and id = $2
)sql"};

const pg::Statement<void(TenantId, ImportId, std::string, std::string, std::int64_t, Instant)> fail{
    "imports.fail", R"sql(
    update imports.file_import set state = 'failed', phase = 'none', failure_code = $3,
        failure_detail = $4,
        error_count = greatest(error_count, $5), ended_at = $6
    where tenant_id = $1 and id = $2 and state = 'running'
)sql"};

const pg::Statement<void(TenantId, ImportId, ImportState)> set_state_of{"imports.set_state", R"sql(
    update imports.file_import set state = $3 where tenant_id = $1 and id = $2
)sql"};

const pg::Statement<void(TenantId, ImportId, std::int64_t, Instant)> undone{"imports.undone", R"sql(
    update imports.file_import set state = 'undone', orders_removed = $3, ended_at = $4
    where tenant_id = $1 and id = $2
)sql"};

const pg::Statement<void(TenantId, ImportId, Instant)> file_deleted{"imports.file_deleted", R"sql(
    update imports.file_import set file_deleted_at = $3 where tenant_id = $1 and id = $2
)sql"};

const pg::Statement<void(TenantId, ImportId)> delete_errors{"imports.clear_errors", R"sql(
    delete from imports.row_error where tenant_id = $1 and import_id = $2
)sql"};

const pg::Statement<void(TenantId, ImportId, Numbers, Numbers, Texts, Texts)> add_errors{
    "imports.insert_errors", R"sql(
    insert into imports.row_error (tenant_id, import_id, seq, row_no, column_name, code)
    select $1, $2, n.seq, n.row_no, n.column_name, n.code
    from unnest($3, $4, $5, $6) as n(seq, row_no, column_name, code)
    on conflict (tenant_id, import_id, seq) do nothing
)sql"};

const pg::Statement<ErrorRow(TenantId, ImportId, std::int64_t, std::int64_t)> select_errors{
    "imports.errors_after", R"sql(
    select seq, row_no, column_name, code from imports.row_error
    where tenant_id = $1 and import_id = $2 and seq > $3 order by seq limit $4
)sql"};

const pg::Statement<pg::Json(TenantId, ShopId, std::string)> select_remembered{"imports.remembered",
                                                                               R"sql(
    select settings from imports.remembered_settings
    where tenant_id = $1 and shop_id = $2 and header_signature = $3
)sql"};

const pg::Statement<void(TenantId, ShopId, std::string, pg::Json, Instant)> upsert_remembered{
    "imports.remember", R"sql(
    insert into imports.remembered_settings (tenant_id, shop_id, header_signature, settings,
        updated_at)
    values ($1, $2, $3, $4, $5)
    on conflict (tenant_id, shop_id, header_signature) do update set settings = excluded.settings,
        updated_at = excluded.updated_at
)sql"};
}  // namespace

void insert_import(pg::Transaction& tx, const ImportRow& row) {
    tx.defer(insert, tx.tenant(), row.id, row.shop_id, row.file_name, row.size_bytes, row.sha256,
             row.encoding, row.stored_encoding, row.delimiter, row.header_row, row.columns,
             row.dropped_columns, row.header_signature, row.rows_total, row.created_by,
             row.created_at);
}
Awaitable<std::optional<ImportRow>> import_by_id(pg::Transaction& tx, const ShopScopeIds& scope,
                                                 ImportId id) {
    return tx.maybe(by_id, tx.tenant(), scope, id);
}
Awaitable<std::optional<ImportRow>> import_for_update(pg::Transaction& tx,
                                                      const ShopScopeIds& scope, ImportId id) {
    return tx.maybe(for_update, tx.tenant(), scope, id);
}
Awaitable<std::vector<ImportRow>> imports_page(pg::Transaction& tx, const ShopScopeIds& scope,
                                               std::optional<ShopId> shop,
                                               std::optional<ImportId> before, std::int64_t limit) {
    return tx.rows(page, tx.tenant(), scope, shop, before, limit);
}
Awaitable<std::optional<ImportId>> same_file(pg::Transaction& tx, ShopId shop,
                                             const pg::Bytes& sha256) {
    return tx.maybe(by_hash, tx.tenant(), shop, sha256);
}

void update_table(pg::Transaction& tx, ImportId id, const Table& table, Encoding stored,
                  const std::string& signature, std::int64_t rows) {
    tx.defer(set_table, tx.tenant(), id, table.encoding, stored, std::string(1, table.delimiter),
             table.header_row, table.columns, table.dropped_columns(), signature, rows);
}
void mark_previewed(pg::Transaction& tx, ImportId id) {
    tx.defer(previewed, tx.tenant(), id);
}
void start_run(pg::Transaction& tx, ImportId id, const pg::Json& settings, Instant at) {
    tx.defer(start, tx.tenant(), id, settings, at);
}
void set_checked(pg::Transaction& tx, ImportId id, std::int64_t rows) {
    tx.defer(checked, tx.tenant(), id, rows);
}
void start_writing(pg::Transaction& tx, ImportId id, std::int64_t rows, std::int64_t errors) {
    tx.defer(writing, tx.tenant(), id, rows, errors);
}
void add_batch(pg::Transaction& tx, ImportId id, const BatchCounts& c) {
    tx.defer(add_counts, tx.tenant(), id, c.groups, c.rows, c.created, c.changed, c.unchanged,
             c.lines, c.cancellations, c.adjustments, c.fees, c.skipped);
}
void finish_run(pg::Transaction& tx, ImportId id, Instant at) {
    tx.defer(finish, tx.tenant(), id, at);
}
void fail_run(pg::Transaction& tx, ImportId id, const Error& error, std::int64_t errors,
              Instant at) {
    tx.defer(fail, tx.tenant(), id, std::string(error.code.name), error.detail, errors, at);
}
void set_state(pg::Transaction& tx, ImportId id, ImportState state) {
    tx.defer(set_state_of, tx.tenant(), id, state);
}
void finish_undo(pg::Transaction& tx, ImportId id, std::int64_t removed, Instant at) {
    tx.defer(undone, tx.tenant(), id, removed, at);
}
void mark_file_deleted(pg::Transaction& tx, ImportId id, Instant at) {
    tx.defer(file_deleted, tx.tenant(), id, at);
}

void clear_errors(pg::Transaction& tx, ImportId id) {
    tx.defer(delete_errors, tx.tenant(), id);
}
void insert_errors(pg::Transaction& tx, ImportId id, std::int64_t first_seq,
                   const std::vector<Fault>& faults, std::size_t count) {
    Numbers seqs, rows;
    Texts columns, codes;
    for (std::size_t i = 0; i < count; ++i) {
        seqs.push_back(first_seq + static_cast<std::int64_t>(i));
        rows.push_back(faults[i].row);
        columns.push_back(faults[i].column);
        codes.emplace_back(faults[i].code);
    }
    tx.defer(add_errors, tx.tenant(), id, seqs, rows, columns, codes);
}
Awaitable<std::vector<ErrorRow>> errors_after(pg::Transaction& tx, ImportId id, std::int64_t seq,
                                              std::int64_t limit) {
    return tx.rows(select_errors, tx.tenant(), id, seq, limit);
}

Awaitable<std::optional<pg::Json>> remembered(pg::Transaction& tx, ShopId shop,
                                              const std::string& signature) {
    return tx.maybe(select_remembered, tx.tenant(), shop, signature);
}
void remember(pg::Transaction& tx, ShopId shop, const std::string& signature,
              const pg::Json& settings, Instant at) {
    tx.defer(upsert_remembered, tx.tenant(), shop, signature, settings, at);
}

}  // namespace entrepot::csv
