// Use cases of the file channel, for routes and tests.
#pragma once

#include "channel/csv/proposal.hpp"
#include "channel/csv/store.hpp"
#include "platform/http/route.hpp"

namespace entrepot::csv {

/// Names of the characters between cells, as the API says them.
enum class Delimiter { comma, tab, semicolon, pipe };
BOOST_DESCRIBE_ENUM(Delimiter, comma, tab, semicolon, pipe)
char delimiter_character(Delimiter delimiter);

struct Progress {
    Phase phase;
    std::int64_t rows_read;
    std::int64_t rows_total;
    std::int64_t percent;
};
BOOST_DESCRIBE_STRUCT(Progress, (), (phase, rows_read, rows_total, percent))

struct Counts {
    std::int64_t rows, orders_created, orders_changed, unchanged, lines, cancelled, adjustments,
        fees, skipped, dropped_pii_columns, orders_removed;
};
BOOST_DESCRIBE_STRUCT(Counts, (),
                      (rows, orders_created, orders_changed, unchanged, lines, cancelled,
                       adjustments, fees, skipped, dropped_pii_columns, orders_removed))

struct Failure {
    std::string code;
    std::string detail;
};
BOOST_DESCRIBE_STRUCT(Failure, (), (code, detail))

struct ImportView {
    ImportId id;
    ShopId shop_id;
    std::string file_name;
    std::int64_t size;
    std::string sha256;
    ImportState state;
    Encoding encoding;
    Delimiter delimiter;
    std::vector<std::string> header;
    Progress progress;
    Counts counts;
    std::vector<std::string> dropped_columns;
    std::int64_t error_count;
    std::optional<Failure> failure;
    std::optional<ImportId> same_as;  ///< an earlier import of the same bytes into the shop
    bool file_kept;
    std::string created_by;
    Instant created_at;
    std::optional<Instant> started_at;
    std::optional<Instant> ended_at;
};
BOOST_DESCRIBE_STRUCT(ImportView, (),
                      (id, shop_id, file_name, size, sha256, state, encoding, delimiter, header,
                       progress, counts, dropped_columns, error_count, failure, same_as, file_kept,
                       created_by, created_at, started_at, ended_at))

struct UploadFile {
    ShopId shop_id;
    std::string file_name;
    std::optional<Encoding> encoding;
    std::optional<Delimiter> delimiter;
};
BOOST_DESCRIBE_STRUCT(UploadFile, (), (shop_id, file_name, encoding, delimiter))

struct ListImports {
    std::optional<ShopId> shop_id;
    std::optional<std::int64_t> limit;
    std::optional<std::string> cursor;
};
BOOST_DESCRIBE_STRUCT(ListImports, (), (shop_id, limit, cursor))

struct ImportRef {
    ImportId id;
};
BOOST_DESCRIBE_STRUCT(ImportRef, (), (id))

struct PreviewImport {
    ImportId id;
    std::optional<Encoding> encoding;
    std::optional<Delimiter> delimiter;
    std::optional<NumberFormat> decimal;
};
BOOST_DESCRIBE_STRUCT(PreviewImport, (), (id, encoding, delimiter, decimal))

struct FieldView {
    std::string name;
    bool required;
};
BOOST_DESCRIBE_STRUCT(FieldView, (), (name, required))

struct PreviewView {
    ImportId id;
    Encoding encoding;
    Delimiter delimiter;
    NumberFormat decimal;
    std::vector<NumberFormat> decimals;
    DateFormat date_format;
    std::vector<DateFormat> date_formats;
    std::string time_zone;
    std::string currency;
    std::vector<std::string> header;
    std::vector<std::string> dropped_columns;
    std::vector<std::vector<std::string>> rows;
    Mapping mapping;
    MappingSource mapping_source;
    std::optional<std::string> profile;
    Rules rules;
    Charges charges;
    Mode mode;
    bool create_skus;
    std::vector<FieldView> fields;
    std::vector<ProposalProblem> problems;
    std::optional<ImportId> same_as;
};
BOOST_DESCRIBE_STRUCT(PreviewView, (),
                      (id, encoding, delimiter, decimal, decimals, date_format, date_formats,
                       time_zone, currency, header, dropped_columns, rows, mapping, mapping_source,
                       profile, rules, charges, mode, create_skus, fields, problems, same_as))

struct RunImport {
    ImportId id;
    Mapping mapping;
    std::optional<Encoding> encoding;
    std::optional<Delimiter> delimiter;
    NumberFormat number_format;
    DateFormat date_format;
    std::optional<std::string> time_zone;
    std::optional<std::string> currency;
    Mode mode;
    std::optional<Charges> charges;
    std::optional<Rules> rules;
    std::optional<bool> create_skus;
};
BOOST_DESCRIBE_STRUCT(RunImport, (),
                      (id, mapping, encoding, delimiter, number_format, date_format, time_zone,
                       currency, mode, charges, rules, create_skus))

enum class ErrorLanguage { en, zh };
BOOST_DESCRIBE_ENUM(ErrorLanguage, en, zh)
struct ErrorFile {
    ImportId id;
    std::optional<ErrorLanguage> language;
};
BOOST_DESCRIBE_STRUCT(ErrorFile, (), (id, language))

/// `body_file` holds the upload; a copy without personal data is kept, the rest goes with the
/// request.
Awaitable<Result<ImportView>> upload_file(Context& ctx, const UploadFile& in,
                                          const std::string& body_file);
Awaitable<Result<http::Page<ImportView>>> list_imports(Context& ctx, const ListImports& in);
Awaitable<Result<ImportView>> get_import(Context& ctx, const ImportRef& in);
Awaitable<Result<PreviewView>> preview_import(Context& ctx, const PreviewImport& in);
Awaitable<Result<ImportView>> run_import(Context& ctx, const RunImport& in);
Awaitable<Result<http::Response>> error_file(Context& ctx, const ErrorFile& in);
Awaitable<Result<ImportView>> undo_import(Context& ctx, const ImportRef& in);

/// Where the kept file of an import lies.
std::string kept_file(const Services& services, TenantId tenant, ImportId id);
/// Column names with those of dropped columns emptied.
std::vector<std::string> mappable_columns(const ImportRow& row);
/// Words of a row's fault.
std::string_view fault_words(std::string_view code, ErrorLanguage language);

}  // namespace entrepot::csv
