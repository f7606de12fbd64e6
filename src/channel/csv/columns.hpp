// What the columns of a table mean: which field of an order each one may be, and which hold
// personal data of buyers and are never kept.
#pragma once

#include <boost/describe/enum.hpp>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace entrepot::csv {

/// Fields of an order line that a column can fill. order_number, ordered_at, sku and quantity must
/// be filled, and unit_price or line_total.
enum class Field {
    order_number,
    ordered_at,
    sku,
    quantity,
    unit_price,
    line_total,
    title,
    currency,
    country,
    state,
    tax,
    shipping,
    discount,
    line_id,
    marketplace
};
BOOST_DESCRIBE_ENUM(Field, order_number, ordered_at, sku, quantity, unit_price, line_total, title,
                    currency, country, state, tax, shipping, discount, line_id, marketplace)
inline constexpr std::size_t field_count = 15;

std::string_view field_name(Field field);
std::optional<Field> field_by_name(std::string_view name);
bool is_required(Field field);

/// Field name → column name.
using Mapping = std::map<std::string, std::string>;

/// Names trimmed, never empty and never twice ("column 3", "Name (2)"), so that each is an address.
std::vector<std::string> unique_names(const std::vector<std::string>& header);

/// The likeliest column of each field by the words that shops, marketplaces and spreadsheets use,
/// in English and Chinese. Columns of personal data are left out.
Mapping guess_mapping(const std::vector<std::string>& columns);

/// True when a column of this name holds personal data of buyers: names, addresses, telephone
/// numbers, e-mail, ids of a person (a pseudonym is personal data too), free text that buyers
/// write.
bool is_personal_name(std::string_view column);
/// The same for each column of a header, where the others can tell what one means.
std::vector<bool> personal_columns(const std::vector<std::string>& columns);
/// True when the cells of a column are e-mail addresses.
bool looks_like_email(const std::vector<std::string_view>& cells);

/// Same for the same columns in the same order, whatever their case and blanks: the key under which
/// a mapping is remembered. Hexadecimal.
std::string header_signature(const std::vector<std::string>& columns);

}  // namespace entrepot::csv
