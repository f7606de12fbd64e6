// Trying the sealed fields of a restored backup with the keys of now: what is erased must stay
// shut, what lives must open. Nothing is read: keyd answers whether, never what.
#pragma once

#include <boost/describe/class.hpp>
#include <string>
#include <vector>

#include "platform/context.hpp"

namespace entrepot::vault {

struct DrillTally {
    std::int64_t in_backup = 0;      ///< capsules with sealed fields in the copy
    std::int64_t erased_tried = 0;   ///< of these, erased since, as ledger or database says
    std::int64_t erased_opened = 0;  ///< must be 0
    std::int64_t live_tried = 0;
    std::int64_t live_opened = 0;    ///< must be all
    std::int64_t unproven = 0;       ///< erased as the database says, without a line in the ledger
    std::vector<std::string> first;  ///< capsules that were not as they must be, a few

    void add(const DrillTally& other);
};
BOOST_DESCRIBE_STRUCT(DrillTally, (),
                      (in_backup, erased_tried, erased_opened, live_tried, live_opened, unproven,
                       first))

/// One tenant's capsules in `copy`, a restored database (role entrepot_app). All erased ones are
/// tried, and of the living about `live_max`, spread over all. Leaves an audit row with the counts
/// in the running database. Throws keys::Unavailable.
Awaitable<DrillTally> try_copy(Context& ctx, pg::Database& copy, std::int64_t live_max);

}  // namespace entrepot::vault
