// One row → one checked line of an order, or the list of what is wrong with it.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "channel/csv/row_reader.hpp"
#include "channel/csv/settings.hpp"

namespace entrepot::csv {

/// A row read under the settings. Amounts are minor units of `currency`.
struct Line {
    std::int64_t row = 0;
    std::string order_number, line_id, sku, title, currency, country, state, marketplace;
    Instant ordered_at{};
    std::int64_t quantity = 0;
    std::optional<Decimal> unit_price;  ///< exact, as the file has it
    std::int64_t item_minor = 0;        ///< line_total, else quantity × unit price, half to even
    std::optional<std::int64_t> tax_minor, shipping_minor, discount_minor;
};

/// Where a row is wrong and how. The cell's text is never repeated: it may be personal.
struct Fault {
    std::int64_t row = 0;
    std::string column;
    CellFault code;
};

/// Checks settings against the columns once, then reads row after row.
class LineReader {
public:
    /// imports.bad_settings with a field error for each thing that cannot be.
    static Result<LineReader> make(const Settings& settings,
                                   const std::vector<std::string>& columns);
    /// False when the row is bad; its faults are appended. `line.order_number` is set whenever the
    /// row tells it, so that the rest of a bad row's order can be left out.
    bool read(const Row& row, Line& line, std::vector<Fault>& faults);

private:
    LineReader(Settings settings, const std::vector<std::string>& columns, Zone zone);

    std::string_view cell(const Row& row, Field field) const;
    void fail(Field field, CellFault code);
    std::string identifier(const Row& row, Field field);
    std::string words(const Row& row, Field field, std::size_t length_max);
    std::optional<Decimal> number(const Row& row, Field field);
    std::optional<std::int64_t> money(Decimal amount, const Currency& currency, Field field);
    std::optional<std::int64_t> charge(const Row& row, Field field, const Currency& currency);
    void read_amounts(const Row& row, Line& line);
    void read_quantity(const Row& row, Line& line);

    Settings settings_;
    std::vector<std::string> columns_;
    std::array<int, field_count> column_of_{};
    Zone zone_;
    std::vector<Fault>* faults_ = nullptr;
    std::int64_t row_ = 0;
    bool good_ = true;
};

}  // namespace entrepot::csv
