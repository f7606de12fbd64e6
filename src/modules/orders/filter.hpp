// What a list of orders can be filtered and sorted by: the query parameters, and what they mean
// for the database.
#pragma once

#include "modules/orders/orders.hpp"
#include "modules/shops/shops.hpp"

namespace entrepot::orders {

/// Query parameters of every list, count and export. Several values of one parameter are separated
/// by commas. `from` and `to` are moments (`to` exclusive) or days (`to` inclusive; UTC, or in each
/// shop's own zone with insight_day=true).
struct OrderFilter {
    std::optional<std::vector<OrderState>> state;
    std::optional<std::vector<ShopId>> shop_id;
    std::optional<std::vector<std::string>> marketplace_id;
    std::optional<std::string> q;
    std::optional<std::string> sku;
    std::optional<std::string> from;
    std::optional<std::string> to;
    std::optional<FulfilledBy> fulfilled_by;
    std::optional<std::string> tag;
    std::optional<bool> held;
    std::optional<std::string> country;
    std::optional<bool> exception;
    std::optional<bool> insight_day;
};
BOOST_DESCRIBE_STRUCT(OrderFilter, (),
                      (state, shop_id, marketplace_id, q, sku, from, to, fulfilled_by, tag, held,
                       country, exception, insight_day))

enum class Sort { newest, oldest, updated };
/// "-ordered_at" (default), "ordered_at", "-updated_at".
Result<Sort> parse_sort(const std::optional<std::string>& text);

/// A place between two rows of a sorted list.
struct Position {
    Instant at;
    OrderId id;
    auto operator<=>(const Position&) const = default;
};
inline constexpr Position lowest{Instant{std::chrono::sys_days{std::chrono::year{1} / 1 / 1}},
                                 OrderId{}};
inline constexpr Position highest{Instant{std::chrono::sys_days{std::chrono::year{9999} / 1 / 1}},
                                  OrderId{}};

/// The filter in the words of the statements: every parameter has its value or is absent.
struct Selection {
    Position low = lowest, high = highest;  ///< exclusive bounds in the order of the sort
    std::optional<std::vector<ShopId>> shops;
    std::vector<Instant> shop_from, shop_to;  ///< one for each of `shops`
    std::optional<std::vector<OrderState>> states;
    std::optional<std::vector<std::string>> marketplaces;
    std::optional<FulfilledBy> fulfilled_by;
    std::optional<std::string> tag;
    std::optional<bool> held;
    std::optional<std::string> country;
    std::optional<bool> exception;
    bool by_sku = false;
    std::vector<std::string> seller_skus;
    std::optional<SkuId> sku_id;
    std::string sku;
    /// Lines that the channel writes so although they are mapped to another SKU count too.
    bool sku_as_written = true;
    bool by_text = false;
    std::vector<std::string> text_low, text_high;  ///< prefixes as half-open ranges
    Instant from = lowest.at, to = highest.at;     ///< of ordered_at
};

/// What decides which index answers.
enum class Driver { all, shops, open, held, exception, sku, text };
Driver driver_of(const Selection& selection, Sort sort);
/// Only shops, states, a period and a position: the shapes whose plan never needs to be thought
/// about.
bool is_lean(const Selection& selection);

struct Period {
    Instant from, to;
};
/// `from` and `to` as moments; days are UTC.
Result<Period> parse_period(const OrderFilter& filter);
/// `from` and `to` as days, both needed.
struct Days {
    Date first, last;
};
Result<Days> parse_days(const OrderFilter& filter);

/// Prefixes to look for: as typed, and in capitals. invalid_fields under three characters.
Result<std::vector<std::string>> parse_text(const std::string& q);
/// First text that no text with this prefix reaches.
std::string end_of_prefix(const std::string& prefix);

}  // namespace entrepot::orders
