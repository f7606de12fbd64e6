// SQL of the register, and the few columns of orders that it shows.
#pragma once

#include "modules/rights/rules.hpp"

namespace entrepot::rights::store {

using Scope = std::optional<std::vector<ShopId>>;

struct RequestRow {
    RequestId id;
    RequestKind kind;
    RequestState state;
    Arrival arrived_by;
    Instant received_at, due_at, opened_at;
    Uuid opened_by;
    std::optional<Instant> verified_at;
    std::optional<Uuid> verified_by;
    std::optional<Verification> verification;
    std::optional<Instant> extended_at;
    std::optional<Uuid> extended_by;
    std::optional<Extension> extension;
    std::vector<std::string> corrected;
    std::optional<Instant> begun_at;
    std::optional<Uuid> begun_by;
    std::optional<Instant> closed_at;
    std::optional<Uuid> closed_by;
    std::optional<Refusal> refusal;
    std::optional<Instant> lifted_at;
    std::optional<Uuid> lifted_by;
    std::optional<std::string> receipt;
};
BOOST_DESCRIBE_STRUCT(RequestRow, (),
                      (id, kind, state, arrived_by, received_at, due_at, opened_at, opened_by,
                       verified_at, verified_by, verification, extended_at, extended_by, extension,
                       corrected, begun_at, begun_by, closed_at, closed_by, refusal, lifted_at,
                       lifted_by, receipt))

struct CoveredRow {
    OrderId order_id;
    ShopId shop_id;
    std::string order_number;
    Outcome outcome;
    std::optional<Instant> settled_at;
};
BOOST_DESCRIBE_STRUCT(CoveredRow, (), (order_id, shop_id, order_number, outcome, settled_at))

/// An order as this module sees it.
struct OrderRow {
    OrderId id;
    ShopId shop_id;
    std::string channel_order_id;
    Instant ordered_at;
    std::string state;
    std::string pii_state;
};
BOOST_DESCRIBE_STRUCT(OrderRow, (), (id, shop_id, channel_order_id, ordered_at, state, pii_state))

struct CountRow {
    RequestId request_id;
    std::int64_t orders, settled;
};
BOOST_DESCRIBE_STRUCT(CountRow, (), (request_id, orders, settled))

struct PersonRow {
    Uuid id;
    std::string name;
};
BOOST_DESCRIBE_STRUCT(PersonRow, (), (id, name))

Awaitable<std::vector<OrderRow>> orders_by_id(pg::Transaction& tx, const Scope& scope,
                                              const std::vector<OrderId>& ids);
Awaitable<std::vector<OrderRow>> orders_by_number(pg::Transaction& tx,
                                                  const std::vector<ShopId>& shops,
                                                  const std::string& number);

void add_request(pg::Transaction& tx, const RequestRow& request);
void add_orders(pg::Transaction& tx, RequestId request, const std::vector<OrderRow>& orders);
/// A request is seen by who sees every order that it covers.
Awaitable<std::optional<RequestRow>> request(pg::Transaction& tx, const Scope& scope, RequestId id);
/// Locked until the end of the transaction.
Awaitable<std::optional<RequestRow>> lock_request(pg::Transaction& tx, const Scope& scope,
                                                  RequestId id);
Awaitable<std::vector<CoveredRow>> covered(pg::Transaction& tx, RequestId request);

struct Position {
    Instant due_at;
    RequestId id;
};
/// By due date, then id; after a position, the nearest end first or last.
Awaitable<std::vector<RequestRow>> page(pg::Transaction& tx, const Scope& scope,
                                        std::optional<RequestState> state,
                                        const std::optional<Position>& after, bool descending,
                                        std::int64_t limit);
Awaitable<std::vector<CountRow>> counts(pg::Transaction& tx, const std::vector<RequestId>& ids);
Awaitable<std::vector<PersonRow>> people(pg::Transaction& tx, const std::vector<Uuid>& ids);

void settle(pg::Transaction& tx, RequestId request, OrderId order, Outcome outcome, Instant at);
/// Requests whose order was being erased, or fetched anew, and now is erased.
Awaitable<std::vector<RequestId>> settle_erased(pg::Transaction& tx, OrderId order, Instant at);
/// Requests whose order was being fetched anew and now is.
Awaitable<std::vector<RequestId>> settle_fetched(pg::Transaction& tx, OrderId order,
                                                 Outcome outcome, Instant at);
void verify(pg::Transaction& tx, RequestId request, const Uuid& by, Instant at, Verification how);
void extend(pg::Transaction& tx, RequestId request, const Uuid& by, Instant at, Extension why,
            Instant due_at);
void note_corrected(pg::Transaction& tx, RequestId request, const std::vector<std::string>& parts);
void begin(pg::Transaction& tx, RequestId request, const Uuid& by, Instant at);
void close_done(pg::Transaction& tx, RequestId request, const Uuid& by, Instant at,
                const std::string& receipt);
void close_refused(pg::Transaction& tx, RequestId request, const Uuid& by, Instant at, Refusal why);
void lift(pg::Transaction& tx, RequestId request, const Uuid& by, Instant at);

/// Orders that another request, done and not lifted, keeps restricted.
Awaitable<std::vector<OrderId>> restricted_elsewhere(pg::Transaction& tx, RequestId request);

Awaitable<Verified> verified(pg::Transaction& tx);
Awaitable<Deadlines> deadlines(pg::Transaction& tx, Instant now, Instant soon);
/// Counts a search; false when the hour's are used up.
Awaitable<bool> take_search(pg::Transaction& tx, const Uuid& actor, SearchUse use, Instant hour,
                            std::int64_t limit);
/// The audit row in which the request's end is written.
Awaitable<std::optional<AuditId>> entry_of_end(pg::Transaction& tx, RequestId request);

}  // namespace entrepot::rights::store
