// Use cases of people on shipments, with their inputs and answers.
#pragma once

#include "modules/fulfil/store.hpp"
#include "modules/shops/shops.hpp"
#include "platform/http/route.hpp"

namespace entrepot::fulfil {

/// All that is left of the order, or what `lines` names.
struct ReleaseItem {
    OrderId order_id;
    std::optional<std::vector<LineQuantity>> lines;
};
BOOST_DESCRIBE_STRUCT(ReleaseItem, (), (order_id, lines))
struct ReleaseOrders {
    std::vector<ReleaseItem> items;
};
BOOST_DESCRIBE_STRUCT(ReleaseOrders, (), (items))
struct Released {
    OrderId order_id;
    ShipmentId shipment_id;
};
BOOST_DESCRIBE_STRUCT(Released, (), (order_id, shipment_id))
struct NotReleased {
    OrderId order_id;
    std::string code;
    std::string detail;
};
BOOST_DESCRIBE_STRUCT(NotReleased, (), (order_id, code, detail))
struct ReleaseOutcome {
    std::vector<Released> released;
    std::vector<NotReleased> refused;
};
BOOST_DESCRIBE_STRUCT(ReleaseOutcome, (), (released, refused))

struct ListShipments {
    std::optional<ShipmentState> state;
    std::optional<std::vector<ShopId>> shop_id;
    std::optional<OrderId> order_id;
    std::optional<bool> problems;
    std::optional<std::int64_t> limit;
    std::optional<std::string> cursor;
};
BOOST_DESCRIBE_STRUCT(ListShipments, (), (state, shop_id, order_id, problems, limit, cursor))
struct ListWaiting {
    std::optional<std::vector<ShopId>> shop_id;
    std::optional<std::int64_t> limit;
    std::optional<std::string> cursor;
};
BOOST_DESCRIBE_STRUCT(ListWaiting, (), (shop_id, limit, cursor))
struct CountShipments {
    std::optional<std::vector<ShopId>> shop_id;
};
BOOST_DESCRIBE_STRUCT(CountShipments, (), (shop_id))

/// Another order that is to be sent to the same address.
struct SameAddressOrder {
    OrderId order_id;
    std::string channel_order_id;
    ShopId shop_id;
    std::string shop_name;
    std::optional<Instant> ship_by_to;
};
BOOST_DESCRIBE_STRUCT(SameAddressOrder, (),
                      (order_id, channel_order_id, shop_id, shop_name, ship_by_to))

struct ShipmentSummary {
    ShipmentId id;
    OrderId order_id;
    ShopId shop_id;
    std::string shop_name;
    std::string channel_order_id;
    std::int64_t reference;
    ShipmentState state;
    std::string carrier_code;
    std::string carrier_name;
    std::string shipping_method;
    std::string tracking_number;
    std::optional<Instant> ship_date;
    Instant released_at;
    std::string released_by;
    std::optional<Instant> shipped_at;
    std::optional<Instant> delivered_at;
    std::optional<DeliveredSource> delivered_source;
    std::string detail;
    std::int64_t units;
    orders::OrderState order_state;
    bool order_held;
    Instant ordered_at;
    std::optional<Instant> ship_by_to;
    std::optional<std::string> ship_country;
    std::string first_sku;
    std::string first_title;
    std::int64_t same_address;  ///< other orders that are to be sent there; of what is to be packed
    std::int64_t version;
};
BOOST_DESCRIBE_STRUCT(ShipmentSummary, (),
                      (id, order_id, shop_id, shop_name, channel_order_id, reference, state,
                       carrier_code, carrier_name, shipping_method, tracking_number, ship_date,
                       released_at, released_by, shipped_at, delivered_at, delivered_source, detail,
                       units, order_state, order_held, ordered_at, ship_by_to, ship_country,
                       first_sku, first_title, same_address, version))

struct ShipmentLine {
    std::int64_t line_no;
    std::string seller_sku;
    std::string title;
    std::int64_t quantity;
};
BOOST_DESCRIBE_STRUCT(ShipmentLine, (), (line_no, seller_sku, title, quantity))
struct ShipmentDetail : ShipmentSummary {
    std::vector<ShipmentLine> lines;
    std::string pii_state;  ///< which of the five truths about its buyer's data
    std::vector<SameAddressOrder> same_address_orders;
    std::vector<std::string> allowed_actions;
};
BOOST_DESCRIBE_STRUCT(ShipmentDetail, (ShipmentSummary),
                      (lines, pii_state, same_address_orders, allowed_actions))

struct WaitingOrder {
    OrderId order_id;
    ShopId shop_id;
    std::string shop_name;
    std::string channel_order_id;
    Instant ordered_at;
    orders::OrderState state;
    std::optional<Instant> ship_by_to;
    std::optional<std::string> ship_country;
    std::int64_t unit_count;
    std::int64_t line_count;
    std::string first_sku;
    std::string first_title;
    std::int64_t exception_count;
};
BOOST_DESCRIBE_STRUCT(WaitingOrder, (),
                      (order_id, shop_id, shop_name, channel_order_id, ordered_at, state,
                       ship_by_to, ship_country, unit_count, line_count, first_sku, first_title,
                       exception_count))

struct ShipmentCounts {
    std::int64_t to_release;
    bool to_release_exact;  ///< false: there are more than that
    std::int64_t released;
    std::int64_t confirming;
    std::int64_t shipped;
    std::int64_t problems;
};
BOOST_DESCRIBE_STRUCT(ShipmentCounts, (),
                      (to_release, to_release_exact, released, confirming, shipped, problems))

struct WhichShipment {
    ShipmentId id;
};
BOOST_DESCRIBE_STRUCT(WhichShipment, (), (id))
struct EnterDispatch {
    ShipmentId id;
    std::optional<std::int64_t> if_match;
    std::string carrier_code;
    std::optional<std::string> carrier_name;
    std::optional<std::string> shipping_method;
    std::string tracking_number;
    std::optional<Instant> ship_date;  ///< now
};
BOOST_DESCRIBE_STRUCT(EnterDispatch, (),
                      (id, if_match, carrier_code, carrier_name, shipping_method, tracking_number,
                       ship_date))
struct ConfirmShipment {
    ShipmentId id;
    std::optional<std::int64_t> if_match;
};
BOOST_DESCRIBE_STRUCT(ConfirmShipment, (), (id, if_match))
struct DeliverShipment {
    ShipmentId id;
    std::optional<std::int64_t> if_match;
    std::optional<Instant> delivered_at;  ///< now
};
BOOST_DESCRIBE_STRUCT(DeliverShipment, (), (id, if_match, delivered_at))
struct CancelShipment {
    ShipmentId id;
    std::optional<std::int64_t> if_match;
    std::string reason;
};
BOOST_DESCRIBE_STRUCT(CancelShipment, (), (id, if_match, reason))

/// Up to 500 orders, each with its own result.
Awaitable<Result<ReleaseOutcome>> release_orders(Context& ctx, const ReleaseOrders& in);
Awaitable<Result<http::Page<WaitingOrder>>> waiting_orders(Context& ctx, const ListWaiting& in);
Awaitable<Result<http::Page<ShipmentSummary>>> shipments_page(Context& ctx,
                                                              const ListShipments& in);
Awaitable<Result<ShipmentCounts>> shipment_counts(Context& ctx, const CountShipments& in);
Awaitable<Result<ShipmentDetail>> get_shipment(Context& ctx, const WhichShipment& in);
/// Carrier and tracking. What is shipped already is corrected, and its channel told again.
Awaitable<Result<ShipmentDetail>> enter_dispatch(Context& ctx, const EnterDispatch& in);
/// It has left the house. Its channel is told; an order without a channel is shipped by this.
Awaitable<Result<ShipmentDetail>> confirm_shipment(Context& ctx, const ConfirmShipment& in);
Awaitable<Result<ShipmentDetail>> deliver_shipment(Context& ctx, const DeliverShipment& in);
Awaitable<Result<ShipmentDetail>> cancel_shipment(Context& ctx, const CancelShipment& in);

/// The shipment as people see it, inside a transaction.
Awaitable<Result<ShipmentDetail>> shipment_detail(Context& ctx, pg::Transaction& tx, ShipmentId id);
Error no_such_shipment();
ShipmentSummary summary_of(ListRow row, const shops::Names& names);
ShipmentStanding standing_of(const ShipmentRow& row, std::vector<LineQuantity> lines);
/// The standing of each of them.
Awaitable<std::vector<ShipmentStanding>> standings(pg::Transaction& tx,
                                                   const std::vector<ShipmentRow>& rows);
void emit_shipments(pg::Transaction& tx, const Context& ctx, std::string_view event,
                    std::vector<ShipmentRef> shipments);
ShipmentRef ref_of(const ShipmentRow& row);

/// Reads orders.moved and draws its consequences for their shipments.
inline constexpr std::string_view follow_kind = "fulfil.follow";
Awaitable<void> follow(Context& ctx, pg::Transaction& tx, const std::vector<jobs::Job>& work);

}  // namespace entrepot::fulfil
