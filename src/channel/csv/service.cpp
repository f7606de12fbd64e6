// Upload, preview, start, errors, undo. Files are read on the pools, never on an event loop.
#include "channel/csv/service.hpp"

#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "base/text.hpp"
#include "channel/csv/csv.hpp"
#include "channel/csv/run.hpp"
#include "modules/shops/shops.hpp"
#include "platform/audit/audit.hpp"
#include "platform/http/cursor.hpp"
#include "platform/json/reader.hpp"
#include "platform/json/writer.hpp"
#include "platform/runtime/runtime.hpp"

namespace entrepot::csv {
namespace {
namespace fs = std::filesystem;
constexpr std::int64_t page_max = 100;
constexpr std::size_t preview_rows = 50;
constexpr std::size_t sample_rows = 5'000;
constexpr std::size_t sample_cells = 200'000;
constexpr auto file_life = std::chrono::days(30);

Error no_such_import() {
    return make_error(entrepot::errors::not_found, "there is no such import");
}

Delimiter delimiter_name(char character) {
    switch (character) {
        case '\t':
            return Delimiter::tab;
        case ';':
            return Delimiter::semicolon;
        case '|':
            return Delimiter::pipe;
        default:
            return Delimiter::comma;
    }
}

std::optional<char> character_of(const std::optional<Delimiter>& delimiter) {
    if (!delimiter) return std::nullopt;
    return delimiter_character(*delimiter);
}

/// Checking is the lesser part of a run's time, as measured.
std::int64_t percent_of(const ImportRow& row) {
    if (row.state == ImportState::done || row.state == ImportState::undone) return 100;
    if (row.rows_total == 0) return 0;
    const std::int64_t checked = 25 * std::min(row.rows_checked, row.rows_total) / row.rows_total;
    const std::int64_t written = 74 * std::min(row.rows_written, row.rows_total) / row.rows_total;
    return checked + written;
}

ImportView view_of(const ImportRow& row) {
    ImportView out;
    out.id = row.id;
    out.shop_id = row.shop_id;
    out.file_name = row.file_name;
    out.size = row.size_bytes;
    const auto* hash = reinterpret_cast<const std::uint8_t*>(row.sha256.data.data());
    out.sha256 = text::to_hex(std::span(hash, row.sha256.data.size()));
    out.state = row.state;
    out.encoding = row.encoding;
    out.delimiter = delimiter_name(row.delimiter.front());
    out.header = row.columns;
    const bool checking = row.phase == Phase::checking;
    const bool ended = row.state == ImportState::done || row.state == ImportState::undone;
    out.progress = {row.phase,
                    ended      ? row.rows_total
                    : checking ? row.rows_checked
                               : row.rows_written,
                    row.rows_total, percent_of(row)};
    out.counts = {row.rows_total,     row.orders_created,
                  row.orders_changed, row.orders_unchanged,
                  row.lines,          row.cancellations,
                  row.adjustments,    row.fees,
                  row.rows_skipped,   static_cast<std::int64_t>(row.dropped_columns.size()),
                  row.orders_removed};
    out.dropped_columns = row.dropped_columns;
    out.error_count = row.error_count;
    if (row.failure_code) out.failure = Failure{*row.failure_code, row.failure_detail.value_or("")};
    out.file_kept = !row.file_deleted_at;
    out.created_by = row.created_by;
    out.created_at = row.created_at;
    out.started_at = row.started_at;
    out.ended_at = row.ended_at;
    return out;
}

/// Base name without control characters; a name is for people only, the file lies under the id.
Result<std::string> checked_file_name(const std::string& given) {
    const auto slash = given.find_last_of("/\\");
    std::string name(text::trim(std::string_view(given).substr(slash + 1)));
    if (name.empty() || text::length(name) > 255 || text::has_control(name))
        return field_error(entrepot::errors::invalid_fields, "/file_name", "length",
                           "a file name of 1 to 255 characters is needed");
    return name;
}

Result<void> make_directory(const fs::path& directory) {
    std::error_code failure;
    fs::create_directories(directory, failure);
    if (failure == std::errc::no_space_on_device)
        return make_error(errors::no_space, "there is no room left on the server's disk");
    if (failure) throw std::system_error(failure, "creation of the imports directory");
    fs::permissions(directory, fs::perms::owner_all, failure);
    return {};
}

struct Stored {
    FileSurvey survey;
    Table table;
    CleanCopy copy;
};

Result<Stored> store_file(const UploadFile& in, const std::string& from, const std::string& to) {
    TRY_VOID(make_directory(fs::path(to).parent_path()));
    Stored out;
    TRY(out.survey, survey_file(from));
    const Encoding encoding = in.encoding.value_or(out.survey.encoding);
    TRY(out.table, examine(from, encoding, character_of(in.delimiter)));
    TRY(out.copy, write_clean_copy(from, to, out.table));
    return out;
}

ImportRow new_row(const Context& ctx, const UploadFile& in, const Stored& stored, ImportId id) {
    ImportRow row{};
    row.id = id;
    row.shop_id = in.shop_id;
    row.size_bytes = stored.survey.bytes;
    const auto hash = *text::from_hex(stored.survey.sha256_hex);
    row.sha256.data.assign(hash.begin(), hash.end());
    row.state = ImportState::uploaded;
    row.encoding = stored.table.encoding;
    row.stored_encoding = stored.copy.encoding;
    row.delimiter = std::string(1, stored.table.delimiter);
    row.header_row = stored.table.header_row;
    row.columns = stored.table.columns;
    row.dropped_columns = stored.table.dropped_columns();
    row.header_signature = header_signature(stored.table.columns);
    row.rows_total = stored.copy.rows;
    row.created_by = ctx.actor.name;
    row.created_at = ctx.now();
    return row;
}

struct UploadDetail {
    std::string sha256;
    std::int64_t rows, dropped_columns;
};
BOOST_DESCRIBE_STRUCT(UploadDetail, (), (sha256, rows, dropped_columns))

Awaitable<Result<shops::Shop>> file_shop(Context& ctx, pg::Transaction& tx, ShopId id) {
    CO_TRY(auto shop, co_await shops::find_shop(ctx, tx, id));
    if (shop.channel != shops::Channel::file)
        co_return make_error(errors::not_a_file_shop,
                             "files can be imported into shops of the file channel only");
    co_return shop;
}

Awaitable<Result<shops::Shop>> read_file_shop(Context& ctx, ShopId id) {
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<shops::Shop>> {
        co_return co_await file_shop(ctx, tx, id);
    };
    co_return co_await ctx.db().transaction(ctx.tenant, body, pg::Access::read_only);
}

Awaitable<Result<ImportRow>> load(Context& ctx, ImportId id) {
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<ImportRow>> {
        auto row = co_await import_by_id(tx, ctx.shop_scope(), id);
        if (!row) co_return no_such_import();
        co_return *std::move(row);
    };
    co_return co_await ctx.db().transaction(ctx.tenant, body, pg::Access::read_only);
}

Error wrong_state(const char* words) {
    return make_error(errors::wrong_state, words);
}

bool may_start(ImportState state) {
    return state == ImportState::uploaded || state == ImportState::previewed ||
           state == ImportState::failed || state == ImportState::undone;
}

/// Looks at the kept file again with another encoding or delimiter, and drops what turns out to be
/// personal under the new names.
Result<Stored> examine_again(const ImportRow& row, const std::string& path, Encoding encoding,
                             char delimiter) {
    const bool recoded = row.stored_encoding != row.encoding;
    if (recoded && (encoding != row.encoding || delimiter != row.delimiter.front()))
        return make_error(errors::encoding_fixed,
                          "this file was converted when it came in; upload it again and name its "
                          "encoding and delimiter there");
    Stored out;
    TRY(out.table, examine(path, encoding, delimiter, own_copy));
    for (std::size_t i = 0; i < out.table.columns.size(); ++i) {
        const bool dropped_before =
            std::find(row.dropped_columns.begin(), row.dropped_columns.end(),
                      out.table.columns[i]) != row.dropped_columns.end();
        if (dropped_before) out.table.personal[i] = true;
    }
    TRY(out.copy, write_clean_copy(path, path, out.table, own_copy));
    return out;
}

/// The import as it is to be read; another encoding or delimiter than before is stored with it.
Awaitable<Result<ImportRow>> reshape(Context& ctx, ImportRow row,
                                     const std::optional<Encoding>& encoding,
                                     const std::optional<Delimiter>& delimiter) {
    const Encoding wanted = encoding.value_or(row.encoding);
    const char character = character_of(delimiter).value_or(row.delimiter.front());
    if (wanted == row.encoding && character == row.delimiter.front()) co_return row;
    if (!may_start(row.state)) co_return wrong_state("the import has been run already");
    const std::string path = kept_file(ctx.services, ctx.tenant, row.id);
    CO_TRY(const Stored stored, co_await ctx.services.runtime.on_blocking(
                                    [&] { return examine_again(row, path, wanted, character); }));
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<ImportRow>> {
        update_table(tx, row.id, stored.table, stored.copy.encoding,
                     header_signature(stored.table.columns), stored.copy.rows);
        auto again = co_await import_by_id(tx, ctx.shop_scope(), row.id);
        if (!again) co_return no_such_import();
        co_return *std::move(again);
    };
    co_return co_await ctx.db().transaction(ctx.tenant, body);
}

struct Sample {
    std::vector<std::vector<std::string>> rows;
};

Result<Sample> read_sample(const ImportRow& row, const std::string& path) {
    Sample out;
    std::size_t cells = 0;
    const auto take = [&](const Row& read) {
        out.rows.emplace_back(read.cells.begin(), read.cells.end());
        cells += read.cells.size();
        return out.rows.size() < sample_rows && cells < sample_cells;
    };
    TRY_VOID(for_each_row(path, row.stored_encoding, row.delimiter.front(), row.header_row, take));
    return out;
}

PreviewView preview_of(const ImportRow& row, Sample sample, const ProposalInput& input) {
    const Proposal proposal = propose(input);
    const Settings& settings = proposal.settings;
    PreviewView out;
    out.id = row.id;
    out.encoding = row.encoding;
    out.delimiter = delimiter_name(row.delimiter.front());
    out.decimal = settings.number_format;
    out.decimals = proposal.number_formats;
    out.date_format = settings.date_format;
    out.date_formats = proposal.date_formats;
    out.time_zone = settings.time_zone;
    out.currency = settings.currency;
    out.header = row.columns;
    out.dropped_columns = row.dropped_columns;
    sample.rows.resize(std::min(sample.rows.size(), preview_rows));
    out.rows = std::move(sample.rows);
    out.mapping = settings.mapping;
    out.mapping_source = proposal.source;
    if (!proposal.profile.empty()) out.profile = proposal.profile;
    out.rules = settings.rules;
    out.charges = settings.charges;
    out.mode = settings.mode;
    out.create_skus = settings.create_skus;
    for (std::size_t i = 0; i < field_count; ++i) {
        const auto field = static_cast<Field>(i);
        out.fields.push_back({std::string(field_name(field)), is_required(field)});
    }
    out.problems = proposal.problems;
    return out;
}

/// What the preview asks of the database, read at once.
struct PreviewBasis {
    shops::Shop shop;
    std::optional<Settings> remembered;
    std::optional<ImportId> same_as;
};

Awaitable<Result<PreviewBasis>> preview_basis(Context& ctx, const ImportRow& row) {
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<PreviewBasis>> {
        PreviewBasis out;
        CO_TRY(out.shop, co_await shops::find_shop(ctx, tx, row.shop_id));
        const auto stored = co_await remembered(tx, row.shop_id, row.header_signature);
        if (stored) out.remembered = json::read_document<Settings>(stored->text).value();
        const auto same = co_await same_file(tx, row.shop_id, row.sha256);
        if (same && *same != row.id) out.same_as = same;
        mark_previewed(tx, row.id);
        co_return out;
    };
    co_return co_await ctx.db().transaction(ctx.tenant, body);
}

std::string currency_of(const shops::Shop& shop) {
    return shop.marketplaces.empty() ? std::string() : shop.marketplaces.front().currency;
}

Settings settings_of(const RunImport& in, const shops::Shop& shop) {
    Settings out;
    out.mapping = in.mapping;
    out.number_format = in.number_format;
    out.date_format = in.date_format;
    out.time_zone = in.time_zone.value_or(shop.time_zone);
    out.currency = in.currency.value_or(currency_of(shop));
    out.mode = in.mode;
    out.charges = in.charges.value_or(Charges::per_line);
    out.rules = in.rules.value_or(Rules{});
    out.create_skus = in.create_skus.value_or(true);
    return out;
}
}  // namespace

char delimiter_character(Delimiter delimiter) {
    switch (delimiter) {
        case Delimiter::tab:
            return '\t';
        case Delimiter::semicolon:
            return ';';
        case Delimiter::pipe:
            return '|';
        case Delimiter::comma:
            break;
    }
    return ',';
}

std::string kept_file(const Services& services, TenantId tenant, ImportId id) {
    const fs::path base =
        services.data_dir.empty() ? fs::temp_directory_path() : fs::path(services.data_dir);
    return base / "imports" / tenant.text() / (id.text() + ".csv.gz");
}

std::vector<std::string> mappable_columns(const ImportRow& row) {
    std::vector<std::string> out = row.columns;
    for (std::string& column : out)
        if (std::find(row.dropped_columns.begin(), row.dropped_columns.end(), column) !=
            row.dropped_columns.end())
            column.clear();
    return out;
}

Awaitable<Result<ImportView>> upload_file(Context& ctx, const UploadFile& in,
                                          const std::string& body_file) {
    CO_TRY(const std::string name, checked_file_name(in.file_name));
    CO_TRY(const shops::Shop shop, co_await read_file_shop(ctx, in.shop_id));
    if (body_file.empty()) co_return make_error(errors::empty_file, "the file is empty");
    const auto id = ctx.new_id<ImportId>();
    const std::string path = kept_file(ctx.services, ctx.tenant, id);
    CO_TRY(const Stored stored, co_await ctx.services.runtime.on_blocking(
                                    [&] { return store_file(in, body_file, path); }));
    ImportRow row = new_row(ctx, in, stored, id);
    row.file_name = name;
    std::exception_ptr failure;
    std::optional<Result<ImportView>> out;
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<ImportView>> {
        const auto same = co_await same_file(tx, in.shop_id, row.sha256);
        insert_import(tx, row);
        jobs::enqueue(tx, ctx, expire_job, job_payload(id), ctx.now() + file_life, id.text());
        const UploadDetail detail{stored.survey.sha256_hex, row.rows_total,
                                  static_cast<std::int64_t>(row.dropped_columns.size())};
        audit::done(tx, ctx, {"imports.uploaded", "import", id.text(), json::to_json(detail)});
        ImportView view = view_of(row);
        view.same_as = same;
        co_return view;
    };
    try {
        out.emplace(co_await ctx.db().transaction(ctx.tenant, body));
    } catch (...) {
        failure = std::current_exception();
    }
    if (failure || out->has_error()) ::unlink(path.c_str());
    if (failure) std::rethrow_exception(failure);
    co_return std::move(*out);
}

Awaitable<Result<http::Page<ImportView>>> list_imports(Context& ctx, const ListImports& in) {
    const std::int64_t limit = in.limit.value_or(50);
    if (limit < 1 || limit > page_max)
        co_return field_error(entrepot::errors::invalid_fields, "/limit", "out_of_range",
                              "from 1 to 100");
    std::optional<ImportId> before;
    if (in.cursor) {
        CO_TRY(const std::string place, http::read_cursor(ctx, "imports", *in.cursor));
        before = ImportId::parse(place);
    }
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<http::Page<ImportView>>> {
        auto rows = co_await imports_page(tx, ctx.shop_scope(), in.shop_id, before, limit + 1);
        http::Page<ImportView> out;
        const bool more = static_cast<std::int64_t>(rows.size()) > limit;
        if (more) rows.pop_back();
        for (const ImportRow& row : rows) out.items.push_back(view_of(row));
        if (more) out.next_cursor = http::write_cursor(ctx, "imports", rows.back().id.text());
        co_return out;
    };
    co_return co_await ctx.db().transaction(ctx.tenant, body, pg::Access::read_only);
}

Awaitable<Result<ImportView>> get_import(Context& ctx, const ImportRef& in) {
    CO_TRY(const ImportRow row, co_await load(ctx, in.id));
    co_return view_of(row);
}

Awaitable<Result<PreviewView>> preview_import(Context& ctx, const PreviewImport& in) {
    CO_TRY(ImportRow row, co_await load(ctx, in.id));
    if (row.file_deleted_at)
        co_return make_error(errors::file_gone, "the file was deleted after 30 days");
    CO_TRY(row, co_await reshape(ctx, std::move(row), in.encoding, in.delimiter));
    CO_TRY(PreviewBasis basis, co_await preview_basis(ctx, row));
    const std::string path = kept_file(ctx.services, ctx.tenant, row.id);
    CO_TRY(PreviewView out, co_await ctx.services.runtime.on_blocking([&]() -> Result<PreviewView> {
        TRY(Sample sample, read_sample(row, path));
        ProposalInput input;
        input.columns = mappable_columns(row);
        input.rows = sample.rows;
        input.remembered = std::move(basis.remembered);
        input.number_format = in.decimal;
        input.time_zone = basis.shop.time_zone;
        input.currency = currency_of(basis.shop);
        return preview_of(row, std::move(sample), input);
    }));
    out.same_as = basis.same_as;
    co_return out;
}

Awaitable<Result<ImportView>> run_import(Context& ctx, const RunImport& in) {
    CO_TRY(ImportRow row, co_await load(ctx, in.id));
    if (!may_start(row.state)) co_return wrong_state("the import has been run already");
    if (row.file_deleted_at)
        co_return make_error(errors::file_gone, "the file was deleted after 30 days");
    CO_TRY(row, co_await reshape(ctx, std::move(row), in.encoding, in.delimiter));
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<ImportView>> {
        auto locked = co_await import_for_update(tx, ctx.shop_scope(), in.id);
        if (!locked) co_return no_such_import();
        if (!may_start(locked->state)) co_return wrong_state("the import has been run already");
        CO_TRY(const shops::Shop shop, co_await file_shop(ctx, tx, locked->shop_id));
        const Settings settings = settings_of(in, shop);
        const auto lines = LineReader::make(settings, mappable_columns(*locked));
        if (lines.has_error()) co_return lines.error();
        const pg::Json stored{json::to_json(settings)};
        start_run(tx, in.id, stored, ctx.now());
        clear_errors(tx, in.id);
        remember(tx, locked->shop_id, locked->header_signature, stored, ctx.now());
        jobs::enqueue(tx, ctx, run_job, job_payload(in.id), ctx.now());
        audit::done(tx, ctx, {"imports.started", "import", in.id.text()});
        auto started = co_await import_by_id(tx, ctx.shop_scope(), in.id);
        co_return view_of(*started);
    };
    co_return co_await ctx.db().transaction(ctx.tenant, body);
}

Awaitable<Result<ImportView>> undo_import(Context& ctx, const ImportRef& in) {
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<ImportView>> {
        auto row = co_await import_for_update(tx, ctx.shop_scope(), in.id);
        if (!row) co_return no_such_import();
        if (row->state != ImportState::done)
            co_return wrong_state("only a finished import can be undone");
        set_state(tx, in.id, ImportState::undoing);
        jobs::enqueue(tx, ctx, undo_job, job_payload(in.id), ctx.now());
        audit::done(tx, ctx, {"imports.undo_started", "import", in.id.text()});
        row->state = ImportState::undoing;
        co_return view_of(*row);
    };
    co_return co_await ctx.db().transaction(ctx.tenant, body);
}

}  // namespace entrepot::csv
