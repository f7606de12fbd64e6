// How a table is to be read: its form, the columns' meaning, and the rules that turn its rows into
// orders. A profile is a named set of rules for a table that is known by its header.
#pragma once

#include <boost/describe/class.hpp>
#include <optional>
#include <string>
#include <vector>

#include "channel/csv/columns.hpp"
#include "channel/csv/datetime.hpp"
#include "channel/csv/encoding.hpp"
#include "modules/orders/orders.hpp"

namespace entrepot::csv {

/// What happens when rows are bad. all_or_none: the whole file is checked first, and nothing is
/// written. skip_bad: orders that hold a bad row are left out whole, the others are written.
enum class Mode { all_or_none, skip_bad };
BOOST_DESCRIBE_ENUM(Mode, all_or_none, skip_bad)

/// Whether tax, shipping and discount columns say what the line bears, or repeat what the whole
/// order bears on each (or only the first) of its rows.
enum class Charges { per_line, per_order };
BOOST_DESCRIBE_ENUM(Charges, per_line, per_order)

/// Order numbers that begin like this are of this kind.
struct PrefixRule {
    std::string prefix;
    orders::OrderKind kind = orders::OrderKind::sale;
};
BOOST_DESCRIBE_STRUCT(PrefixRule, (), (prefix, kind))

/// SKUs that are no goods. A '*' at the end matches any rest; case does not count.
struct LineKindRule {
    std::string sku;
    orders::LineKind kind = orders::LineKind::goods;
};
BOOST_DESCRIBE_STRUCT(LineKindRule, (), (sku, kind))

struct Rules {
    std::vector<PrefixRule> order_prefixes;
    std::vector<LineKindRule> line_kinds;
    /// An order none of whose lines has a price is a move of stock, not a sale.
    bool priceless_is_adjustment = true;
    /// An order all of whose quantities are negative is a credit note.
    bool negative_is_cancellation = true;
};
BOOST_DESCRIBE_STRUCT(Rules, (),
                      (order_prefixes, line_kinds, priceless_is_adjustment,
                       negative_is_cancellation))

/// All that a run needs beside the file. Stored with the import and remembered per shop and header.
struct Settings {
    Mapping mapping;
    NumberFormat number_format = NumberFormat::point;
    DateFormat date_format = DateFormat::ymd;
    std::string time_zone;
    std::string currency;
    Mode mode = Mode::all_or_none;
    Charges charges = Charges::per_line;
    Rules rules;
    bool create_skus = true;
};
BOOST_DESCRIBE_STRUCT(Settings, (),
                      (mapping, number_format, date_format, time_zone, currency, mode, charges,
                       rules, create_skus))

struct Profile {
    std::string name;
    std::string title;
    std::vector<std::string> header;  ///< columns that tell the table
    NumberFormat number_format;
    DateFormat date_format;
    std::string time_zone;
    std::string currency;
    Mapping mapping;
    Rules rules;
};

/// The profile whose columns all stand in the header, if any.
const Profile* find_profile(const std::vector<std::string>& columns);

/// Kind of an order number before its lines are seen.
orders::OrderKind kind_by_prefix(const Rules& rules, std::string_view order_number);
orders::LineKind kind_of_sku(const Rules& rules, std::string_view sku);

/// A channel's word for the state of an order → ours; unknown when we do not know it.
orders::OrderState order_state(std::string_view word);

}  // namespace entrepot::csv
