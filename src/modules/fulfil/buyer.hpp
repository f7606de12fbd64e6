// The buyer of a shipment: seen while it is being sent, and the news that move the vault's clock.
#pragma once

#include "modules/fulfil/service.hpp"
#include "vault/vault.hpp"

namespace entrepot::fulfil {

namespace errors {
inline constexpr ErrorCode not_granted{ErrorKind::conflict, "fulfil.not_granted"};
inline constexpr ErrorCode nobody_ships{ErrorKind::conflict, "fulfil.nobody_ships"};
}  // namespace errors

/// The address of an open shipment, for five minutes. Refused once it has arrived or was taken
/// back: nobody ships it then. A 409 says which of the five truths it is when there is nothing to
/// show.
Awaitable<Result<vault::Revealed>> reveal_recipient(Context& ctx, const WhichShipment& in);

/// The same address on a pack slip, with the parcel's lines: a PDF. Refused as reveal_recipient is.
Awaitable<Result<http::Response>> print_pack_slip(Context& ctx, const WhichShipment& in);

struct PrintPackSlips {
    std::vector<ShipmentId> shipment_ids;
};
BOOST_DESCRIBE_STRUCT(PrintPackSlips, (), (shipment_ids))
/// Those of up to 100 shipments in one PDF, in the order given. All or none: each that has no slip
/// is a field of the error, with its reason.
Awaitable<Result<http::Response>> print_pack_slips(Context& ctx, const PrintPackSlips& in);

/// Shipments left or arrived: the clock of their buyers' data moves.
inline constexpr std::string_view clock_kind = "fulfil.buyer_clock";
Awaitable<void> move_clock(Context& ctx, pg::Transaction& tx, const std::vector<jobs::Job>& work);

/// A capsule is gone: its order says so.
inline constexpr std::string_view erased_kind = "fulfil.buyer_erased";
Awaitable<void> note_erased(Context& ctx, pg::Transaction& tx, const std::vector<jobs::Job>& work);

/// The vault lets an order's buyer be asked for, now or anew: so does every channel, when there is
/// a shipment to ask for.
inline constexpr std::string_view fetch_kind = "fulfil.buyer_fetch";
Awaitable<void> want_recipients(Context& ctx, pg::Transaction& tx,
                                const std::vector<jobs::Job>& work);

}  // namespace entrepot::fulfil
