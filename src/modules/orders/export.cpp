// Export: pages of 1,000 orders, each read in its own short transaction.
#include "modules/orders/export.hpp"

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <unordered_map>

#include "base/text.hpp"
#include "modules/catalog/catalog.hpp"
#include "modules/orders/detail.hpp"
#include "modules/orders/sheet.hpp"
#include "platform/audit/audit.hpp"
#include "platform/runtime/runtime.hpp"

namespace entrepot::orders {
namespace {
constexpr std::int64_t page = 1000;
constexpr std::size_t chunk = 64 * 1024;

template <class E>
std::string word(E value) {
    return boost::describe::enum_to_string(value, "");
}

struct ExportAudit {
    std::string format;
    json::RawJson filter;
    std::int64_t orders = 0;
    std::int64_t rows = 0;
};
BOOST_DESCRIBE_STRUCT(ExportAudit, (), (format, filter, orders, rows))

struct PageOfRows {
    std::vector<Row> rows;
    bool last = false;
};

/// One running export. It outlives the request's handler, so it owns its context.
class Exporter {
public:
    Exporter(const Context& ctx, const ExportOrders& in, Selection selection, Sort sort)
        : ctx_(ctx),
          selection_(std::move(selection)),
          sort_(sort),
          money_(ctx.may(Permission::money_read)) {
        audit_.format = word(in.format);
        audit_.filter.text = json::to_json(static_cast<const OrderFilter&>(in));
    }

    Row heading() const;
    Awaitable<PageOfRows> next_page();
    Awaitable<void> note(std::string_view act);
    Context& context() { return ctx_; }

private:
    Row row_of(const ListRow& order, const LineRow* line, bool first) const;
    void add_money(Row& row, const ListRow& order, const LineRow* line, bool first) const;
    Awaitable<Result<PageOfRows>> read_page(pg::Transaction& tx);

