// A row is scanned where it lies in the buffer; when its end is not there yet, more text is added
// and the scan starts again, so that no state survives between chunks.
#include "channel/csv/row_reader.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "channel/csv/csv.hpp"

namespace entrepot::csv {

bool Row::is_blank() const {
    return std::all_of(cells.begin(), cells.end(),
                       [](std::string_view cell) { return cell.empty(); });
}

Error RowReader::refuse(ErrorCode code, const char* what) const {
    return make_error(code, "row " + std::to_string(number_) + ": " + what);
}

std::string_view RowReader::unescaped(const Cell& cell) {
    if (!cell.escaped) return {buffer_.data() + cell.begin, cell.end - cell.begin};
    std::size_t to = cell.begin;
    for (std::size_t from = cell.begin; from < cell.end; ++from, ++to) {
        buffer_[to] = buffer_[from];
        if (buffer_[from] == '"' && from + 1 < cell.end && buffer_[from + 1] == '"') ++from;
    }
    return {buffer_.data() + cell.begin, to - cell.begin};
}

/// `at` stands behind the opening quote; leaves it on the delimiter or line break.
RowReader::Scan RowReader::scan_quoted(std::size_t& at, Row& row) {
    const std::size_t begin = at;
    bool escaped = false;
    for (;;) {
        const std::size_t quote = buffer_.find('"', at);
        const std::size_t known = quote == std::string::npos ? buffer_.size() : quote;
        if (known - begin > cell_bytes_max) return Scan::quote_open;
        if (quote == std::string::npos) return ended_ ? Scan::quote_open : Scan::need_more;
        if (quote + 1 >= buffer_.size() && !ended_) return Scan::need_more;
        at = quote + 1;
        if (at < buffer_.size() && buffer_[at] == '"') {
            escaped = true;
            ++at;
            continue;
        }
        const bool closes = at >= buffer_.size() || buffer_[at] == delimiter_ ||
                            buffer_[at] == '\n' || buffer_[at] == '\r';
        if (closes) {
            cells_.push_back({begin, quote, escaped});
            return Scan::complete;
        }
        // Text behind the closing quote: keep what stands there, quotes and all, and say so.
        row.stray_quote = true;
        at = begin - 1;
        return scan_plain(at);
    }
}

RowReader::Scan RowReader::scan_plain(std::size_t& at) {
    const std::size_t begin = at;
    while (at < buffer_.size() && buffer_[at] != delimiter_ && buffer_[at] != '\n' &&
           buffer_[at] != '\r')
        ++at;
    if (at - begin > cell_bytes_max) return Scan::cell_too_long;
    if (at >= buffer_.size() && !ended_) return Scan::need_more;
    cells_.push_back({begin, at, false});
    return Scan::complete;
}

RowReader::Scan RowReader::scan_row(Row& row) {
    cells_.clear();
    row.stray_quote = false;
    std::size_t at = at_;
    for (;;) {
        const bool quoted = at < buffer_.size() && buffer_[at] == '"';
        if (quoted) ++at;
        const Scan scan = quoted ? scan_quoted(at, row) : scan_plain(at);
        if (scan != Scan::complete) return scan;
        if (cells_.size() > columns_max) return Scan::too_many_columns;
        if (at < buffer_.size() && buffer_[at] == delimiter_) {
            ++at;
            if (at >= buffer_.size() && !ended_) return Scan::need_more;
            continue;
        }
        if (at < buffer_.size() && buffer_[at] == '\r') {
            if (at + 1 >= buffer_.size() && !ended_) return Scan::need_more;
            ++at;
            if (at < buffer_.size() && buffer_[at] == '\n') ++at;
        } else if (at < buffer_.size()) {
            ++at;
        }
        at_ = at;
        return Scan::complete;
    }
}

Result<bool> RowReader::next(Row& row) {
    for (;;) {
        if (at_ >= buffer_.size() && ended_) return false;
        if (at_ < buffer_.size()) {
            ++number_;
            switch (scan_row(row)) {
                case Scan::complete:
                    row.number = number_;
                    row.cells.clear();
                    for (const Cell& cell : cells_) row.cells.push_back(unescaped(cell));
                    return true;
                case Scan::cell_too_long:
                    return refuse(errors::cell_too_long, "a cell is longer than 1 MiB");
                case Scan::quote_open:
                    return refuse(errors::quote_never_closed,
                                  "a quotation mark that opens here is never closed");
                case Scan::too_many_columns:
                    return refuse(errors::too_many_columns, "there are more than 1,000 columns");
                case Scan::need_more:
                    if (buffer_.size() - at_ > row_bytes_max)
                        return refuse(errors::row_too_long, "the row is longer than 4 MiB");
                    --number_;
            }
        }
        buffer_.erase(0, at_);
        at_ = 0;
        TRY(const bool more, text_.append_to(buffer_));
        ended_ = !more;
    }
}

namespace {
class SampleText final : public TextSource {
public:
    explicit SampleText(std::string_view text) : text_(text) {}
    Result<bool> append_to(std::string& out) override {
        out += text_;
        return !std::exchange(text_, {}).empty();
    }

private:
    std::string_view text_;
};

/// Rows that have the commonest number of cells, times that number less one.
std::size_t evenness(std::string_view sample, char delimiter) {
    SampleText text(sample);
    RowReader reader(text, delimiter);
    Row row;
    std::map<std::size_t, std::size_t> rows_of_width;
    for (int i = 0; i < 100; ++i) {
        const auto more = reader.next(row);
        if (more.has_error() || !*more) break;
        if (!row.is_blank()) ++rows_of_width[row.cells.size()];
    }
    std::size_t best = 0;
    std::size_t rows = 0;
    for (const auto& [width, count] : rows_of_width) rows += count;
    for (const auto& [width, count] : rows_of_width)
        best = std::max(best, width > 1 ? count * 1000 / rows * (width + 10) : 0);
    return best;
}
}  // namespace

char guess_delimiter(std::string_view sample) {
    char best = ',';
    std::size_t best_score = 0;
    for (const char candidate : {',', '\t', ';', '|'}) {
        const std::size_t score = evenness(sample, candidate);
        if (score <= best_score) continue;
        best = candidate;
        best_score = score;
    }
    return best;
}

void append_cell(std::string& out, std::string_view cell, char delimiter) {
    const bool plain = cell.find_first_of("\"\r\n") == std::string_view::npos &&
                       cell.find(delimiter) == std::string_view::npos;
    if (plain) {
        out += cell;
        return;
    }
    out += '"';
    for (const char c : cell) {
        if (c == '"') out += '"';
        out += c;
    }
    out += '"';
}

void append_safe_cell(std::string& out, std::string_view cell) {
    // Full-width forms of = + - @: spreadsheets in East Asian locales take them for the sign.
    constexpr std::array<std::string_view, 11> starts{"=",
                                                      "+",
                                                      "-",
                                                      "@",
                                                      "\t",
                                                      "\r",
                                                      "\n",
                                                      "\xEF\xBC\x9D",
                                                      "\xEF\xBC\x8B",
                                                      "\xEF\xBC\x8D",
                                                      "\xEF\xBC\xA0"};
    const bool formula = std::any_of(starts.begin(), starts.end(), [&](std::string_view start) {
        return cell.starts_with(start);
    });
    append_cell(out, formula ? "'" + std::string(cell) : std::string(cell));
}

}  // namespace entrepot::csv
