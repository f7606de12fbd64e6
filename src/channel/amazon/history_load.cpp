// The document is never stored: it has buyers' towns and postcodes in it, and Amazon keeps it for
// 30 days. Reading happens on the CPU pool.
#include "channel/amazon/history_load.hpp"

#include "base/text.hpp"
#include "channel/amazon/history.hpp"
#include "channel/amazon/marketplaces.hpp"
#include "channel/amazon/order_report.hpp"
#include "channel/amazon/raw_reply.hpp"
#include "platform/jobs/jobs.hpp"
#include "platform/runtime/runtime.hpp"
#include "platform/telemetry/log.hpp"

namespace entrepot::amazon {
namespace {
constexpr std::size_t batch_size = 1000;
constexpr std::chrono::hours smallest_window{24};

/// A document after reading, or the words that say why it cannot be read.
struct ReadDocument {
    OrderReport report;
    std::string encoding, warning, refusal;
    bool too_large = false;
    bool again = false;  ///< broken off: download it once more
};

ReadDocument read_document(std::string bytes, const std::string& content_type,
                           const std::vector<std::string>& marketplaces) {
    ReadDocument out;
    Unpacking unpacked = unpack(std::move(bytes));
    switch (unpacked.state) {
        case Unpacked::ok:
            break;
        case Unpacked::truncated:
            out.again = true;
            return out;
        case Unpacked::broken:
            out.refusal = "The document is not a gzip file that can be read.";
            return out;
        case Unpacked::bomb:
            out.too_large = true;
            out.refusal =
                "The document unfolds to more than 64 MiB or to more than a hundred times "
                "its size; it is not read.";
            return out;
    }
    const auto* market = marketplaces.empty() ? nullptr : find_marketplace(marketplaces.front());
    const auto decoded = decode_text(unpacked.bytes, content_type,
                                     market != nullptr ? market->charset : Charset::utf_8);
    if (!decoded) {
        out.refusal =
            "The characters of the document belong to no charset that this marketplace "
            "uses; Amazon keeps the document for 30 days.";
        return out;
    }
    // A large document need not be held twice while it is read.
    std::string().swap(unpacked.bytes);
    out.encoding = decoded->encoding;
    out.warning = decoded->warning;
    out.report = read_order_report(decoded->text, marketplaces);
    if (!out.report.header.missing.empty())
        out.refusal = "Columns are missing: " + text::join(out.report.header.missing, ", ") +
                      ". Nothing was imported.";
    return out;
}

std::string warnings_of(const ReadDocument& read) {
    std::string out = read.warning;
    const auto add = [&](const std::string& words) { out += (out.empty() ? "" : "; ") + words; };
    if (!read.report.header.unknown.empty())
        add("unknown columns: " + text::join(read.report.header.unknown, ", "));
    if (read.report.rows_unusable > 0)
        add(std::to_string(read.report.rows_unusable) + " rows could not be used");
    if (read.report.rows_elsewhere > 0)
        add(std::to_string(read.report.rows_elsewhere) +
            " rows belong to other marketplaces or are no Amazon orders");
    return out;
}

Reply broken_off() {
    Reply out;
    out.verdict = {Outcome::transient, errors::bad_reply,
                   "The document broke off; it is downloaded again later."};
    out.wait =
        back_off(1, std::chrono::seconds(30), std::chrono::minutes(15), crypto::random_u64());
    return out;
}

/// Too large for one: asks for the window again in two halves, unless it is a day already.
Awaitable<void> split(Link& link, ShopId shop, const store::ReportRow& row,
                      const std::string& words) {
    Context& ctx = link.ctx;
    if (row.to_at - row.from_at <= smallest_window) {
        co_await end_report(link, shop, row, ReportState::failed, words);
        co_return;
    }
    const Instant middle = row.from_at + (row.to_at - row.from_at) / 2;
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<bool>> {
        for (const auto& [from, to] :
             {std::pair{middle, row.to_at}, std::pair{row.from_at, middle}})
            tx.defer(store::insert_report, ctx.tenant, shop, ctx.new_id<ReportRowId>(),
                     row.batch_id, row.marketplaces, from, to, ctx.now());
        co_await tx.exec(store::end_report, ctx.tenant, shop, row.id, ReportState::split,
                         words + " The window is asked for again in two halves.", ctx.now());
        co_return true;
    };
    (void)co_await ctx.db().transaction(ctx.tenant, body);
}

/// One batch and the progress behind it. False when another node was faster.
Awaitable<bool> take_batch_in(Link& link, const OpenedShop& opened, const store::ReportRow& row,
                              const std::vector<orders::IncomingOrder>& all, std::size_t at) {
    Context& ctx = link.ctx;
    const std::size_t until = std::min(all.size(), at + batch_size);
    const std::vector<orders::IncomingOrder> batch(
        all.begin() + static_cast<std::ptrdiff_t>(at),
        all.begin() + static_cast<std::ptrdiff_t>(until));
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<bool>> {
        const orders::IngestSource source{opened.shop.id,
                                          "amazon",
                                          std::string(history_report_type),
                                          row.report_id.value_or(""),
                                          ctx.now(),
                                          std::nullopt};
        const auto outcome = co_await orders::ingest(ctx, tx, source, batch);
        const auto moved =
            co_await tx.exec(store::advance_report, ctx.tenant, opened.shop.id, row.id,
                             static_cast<std::int64_t>(at), static_cast<std::int64_t>(until),
                             outcome.created + outcome.changed);
        if (moved == 0)
            co_return make_error(entrepot::errors::conflict, "another node took this batch in");
        link.step("batch_before_commit");
        co_return true;
    };
    const auto done = co_await ctx.db().transaction(ctx.tenant, body);
    ensure(done.has_value() || done.error().code == entrepot::errors::conflict,
           "a batch could not be taken in");
    link.step("batch_after_commit");
    co_return done.has_value();
}

Awaitable<void> note_shape(Link& link, ShopId shop, const store::ReportRow& row,
                           const ReadDocument& read) {
    Context& ctx = link.ctx;
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<bool>> {
        co_await tx.exec(store::note_report_shape, ctx.tenant, shop, row.id, read.report.rows,
                         read.report.rows_unusable + read.report.rows_elsewhere,
                         read.report.header.dropped, read.encoding);
        co_return true;
    };
    (void)co_await ctx.db().transaction(ctx.tenant, body);
}
}  // namespace

Awaitable<void> end_report(Link& link, ShopId shop, const store::ReportRow& row, ReportState state,
                           const std::string& words) {
    Context& ctx = link.ctx;
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<bool>> {
        co_await tx.exec(store::end_report, ctx.tenant, shop, row.id, state, words, ctx.now());
        co_return true;
    };
    (void)co_await ctx.db().transaction(ctx.tenant, body);
}

Awaitable<FetchedDocument> fetch_document(Link& link, const Account& account,
                                          const std::string& document_id) {
    FetchedDocument out;
    const Call what{Operation::get_report_document,
                    Priority::backfill,
                    "/reports/2021-06-30/documents/" + text::percent_encode(document_id),
                    {}};
    Reply about = co_await call(link, account, what);
    if (!about.ok()) {
        out.trouble = std::move(about);
        co_return out;
    }
    const auto document = parse_wire(about.body);
    const auto* place = document ? member(&*document, "url") : nullptr;
    const auto* address = place != nullptr ? place->if_string() : nullptr;
    if (address == nullptr) {
        out.trouble = broken_off();
        co_return out;
    }
    Reply file = co_await download(link, std::string(address->data(), address->size()));
    if (!file.ok()) {
        // An address lives five minutes; a late one is refused and a new one asked for.
        const bool expired = file.status == 403 || file.status == 404 || file.status == 401;
        out.trouble = expired ? broken_off() : std::move(file);
        co_return out;
    }
    out.bytes = std::move(file.body);
    out.content_type = std::move(file.content_type);
    co_return out;
}

Awaitable<std::optional<Reply>> load_report(Link& link, const OpenedShop& opened,
                                            const Account& account, const store::ReportRow& row) {
    const ShopId shop = opened.shop.id;
    FetchedDocument file = co_await fetch_document(link, account, row.document_id.value_or(""));
    if (file.trouble && file.trouble->verdict.code == errors::bad_reply &&
        file.trouble->verdict.outcome == Outcome::bad_request) {
        co_await split(link, shop, row, file.trouble->verdict.words);
        co_return std::nullopt;
    }
    if (file.trouble) co_return std::move(file.trouble);
    auto work = [&] {
        return read_document(std::move(file.bytes), file.content_type, row.marketplaces);
    };
    const ReadDocument read = co_await link.ctx.services.runtime.on_cpu(work);
    if (read.again) co_return broken_off();
    if (read.too_large) {
        co_await split(link, shop, row, read.refusal);
        co_return std::nullopt;
    }
    co_await note_shape(link, shop, row, read);
    if (!read.refusal.empty()) {
        log::warning("amazon_report_refused", {{"shop", shop.text()}, {"what", read.refusal}});
        co_await end_report(link, shop, row, ReportState::failed, read.refusal);
        co_return std::nullopt;
    }
    const auto& all = read.report.orders;
    for (auto at = static_cast<std::size_t>(row.orders_loaded); at < all.size(); at += batch_size) {
        if (!co_await take_batch_in(link, opened, row, all, at)) co_return std::nullopt;
        co_await jobs::keep_pace(link.ctx, orders::orders_changed);
    }
    co_await end_report(link, shop, row, all.empty() ? ReportState::empty : ReportState::done,
                        warnings_of(read));
    co_return std::nullopt;
}

}  // namespace entrepot::amazon
