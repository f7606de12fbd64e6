// Numbers and identifiers as tables write them: exact, by the file's own format, never through a
// binary fraction.
#pragma once

#include <boost/describe/enum.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "base/money.hpp"

namespace entrepot::csv {

/// point: 1,234.56 (also English-written Chinese and Japanese) · comma: 1.234,56.
enum class NumberFormat { point, comma };
BOOST_DESCRIBE_ENUM(NumberFormat, point, comma)

/// What is wrong with a cell: a stable code that has words in errors.csv and in the console.
/// Empty = nothing.
using CellFault = std::string_view;

namespace faults {
inline constexpr CellFault ragged_row = "ragged_row";
inline constexpr CellFault stray_quote = "stray_quote";
inline constexpr CellFault damaged_text = "damaged_text";
inline constexpr CellFault required = "required";
inline constexpr CellFault too_long = "too_long";
inline constexpr CellFault control_character = "control_character";
inline constexpr CellFault damaged_id = "damaged_id";
inline constexpr CellFault spreadsheet_error = "spreadsheet_error";
inline constexpr CellFault not_a_number = "not_a_number";
inline constexpr CellFault scientific_number = "scientific_number";
inline constexpr CellFault number_format = "number_format";
inline constexpr CellFault fractional_quantity = "fractional_quantity";
inline constexpr CellFault out_of_range = "out_of_range";
inline constexpr CellFault not_a_date = "not_a_date";
inline constexpr CellFault unknown_currency = "unknown_currency";
inline constexpr CellFault currency_differs = "currency_differs";
inline constexpr CellFault charge_differs = "charge_differs";
inline constexpr CellFault too_many_lines = "too_many_lines";
inline constexpr CellFault order_has_bad_row = "order_has_bad_row";
}  // namespace faults

/// Half-width forms of full-width ASCII and of the ideographic space, no-break and thin spaces as
/// spaces; trimmed.
std::string to_half_width(std::string_view utf8);

/// One number. Takes full-width digits, currency signs and codes at either end, a sign in front or
/// behind, parentheses for negatives, and thousands separators that stand where they belong (also
/// 12,34,567.89).
std::optional<Decimal> parse_number(std::string_view cell, NumberFormat format, CellFault& fault);

/// True when the cell can be read under this format; for guessing.
bool fits_number(std::string_view cell, NumberFormat format);

/// An order number, SKU or line id: text, with the wrappings that spreadsheets use to keep it text
/// (="123", '123) taken off. Fault damaged_id for "1.23457E+15", which has lost its digits, and
/// spreadsheet_error for "#REF!", "#####" and their like.
std::string parse_identifier(std::string_view cell, CellFault& fault);

}  // namespace entrepot::csv
