// Lists and counts of orders, and the pieces of them that exports and bulk actions share.
#pragma once

#include <map>

#include "modules/orders/list_store.hpp"
#include "platform/http/route.hpp"

namespace entrepot::orders {

using GuardedMoney = json::Guarded<std::optional<Money>, Permission::money_read>;

struct FirstLine {
    std::string sku;
    std::string title;
    std::int64_t quantity;
};
BOOST_DESCRIBE_STRUCT(FirstLine, (), (sku, title, quantity))

struct OrderSummary {
    OrderId id;
    ShopId shop_id;
    std::string shop_name;
    std::string channel_order_id;
    OrderKind kind;
    Instant ordered_at;
    Instant updated_at;
    OrderState state;
    std::string channel_state;
    FulfilledBy fulfilled_by;
    std::string marketplace_id;
    std::string marketplace_name;
    std::optional<std::string> ship_country;
    std::int64_t line_count;
    std::int64_t unit_count;
    GuardedMoney grand_total;
    bool held;
    std::int64_t exception_count;
    std::vector<std::string> tags;
    FirstLine first_line;
};
BOOST_DESCRIBE_STRUCT(OrderSummary, (),
                      (id, shop_id, shop_name, channel_order_id, kind, ordered_at, updated_at,
                       state, channel_state, fulfilled_by, marketplace_id, marketplace_name,
                       ship_country, line_count, unit_count, grand_total, held, exception_count,
                       tags, first_line))

struct ListOrders : OrderFilter {
    std::optional<std::int64_t> limit;
    std::optional<std::string> cursor;
    std::optional<std::string> sort;
};
BOOST_DESCRIBE_STRUCT(ListOrders, (OrderFilter), (limit, cursor, sort))

struct OrderCount {
    std::int64_t count;
    bool exact;
    std::map<std::string, std::int64_t> by_state;  ///< empty when not exact
};
BOOST_DESCRIBE_STRUCT(OrderCount, (), (count, exact, by_state))

Awaitable<Result<http::Page<OrderSummary>>> orders_page(Context& ctx, const ListOrders& in);
Awaitable<Result<OrderCount>> order_count(Context& ctx, const OrderFilter& in);

/// The filter with the caller's scope applied. The scope is always part of the selection; a shop
/// outside of it selects nothing.
Awaitable<Result<Selection>> select_orders(Context& ctx, pg::Transaction& tx,
                                           const OrderFilter& filter);
OrderSummary summary_of(ListRow row, const shops::Names& names);
/// Shops asked for that the caller may see; nothing = every shop.
std::optional<std::vector<ShopId>> shops_of(const Context& ctx,
                                            const std::optional<std::vector<ShopId>>& asked);
/// 50 when absent; 1 to 200.
Result<std::int64_t> checked_limit(const std::optional<std::int64_t>& limit);
/// Money of the order's currency; nothing while that is not known.
std::optional<Money> money_of(const std::optional<std::string>& currency,
                              std::optional<std::int64_t> minor);
/// Position of a row in a list sorted so.
Position position_of(const ListRow& row, Sort sort);
/// Continues the selection behind that position.
void continue_after(Selection& selection, Sort sort, const Position& position);

}  // namespace entrepot::orders
