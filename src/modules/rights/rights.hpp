// Buyers' requests: what do you hold of me, erase it, stop using it. Finds the buyer's orders,
// keeps the register, carries out, and says what proves it.
#pragma once

#include <boost/describe.hpp>

#include "platform/context.hpp"
#include "platform/module.hpp"

namespace entrepot::rights {

using RequestId = Id<struct RightsRequestTag>;

namespace errors {
inline constexpr ErrorCode closed{ErrorKind::conflict, "rights.closed"};
inline constexpr ErrorCode under_way{ErrorKind::conflict, "rights.under_way"};
inline constexpr ErrorCode not_shown{ErrorKind::conflict, "rights.not_shown"};
inline constexpr ErrorCode not_access{ErrorKind::conflict, "rights.not_access"};
inline constexpr ErrorCode not_restricting{ErrorKind::conflict, "rights.not_restricting"};
inline constexpr ErrorCode not_done{ErrorKind::conflict, "rights.not_done"};
inline constexpr ErrorCode too_many_searches{ErrorKind::rate_limited, "rights.too_many_searches"};
}  // namespace errors

/// How the tenant's open requests stand.
struct Deadlines {
    std::int64_t open, overdue, due_soon;  ///< due_soon: within a week, not yet overdue
};
BOOST_DESCRIBE_STRUCT(Deadlines, (), (open, overdue, due_soon))
Awaitable<Deadlines> deadlines(pg::Transaction& tx, Instant now);

Module module();

}  // namespace entrepot::rights
