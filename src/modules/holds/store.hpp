// SQL of the register of holds, and the few columns of orders that it shows.
#pragma once

#include "modules/holds/rules.hpp"

namespace entrepot::holds::store {

using Scope = std::optional<std::vector<ShopId>>;

struct HoldRow {
    HoldId id;
    HoldState state;
    HoldReason reason;
    std::string reference;
    Instant ends_at, placed_at;
    Uuid placed_by;
    std::optional<Ending> ending;
    std::optional<Instant> ended_at;
    std::optional<std::string> receipt;
};
BOOST_DESCRIBE_STRUCT(HoldRow, (),
                      (id, state, reason, reference, ends_at, placed_at, placed_by, ending,
                       ended_at, receipt))

struct OrderRow {
    OrderId id;
    ShopId shop_id;
    std::string channel_order_id;
};
BOOST_DESCRIBE_STRUCT(OrderRow, (), (id, shop_id, channel_order_id))

struct HeldRow {
    OrderId order_id;
    ShopId shop_id;
    std::string order_number;
    FoundData found;
    std::int64_t fields;
};
BOOST_DESCRIBE_STRUCT(HeldRow, (), (order_id, shop_id, order_number, found, fields))

struct AskRow {
    AskId id;
    HoldAct act;
    std::string why;
    std::optional<Instant> until;
    Uuid asked_by;
    Instant asked_at;
    std::optional<Uuid> approved_by;
    std::optional<Instant> approved_at;
    std::optional<Uuid> declined_by;
    std::optional<Instant> declined_at, used_at;
    AskFacts facts() const { return {act, asked_by, asked_at, approved_at, declined_at, used_at}; }
};
BOOST_DESCRIBE_STRUCT(AskRow, (),
                      (id, act, why, until, asked_by, asked_at, approved_by, approved_at,
                       declined_by, declined_at, used_at))

struct CountRow {
    HoldId hold_id;
    std::int64_t orders, waiting;
};
BOOST_DESCRIBE_STRUCT(CountRow, (), (hold_id, orders, waiting))

struct PersonRow {
    Uuid id;
    std::string name;
};
BOOST_DESCRIBE_STRUCT(PersonRow, (), (id, name))

struct CopyRow {
    OrderId order_id;
    HoldId hold_id;
    Instant ends_at;
};
BOOST_DESCRIBE_STRUCT(CopyRow, (), (order_id, hold_id, ends_at))

struct StandingRow {
    std::int64_t active, overdue, without_receipt;
};
BOOST_DESCRIBE_STRUCT(StandingRow, (), (active, overdue, without_receipt))

Awaitable<std::vector<OrderRow>> orders_by_id(pg::Transaction& tx, const Scope& scope,
                                              const std::vector<OrderId>& ids);
Awaitable<std::vector<OrderRow>> orders_by_number(pg::Transaction& tx, const Scope& scope,
                                                  const std::vector<std::string>& numbers);

void add_hold(pg::Transaction& tx, const HoldRow& hold);
void add_orders(pg::Transaction& tx, HoldId hold, const std::vector<HeldRow>& orders);
/// A hold is seen by who sees every order that it covers.
Awaitable<std::optional<HoldRow>> hold(pg::Transaction& tx, const Scope& scope, HoldId id);
/// Locked until the end of the transaction.
Awaitable<std::optional<HoldRow>> lock_hold(pg::Transaction& tx, const Scope& scope, HoldId id);
Awaitable<std::vector<HeldRow>> orders_of(pg::Transaction& tx, HoldId hold);
/// The newest first; states as they are now.
Awaitable<std::vector<HoldRow>> page(pg::Transaction& tx, const Scope& scope,
                                     std::optional<HoldState> state, Instant now,
                                     const std::optional<Uuid>& before, std::int64_t limit);
/// waiting: asked after `since` and neither allowed nor declined.
Awaitable<std::vector<CountRow>> counts(pg::Transaction& tx, const std::vector<HoldId>& ids,
                                        Instant since);
Awaitable<std::vector<PersonRow>> people(pg::Transaction& tx, const std::vector<Uuid>& ids);

void add_ask(pg::Transaction& tx, HoldId hold, const AskRow& ask);
/// The newest first.
Awaitable<std::vector<AskRow>> asks_of(pg::Transaction& tx, HoldId hold);
void approve(pg::Transaction& tx, HoldId hold, AskId ask, const Uuid& by, Instant at);
void decline(pg::Transaction& tx, HoldId hold, AskId ask, const Uuid& by, Instant at);
void use(pg::Transaction& tx, HoldId hold, AskId ask, Instant at);

void extend(pg::Transaction& tx, HoldId hold, Instant ends_at);
void begin_end(pg::Transaction& tx, HoldId hold, Ending ending);
/// Holds whose end was before `due_by`, and those whose end has begun.
Awaitable<std::vector<HoldRow>> ending(pg::Transaction& tx, Instant due_by);
void close(pg::Transaction& tx, HoldId hold, Instant at, const std::string& receipt);
Awaitable<std::optional<Instant>> next_end(pg::Transaction& tx);

Awaitable<std::vector<CopyRow>> copies(pg::Transaction& tx, const std::vector<OrderId>& orders);
Awaitable<StandingRow> standing(pg::Transaction& tx, Instant late);
Awaitable<std::vector<HoldId>> live(pg::Transaction& tx, std::int64_t limit);
Awaitable<std::vector<HoldId>> ended(pg::Transaction& tx, std::int64_t limit);

}  // namespace entrepot::holds::store
