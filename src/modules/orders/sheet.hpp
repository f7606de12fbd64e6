// Tables for spreadsheets: cells that no program takes for a formula, as CSV text or as an XLSX
// file.
#pragma once

#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "base/money.hpp"
#include "base/time.hpp"

namespace entrepot::orders {

/// Empty, words, a whole number, or an exact decimal written out.
struct Number {
    std::string text;
};
using Cell = std::variant<std::monostate, std::string, std::int64_t, Number>;
using Row = std::vector<Cell>;

/// Words that a spreadsheet might run as a formula get an apostrophe in front; its first character
/// decides: = + - @, tab, line ends, and the full-width forms of the signs.
std::string formula_safe(const std::string& words);

/// RFC 4180 lines with CRLF.
void append_csv(std::string& out, const Row& row);

/// An XLSX file written row by row with constant memory. Words are stored as words, so nothing is
/// ever a formula. After 1,048,576 rows a further sheet begins with the same heading.
class XlsxFile {
public:
    XlsxFile(const std::string& path, const std::string& sheet_name, const Row& heading);
    ~XlsxFile();
    XlsxFile(const XlsxFile&) = delete;
    XlsxFile& operator=(const XlsxFile&) = delete;
    void add(const Row& row);
    /// Finishes the file; false when it could not be written.
    bool close();

private:
    void begin_sheet();
    void write(const Row& row);
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace entrepot::orders
