// Bringing orders in by searchOrders and getOrder. Every function may be interrupted at any point
// and called again: progress lies in the database, page by page.
#pragma once

#include "channel/amazon/opened_shop.hpp"
#include "channel/amazon/transport.hpp"

namespace entrepot::amazon {

/// One turn of the standing job of a shop: goes on with the open run or begins one, page by page.
/// Returns when the next turn is due; nothing when there is no such shop any more.
Awaitable<std::optional<Instant>> sync_shop(Link& link, ShopId shop);

/// Goes on with "this day again" runs; nothing when none is left.
Awaitable<std::optional<Instant>> sync_days(Link& link, ShopId shop);

/// What became of a single order.
struct PulledOrder {
    std::string channel_order_id;
    std::string outcome;     ///< created, changed, unchanged, stale
    std::string request_id;  ///< Amazon's
};
BOOST_DESCRIBE_STRUCT(PulledOrder, (), (channel_order_id, outcome, request_id))
/// Reads one order again. The caller decides how urgent it is.
Awaitable<Result<PulledOrder>> pull_order(Link& link, ShopId shop, const std::string& order_id,
                                          Priority priority);

/// Names of the steps given to Link::step.
namespace step {
inline constexpr std::string_view before_call = "before_call";
inline constexpr std::string_view after_call = "after_call";
inline constexpr std::string_view before_commit = "before_commit";
inline constexpr std::string_view after_page = "after_page";
}  // namespace step

}  // namespace entrepot::amazon
