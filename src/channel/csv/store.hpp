// SQL of imports and the rows it fills.
#pragma once

#include "channel/csv/line_reader.hpp"
#include "channel/csv/table.hpp"

namespace entrepot::csv {

/// uploaded: cleaned and kept · previewed: a person looked · running · done · failed: see
/// failure_code; what was written before can be undone · undoing · undone.
enum class ImportState { uploaded, previewed, running, done, failed, undoing, undone };
BOOST_DESCRIBE_ENUM(ImportState, uploaded, previewed, running, done, failed, undoing, undone)

/// checking: rows are read, nothing is written · writing: batches of orders are committed.
enum class Phase { none, checking, writing };
BOOST_DESCRIBE_ENUM(Phase, none, checking, writing)

struct ImportRow {
    ImportId id;
    ShopId shop_id;
    std::string file_name;
    std::int64_t size_bytes;
    pg::Bytes sha256;
    ImportState state;
    Phase phase;
    Encoding encoding;
    Encoding stored_encoding;
    std::string delimiter;
    std::int64_t header_row;
    std::vector<std::string> columns;
    std::vector<std::string> dropped_columns;
    std::string header_signature;
    std::optional<pg::Json> settings;
    std::int64_t rows_total;
    std::int64_t rows_checked;
    std::int64_t rows_written;
    std::int64_t groups_done;
    std::int64_t orders_created;
    std::int64_t orders_changed;
    std::int64_t orders_unchanged;
    std::int64_t lines;
    std::int64_t cancellations;
    std::int64_t adjustments;
    std::int64_t fees;
    std::int64_t rows_skipped;
    std::int64_t error_count;
    std::optional<std::string> failure_code;
    std::optional<std::string> failure_detail;
    std::int64_t orders_removed;
    std::string created_by;
    Instant created_at;
    std::optional<Instant> started_at;
    std::optional<Instant> ended_at;
    std::optional<Instant> file_deleted_at;
};
BOOST_DESCRIBE_STRUCT(ImportRow, (),
                      (id, shop_id, file_name, size_bytes, sha256, state, phase, encoding,
                       stored_encoding, delimiter, header_row, columns, dropped_columns,
                       header_signature, settings, rows_total, rows_checked, rows_written,
                       groups_done, orders_created, orders_changed, orders_unchanged, lines,
                       cancellations, adjustments, fees, rows_skipped, error_count, failure_code,
                       failure_detail, orders_removed, created_by, created_at, started_at, ended_at,
                       file_deleted_at))

struct ErrorRow {
    std::int64_t seq;
    std::int64_t row_no;
    std::string column_name;
    std::string code;
};
BOOST_DESCRIBE_STRUCT(ErrorRow, (), (seq, row_no, column_name, code))

/// What one committed batch adds to a run.
struct BatchCounts {
    std::int64_t groups = 0, rows = 0, created = 0, changed = 0, unchanged = 0, lines = 0;
    std::int64_t cancellations = 0, adjustments = 0, fees = 0, skipped = 0;
};

using ShopScopeIds = std::optional<std::vector<ShopId>>;

void insert_import(pg::Transaction& tx, const ImportRow& row);
Awaitable<std::optional<ImportRow>> import_by_id(pg::Transaction& tx, const ShopScopeIds& scope,
                                                 ImportId id);
Awaitable<std::optional<ImportRow>> import_for_update(pg::Transaction& tx,
                                                      const ShopScopeIds& scope, ImportId id);
/// Newest first, older than `before`.
Awaitable<std::vector<ImportRow>> imports_page(pg::Transaction& tx, const ShopScopeIds& scope,
                                               std::optional<ShopId> shop,
                                               std::optional<ImportId> before, std::int64_t limit);
/// Newest import of the same bytes into the same shop that has run.
Awaitable<std::optional<ImportId>> same_file(pg::Transaction& tx, ShopId shop,
                                             const pg::Bytes& sha256);

/// The table was looked at again with another encoding or delimiter.
void update_table(pg::Transaction& tx, ImportId id, const Table& table, Encoding stored,
                  const std::string& signature, std::int64_t rows);
void mark_previewed(pg::Transaction& tx, ImportId id);
void start_run(pg::Transaction& tx, ImportId id, const pg::Json& settings, Instant at);
void set_checked(pg::Transaction& tx, ImportId id, std::int64_t rows);
void start_writing(pg::Transaction& tx, ImportId id, std::int64_t rows, std::int64_t errors);
void add_batch(pg::Transaction& tx, ImportId id, const BatchCounts& counts);
void finish_run(pg::Transaction& tx, ImportId id, Instant at);
void fail_run(pg::Transaction& tx, ImportId id, const Error& error, std::int64_t errors,
              Instant at);
void set_state(pg::Transaction& tx, ImportId id, ImportState state);
void finish_undo(pg::Transaction& tx, ImportId id, std::int64_t removed, Instant at);
void mark_file_deleted(pg::Transaction& tx, ImportId id, Instant at);

void clear_errors(pg::Transaction& tx, ImportId id);
void insert_errors(pg::Transaction& tx, ImportId id, std::int64_t first_seq,
                   const std::vector<Fault>& faults, std::size_t count);
Awaitable<std::vector<ErrorRow>> errors_after(pg::Transaction& tx, ImportId id, std::int64_t seq,
                                              std::int64_t limit);

Awaitable<std::optional<pg::Json>> remembered(pg::Transaction& tx, ShopId shop,
                                              const std::string& signature);
void remember(pg::Transaction& tx, ShopId shop, const std::string& signature,
              const pg::Json& settings, Instant at);

}  // namespace entrepot::csv
