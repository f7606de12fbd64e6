// Statements of the ingest: whole batches as arrays, one row of each array an order, a line, a
// parcel.
#pragma once

#include "modules/orders/evaluation.hpp"
#include "modules/orders/orders.hpp"

namespace entrepot::orders {

/// What is stored of an order that the batch speaks of; locked.
struct StoredOrder {
    OrderId id;
    std::string channel_order_id;
    Instant ordered_at;
    Instant channel_updated_at;
    OrderState state;
    std::string channel_state;
    FulfilledBy fulfilled_by;
    std::optional<std::string> ship_country;
    std::optional<std::string> currency;
    std::optional<std::int64_t> grand_total_minor;
    std::int64_t line_count;
    std::int64_t unit_count;
    std::int64_t exception_count;
    pg::Bytes content_hash;
    std::int64_t version;
};
BOOST_DESCRIBE_STRUCT(StoredOrder, (),
                      (id, channel_order_id, ordered_at, channel_updated_at, state, channel_state,
                       fulfilled_by, ship_country, currency, grand_total_minor, line_count,
                       unit_count, exception_count, content_hash, version))

struct StoredLine {
    OrderId order_id;
    std::int64_t line_no;
    std::string channel_line_id;
};
BOOST_DESCRIBE_STRUCT(StoredLine, (), (order_id, line_no, channel_line_id))

struct StoredException {
    OrderId order_id;
    ExceptionKind kind;
    std::string subject;
    std::string state;
};
BOOST_DESCRIBE_STRUCT(StoredException, (), (order_id, kind, subject, state))

/// For the rest of the transaction, statements keep the plan that they have. For one order any plan
/// is good, and making a new one for arrays of one element takes as long as writing it.
void plan_for_one(pg::Transaction& tx);

/// Orders of a shop by their numbers, locked in the order of the numbers.
Awaitable<std::vector<StoredOrder>> lock_orders(pg::Transaction& tx, ShopId shop,
                                                const std::vector<std::string_view>& numbers);
Awaitable<std::vector<StoredLine>> lines_of(pg::Transaction& tx, const std::vector<OrderId>& ids);
Awaitable<std::vector<StoredException>> exceptions_of(pg::Transaction& tx,
                                                      const std::vector<OrderId>& ids);

/// One order as it is to be stored. Views point into the batch.
struct OrderToWrite {
    OrderId id;
    const IncomingOrder* incoming;
    OrderState state;
    Sums sums;
    std::int64_t exception_count;
    std::string hash;
    std::int64_t version;  ///< after the write; 1 = new
};
/// Whether rows of this key may be there already.
enum class Known { maybe, no };
/// Inserts and updates. Answers the ids that were written; one is missing when another transaction
/// stored the same order in between. With Known::no nothing is waited for, and a number that is
/// taken ends the transaction with sales_order_number_key.
Awaitable<std::vector<OrderId>> write_orders(pg::Transaction& tx, const IngestSource& source,
                                             Instant now, const std::vector<OrderToWrite>& orders,
                                             Known known = Known::maybe);

struct LineToWrite {
    OrderId order_id;
    Instant ordered_at;
    std::int64_t line_no;
    const IncomingLine* incoming;
    std::optional<SkuId> sku_id;
};
/// Known::no: lines of orders that this transaction has inserted.
void write_lines(pg::Transaction& tx, const std::vector<LineToWrite>& lines, Known known);
void remove_lines(pg::Transaction& tx, const std::vector<StoredLine>& lines);

struct PackageToWrite {
    OrderId order_id;
    const IncomingPackage* incoming;
};
/// Replaces the parcels of `changed` orders and adds those of new ones.
void write_packages(pg::Transaction& tx, const std::vector<OrderId>& changed,
                    const std::vector<PackageToWrite>& packages);

struct HistoryToWrite {
    OrderId order_id;
    Uuid id;
    std::string kind, from_value, to_value, actor_name, detail;
};
void write_history(pg::Transaction& tx, Instant at, const std::vector<HistoryToWrite>& rows);

struct ExceptionToOpen {
    Uuid id;
    OrderId order_id;
    ShopId shop_id;
    Problem problem;
};
/// Opens, or opens again what had resolved itself; leaves dismissed ones alone.
void open_exceptions(pg::Transaction& tx, Instant at, const std::vector<ExceptionToOpen>& rows);
void resolve_exceptions(pg::Transaction& tx, Instant at, const std::vector<StoredException>& rows);

/// The channel said the same at a later time.
void note_channel_times(pg::Transaction& tx, const std::vector<OrderId>& ids,
                        const std::vector<Instant>& channel_updated_at);

/// Orders that only this import made and touched; removed with all that hangs on them.
Awaitable<std::vector<OrderId>> remove_orders_of(pg::Transaction& tx, ImportId import);

}  // namespace entrepot::orders
