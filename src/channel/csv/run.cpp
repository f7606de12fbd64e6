// A run: check everything on the CPU pool, then write batch by batch, each in a transaction
// together with the counter that says how far it is. A run that was cut off checks again and goes
// on there.
#include "channel/csv/run.hpp"

#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <unordered_set>

#include "channel/csv/check.hpp"
#include "channel/csv/csv.hpp"
#include "channel/csv/service.hpp"
#include "modules/catalog/catalog.hpp"
#include "modules/shops/shops.hpp"
#include "platform/audit/audit.hpp"
#include "platform/json/reader.hpp"
#include "platform/json/writer.hpp"
#include "platform/runtime/runtime.hpp"

namespace entrepot::csv {
namespace {
constexpr std::int64_t errors_kept_max = 10'000;
constexpr std::int64_t attempts_before_failure = 7;

struct JobPayload {
    ImportId import_id;
};
BOOST_DESCRIBE_STRUCT(JobPayload, (), (import_id))

ImportId import_of(const jobs::Job& job) {
    return json::read_document<JobPayload>(job.payload).value().import_id;
}

struct FinishDetail {
    std::int64_t orders_created, orders_changed, unchanged, lines, skipped, errors;
};
BOOST_DESCRIBE_STRUCT(FinishDetail, (),
                      (orders_created, orders_changed, unchanged, lines, skipped, errors))

Awaitable<std::optional<ImportRow>> load_row(Context& ctx, ImportId id) {
    std::optional<ImportRow> row;
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<bool>> {
        row = co_await import_by_id(tx, std::nullopt, id);
        co_return true;
    };
    static_cast<void>((co_await ctx.db().transaction(ctx.tenant, body)).value());
    co_return row;
}

/// Seller SKUs of goods that this run has not yet seen to.
class SkuMemory {
public:
    std::vector<catalog::SellerSku> unseen(const std::vector<orders::IncomingOrder>& batch) const {
        std::vector<catalog::SellerSku> out;
        std::unordered_set<std::string_view> here;
        for (const orders::IncomingOrder& order : batch)
            for (const orders::IncomingLine& line : order.lines)
                if (line.kind == orders::LineKind::goods && !seen_.contains(line.seller_sku) &&
                    here.insert(line.seller_sku).second)
                    out.push_back({line.seller_sku, line.title});
        return out;
    }
    void add(const std::vector<catalog::SellerSku>& skus) {
        if (seen_.size() > remembered_max) seen_.clear();
        for (const catalog::SellerSku& sku : skus) seen_.insert(sku.seller_sku);
    }

private:
    static constexpr std::size_t remembered_max = 200'000;
    std::unordered_set<std::string> seen_;
};

/// One run of one import from where it stands.
class ImportRun {
public:
    ImportRun(Context& ctx, ImportRow row)
        : ctx_(ctx),
          row_(std::move(row)),
          settings_(json::read_document<Settings>(row_.settings.value().text).value()) {}

    Awaitable<Result<void>> go();
    std::int64_t faults() const { return fault_count_; }

private:
    Awaitable<std::string> default_marketplace();
    Awaitable<Result<void>> open();
    Awaitable<Result<void>> check();
    Awaitable<void> keep_faults(bool rows_advance);
    Awaitable<Result<void>> write();
    Awaitable<bool> write_batch(const CheckPass::Batch& batch);
    Awaitable<void> finish();

    /// Errors are stored once: a run that goes on has found them all before.
    bool first_time() const { return row_.phase == Phase::checking; }

