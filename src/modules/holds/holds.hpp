// Legal holds: a copy of what is held of some orders, kept apart beyond its time for a court, an
// authority or a claim; opened by two people, destroyed at its end.
#pragma once

#include <boost/describe.hpp>
#include <map>

#include "platform/context.hpp"
#include "platform/module.hpp"

namespace entrepot::holds {

using HoldId = Id<struct LegalHoldTag>;
using AskId = Id<struct LegalHoldAskTag>;

namespace errors {
inline constexpr ErrorCode person_needed{ErrorKind::forbidden, "holds.person_needed"};
inline constexpr ErrorCode nothing_held{ErrorKind::conflict, "holds.nothing_held"};
inline constexpr ErrorCode ended{ErrorKind::conflict, "holds.ended"};
inline constexpr ErrorCode second_person{ErrorKind::conflict, "holds.second_person"};
inline constexpr ErrorCode not_waiting{ErrorKind::conflict, "holds.not_waiting"};
inline constexpr ErrorCode not_approved{ErrorKind::conflict, "holds.not_approved"};
}  // namespace errors

/// A copy of an order's buyer data that a hold keeps.
struct HeldCopy {
    HoldId hold_id;
    Instant until;
};
BOOST_DESCRIBE_STRUCT(HeldCopy, (), (hold_id, until))
/// Copies that are kept now, by order: whoever says that an order's data is erased says this too.
Awaitable<std::map<OrderId, std::vector<HeldCopy>>> copies_of(pg::Transaction& tx,
                                                              const std::vector<OrderId>& orders);

/// How the tenant's holds stand, for whoever has to prove it.
struct Standing {
    std::int64_t active, overdue;
    std::int64_t left_over;        ///< cells of holds that have ended, or of none
    std::int64_t without_receipt;  ///< ended without keyd's line
    std::vector<HoldId> live;      ///< not ended, the nearest end first
    std::vector<HoldId> ended;     ///< the latest ones
};
/// overdue: the end was before `late`, and the copy is still there.
Awaitable<Standing> standing(pg::Transaction& tx, Instant late);

Module module();

}  // namespace entrepot::holds
