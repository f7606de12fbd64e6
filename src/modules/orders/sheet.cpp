// CSV by hand, XLSX by libxlsxwriter.
#include "modules/orders/sheet.hpp"

#include <xlsxwriter.h>

#include <array>
#include <cstdlib>
#include <filesystem>

#include "base/result.hpp"

namespace entrepot::orders {
namespace {
constexpr std::uint32_t sheet_rows_max = 1'048'576;
constexpr std::size_t cell_max = 32'767;

/// Bytes that begin a formula in one spreadsheet or another (OWASP, CSV injection).
constexpr std::array<std::string_view, 11> starters{
    "=",           "+", "-", "@", "\t", "\r", "\n", "\xEF\xBC\x9D", "\xEF\xBC\x8B", "\xEF\xBC\x8D",
    "\xEF\xBC\xA0"};
}  // namespace

std::string formula_safe(const std::string& words) {
    for (const std::string_view starter : starters)
        if (std::string_view(words).starts_with(starter)) return '\'' + words;
    return words;
}

void append_csv(std::string& out, const Row& row) {
    bool first = true;
    for (const Cell& cell : row) {
        if (!first) out += ',';
        first = false;
        if (const auto* number = std::get_if<std::int64_t>(&cell)) out += std::to_string(*number);
        if (const auto* number = std::get_if<Number>(&cell)) out += number->text;
        const auto* words = std::get_if<std::string>(&cell);
        if (words == nullptr) continue;
        const std::string safe = formula_safe(*words);
        if (safe.find_first_of(",\"\r\n") == std::string::npos) {
            out += safe;
            continue;
        }
        out += '"';
        for (const char c : safe) {
            if (c == '"') out += '"';
            out += c;
        }
        out += '"';
    }
    out += "\r\n";
}

struct XlsxFile::State {
    lxw_workbook* book = nullptr;
    lxw_worksheet* sheet = nullptr;
    std::string sheet_name;
    Row heading;
    std::uint32_t next_row = 0;
    int sheets = 0;
};

XlsxFile::XlsxFile(const std::string& path, const std::string& sheet_name, const Row& heading)
    : state_(std::make_unique<State>()) {
    const std::string directory = std::filesystem::path(path).parent_path().string();
    std::string writable = directory;
    lxw_workbook_options options{};
    options.constant_memory = LXW_TRUE;
    options.tmpdir = writable.data();
    state_->book = workbook_new_opt(path.c_str(), &options);
    ensure(state_->book != nullptr, "no workbook");
    state_->sheet_name = sheet_name;
    state_->heading = heading;
    begin_sheet();
}

XlsxFile::~XlsxFile() {
    if (state_->book != nullptr) (void)workbook_close(state_->book);
}

void XlsxFile::begin_sheet() {
    ++state_->sheets;
    const std::string name = state_->sheets == 1
                                 ? state_->sheet_name
                                 : state_->sheet_name + ' ' + std::to_string(state_->sheets);
    state_->sheet = workbook_add_worksheet(state_->book, name.c_str());
    ensure(state_->sheet != nullptr, "no worksheet");
    state_->next_row = 0;
    write(state_->heading);
}

void XlsxFile::add(const Row& row) {
    if (state_->next_row >= sheet_rows_max) begin_sheet();
    write(row);
}

void XlsxFile::write(const Row& row) {
    for (std::size_t i = 0; i < row.size(); ++i) {
        const auto column = static_cast<lxw_col_t>(i);
        const std::uint32_t at = state_->next_row;
        // The format knows binary floating point only; this is the one place where an exact figure
        // becomes one.
        std::string figure;
        if (const auto* whole = std::get_if<std::int64_t>(&row[i])) figure = std::to_string(*whole);
        if (const auto* number = std::get_if<Number>(&row[i])) figure = number->text;
        if (!figure.empty())
            worksheet_write_number(state_->sheet, at, column, std::strtod(figure.c_str(), nullptr),
                                   nullptr);
        if (const auto* words = std::get_if<std::string>(&row[i]); words && !words->empty())
            worksheet_write_string(state_->sheet, at, column, words->substr(0, cell_max).c_str(),
                                   nullptr);
    }
    ++state_->next_row;
}

bool XlsxFile::close() {
    lxw_workbook* book = std::exchange(state_->book, nullptr);
    return workbook_close(book) == LXW_NO_ERROR;
}

}  // namespace entrepot::orders
