// One order with all that hangs on it, and the writes that people's acts need.
#pragma once

#include "modules/orders/evaluation.hpp"
#include "modules/orders/ingest_store.hpp"

namespace entrepot::orders {

using Scope = std::optional<std::vector<ShopId>>;

struct OrderRow {
    OrderId id;
    ShopId shop_id;
    std::string channel_order_id;
    OrderKind kind;
    Instant ordered_at;
    Instant channel_updated_at;
    Instant updated_at;
    OrderState state;
    std::string channel_state;
    FulfilledBy fulfilled_by;
    std::string marketplace_id;
    std::optional<std::string> ship_country;
    std::optional<std::string> currency;
    std::int64_t item_minor;
    std::int64_t shipping_minor;
    std::int64_t gift_wrap_minor;
    std::int64_t tax_minor;
    std::int64_t discount_minor;
    std::int64_t other_minor;
    std::optional<std::int64_t> grand_total_minor;
    std::int64_t line_count;
    std::int64_t unit_count;
    std::vector<std::string> programs;
    std::optional<Instant> ship_by_from;
    std::optional<Instant> ship_by_to;
    std::optional<Instant> deliver_by_from;
    std::optional<Instant> deliver_by_to;
    bool held;
    std::optional<std::string> hold_reason;
    std::optional<std::string> hold_by;
    std::optional<Instant> hold_at;
    std::int64_t exception_count;
    std::vector<std::string> tags;
    std::string pii_state;
    std::string source_channel;
    std::string source_operation;
    std::string source_request_id;
    Instant source_received_at;
    std::optional<ImportId> source_import_id;
    std::int64_t version;
};
BOOST_DESCRIBE_STRUCT(OrderRow, (),
                      (id, shop_id, channel_order_id, kind, ordered_at, channel_updated_at,
                       updated_at, state, channel_state, fulfilled_by, marketplace_id, ship_country,
                       currency, item_minor, shipping_minor, gift_wrap_minor, tax_minor,
                       discount_minor, other_minor, grand_total_minor, line_count, unit_count,
                       programs, ship_by_from, ship_by_to, deliver_by_from, deliver_by_to, held,
                       hold_reason, hold_by, hold_at, exception_count, tags, pii_state,
                       source_channel, source_operation, source_request_id, source_received_at,
                       source_import_id, version))

struct LineRow {
    OrderId order_id;
    Instant ordered_at;
    std::int64_t line_no;
    std::string channel_line_id;
    std::string seller_sku;
    std::optional<SkuId> sku_id;
    std::string title;
    LineKind kind;
    std::int64_t quantity_ordered;
    std::int64_t quantity_shipped;
    std::int64_t quantity_cancelled;
    std::optional<Decimal> unit_price;
    std::int64_t item_minor;
    std::int64_t shipping_minor;
    std::int64_t gift_wrap_minor;
    std::int64_t tax_minor;
    std::int64_t discount_minor;
    std::int64_t other_minor;
};
BOOST_DESCRIBE_STRUCT(LineRow, (),
                      (order_id, ordered_at, line_no, channel_line_id, seller_sku, sku_id, title,
                       kind, quantity_ordered, quantity_shipped, quantity_cancelled, unit_price,
                       item_minor, shipping_minor, gift_wrap_minor, tax_minor, discount_minor,
                       other_minor))

struct PackageRow {
    std::string reference;
    std::string carrier;
    std::string tracking_number;
    std::string status;
    std::optional<Instant> shipped_at;
    std::optional<Instant> delivered_at;
};
BOOST_DESCRIBE_STRUCT(PackageRow, (),
                      (reference, carrier, tracking_number, status, shipped_at, delivered_at))

/// What dispatch looks at in a parcel.
struct ParcelRow {
    OrderId order_id;
    std::string reference;
    std::string tracking_number;
    std::optional<Instant> delivered_at;
};
BOOST_DESCRIBE_STRUCT(ParcelRow, (), (order_id, reference, tracking_number, delivered_at))
Awaitable<std::vector<ParcelRow>> parcel_rows(pg::Transaction& tx, const std::vector<OrderId>& ids);

struct HistoryRow {
    Instant at;
    std::string kind;
    std::string from;
    std::string to;
    std::string actor_name;
    std::string detail;
};
BOOST_DESCRIBE_STRUCT(HistoryRow, (), (at, kind, from, to, actor_name, detail))

struct NoteRow {
    NoteId id;
    std::string text;
    std::string by_name;
    Instant at;
};
BOOST_DESCRIBE_STRUCT(NoteRow, (), (id, text, by_name, at))

enum class ExceptionState { open, resolved, dismissed };
BOOST_DESCRIBE_ENUM(ExceptionState, open, resolved, dismissed)

struct OrderExceptionRow {
    Uuid id;
    ExceptionKind kind;
    std::string subject;
    std::string detail;
    Instant at;
    ExceptionState state;
    std::optional<std::string> closed_by;
    std::optional<std::string> close_reason;
};
BOOST_DESCRIBE_STRUCT(OrderExceptionRow, (),
                      (id, kind, subject, detail, at, state, closed_by, close_reason))

Awaitable<std::optional<OrderRow>> order_row(pg::Transaction& tx, const Scope& scope, OrderId id);
/// Many at once, by shop and number.
Awaitable<std::vector<OrderRow>> order_rows(pg::Transaction& tx, const Scope& scope,
                                            const std::vector<OrderId>& ids);
/// Lines of many orders, in the order of ids and numbers.
Awaitable<std::vector<LineRow>> line_rows(pg::Transaction& tx, const std::vector<OrderId>& ids);
Awaitable<std::vector<PackageRow>> package_rows(pg::Transaction& tx, OrderId id);
/// The newest 500.
Awaitable<std::vector<HistoryRow>> history_rows(pg::Transaction& tx, OrderId id);
Awaitable<std::vector<NoteRow>> note_rows(pg::Transaction& tx, OrderId id);
Awaitable<std::vector<OrderExceptionRow>> exception_rows(pg::Transaction& tx, OrderId id);

/// What a decision about a person's act needs; locked, always in the order of shop and number.
struct LockedOrder {
    OrderId id;
    ShopId shop_id;
    OrderState state;
    FulfilledBy fulfilled_by;
    bool held;
    std::vector<std::string> tags;
    std::int64_t exception_count;
    std::int64_t version;
};
BOOST_DESCRIBE_STRUCT(LockedOrder, (),
                      (id, shop_id, state, fulfilled_by, held, tags, exception_count, version))
Awaitable<std::vector<LockedOrder>> lock_by_id(pg::Transaction& tx, const Scope& scope,
                                               const std::vector<OrderId>& ids);

struct Hold {
    std::string reason;
    std::string by;
    Instant at;
};
void write_hold(pg::Transaction& tx, const std::vector<OrderId>& ids, const Hold& hold);
void write_release(pg::Transaction& tx, const std::vector<OrderId>& ids, Instant at);
void write_added_tag(pg::Transaction& tx, const std::vector<OrderId>& ids, const std::string& tag,
                     Instant at);
void write_removed_tag(pg::Transaction& tx, const std::vector<OrderId>& ids, const std::string& tag,
                       Instant at);
void write_note(pg::Transaction& tx, OrderId order, const NoteRow& note);
/// Counts a change that touched no column of the order itself.
void touch_order(pg::Transaction& tx, OrderId id, Instant at);

/// An erased state is never left again.
Awaitable<void> write_pii_state(pg::Transaction& tx, OrderId id, const std::string& state);

}  // namespace entrepot::orders
