// Orders that no channel reports: added by a person or by the seller's own program, and moved on by
// hand.
#pragma once

#include "modules/orders/acts.hpp"
#include "modules/orders/detail.hpp"
#include "modules/orders/new_order.hpp"

namespace entrepot::orders {

/// Channels of orders that were added through the API: by a signed-in person, by an API key.
inline constexpr std::string_view manual_channel = "manual";
inline constexpr std::string_view api_channel = "api";
bool is_own_channel(std::string_view channel);

struct AddedOrder {
    OrderId id;
    ShopId shop_id;
    std::string channel_order_id;
    OrderState state;
    GuardedMoney grand_total;
    std::int64_t exception_count;
    std::int64_t version;
};
BOOST_DESCRIBE_STRUCT(AddedOrder, (),
                      (id, shop_id, channel_order_id, state, grand_total, exception_count, version))

struct CancelOrder {
    OrderId id;
    std::optional<std::int64_t> if_match;
    std::string reason;
};
BOOST_DESCRIBE_STRUCT(CancelOrder, (), (id, if_match, reason))

struct ShipOrder {
    OrderId id;
    std::optional<std::int64_t> if_match;
    std::optional<std::string> carrier;
    std::optional<std::string> tracking_number;
    std::optional<Instant> shipped_at;  ///< now
};
BOOST_DESCRIBE_STRUCT(ShipOrder, (), (id, if_match, carrier, tracking_number, shipped_at))

struct DeliverOrder {
    OrderId id;
    std::optional<std::int64_t> if_match;
    std::optional<Instant> delivered_at;  ///< now
};
BOOST_DESCRIBE_STRUCT(DeliverOrder, (), (id, if_match, delivered_at))

/// Adds one order. not_found for a shop outside the caller's scope, orders.shop_of_channel for a
/// shop whose channel reports its orders, orders.number_taken; forbidden for who may not see
/// amounts.
Awaitable<Result<AddedOrder>> add_order(Context& ctx, const NewOrder& in);

/// Moves of orders of our own. orders.moved_by_channel for all others; orders.illegal_move,
/// orders.held.
Awaitable<Result<OrderDetail>> cancel_order(Context& ctx, const CancelOrder& in);
Awaitable<Result<OrderDetail>> ship_order(Context& ctx, const ShipOrder& in);
Awaitable<Result<OrderDetail>> deliver_order(Context& ctx, const DeliverOrder& in);

}  // namespace entrepot::orders