    Context& ctx_;
    ImportRow row_;
    Settings settings_;
    std::unique_ptr<CheckPass> pass_;
    SkuMemory skus_;
    std::int64_t fault_count_ = 0;
    std::int64_t groups_done_ = 0;
    std::int64_t batches_ = 0;
};

Awaitable<std::string> ImportRun::default_marketplace() {
    std::string out;
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<bool>> {
        CO_TRY(const shops::Shop shop, co_await shops::find_shop(ctx_, tx, row_.shop_id));
        out = shop.marketplaces.empty() ? std::string() : shop.marketplaces.front().id;
        co_return true;
    };
    static_cast<void>((co_await ctx_.db().transaction(ctx_.tenant, body)).value());
    co_return out;
}

Awaitable<Result<void>> ImportRun::open() {
    CheckPass::Place place;
    place.file = kept_file(ctx_.services, ctx_.tenant, row_.id);
    place.spool_dir = std::filesystem::path(place.file).parent_path();
    place.default_marketplace = co_await default_marketplace();
    CO_TRY(pass_, co_await ctx_.services.runtime.on_cpu(
                      [&] { return CheckPass::make(row_, settings_, place); }));
    co_return Result<void>();
}

Awaitable<void> ImportRun::keep_faults(bool rows_advance) {
    const std::vector<Fault> found = pass_->take_faults();
    const std::int64_t before = fault_count_;
    fault_count_ += static_cast<std::int64_t>(found.size());
    if (!first_time()) co_return;
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<bool>> {
        const auto room = std::max<std::int64_t>(errors_kept_max - before, 0);
        const auto count = std::min<std::size_t>(found.size(), static_cast<std::size_t>(room));
        if (count != 0) insert_errors(tx, row_.id, before + 1, found, count);
        if (rows_advance) set_checked(tx, row_.id, pass_->rows_read());
        co_return true;
    };
    static_cast<void>((co_await ctx_.db().transaction(ctx_.tenant, body)).value());
}

Awaitable<Result<void>> ImportRun::check() {
    if (first_time()) {
        auto clear = [&](pg::Transaction& tx) -> Awaitable<Result<bool>> {
            clear_errors(tx, row_.id);
            co_return true;
        };
        CO_TRY_VOID(co_await ctx_.db().transaction(ctx_.tenant, clear));
    }
    for (bool more = true; more;) {
        CO_TRY(more, co_await ctx_.services.runtime.on_cpu([&] { return pass_->read_slice(); }));
        co_await keep_faults(true);
    }
    for (bool more = first_time(); more;) {
        more = co_await ctx_.services.runtime.on_cpu([&] { return pass_->try_slice(); });
        co_await keep_faults(false);
    }
    if (!first_time()) co_return Result<void>();
    if (settings_.mode == Mode::all_or_none && fault_count_ != 0)
        co_return make_error(errors::rows_refused,
                             std::to_string(fault_count_) +
                                 " errors were found; nothing was written, see the error file");
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<bool>> {
        start_writing(tx, row_.id, pass_->rows_read(), fault_count_);
        co_return true;
    };
    CO_TRY_VOID(co_await ctx_.db().transaction(ctx_.tenant, body));
    co_return Result<void>();
}

/// False when another worker has taken the run over.
Awaitable<bool> ImportRun::write_batch(const CheckPass::Batch& batch) {
    const std::vector<catalog::SellerSku> unseen = skus_.unseen(batch.orders);
    orders::IngestSource source{row_.shop_id,   "file",          row_.file_name,
                                row_.id.text(), row_.created_at, row_.id};
    bool ours = true;
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<bool>> {
        const auto now = co_await import_for_update(tx, std::nullopt, row_.id);
        ours = now && now->state == ImportState::running && now->groups_done == groups_done_;
        if (!ours) co_return true;
        BatchCounts counts = batch.counts;
        if (!batch.orders.empty()) {
            if (settings_.create_skus && !unseen.empty())
                co_await catalog::ensure_skus(ctx_, tx, row_.shop_id, unseen);
            const auto outcome = co_await orders::ingest(ctx_, tx, source, batch.orders);
            counts.created = outcome.created;
            counts.changed = outcome.changed;
            counts.unchanged = outcome.unchanged + outcome.stale;
            counts.lines = outcome.lines;
        }
        add_batch(tx, row_.id, counts);
        if (run_probe().before_commit) run_probe().before_commit(batches_ + 1);
        co_return true;
    };
    static_cast<void>((co_await ctx_.db().transaction(ctx_.tenant, body)).value());
    skus_.add(unseen);
    co_return ours;
}

Awaitable<Result<void>> ImportRun::write() {
    groups_done_ = row_.groups_done;
    CheckPass::Batch batch;
    const auto first = [&] {
        pass_->restart();
        pass_->skip(groups_done_);
        return pass_->next_batch(batch);
    };
    bool more = co_await ctx_.services.runtime.on_cpu(first);
    while (more) {
        if (!co_await write_batch(batch)) co_return Result<void>();
        groups_done_ += batch.counts.groups;
        ++batches_;
        co_await jobs::keep_pace(ctx_, orders::orders_changed);
        more = co_await ctx_.services.runtime.on_cpu([&] { return pass_->next_batch(batch); });
    }
    co_await finish();
    co_return Result<void>();
}

Awaitable<void> ImportRun::finish() {
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<bool>> {
        const auto now = co_await import_for_update(tx, std::nullopt, row_.id);
        if (!now || now->state != ImportState::running) co_return true;
        finish_run(tx, row_.id, ctx_.now());
        shops::note_synced(tx, row_.shop_id, ctx_.now());
        const FinishDetail detail{now->orders_created,
                                  now->orders_changed,
                                  now->orders_unchanged,
                                  now->lines,
                                  now->rows_skipped + now->rows_total - now->rows_written,
                                  now->error_count};
        audit::done(tx, ctx_,
                    {"imports.finished", "import", row_.id.text(), json::to_json(detail)});
        co_return true;
    };
    static_cast<void>((co_await ctx_.db().transaction(ctx_.tenant, body)).value());
}

Awaitable<Result<void>> ImportRun::go() {
    CO_TRY_VOID(co_await open());
    CO_TRY_VOID(co_await check());
    co_return co_await write();
}

struct FailDetail {
    std::string code;
    std::int64_t orders_removed;
};
BOOST_DESCRIBE_STRUCT(FailDetail, (), (code, orders_removed))

/// A run that cannot go on takes back what it wrote, so that nothing stands half-written.
Awaitable<void> fail(Context& ctx, ImportId id, const Error& error, std::int64_t faults) {
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<bool>> {
        const auto row = co_await import_for_update(tx, std::nullopt, id);
        if (!row || row->state != ImportState::running) co_return true;
        const std::int64_t removed =
            row->groups_done == 0 ? 0 : co_await orders::remove_import(ctx, tx, id);
        fail_run(tx, id, error, faults, ctx.now());
        const FailDetail detail{std::string(error.code.name), removed};
        audit::done(tx, ctx, {"imports.failed", "import", id.text(), json::to_json(detail)});
        co_return true;
    };
    static_cast<void>((co_await ctx.db().transaction(ctx.tenant, body)).value());
}

/// What the world did, as far as a person can do something about it; the rest is tried again.
std::optional<Error> told_in_words(const std::exception_ptr& failure) {
    try {
        std::rethrow_exception(failure);
    } catch (const std::system_error& e) {
        const int code = e.code().value();
        if (code == ENOENT) return make_error(errors::file_gone, "the file is no longer kept");
        if (code == ENOSPC || code == EDQUOT || code == EFBIG)
            return make_error(errors::no_space, "there is no room left on the server's disk");
    } catch (const std::exception&) {
        return std::nullopt;
    }
    return std::nullopt;
}
}  // namespace

std::string job_payload(ImportId id) {
    return json::to_json(JobPayload{id});
}

RunProbe& run_probe() {
    static RunProbe probe;
    return probe;
}

Awaitable<std::optional<Instant>> handle_run(Context& ctx, const jobs::Job& job) {
    const ImportId id = import_of(job);
    const auto row = co_await load_row(ctx, id);
    if (!row || row->state != ImportState::running) co_return std::nullopt;
    ImportRun run(ctx, *row);
    std::optional<Error> refused;
    std::exception_ptr failure;
    try {
        auto result = co_await run.go();
        if (result.has_error()) refused = result.error();
    } catch (...) {
        failure = std::current_exception();
    }
    if (failure) refused = told_in_words(failure);
    if (failure && !refused) {
        if (job.attempts < attempts_before_failure) std::rethrow_exception(failure);
        refused = make_error(entrepot::errors::unavailable,
                             "the run broke off again and again; what it wrote was taken back");
    }
    if (refused) co_await fail(ctx, id, *refused, run.faults());
    co_return std::nullopt;
}

Awaitable<std::optional<Instant>> handle_undo(Context& ctx, const jobs::Job& job) {
    const ImportId id = import_of(job);
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<bool>> {
        const auto row = co_await import_for_update(tx, std::nullopt, id);
        if (!row || row->state != ImportState::undoing) co_return true;
        const std::int64_t removed = co_await orders::remove_import(ctx, tx, id);
        finish_undo(tx, id, removed, ctx.now());
        audit::done(tx, ctx,
                    {"imports.undone", "import", id.text(),
                     R"({"orders":)" + std::to_string(removed) + "}"});
        co_return true;
    };
    static_cast<void>((co_await ctx.db().transaction(ctx.tenant, body)).value());
    co_return std::nullopt;
}

Awaitable<std::optional<Instant>> handle_expire(Context& ctx, const jobs::Job& job) {
    const ImportId id = import_of(job);
    const auto row = co_await load_row(ctx, id);
    if (!row || row->file_deleted_at) co_return std::nullopt;
    if (row->state == ImportState::running) co_return ctx.now() + std::chrono::hours(1);
    const std::string path = kept_file(ctx.services, ctx.tenant, id);
    co_await ctx.services.runtime.run_blocking([&] {
        std::error_code failure;
        std::filesystem::remove(path, failure);
        if (failure) throw std::system_error(failure, "deletion of an import's file");
    });
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<bool>> {
        mark_file_deleted(tx, id, ctx.now());
        clear_errors(tx, id);
        audit::done(tx, ctx, {"imports.file_deleted", "import", id.text()});
        co_return true;
    };
    static_cast<void>((co_await ctx.db().transaction(ctx.tenant, body)).value());
    co_return std::nullopt;
}

}  // namespace entrepot::csv
