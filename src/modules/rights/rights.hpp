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
inline constexpr ErrorCode not_verified{ErrorKind::conflict, "rights.not_verified"};
inline constexpr ErrorCode verified_already{ErrorKind::conflict, "rights.verified_already"};
inline constexpr ErrorCode no_match{ErrorKind::conflict, "rights.no_match"};
inline constexpr ErrorCode extended_already{ErrorKind::conflict, "rights.extended_already"};
inline constexpr ErrorCode too_late{ErrorKind::conflict, "rights.too_late"};
inline constexpr ErrorCode restricted_first{ErrorKind::conflict, "rights.restricted_first"};
inline constexpr ErrorCode not_shown{ErrorKind::conflict, "rights.not_shown"};
inline constexpr ErrorCode not_access{ErrorKind::conflict, "rights.not_access"};
inline constexpr ErrorCode not_restricting{ErrorKind::conflict, "rights.not_restricting"};
inline constexpr ErrorCode not_done{ErrorKind::conflict, "rights.not_done"};
inline constexpr ErrorCode too_many_searches{ErrorKind::rate_limited, "rights.too_many_searches"};
}  // namespace errors

/// How the tenant's open requests stand.
struct Deadlines {
    std::int64_t open;       ///< neither done nor refused
    std::int64_t verifying;  ///< of these: nobody has made sure who asks
    std::int64_t overdue;
    std::int64_t due_soon;  ///< within a week, not yet overdue
};
BOOST_DESCRIBE_STRUCT(Deadlines, (), (open, verifying, overdue, due_soon))
Awaitable<Deadlines> deadlines(pg::Transaction& tx, Instant now);

/// Requests that cover orders and were carried out, and those of them of which nobody had made sure
/// who asked although there was somebody to be mistaken for the buyer.
struct Verified {
    std::int64_t carried_out, unverified;
};
BOOST_DESCRIBE_STRUCT(Verified, (), (carried_out, unverified))
Awaitable<Verified> verified(pg::Transaction& tx);

Module module();

}  // namespace entrepot::rights
