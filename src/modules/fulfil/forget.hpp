// The end of parcels: what Amazon's orders needed to be sent is no book.
#pragma once

#include "platform/jobs/jobs.hpp"

namespace entrepot::fulfil {

/// Standing, once a day for each tenant.
inline constexpr std::string_view forget_kind = "fulfil.forget";
/// What came, or last changed, before that.
Awaitable<void> delete_past_term(pg::Transaction& tx, Instant before);
Awaitable<std::optional<Instant>> forget(Context& ctx, const jobs::Job& job);

}  // namespace entrepot::fulfil
