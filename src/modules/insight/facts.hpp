// Deriving facts: what the jobs of this module call.
#pragma once

#include "modules/insight/insight.hpp"

namespace entrepot::insight {

/// Brings the facts of these orders up to date inside the caller's transaction. One writer at a
/// time per tenant; the same ids again change nothing.
Awaitable<void> derive_facts(Context& ctx, pg::Transaction& tx, std::vector<OrderId> orders);

/// Derives the orders of one shop again, in steps of their own transactions.
Awaitable<void> rederive_shop(Context& ctx, ShopId shop);

/// Values lines again whose rate has changed, day by day.
Awaitable<void> revalue(Context& ctx);

}  // namespace entrepot::insight
