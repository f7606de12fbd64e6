// Orders: our own state machine over what channels say. Channels hand in IncomingOrders; everything
// behind reads these. No personal data of buyers is in here: an order has a pii_state and nothing
// else of a person.
#pragma once

#include <boost/describe.hpp>

#include "platform/context.hpp"
#include "platform/module.hpp"

namespace entrepot::orders {

namespace errors {
inline constexpr ErrorCode already_held{ErrorKind::conflict, "orders.already_held"};
inline constexpr ErrorCode not_held{ErrorKind::conflict, "orders.not_held"};
inline constexpr ErrorCode nothing_to_hold{ErrorKind::conflict, "orders.nothing_to_hold"};
inline constexpr ErrorCode fulfilled_by_channel{ErrorKind::conflict, "orders.fulfilled_by_channel"};
inline constexpr ErrorCode too_many_tags{ErrorKind::conflict, "orders.too_many_tags"};
inline constexpr ErrorCode exception_closed{ErrorKind::conflict, "orders.exception_closed"};
inline constexpr ErrorCode view_name_taken{ErrorKind::conflict, "orders.view_name_taken"};
inline constexpr ErrorCode too_many_views{ErrorKind::conflict, "orders.too_many_views"};
inline constexpr ErrorCode number_taken{ErrorKind::conflict, "orders.number_taken"};
inline constexpr ErrorCode shop_of_channel{ErrorKind::conflict, "orders.shop_of_channel"};
inline constexpr ErrorCode moved_by_channel{ErrorKind::conflict, "orders.moved_by_channel"};
inline constexpr ErrorCode illegal_move{ErrorKind::conflict, "orders.illegal_move"};
inline constexpr ErrorCode held{ErrorKind::conflict, "orders.held"};
}  // namespace errors

/// pending: not paid, no prices yet · unshipped: to be shipped · partially_shipped · shipped ·
/// delivered · cancelled · unfulfillable: the channel cannot ship it · unknown: the channel said a
/// word that we do not know (an exception is open).
enum class OrderState {
    pending,
    unshipped,
    partially_shipped,
    shipped,
    delivered,
    cancelled,
    unfulfillable,
    unknown
};
BOOST_DESCRIBE_ENUM(OrderState, pending, unshipped, partially_shipped, shipped, delivered,
                    cancelled, unfulfillable, unknown)

/// merchant: the seller ships · channel: the channel ships (FBA) · unknown.
enum class FulfilledBy { merchant, channel, unknown };
BOOST_DESCRIBE_ENUM(FulfilledBy, merchant, channel, unknown)

/// sale: a normal order · cancellation: a credit note of a file shop (negative quantities) ·
/// adjustment: money or stock corrections that are no sale (bad debt, write-offs, zero-price stock
/// moves) · replacement: sent again at no price.
enum class OrderKind { sale, cancellation, adjustment, replacement };
BOOST_DESCRIBE_ENUM(OrderKind, sale, cancellation, adjustment, replacement)

/// goods count as units sold; postage, fee (bank charges, marketplace fee), discount, gift_card and
/// adjustment do not.
enum class LineKind { goods, postage, fee, discount, gift_card, adjustment };
BOOST_DESCRIBE_ENUM(LineKind, goods, postage, fee, discount, gift_card, adjustment)

/// Amounts of a line in minor units of the order's currency. total = item + shipping + gift_wrap +
/// tax − discount + other.
struct Amounts {
    std::int64_t item = 0, shipping = 0, gift_wrap = 0, tax = 0, discount = 0, other = 0;
    std::int64_t total() const { return item + shipping + gift_wrap + tax - discount + other; }
};

struct IncomingLine {
    std::string channel_line_id;
    std::string seller_sku;  ///< as the channel writes it
    std::string title;
    LineKind kind = LineKind::goods;
    std::int64_t quantity_ordered = 0;  ///< negative on credit notes
    std::int64_t quantity_shipped = 0;
    std::int64_t quantity_cancelled = 0;
    std::optional<Decimal> unit_price;
    Amounts amounts;
};

struct IncomingPackage {
    std::string reference;
    std::string carrier;
    std::string tracking_number;
    std::string status;  ///< the channel's word
    std::optional<Instant> shipped_at;
    std::optional<Instant> delivered_at;
};

/// One order as a channel now sees it, in our words.
struct IncomingOrder {
    std::string channel_order_id;
    OrderKind kind = OrderKind::sale;
    Instant ordered_at;
    Instant channel_updated_at;
    std::string channel_state;  ///< the channel's word, kept
    OrderState state = OrderState::unknown;
    FulfilledBy fulfilled_by = FulfilledBy::unknown;
    std::string marketplace_id;
    std::optional<std::string>
        ship_country;  ///< ISO 3166-1 alpha-2, or the channel's word when it is none
    std::optional<std::string> currency;  ///< none while pending
    std::optional<std::int64_t>
        grand_total;  ///< as the channel states it; checked against the lines
    std::vector<std::string> programs;
    std::optional<Instant> ship_by_from, ship_by_to, deliver_by_from, deliver_by_to;
    std::vector<IncomingLine> lines;
    std::vector<IncomingPackage> packages;
};

/// Where a batch came from; kept on each order it made or changed (DPP 1.8: attribution).
struct IngestSource {
    ShopId shop;
    std::string channel;     ///< "amazon", "file"; "manual", "api" for orders of the seller's own
    std::string operation;   ///< "searchOrders", "getOrder", report type, file name
    std::string request_id;  ///< the channel's request id, or the import's id
    Instant received_at;
    std::optional<ImportId> import;
    std::string by = {};      ///< whose act it is, for the history; empty = the channel's word
    std::string reason = {};  ///< why, in that person's words
};

struct IngestOutcome {
    std::int64_t created = 0;
    std::int64_t changed = 0;
    std::int64_t unchanged = 0;  ///< the same content was there already
    std::int64_t stale = 0;      ///< what is stored is newer; nothing was touched
    std::int64_t lines = 0;
};

/// Idempotent upsert of a batch (≤ 1,000) inside the caller's transaction. Keyed by (shop,
/// channel_order_id); an order whose channel_updated_at is older than what is stored changes
/// nothing. Illegal moves, unknown states, unmapped SKUs, money that does not foot and unknown
/// currencies open exceptions. Emits one orders.changed event and one audit row for the batch. The
/// same order twice in one batch: the newer counts.
Awaitable<IngestOutcome> ingest(Context& ctx, pg::Transaction& tx, const IngestSource& source,
                                const std::vector<IncomingOrder>& batch);

/// Takes back what an import created (orders that only this import touched); used by the file
/// channel's undo. Returns orders removed.
Awaitable<std::int64_t> remove_import(Context& ctx, pg::Transaction& tx, ImportId import);

/// A line as dispatch sees it.
struct DispatchLine {
    std::int64_t line_no;
    std::string channel_line_id;
    std::string seller_sku;
    std::string title;
    LineKind kind;
    std::int64_t quantity_ordered;
    std::int64_t quantity_shipped;
    std::int64_t quantity_cancelled;
};
/// A parcel that the order has, whoever sent it.
struct DispatchParcel {
    std::string reference;
    std::string tracking_number;
    bool delivered;
    std::optional<Instant> delivered_at;
};
/// An order as dispatch sees it. `own`: no channel reports it, it moves by our word alone.
struct DispatchOrder {
    OrderId id;
    ShopId shop_id;
    std::string channel_order_id;
    OrderKind kind;
    Instant ordered_at;
    OrderState state;
    FulfilledBy fulfilled_by;
    std::string marketplace_id;
    std::string source_channel;
    std::optional<Instant> deliver_by_to;
    std::string pii_state;
    bool own;
    bool held;
    std::vector<DispatchLine> lines;
    std::vector<DispatchParcel> parcels;
};
enum class Locking { none, for_update };
/// Orders by id that are in the scope (null = every shop); those that are not are left out. Locks
/// are taken in the order of shop and number, as everybody does.
Awaitable<std::vector<DispatchOrder>> dispatch_orders(
    pg::Transaction& tx, const std::optional<std::vector<ShopId>>& scope,
    const std::vector<OrderId>& ids, Locking locking);

/// A parcel of an order of our own that has left the house.
struct SentParcel {
    std::string reference;
    std::string carrier;
    std::string tracking_number;
    Instant shipped_at;
    /// line_no and quantity; counted once, when the parcel is new to the order.
    std::vector<std::pair<std::int64_t, std::int64_t>> quantities;
};
/// Writes the parcel down and moves the order to partially_shipped or shipped. The same reference
/// again replaces the parcel's words. orders.moved_by_channel for orders of a channel,
/// orders.illegal_move, orders.held. The caller has taken shops::keep_mappings and the order's
/// lock, in that order.
Awaitable<Result<bool>> note_parcel(Context& ctx, pg::Transaction& tx, OrderId id,
                                    const SentParcel& parcel);
/// A parcel of an order of our own has arrived; with its last one the order is delivered. As above.
Awaitable<Result<bool>> note_parcel_delivered(Context& ctx, pg::Transaction& tx, OrderId id,
                                              const std::string& reference, Instant at);

/// What is known of the buyer's data: not_fetched · held · restricted · not_granted (asked for, and
/// the channel gave none) · erased. Written by whoever asked or erased; an erased one stays so, and
/// of two who write at once the one who knows more counts: not_granted becomes only what was not
/// fetched, not_fetched again only what was restricted before.
Awaitable<void> note_pii_state(pg::Transaction& tx, OrderId id, const std::string& state);

/// {"order_ids":[…]}: orders created or changed. At most 1,000 ids an event.
inline constexpr std::string_view orders_changed = "orders.changed";
/// {"order_ids":[…]}: orders that were known before have another state, line, parcel or hold. New
/// ones are not in it, so whoever follows only what people have begun to work on sleeps through a
/// year of history.
inline constexpr std::string_view orders_moved = "orders.moved";
/// {"order_ids":[…]}: orders removed by an undo.
inline constexpr std::string_view orders_removed = "orders.removed";

Module module();

}  // namespace entrepot::orders
