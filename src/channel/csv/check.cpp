// Reading and gathering; nothing here knows the database.
#include "channel/csv/check.hpp"

namespace entrepot::csv {
namespace {
constexpr std::int64_t rows_per_slice = 20'000;
constexpr std::int64_t groups_per_slice = 2'000;
constexpr std::size_t orders_per_batch = 1'000;
constexpr std::size_t lines_per_batch = 20'000;

class FileCheck final : public CheckPass {
public:
    FileCheck(const ImportRow& row, Settings settings, const Place& place, LineReader lines)
        : settings_(std::move(settings)),
          marketplace_(place.default_marketplace),
          header_row_(row.header_row),
          width_(row.columns.size()),
          any_dropped_(!row.dropped_columns.empty()),
          file_(place.file),
          unpacked_(file_),
          text_(unpacked_, row.stored_encoding),
          reader_(text_, row.delimiter.front()),
          lines_(std::move(lines)),
          spool_(place.spool_dir, row.rows_total) {}

    Result<bool> read_slice() override {
        for (std::int64_t i = 0; i < rows_per_slice; ++i) {
            TRY(const bool more, reader_.next(row_));
            if (!more) {
                TRY_VOID(spool_.seal());
                return false;
            }
            if (row_.number <= header_row_ || row_.is_blank()) continue;
            ++rows_read_;
            const bool good = lines_.read(row_, line_, faults_);
            if (good) TRY_VOID(spool_.append(line_));
            if (!good) mark_bad();
            if (std::exchange(doubtful_, doubtful_ && !good)) spool_.mark_bad(line_.order_number);
            if (good) last_number_ = line_.order_number;
        }
        return true;
    }

    bool try_slice() override {
        for (std::int64_t i = 0; i < groups_per_slice; ++i) {
            if (!spool_.next(group_)) return false;
            static_cast<void>(order_of(group_, faults_));
        }
        return true;
    }

    std::vector<Fault> take_faults() override { return std::exchange(faults_, {}); }
    std::int64_t rows_read() const override { return rows_read_; }
    void restart() override { spool_.rewind(); }
    void skip(std::int64_t groups) override {
        for (std::int64_t i = 0; i < groups; ++i)
            if (!spool_.next(group_)) return;
    }

    bool next_batch(Batch& batch) override {
        batch.orders.clear();
        batch.counts = {};
        std::size_t lines = 0;
        std::vector<Fault> known;
        while (batch.orders.size() < orders_per_batch && lines < lines_per_batch) {
            if (!spool_.next(group_)) break;
            ++batch.counts.groups;
            batch.counts.rows += static_cast<std::int64_t>(group_.lines.size());
            auto order = order_of(group_, known);
            known.clear();
            if (!order) {
                batch.counts.skipped += static_cast<std::int64_t>(group_.lines.size());
                continue;
            }
            lines += order->lines.size();
            count(*order, batch.counts);
            batch.orders.push_back(*std::move(order));
        }
        return batch.counts.groups != 0;
    }

private:
    /// A row whose cells were not kept may belong to the order before it or behind it: neither must
    /// be written without it.
    void mark_bad() {
        const bool emptied = any_dropped_ && (row_.cells.size() != width_ || row_.stray_quote);
        spool_.mark_bad(emptied ? last_number_ : line_.order_number);
        doubtful_ = doubtful_ || emptied;
    }
    std::optional<orders::IncomingOrder> order_of(const Group& group, std::vector<Fault>& faults) {
        const auto number = settings_.mapping.find("order_number");
        if (group.too_many) {
            faults.push_back({group.lines.front().row, number->second, faults::too_many_lines});
            return std::nullopt;
        }
        if (!group.bad) return build_order(group.lines, settings_, marketplace_, faults);
        // In an all-or-none run the bad row itself is all that a person must repair.
        if (settings_.mode == Mode::skip_bad)
            for (const Line& line : group.lines)
                faults.push_back({line.row, number->second, faults::order_has_bad_row});
        return std::nullopt;
    }
    static void count(const orders::IncomingOrder& order, BatchCounts& counts) {
        counts.cancellations += order.kind == orders::OrderKind::cancellation ? 1 : 0;
        counts.adjustments += order.kind == orders::OrderKind::adjustment ? 1 : 0;
        for (const orders::IncomingLine& line : order.lines)
            counts.fees += line.kind == orders::LineKind::fee ? 1 : 0;
    }

    Settings settings_;
    std::string marketplace_;
    std::int64_t header_row_;
    std::size_t width_;
    bool any_dropped_;
    std::string last_number_;
    bool doubtful_ = false;  ///< the next row's order may have lost a row
    FileSource file_;
    UnpackedSource unpacked_;
    DecodedText text_;
    RowReader reader_;
    LineReader lines_;
    Spool spool_;
    Row row_;
    Line line_;
    Group group_;
    std::vector<Fault> faults_;
    std::int64_t rows_read_ = 0;
};
}  // namespace

Result<std::unique_ptr<CheckPass>> CheckPass::make(const ImportRow& row, const Settings& settings,
                                                   const Place& place) {
    std::vector<std::string> columns = row.columns;
    for (std::string& column : columns)
        if (std::find(row.dropped_columns.begin(), row.dropped_columns.end(), column) !=
            row.dropped_columns.end())
            column.clear();
    TRY(LineReader lines, LineReader::make(settings, columns));
    return std::unique_ptr<CheckPass>(
        std::make_unique<FileCheck>(row, settings, place, std::move(lines)));
}

}  // namespace entrepot::csv
