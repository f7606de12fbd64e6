// All cells of a row are looked at, so that the error file shows everything that is wrong at once.
#include "channel/csv/line_reader.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "channel/csv/countries.hpp"
#include "channel/csv/csv.hpp"

namespace entrepot::csv {
namespace {
constexpr std::size_t identifier_bytes_max = 100;
constexpr std::size_t title_bytes_max = 1000;
constexpr std::size_t word_bytes_max = 100;
constexpr std::int64_t quantity_max = 1'000'000'000;
/// Ten thousand lines of this size still fit an order's 64-bit total.
constexpr std::int64_t line_minor_max = 10'000'000'000'000;

std::size_t index_of(Field field) {
    return static_cast<std::size_t>(field);
}

std::int64_t power_of_ten(int exponent) {
    std::int64_t out = 1;
    for (int i = 0; i < exponent; ++i) out *= 10;
    return out;
}
bool in_range(Decimal amount, const Currency& currency) {
    const Decimal::Units bound =
        Decimal::Units{line_minor_max} * Decimal::scale / power_of_ten(currency.exponent());
    return amount.units() >= -bound && amount.units() <= bound;
}

/// Cuts at a character's edge.
std::string_view cut(std::string_view utf8, std::size_t bytes_max) {
    if (utf8.size() <= bytes_max) return utf8;
    while (bytes_max > 0 && (utf8[bytes_max] & 0xC0) == 0x80) --bytes_max;
    return utf8.substr(0, bytes_max);
}

void add_problem(std::vector<FieldError>& fields, std::string pointer, std::string code,
                 std::string detail) {
    fields.push_back({std::move(pointer), std::move(code), std::move(detail)});
}

void check_mapping(const Mapping& mapping, const std::vector<std::string>& columns,
                   std::vector<FieldError>& fields) {
    for (const auto& [name, column] : mapping) {
        if (!field_by_name(name))
            add_problem(fields, "/mapping/" + name, "unknown_member", "there is no such field");
        else if (column.empty() ||
                 std::find(columns.begin(), columns.end(), column) == columns.end())
            add_problem(fields, "/mapping/" + name, "unknown_column",
                        "the file has no such column, or it was dropped");
    }
    for (std::size_t i = 0; i < field_count; ++i) {
        const auto field = static_cast<Field>(i);
        if (is_required(field) && !mapping.contains(std::string(field_name(field))))
            add_problem(fields, "/mapping/" + std::string(field_name(field)), "required",
                        "choose the column of this field");
    }
    if (!mapping.contains("unit_price") && !mapping.contains("line_total"))
        add_problem(fields, "/mapping/unit_price", "required",
                    "choose the column of the unit price or of the line total");
}
}  // namespace

LineReader::LineReader(Settings settings, const std::vector<std::string>& columns, Zone zone)
    : settings_(std::move(settings)), columns_(columns), zone_(std::move(zone)) {
    column_of_.fill(-1);
    for (const auto& [name, column] : settings_.mapping) {
        const auto found = std::find(columns_.begin(), columns_.end(), column);
        column_of_[index_of(*field_by_name(name))] = static_cast<int>(found - columns_.begin());
    }
}

Result<LineReader> LineReader::make(const Settings& settings,
                                    const std::vector<std::string>& columns) {
    std::vector<FieldError> fields;
    check_mapping(settings.mapping, columns, fields);
    auto zone = Zone::find(settings.time_zone);
    if (!zone)
        add_problem(fields, "/time_zone", "unknown_time_zone", "this time zone is not known");
    const bool by_column = settings.mapping.contains("currency");
    if ((!by_column || !settings.currency.empty()) && !Currency::parse(settings.currency))
        add_problem(fields, "/currency", "unknown_currency",
                    "name the currency of the amounts by its ISO 4217 code");
    if (!fields.empty())
        return Error{errors::bad_settings, fields.front().detail, std::move(fields), 0};
    return LineReader(settings, columns, *std::move(zone));
}

std::string_view LineReader::cell(const Row& row, Field field) const {
    const int column = column_of_[index_of(field)];
    if (column < 0 || static_cast<std::size_t>(column) >= row.cells.size()) return {};
    return row.cells[static_cast<std::size_t>(column)];
}

void LineReader::fail(Field field, CellFault code) {
    good_ = false;
    const int column = column_of_[index_of(field)];
    faults_->push_back(
        {row_,
         column < 0 ? std::string(field_name(field)) : columns_[static_cast<std::size_t>(column)],
         code});
}

std::string LineReader::identifier(const Row& row, Field field) {
    CellFault fault;
    std::string out = parse_identifier(cell(row, field), fault);
    if (!fault.empty())
        fail(field, fault);
    else if (out.find(replacement_character) != std::string::npos)
        fail(field, faults::damaged_text);
    else if (out.size() > identifier_bytes_max)
        fail(field, faults::too_long);
    else if (text::has_control(out) || out.find_first_of("\t\r\n") != std::string::npos)
        fail(field, faults::control_character);
    return out;
}

std::string LineReader::words(const Row& row, Field field, std::size_t length_max) {
    const std::string_view raw = text::trim(cell(row, field));
    if (raw.find(replacement_character) != std::string_view::npos)
        fail(field, faults::damaged_text);
    std::string out(cut(raw, length_max));
    for (std::size_t i = 0; i < out.size(); ++i) {
        const auto c = static_cast<unsigned char>(out[i]);
        if (c < 0x20 || c == 0x7F) out[i] = ' ';
        const bool c1 =
            c == 0xC2 && i + 1 < out.size() && static_cast<unsigned char>(out[i + 1]) < 0xA0;
        if (c1) out[i] = out[i + 1] = ' ';
    }
    return out;
}

std::optional<Decimal> LineReader::number(const Row& row, Field field) {
    const std::string_view raw = cell(row, field);
    if (text::trim(raw).empty()) return std::nullopt;
    CellFault fault;
    const auto value = parse_number(raw, settings_.number_format, fault);
    if (!value) fail(field, fault);
    return value;
}

std::optional<std::int64_t> LineReader::money(Decimal amount, const Currency& currency,
                                              Field field) {
    if (!in_range(amount, currency)) {
        fail(field, faults::out_of_range);
        return std::nullopt;
    }
    return round(amount, currency).minor;
}

std::optional<std::int64_t> LineReader::charge(const Row& row, Field field,
                                               const Currency& currency) {
    const auto amount = number(row, field);
    if (!amount) return std::nullopt;
    return money(*amount, currency, field);
}

void LineReader::read_quantity(const Row& row, Line& line) {
    if (text::trim(cell(row, Field::quantity)).empty())
        return fail(Field::quantity, faults::required);
    const auto quantity = number(row, Field::quantity);
    if (!quantity) return;
    if (quantity->units() % Decimal::scale != 0)
        return fail(Field::quantity, faults::fractional_quantity);
    const Decimal::Units whole = quantity->units() / Decimal::scale;
    if (whole > quantity_max || whole < -quantity_max)
        return fail(Field::quantity, faults::out_of_range);
    line.quantity = static_cast<std::int64_t>(whole);
}

void LineReader::read_amounts(const Row& row, Line& line) {
    std::string code = words(row, Field::currency, word_bytes_max);
    if (code.empty()) code = settings_.currency;
    if (text::equals_ignore_case(code, "RMB")) code = "CNY";
    const auto currency = Currency::parse(text::to_upper_ascii(code));
    if (!currency) return fail(Field::currency, faults::unknown_currency);
    line.currency = currency->code();
    line.unit_price = number(row, Field::unit_price);
    const auto total = number(row, Field::line_total);
    const bool price_given = !text::trim(cell(row, Field::unit_price)).empty();
    const bool total_given = !text::trim(cell(row, Field::line_total)).empty();
    if (!price_given && !total_given)
        fail(column_of_[index_of(Field::unit_price)] >= 0 ? Field::unit_price : Field::line_total,
             faults::required);
    line.item_minor = 0;
    if (total) {
        line.item_minor = money(*total, *currency, Field::line_total).value_or(0);
    } else if (line.unit_price && !total_given) {
        // A price this large times any quantity is out of range; the check keeps 128 bits enough.
        if (!in_range(*line.unit_price, *currency))
            return fail(Field::unit_price, faults::out_of_range);
        const auto exact = Decimal::from_units(line.unit_price->units() * line.quantity);
        line.item_minor = money(exact, *currency, Field::unit_price).value_or(0);
    }
    line.tax_minor = charge(row, Field::tax, *currency);
    line.shipping_minor = charge(row, Field::shipping, *currency);
    line.discount_minor = charge(row, Field::discount, *currency);
    // Some tables write discounts as negative amounts.
    if (line.discount_minor) line.discount_minor = std::abs(*line.discount_minor);
}

bool LineReader::read(const Row& row, Line& line, std::vector<Fault>& faults) {
    faults_ = &faults;
    row_ = row.number;
    good_ = true;
    line.row = row.number;
    if (row.cells.size() != columns_.size() || row.stray_quote) {
        CellFault ignored;
        line.order_number = parse_identifier(cell(row, Field::order_number), ignored);
        faults.push_back({row_, {}, row.stray_quote ? faults::stray_quote : faults::ragged_row});
        return false;
    }
    line.order_number = identifier(row, Field::order_number);
    if (line.order_number.empty()) fail(Field::order_number, faults::required);
    line.sku = identifier(row, Field::sku);
    if (line.sku.empty()) fail(Field::sku, faults::required);
    line.line_id = identifier(row, Field::line_id);
    line.title = words(row, Field::title, title_bytes_max);
    line.country = words(row, Field::country, word_bytes_max);
    if (const auto code = country_code(line.country)) line.country = *code;
    line.state = words(row, Field::state, word_bytes_max);
    line.marketplace = words(row, Field::marketplace, word_bytes_max);
    const std::string_view when = cell(row, Field::ordered_at);
    if (text::trim(when).empty())
        fail(Field::ordered_at, faults::required);
    else if (const auto wall = parse_wall_time(when, settings_.date_format))
        line.ordered_at = zone_.to_utc(*wall);
    else
        fail(Field::ordered_at, faults::not_a_date);
    read_quantity(row, line);
    read_amounts(row, line);
    return good_;
}

}  // namespace entrepot::csv
