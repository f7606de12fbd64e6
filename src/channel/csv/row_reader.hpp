// RFC 4180 rows out of a stream of text: quotes, line breaks in quotes, CR, LF and CRLF, under
// limits.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "channel/csv/encoding.hpp"

namespace entrepot::csv {

inline constexpr std::size_t cell_bytes_max = std::size_t{1} << 20;
inline constexpr std::size_t row_bytes_max = std::size_t{4} << 20;
inline constexpr std::size_t columns_max = 1000;

/// One record. The cells are views that live until the next row is read.
struct Row {
    /// 1, 2, … over all records, empty ones too: what a spreadsheet shows beside the row (as long
    /// as no cell holds line breaks).
    std::int64_t number = 0;
    std::vector<std::string_view> cells;
    /// Text stands between a closing quote and the next delimiter: cells may be other than meant.
    bool stray_quote = false;

    /// A line with nothing in it, or with delimiters alone.
    bool is_blank() const;
};

/// Pulls rows. Memory is bounded by row_bytes_max.
class RowReader {
public:
    RowReader(TextSource& text, char delimiter) : text_(text), delimiter_(delimiter) {}
    /// False at the end. imports.quote_never_closed, imports.cell_too_long, imports.row_too_long,
    /// imports.too_many_columns, each naming the row; then reading is over.
    Result<bool> next(Row& row);

private:
    enum class Scan { complete, need_more, cell_too_long, quote_open, too_many_columns };
    struct Cell {
        std::size_t begin, end;
        bool escaped;  ///< holds doubled quotes
    };
    Scan scan_row(Row& row);
    Scan scan_quoted(std::size_t& at, Row& row);
    Scan scan_plain(std::size_t& at);
    Error refuse(ErrorCode code, const char* what) const;
    std::string_view unescaped(const Cell& cell);

    TextSource& text_;
    char delimiter_;
    std::string buffer_;
    std::size_t at_ = 0;  ///< where the next row begins
    bool ended_ = false;
    std::int64_t number_ = 0;
    std::vector<Cell> cells_;
};

/// Comma, tab, semicolon or vertical bar: the one that splits the sample into the most even rows.
char guess_delimiter(std::string_view sample);

/// Appends one cell, quoted when it must be.
void append_cell(std::string& out, std::string_view cell, char delimiter = ',');
/// The same for people's spreadsheets: a cell that a spreadsheet would take for a formula begins
/// with an apostrophe.
void append_safe_cell(std::string& out, std::string_view cell);

}  // namespace entrepot::csv