    Context ctx_;
    Selection selection_;
    Sort sort_;
    bool money_;
    ExportAudit audit_;
    shops::Names names_;
    std::unordered_map<Uuid, std::string> codes_;
};

Row Exporter::heading() const {
    Row out;
    for (const char* name : {"order_number",
                             "shop",
                             "marketplace",
                             "ordered_at",
                             "updated_at",
                             "state",
                             "channel_state",
                             "kind",
                             "fulfilled_by",
                             "country",
                             "held",
                             "tags",
                             "open_exceptions",
                             "line",
                             "seller_sku",
                             "sku",
                             "title",
                             "line_kind",
                             "quantity",
                             "quantity_shipped",
                             "quantity_cancelled"})
        out.emplace_back(std::string(name));
    if (!money_) return out;
    for (const char* name : {"currency", "unit_price", "item", "shipping", "gift_wrap", "tax",
                             "discount", "other", "line_total", "order_total"})
        out.emplace_back(std::string(name));
    return out;
}

void Exporter::add_money(Row& row, const ListRow& order, const LineRow* line, bool first) const {
    const auto currency = order.currency ? Currency::parse(*order.currency) : std::nullopt;
    row.emplace_back(order.currency.value_or(""));
    const auto amount = [&](std::int64_t minor) -> Cell {
        if (!currency) return std::monostate{};
        return Number{Money{minor, *currency}.amount()};
    };
    if (line != nullptr && line->unit_price && currency)
        row.emplace_back(Number{price_text(*line->unit_price, *currency)});
    else
        row.emplace_back(std::monostate{});
    if (line != nullptr) {
        const Amounts a{line->item_minor, line->shipping_minor, line->gift_wrap_minor,
                        line->tax_minor,  line->discount_minor, line->other_minor};
        for (const std::int64_t minor :
             {a.item, a.shipping, a.gift_wrap, a.tax, a.discount, a.other, a.total()})
            row.push_back(amount(minor));
    } else {
        row.resize(row.size() + 7);
    }
    // Once an order, so that the column can be summed.
    row.push_back(first && order.grand_total_minor ? amount(*order.grand_total_minor)
                                                   : Cell{std::monostate{}});
}

Row Exporter::row_of(const ListRow& order, const LineRow* line, bool first) const {
    Row row;
    row.reserve(32);
    row.emplace_back(order.channel_order_id);
    row.emplace_back(names_.shop(order.shop_id));
    row.emplace_back(names_.marketplace(order.shop_id, order.marketplace_id));
    row.emplace_back(format_instant(order.ordered_at));
    row.emplace_back(format_instant(order.updated_at));
    row.emplace_back(word(order.state));
    row.emplace_back(order.channel_state);
    row.emplace_back(word(order.kind));
    row.emplace_back(word(order.fulfilled_by));
    row.emplace_back(order.ship_country.value_or(""));
    row.emplace_back(std::string(order.held ? "yes" : "no"));
    row.emplace_back(text::join(order.tags, " "));
    row.emplace_back(order.exception_count);
    if (line != nullptr) {
        row.emplace_back(line->line_no);
        row.emplace_back(line->seller_sku);
        row.emplace_back(line->sku_id ? codes_.at(line->sku_id->value) : std::string());
        row.emplace_back(line->title);
        row.emplace_back(word(line->kind));
        row.emplace_back(line->quantity_ordered);
        row.emplace_back(line->quantity_shipped);
        row.emplace_back(line->quantity_cancelled);
    } else {
        row.resize(row.size() + 8);
    }
    if (money_) add_money(row, order, line, first);
    return row;
}

Awaitable<Result<PageOfRows>> Exporter::read_page(pg::Transaction& tx) {
    if (names_.shops.empty()) names_ = co_await shops::names(ctx_, tx);
    std::vector<ListRow> orders = co_await list_rows(tx, selection_, sort_, page);
    PageOfRows out;
    out.last = orders.size() <= static_cast<std::size_t>(page);
    if (!out.last) orders.resize(static_cast<std::size_t>(page));
    std::vector<OrderId> ids;
    for (const ListRow& order : orders) ids.push_back(order.id);
    std::unordered_map<Uuid, std::vector<LineRow>> lines;
    std::vector<SkuId> skus;
    for (LineRow& line : co_await line_rows(tx, ids)) {
        if (line.sku_id && !codes_.contains(line.sku_id->value)) {
            codes_.emplace(line.sku_id->value, "");
            skus.push_back(*line.sku_id);
        }
        lines[line.order_id.value].push_back(std::move(line));
    }
    if (!skus.empty())
        for (auto& sku : co_await catalog::sku_names(tx, skus))
            codes_[sku.id.value] = std::move(sku.code);
    for (const ListRow& order : orders) {
        const auto& of_order = lines[order.id.value];
        for (std::size_t i = 0; i < of_order.size(); ++i)
            out.rows.push_back(row_of(order, &of_order[i], i == 0));
        if (of_order.empty()) out.rows.push_back(row_of(order, nullptr, true));
    }
    audit_.orders += static_cast<std::int64_t>(orders.size());
    audit_.rows += static_cast<std::int64_t>(out.rows.size());
    if (!orders.empty()) continue_after(selection_, sort_, position_of(orders.back(), sort_));
    co_return out;
}

Awaitable<PageOfRows> Exporter::next_page() {
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<PageOfRows>> {
        co_return co_await read_page(tx);
    };
    auto out = co_await ctx_.db().transaction(ctx_.tenant, body, pg::Access::read_only);
    co_return std::move(out).value();
}

Awaitable<void> Exporter::note(std::string_view act) {
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<bool>> {
        audit::done(tx, ctx_, {act, "orders", "", json::to_json(audit_)});
        co_return true;
    };
    (void)co_await ctx_.db().transaction(ctx_.tenant, body);
}

/// Pages become text as the client takes them.
class CsvStream {
public:
    explicit CsvStream(std::shared_ptr<Exporter> exporter) : exporter_(std::move(exporter)) {}
    Awaitable<std::optional<std::string>> next() {
        if (ended_) co_return std::nullopt;
        std::string out;
        // The mark tells spreadsheets that the text is UTF-8.
        if (!std::exchange(begun_, true)) {
            out = "\xEF\xBB\xBF";
            append_csv(out, exporter_->heading());
        }
        const PageOfRows rows = co_await exporter_->next_page();
        for (const Row& row : rows.rows) append_csv(out, row);
        ended_ = rows.last;
        if (ended_) co_await exporter_->note("orders.exported");
        co_return out;
    }

private:
    std::shared_ptr<Exporter> exporter_;
    bool begun_ = false;
    bool ended_ = false;
};

/// The file is written whole, then sent; it is removed in any case.
class XlsxStream {
public:
    explicit XlsxStream(std::shared_ptr<Exporter> exporter) : exporter_(std::move(exporter)) {
        const std::string& data = exporter_->context().services.data_dir;
        const auto directory =
            data.empty() ? std::filesystem::temp_directory_path() : std::filesystem::path(data);
        path_ = (directory / ("export-" + crypto::random_token(12) + ".xlsx")).string();
    }
    ~XlsxStream() {
        std::error_code ignored;
        std::filesystem::remove(path_, ignored);
    }
    XlsxStream(const XlsxStream&) = delete;
    XlsxStream& operator=(const XlsxStream&) = delete;

