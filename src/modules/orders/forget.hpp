// The end of what Amazon gave about orders and no book needs: parcels and things to look at.
#pragma once

#include "platform/jobs/jobs.hpp"

namespace entrepot::orders {

/// Standing, once a day for each tenant.
inline constexpr std::string_view forget_kind = "orders.forget";
/// What came, or last changed, before that.
Awaitable<void> delete_past_term(pg::Transaction& tx, Instant before);
Awaitable<std::optional<Instant>> forget(Context& ctx, const jobs::Job& job);

}  // namespace entrepot::orders
