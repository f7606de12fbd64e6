// The list of orders: one prepared statement for each shape of question.
#pragma once

#include "modules/orders/filter.hpp"

namespace entrepot::orders {

struct ListRow {
    OrderId id;
    ShopId shop_id;
    std::string channel_order_id;
    OrderKind kind;
    Instant ordered_at;
    Instant updated_at;
    OrderState state;
    std::string channel_state;
    FulfilledBy fulfilled_by;
    std::string marketplace_id;
    std::optional<std::string> ship_country;
    std::optional<std::string> currency;
    std::optional<std::int64_t> grand_total_minor;
    std::int64_t line_count;
    std::int64_t unit_count;
    std::string first_seller_sku;
    std::string first_title;
    std::int64_t first_quantity;
    bool held;
    std::int64_t exception_count;
    std::vector<std::string> tags;
    std::int64_t version;
};
BOOST_DESCRIBE_STRUCT(ListRow, (),
                      (id, shop_id, channel_order_id, kind, ordered_at, updated_at, state,
                       channel_state, fulfilled_by, marketplace_id, ship_country, currency,
                       grand_total_minor, line_count, unit_count, first_seller_sku, first_title,
                       first_quantity, held, exception_count, tags, version))

struct StateCount {
    OrderState state;
    std::int64_t orders;
};
BOOST_DESCRIBE_STRUCT(StateCount, (), (state, orders))

/// Pages come in three sizes, so that a plan knows how few rows are wanted.
inline constexpr std::array<std::int64_t, 3> page_sizes{50, 200, 1000};
/// Counting stops after this many.
inline constexpr std::int64_t count_max = 10'000;

/// Up to one row more than the smallest page size that holds `limit`; the caller cuts.
Awaitable<std::vector<ListRow>> list_rows(pg::Transaction& tx, const Selection& selection,
                                          Sort sort, std::int64_t limit);
/// Orders by state; the counts add up to count_max + 1 at most.
Awaitable<std::vector<StateCount>> state_counts(pg::Transaction& tx, const Selection& selection);

}  // namespace entrepot::orders