    Awaitable<std::optional<std::string>> next() {
        if (!file_.is_open()) {
            co_await write();
            file_.open(path_, std::ios::binary);
            ensure(file_.is_open(), "the export's file is gone");
            // Its bytes live until it is closed, and nothing is left behind whatever happens.
            std::error_code ignored;
            std::filesystem::remove(path_, ignored);
        }
        std::string out(chunk, '\0');
        file_.read(out.data(), static_cast<std::streamsize>(out.size()));
        out.resize(static_cast<std::size_t>(file_.gcount()));
        if (out.empty()) co_return std::nullopt;
        co_return out;
    }

private:
    Awaitable<void> write() {
        XlsxFile book(path_, "Orders", exporter_->heading());
        for (bool last = false; !last;) {
            const PageOfRows rows = co_await exporter_->next_page();
            last = rows.last;
            for (const Row& row : rows.rows) book.add(row);
        }
        bool good = false;
        std::function<void()> close = [&] { good = book.close(); };
        co_await exporter_->context().services.runtime.run_on_cpu(std::move(close));
        ensure(good, "the export's file could not be written");
        co_await exporter_->note("orders.exported");
    }

    std::shared_ptr<Exporter> exporter_;
    std::string path_;
    std::ifstream file_;
};

template <class Stream>
http::NextChunk chunks_of(std::shared_ptr<Exporter> exporter) {
    auto stream = std::make_shared<Stream>(std::move(exporter));
    return [stream]() -> Awaitable<std::optional<std::string>> { return stream->next(); };
}
}  // namespace

Awaitable<Result<http::Response>> export_orders(Context& ctx, const ExportOrders& in) {
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<std::shared_ptr<Exporter>>> {
        CO_TRY(const Sort sort, parse_sort(in.sort));
        // An order that changes during the export would jump over the reader.
        if (sort == Sort::updated)
            co_return field_error(entrepot::errors::invalid_fields, "/sort", "unknown_value",
                                  "an export is sorted by -ordered_at or ordered_at");
        CO_TRY(Selection selection, co_await select_orders(ctx, tx, in));
        co_return std::make_shared<Exporter>(ctx, in, std::move(selection), sort);
    };
    CO_TRY(auto exporter, co_await ctx.db().transaction(ctx.tenant, body, pg::Access::read_only));
    // Logged before the first byte too: a client that goes away midway has seen something.
    co_await exporter->note("orders.export_started");
    http::Response response;
    const std::string day = format_date(std::chrono::floor<std::chrono::days>(ctx.now()));
    const bool csv = in.format == ExportFormat::csv;
    response.content_type =
        csv ? "text/csv; charset=utf-8"
            : "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    response.headers.emplace_back("content-disposition", "attachment; filename=\"orders-" + day +
                                                             (csv ? ".csv\"" : ".xlsx\""));
    response.stream = csv ? chunks_of<CsvStream>(std::move(exporter))
                          : chunks_of<XlsxStream>(std::move(exporter));
    co_return response;
}

}  // namespace entrepot::orders
