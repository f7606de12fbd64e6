// Dispatch: a shipment is one parcel of one merchant-fulfilled order, from its release to its
// arrival. Channels tell the marketplace of it; whoever needs a buyer's address listens here.
#pragma once

#include <boost/describe.hpp>

#include "platform/context.hpp"
#include "platform/module.hpp"

namespace entrepot::fulfil {

using ShipmentId = Id<struct ShipmentTag>;

namespace errors {
inline constexpr ErrorCode order_not_ready{ErrorKind::conflict, "fulfil.order_not_ready"};
inline constexpr ErrorCode order_held{ErrorKind::conflict, "fulfil.order_held"};
inline constexpr ErrorCode not_ours{ErrorKind::conflict, "fulfil.not_ours"};
inline constexpr ErrorCode moved_by_file{ErrorKind::conflict, "fulfil.moved_by_file"};
inline constexpr ErrorCode nothing_left{ErrorKind::conflict, "fulfil.nothing_left"};
inline constexpr ErrorCode too_many_units{ErrorKind::conflict, "fulfil.too_many_units"};
inline constexpr ErrorCode illegal_move{ErrorKind::conflict, "fulfil.illegal_move"};
inline constexpr ErrorCode not_entered{ErrorKind::conflict, "fulfil.not_entered"};
inline constexpr ErrorCode buyer_erased{ErrorKind::conflict, "fulfil.buyer_erased"};
inline constexpr ErrorCode buyer_restricted{ErrorKind::conflict, "fulfil.buyer_restricted"};
}  // namespace errors

/// released: to be picked · confirming: the channel is being told · shipped: it has left and the
/// channel knows · delivered · cancelled: never left · failed: the channel refused it, in words.
enum class ShipmentState { released, confirming, shipped, delivered, cancelled, failed };
BOOST_DESCRIBE_ENUM(ShipmentState, released, confirming, shipped, delivered, cancelled, failed)

/// Who says that a parcel has arrived.
enum class DeliveredSource { tracking, hand, channel };
BOOST_DESCRIBE_ENUM(DeliveredSource, tracking, hand, channel)

/// What the events of this module carry: ids and nothing else, at most 500 shipments each.
struct ShipmentRef {
    ShipmentId shipment_id;
    OrderId order_id;
    ShopId shop_id;
};
BOOST_DESCRIBE_STRUCT(ShipmentRef, (), (shipment_id, order_id, shop_id))
struct ShipmentEvent {
    std::vector<ShipmentRef> shipments;
};
BOOST_DESCRIBE_STRUCT(ShipmentEvent, (), (shipments))

/// Somebody will pick it: from now on there is a reason to know where it goes.
inline constexpr std::string_view shipment_released = "fulfil.released";
/// The buyer of a shipment that was released before is to be asked for now, or anew.
inline constexpr std::string_view recipient_wanted = "fulfil.recipient_wanted";
/// It has left the house, and its channel knows.
inline constexpr std::string_view shipment_shipped = "fulfil.shipped";
/// It has arrived: the clock of retention starts at its delivered_at.
inline constexpr std::string_view shipment_delivered = "fulfil.delivered";
/// Its channel has to be told; channels subscribe, each looks at the shops that are its own.
inline constexpr std::string_view confirmation_wanted = "fulfil.confirmation_wanted";

/// A shipment without its words, for those who listen to the events.
struct ShipmentFacts {
    ShipmentId id;
    OrderId order_id;
    ShopId shop_id;
    ShipmentState state;
    Instant released_at;
    std::optional<Instant> shipped_at;
    std::optional<Instant> delivered_at;
};
BOOST_DESCRIBE_STRUCT(ShipmentFacts, (),
                      (id, order_id, shop_id, state, released_at, shipped_at, delivered_at))
Awaitable<std::vector<ShipmentFacts>> shipment_facts(pg::Transaction& tx,
                                                     const std::vector<ShipmentId>& ids);

// ---- for channels

/// One unit of a parcel as the marketplace names it.
struct ConfirmedLine {
    std::string channel_line_id;
    std::int64_t quantity;
};
/// What the marketplace is told of a parcel.
struct Confirmation {
    ShipmentId id;
    ShopId shop_id;
    std::string channel_order_id;
    std::string marketplace_id;
    std::int64_t reference;
    std::string carrier_code;
    std::string carrier_name;
    std::string shipping_method;
    std::string tracking_number;
    Instant ship_date;
    Instant ordered_at;
    std::vector<ConfirmedLine> lines;
    /// The marketplace may have heard of it already: look before saying it again.
    bool maybe_sent;
};
/// Nothing when the shipment waits for no confirmation (any more).
Awaitable<std::optional<Confirmation>> confirmation_of(pg::Transaction& tx, ShipmentId id);
/// Written before the call leaves the house. False when there is nothing to confirm any more.
Awaitable<bool> note_sending(Context& ctx, pg::Transaction& tx, ShipmentId id);
/// The marketplace has accepted it: confirming → shipped.
Awaitable<void> note_confirmed(Context& ctx, pg::Transaction& tx, ShipmentId id);
/// The marketplace will not accept it as it is: confirming → failed, with words for a person.
Awaitable<void> note_refused(Context& ctx, pg::Transaction& tx, ShipmentId id,
                             const std::string& words);
enum class Heard { certainly_not, perhaps };
/// It is tried again later; people see why it takes so long.
Awaitable<void> note_delayed(Context& ctx, pg::Transaction& tx, ShipmentId id,
                             const std::string& words, Heard heard);

Module module();

}  // namespace entrepot::fulfil
