// Decoys among shipments: what a program that walks all of them opens, and nobody who ships.
#pragma once

#include "modules/fulfil/service.hpp"

namespace entrepot::fulfil {

/// A page of all shipments, with the decoys that stand between its rows. Only for who may reveal
/// buyers; pages by state, by order or of problems, which are all that people see, have none.
Awaitable<std::vector<ListRow>> with_decoys(pg::Transaction& tx, const Context& ctx,
                                            const ListSelection& selection,
                                            std::vector<ListRow> rows);
/// A decoy as a shipment; not found when there is none, or the caller may not reveal buyers.
Awaitable<Result<ShipmentDetail>> decoy_detail(Context& ctx, pg::Transaction& tx, ShipmentId id);
/// Its capsule is gone.
void remove_decoy(pg::Transaction& tx, OrderId order);

/// Sees to it that decoys stand among the latest shipments: every hour until something was shipped,
/// then every day.
inline constexpr std::string_view decoys_kind = "fulfil.decoys";
Awaitable<std::optional<Instant>> keep_decoys(Context& ctx, const jobs::Job& job);
/// A company signed up: the standing job begins.
inline constexpr std::string_view begin_decoys_kind = "fulfil.begin_decoys";
Awaitable<void> begin_decoys(Context& ctx, pg::Transaction& tx, const std::vector<jobs::Job>& work);

}  // namespace entrepot::fulfil
