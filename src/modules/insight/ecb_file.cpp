// Reads the ECB's table of reference rates.
#include "modules/insight/ecb_file.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "modules/insight/insight.hpp"

namespace entrepot::insight {
namespace {
constexpr std::size_t columns_max = 200;
constexpr std::int64_t days_max = 40'000;
/// 12 integer digits are what the column of rates holds.
constexpr Decimal per_eur_max = Decimal::from_integer(999'999'999'999);

Error wrong(std::int64_t line, const std::string& why) {
    return make_error(errors::not_a_rates_file, "line " + std::to_string(line) + ": " + why);
}

bool is_code(std::string_view text) {
    return text.size() == 3 &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

Result<std::vector<std::string>> read_header(std::string_view line) {
    if (line.starts_with("\xEF\xBB\xBF")) line.remove_prefix(3);
    const auto cells = text::split(line, ',');
    if (text::trim(cells[0]) != "Date") return wrong(1, "the first column must be Date");
    if (cells.size() > columns_max) return wrong(1, "too many columns");
    std::vector<std::string> codes;
    for (std::size_t i = 1; i < cells.size(); ++i) {
        const auto code = text::trim(cells[i]);
        if (code.empty() && i + 1 == cells.size()) break;
        if (!is_code(code)) return wrong(1, "a column is not a currency code");
        if (std::find(codes.begin(), codes.end(), code) != codes.end())
            return wrong(1, "a currency has two columns");
        codes.emplace_back(code);
    }
    if (codes.empty()) return wrong(1, "there is no currency column");
    return codes;
}

Result<bool> read_day(std::string_view line, std::int64_t number,
                      const std::vector<std::string>& codes, EcbTable& table) {
    const auto cells = text::split(line, ',');
    const auto day = parse_date(text::trim(cells[0]));
    if (!day) return wrong(number, "the date is not YYYY-MM-DD");
    const bool has_tail = cells.size() == codes.size() + 2 && text::trim(cells.back()).empty();
    if (cells.size() != codes.size() + 1 && !has_tail)
        return wrong(number, "another number of columns than the header");
    for (std::size_t i = 0; i < codes.size(); ++i) {
        const auto cell = text::trim(cells[i + 1]);
        if (cell.empty() || cell == "N/A") continue;
        const auto rate = Decimal::parse(cell);
        if (!rate || rate->is_negative() || rate->is_zero() || *rate > per_eur_max)
            return wrong(number, "the rate of " + codes[i] + " is not a positive number");
        table.rates.push_back({codes[i], *day, *rate});
    }
    ++table.days;
    return true;
}
}  // namespace

Result<EcbTable> read_ecb_table(std::string_view csv) {
    if (!text::is_utf8(csv)) return wrong(1, "the file is not text in UTF-8");
    EcbTable table;
    std::vector<std::string> codes;
    std::vector<Date> seen;
    std::int64_t number = 0;
    for (std::string_view line : text::split(csv, '\n')) {
        ++number;
        line = text::trim(line);
        if (line.empty()) continue;
        if (codes.empty()) {
            TRY(codes, read_header(line));
            continue;
        }
        if (table.days == days_max) return wrong(number, "too many days");
        TRY_VOID(read_day(line, number, codes, table));
        seen.push_back(*parse_date(text::trim(text::split(line, ',')[0])));
    }
    if (codes.empty()) return wrong(1, "the file is empty");
    if (table.rates.empty()) return wrong(number, "there is no rate in the file");
    std::sort(seen.begin(), seen.end());
    if (std::adjacent_find(seen.begin(), seen.end()) != seen.end())
        return wrong(number, "a day stands in the file twice");
    return table;
}

}  // namespace entrepot::insight
