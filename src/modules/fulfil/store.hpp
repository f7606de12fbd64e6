// Rows of shipments, and the queue of orders that wait for one.
#pragma once

#include "modules/fulfil/rules.hpp"

namespace entrepot::fulfil {

using Scope = std::optional<std::vector<ShopId>>;

struct ShipmentRow {
    ShipmentId id;
    OrderId order_id;
    ShopId shop_id;
    std::string channel_order_id;
    std::int64_t reference;
    ShipmentState state;
    std::string carrier_code;
    std::string carrier_name;
    std::string shipping_method;
    std::string tracking_number;
    std::optional<Instant> ship_date;
    bool counts;
    Instant released_at;
    std::string released_by;
    std::optional<Instant> sent_at;
    std::optional<Instant> shipped_at;
    std::optional<Instant> delivered_at;
    std::optional<DeliveredSource> delivered_source;
    std::string detail;
    std::int64_t version;
};
BOOST_DESCRIBE_STRUCT(ShipmentRow, (),
                      (id, order_id, shop_id, channel_order_id, reference, state, carrier_code,
                       carrier_name, shipping_method, tracking_number, ship_date, counts,
                       released_at, released_by, sent_at, shipped_at, delivered_at,
                       delivered_source, detail, version))
Awaitable<std::optional<ShipmentRow>> shipment_row(pg::Transaction& tx, const Scope& scope,
                                                   ShipmentId id);
/// Locked. Whoever changes a shipment for a person locks its order first.
Awaitable<std::optional<ShipmentRow>> lock_shipment(pg::Transaction& tx, ShipmentId id);
/// Shipments that news of these orders may concern; locked, by id.
Awaitable<std::vector<ShipmentRow>> lock_followers(pg::Transaction& tx,
                                                   const std::vector<OrderId>& orders);
Awaitable<std::vector<ShipmentFacts>> facts_rows(pg::Transaction& tx,
                                                 const std::vector<ShipmentId>& ids);

struct LineRow {
    ShipmentId shipment_id;
    std::int64_t line_no;
    std::int64_t quantity;
};
BOOST_DESCRIBE_STRUCT(LineRow, (), (shipment_id, line_no, quantity))
Awaitable<std::vector<LineRow>> line_rows(pg::Transaction& tx, const std::vector<ShipmentId>& ids);

/// Units in shipments that the order does not count yet.
struct CountedRow {
    OrderId order_id;
    std::int64_t line_no;
    std::int64_t quantity;
};
BOOST_DESCRIBE_STRUCT(CountedRow, (), (order_id, line_no, quantity))
Awaitable<std::vector<CountedRow>> counted_rows(pg::Transaction& tx,
                                                const std::vector<OrderId>& ids);
struct HighestRow {
    OrderId order_id;
    std::int64_t reference;
};
BOOST_DESCRIBE_STRUCT(HighestRow, (), (order_id, reference))
/// Highest number that a shipment of the order has; none for orders without.
Awaitable<std::vector<HighestRow>> highest_references(pg::Transaction& tx,
                                                      const std::vector<OrderId>& ids);

/// The youngest shipment of an order.
struct LatestRow {
    ShipmentId id;
    OrderId order_id;
    ShopId shop_id;
    ShipmentState state;
};
BOOST_DESCRIBE_STRUCT(LatestRow, (), (id, order_id, shop_id, state))
Awaitable<std::vector<LatestRow>> latest_shipments(pg::Transaction& tx,
                                                   const std::vector<OrderId>& ids);

struct NewShipment {
    ShipmentId id;
    OrderId order_id;
    ShopId shop_id;
    std::string channel_order_id;
    std::int64_t reference;
    std::vector<LineQuantity> lines;
};
void write_new(pg::Transaction& tx, Instant at, const std::string& by,
               const std::vector<NewShipment>& shipments);
void write_dispatch(pg::Transaction& tx, ShipmentId id, const Dispatch& dispatch, Instant at);
/// A move with what belongs to it.
struct StateToWrite {
    ShipmentId id;
    ShipmentState state;
    bool counts;
    std::string detail;
    std::optional<Instant> shipped_at;
    std::optional<Instant> delivered_at;
    std::optional<DeliveredSource> source;
};
void write_state(pg::Transaction& tx, const StateToWrite& state, Instant at);
/// Waits for its channel, which has not heard of it (in this form).
void write_asked(pg::Transaction& tx, ShipmentId id, std::int64_t reference, Instant at);
/// sent_at and words of a shipment that waits.
void write_waiting(pg::Transaction& tx, ShipmentId id, std::optional<Instant> sent_at,
                   const std::string& detail, Instant at);
void write_counts(pg::Transaction& tx, ShipmentId id, bool counts);

/// A shipment in a list, with what its order says.
struct ListRow {
    ShipmentId id;
    OrderId order_id;
    ShopId shop_id;
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
    std::int64_t version;
    std::int64_t units;
    orders::OrderState order_state;
    bool order_held;
    Instant ordered_at;
    std::optional<Instant> ship_by_to;
    std::optional<std::string> ship_country;
    std::string first_seller_sku;
    std::string first_title;
};
BOOST_DESCRIBE_STRUCT(ListRow, (),
                      (id, order_id, shop_id, channel_order_id, reference, state, carrier_code,
                       carrier_name, shipping_method, tracking_number, ship_date, released_at,
                       released_by, shipped_at, delivered_at, delivered_source, detail, version,
                       units, order_state, order_held, ordered_at, ship_by_to, ship_country,
                       first_seller_sku, first_title))
/// A place between two rows.
struct Position {
    Instant at;
    Uuid id;
};
struct ListSelection {
    Scope shops;
    std::optional<ShipmentState> state;
    std::optional<OrderId> order;
    bool problems = false;
    std::optional<Position> after;
    std::int64_t limit = 50;
};
/// Work that waits, oldest first; what is done, newest first.
bool oldest_first(const ListSelection& selection);
Awaitable<std::vector<ListRow>> shipment_rows(pg::Transaction& tx, const ListSelection& selection);
Awaitable<std::optional<ListRow>> shipment_list_row(pg::Transaction& tx, const Scope& scope,
                                                    ShipmentId id);

/// An order of which something waits to be released.
struct WaitingRow {
    OrderId order_id;
    ShopId shop_id;
    std::string channel_order_id;
    Instant ordered_at;
    orders::OrderState state;
    std::optional<Instant> ship_by_to;
    std::optional<std::string> ship_country;
    std::int64_t unit_count;
    std::int64_t line_count;
    std::string first_seller_sku;
    std::string first_title;
    std::int64_t exception_count;
};
BOOST_DESCRIBE_STRUCT(WaitingRow, (),
                      (order_id, shop_id, channel_order_id, ordered_at, state, ship_by_to,
                       ship_country, unit_count, line_count, first_seller_sku, first_title,
                       exception_count))
/// Oldest first.
Awaitable<std::vector<WaitingRow>> waiting_rows(pg::Transaction& tx, const Scope& shops,
                                                const std::optional<Position>& after,
                                                std::int64_t limit);

/// An order that somebody still has to send.
struct ToSendRow {
    OrderId id;
    ShopId shop_id;
    std::string channel_order_id;
    std::optional<Instant> ship_by_to;
};
BOOST_DESCRIBE_STRUCT(ToSendRow, (), (id, shop_id, channel_order_id, ship_by_to))
/// Those of the orders, the most pressing first.
Awaitable<std::vector<ToSendRow>> orders_to_send(pg::Transaction& tx, const Scope& shops,
                                                 const std::vector<OrderId>& ids);
/// All orders, whatever their state.
Awaitable<std::int64_t> orders_count(pg::Transaction& tx, const Scope& shops);
/// Orders by what is known of their buyer's data.
struct BuyerCount {
    std::int64_t held, restricted, erased;
};
BOOST_DESCRIBE_STRUCT(BuyerCount, (), (held, restricted, erased))
Awaitable<BuyerCount> buyer_counts(pg::Transaction& tx, const Scope& shops);
/// The same, of some.
Awaitable<BuyerCount> buyer_counts_of(pg::Transaction& tx, const Scope& shops,
                                      const std::vector<OrderId>& ids);

struct StateCount {
    ShipmentState state;
    std::int64_t count;
};
BOOST_DESCRIBE_STRUCT(StateCount, (), (state, count))
/// Of the states in which somebody still waits for something.
Awaitable<std::vector<StateCount>> open_counts(pg::Transaction& tx, const Scope& shops);
Awaitable<std::int64_t> problem_count(pg::Transaction& tx, const Scope& shops);
/// Up to `most` + 1.
Awaitable<std::int64_t> waiting_count(pg::Transaction& tx, const Scope& shops, std::int64_t most);

}  // namespace entrepot::fulfil
