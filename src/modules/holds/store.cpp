// The statements of the register.
#include "modules/holds/store.hpp"

namespace entrepot::holds::store {
namespace {
using Ids = std::vector<Uuid>;
using MaybeState = std::optional<HoldState>;

const pg::Statement<OrderRow(TenantId, Scope, std::vector<OrderId>)> select_orders{
    "holds.orders_by_id", R"sql(
    select id, shop_id, channel_order_id
    from orders.sales_order
    where tenant_id = $1 and ($2::uuid[] is null or shop_id = any($2)) and id = any($3)
)sql"};

const pg::Statement<OrderRow(TenantId, Scope, std::vector<std::string>)> select_numbered{
    "holds.orders_by_number", R"sql(
    select id, shop_id, channel_order_id
    from orders.sales_order
    where tenant_id = $1 and ($2::uuid[] is null or shop_id = any($2))
        and channel_order_id = any($3)
)sql"};

const pg::Statement<void(TenantId, HoldId, HoldReason, std::string, Instant, Instant, Uuid)>
    insert_hold{"holds.add_hold", R"sql(
    insert into holds.legal_hold (tenant_id, id, reason, reference, ends_at, placed_at, placed_by)
    values ($1, $2, $3, $4, $5, $6, $7)
)sql"};

const pg::Statement<void(TenantId, HoldId, std::vector<OrderId>, std::vector<ShopId>,
                         std::vector<std::string>, std::vector<FoundData>,
                         std::vector<std::int64_t>)>
    insert_orders{"holds.add_orders", R"sql(
    insert into holds.held_order (tenant_id, hold_id, order_id, shop_id, order_number, found,
        fields)
    select $1, $2, n.order_id, n.shop_id, n.order_number, n.found, n.fields
    from unnest($3, $4, $5, $6, $7) as n(order_id, shop_id, order_number, found, fields)
    on conflict (tenant_id, hold_id, order_id) do nothing
)sql"};

const pg::Statement<HoldRow(TenantId, Scope, HoldId)> select_hold{"holds.hold", R"sql(
    select h.id, h.state, h.reason, h.reference, h.ends_at, h.placed_at, h.placed_by, h.ending,
        h.ended_at, h.receipt
    from holds.legal_hold as h
    where h.tenant_id = $1 and h.id = $3 and ($2::uuid[] is null or not exists (
        select 1 from holds.held_order as o
        where o.tenant_id = h.tenant_id and o.hold_id = h.id and o.shop_id <> all($2)))
)sql"};

const pg::Statement<HoldId(TenantId, HoldId)> select_for_update{"holds.lock_hold", R"sql(
    select id from holds.legal_hold where tenant_id = $1 and id = $2 for no key update
)sql"};

const pg::Statement<HeldRow(TenantId, HoldId)> select_held{"holds.orders_of", R"sql(
    select order_id, shop_id, order_number, found, fields
    from holds.held_order
    where tenant_id = $1 and hold_id = $2
    order by order_number, order_id
)sql"};

// What has come to its end is ending, whatever the row still says.
const pg::Statement<HoldRow(TenantId, Scope, MaybeState, Instant, std::optional<Uuid>,
                            std::int64_t)>
    select_page{"holds.page", R"sql(
    select h.id, h.state, h.reason, h.reference, h.ends_at, h.placed_at, h.placed_by, h.ending,
        h.ended_at, h.receipt
    from holds.legal_hold as h
    where h.tenant_id = $1
        and ($3::text is null
            or case when h.state = 'active' and h.ends_at <= $4 then 'ending'
                else h.state::text end = $3)
        and ($5::uuid is null or h.id < $5)
        and ($2::uuid[] is null or not exists (
            select 1 from holds.held_order as o
            where o.tenant_id = h.tenant_id and o.hold_id = h.id and o.shop_id <> all($2)))
    order by h.id desc
    limit $6
)sql"};

const pg::Statement<CountRow(TenantId, std::vector<HoldId>, Instant)> select_counts{"holds.counts",
                                                                                    R"sql(
    select h.id as hold_id,
        (select count(*) from holds.held_order as o
         where o.tenant_id = $1 and o.hold_id = h.id) as orders,
        (select count(*) from holds.ask as a
         where a.tenant_id = $1 and a.hold_id = h.id and a.approved_at is null
            and a.declined_at is null and a.asked_at > $3) as waiting
    from holds.legal_hold as h
    where h.tenant_id = $1 and h.id = any($2)
)sql"};

const pg::Statement<PersonRow(TenantId, Ids)> select_people{"holds.people", R"sql(
    select id, name from account.user_account where tenant_id = $1 and id = any($2)
)sql"};

const pg::Statement<void(TenantId, HoldId, AskId, HoldAct, std::string, std::optional<Instant>,
                         Uuid, Instant)>
    insert_ask{"holds.add_ask", R"sql(
    insert into holds.ask (tenant_id, hold_id, id, act, why, until, asked_by, asked_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8)
)sql"};

const pg::Statement<AskRow(TenantId, HoldId)> select_asks{"holds.asks_of", R"sql(
    select id, act, why, until, asked_by, asked_at, approved_by, approved_at, declined_by,
        declined_at, used_at
    from holds.ask
    where tenant_id = $1 and hold_id = $2
    order by asked_at desc, id desc
)sql"};

const pg::Statement<void(TenantId, HoldId, AskId, Uuid, Instant)> update_approved{"holds.approve",
                                                                                  R"sql(
    update holds.ask set approved_by = $4, approved_at = $5, declined_by = null, declined_at = null
    where tenant_id = $1 and hold_id = $2 and id = $3 and approved_at is null
)sql"};

const pg::Statement<void(TenantId, HoldId, AskId, Uuid, Instant)> update_declined{"holds.decline",
                                                                                  R"sql(
    update holds.ask set declined_by = $4, declined_at = $5
    where tenant_id = $1 and hold_id = $2 and id = $3 and approved_at is null
)sql"};

const pg::Statement<void(TenantId, HoldId, AskId, Instant)> update_used{"holds.use", R"sql(
    update holds.ask set used_at = $4
    where tenant_id = $1 and hold_id = $2 and id = $3
)sql"};

const pg::Statement<void(TenantId, HoldId, Instant)> update_end{"holds.extend", R"sql(
    update holds.legal_hold set ends_at = $3
    where tenant_id = $1 and id = $2 and state = 'active' and ends_at < $3
)sql"};

const pg::Statement<void(TenantId, HoldId, Ending)> update_ending{"holds.begin_end", R"sql(
    update holds.legal_hold set state = 'ending', ending = $3
    where tenant_id = $1 and id = $2 and state = 'active'
)sql"};

const pg::Statement<HoldRow(TenantId, Instant)> select_ending{"holds.ending", R"sql(
    select id, state, reason, reference, ends_at, placed_at, placed_by, ending, ended_at, receipt
    from holds.legal_hold
    where tenant_id = $1 and state in ('active', 'ending')
        and (ends_at <= $2 or state = 'ending')
    order by ends_at, id
)sql"};

const pg::Statement<void(TenantId, HoldId, Instant, std::string)> update_ended{"holds.close",
                                                                               R"sql(
    update holds.legal_hold set state = 'ended', ended_at = $3, receipt = $4
    where tenant_id = $1 and id = $2 and state = 'ending'
)sql"};

const pg::Statement<std::optional<Instant>(TenantId)> select_next{"holds.next_end", R"sql(
    select min(ends_at) from holds.legal_hold
    where tenant_id = $1 and state in ('active', 'ending')
)sql"};

const pg::Statement<CopyRow(TenantId, std::vector<OrderId>)> select_copies{"holds.copies", R"sql(
    select o.order_id, h.id as hold_id, h.ends_at
    from holds.held_order as o
    join holds.legal_hold as h on h.tenant_id = o.tenant_id and h.id = o.hold_id
    where o.tenant_id = $1 and o.order_id = any($2) and o.found = 'copied'
        and h.state in ('active', 'ending')
    order by o.order_id, h.ends_at, h.id
)sql"};

const pg::Statement<StandingRow(TenantId, Instant)> select_standing{"holds.standing", R"sql(
    select count(*) filter (where state = 'active') as active,
        count(*) filter (where state in ('active', 'ending') and ends_at < $2) as overdue,
        count(*) filter (where state = 'ended' and coalesce(receipt, '') = '') as without_receipt
    from holds.legal_hold
    where tenant_id = $1
)sql"};

const pg::Statement<HoldId(TenantId, std::int64_t)> select_live{"holds.live", R"sql(
    select id from holds.legal_hold
    where tenant_id = $1 and state in ('active', 'ending')
    order by ends_at, id
    limit $2
)sql"};

const pg::Statement<HoldId(TenantId, std::int64_t)> select_ended{"holds.ended", R"sql(
    select id from holds.legal_hold
    where tenant_id = $1 and state = 'ended'
    order by ended_at desc, id
    limit $2
)sql"};
}  // namespace

Awaitable<std::vector<OrderRow>> orders_by_id(pg::Transaction& tx, const Scope& scope,
                                              const std::vector<OrderId>& ids) {
    return tx.rows(select_orders, tx.tenant(), scope, ids);
}
Awaitable<std::vector<OrderRow>> orders_by_number(pg::Transaction& tx, const Scope& scope,
                                                  const std::vector<std::string>& numbers) {
    return tx.rows(select_numbered, tx.tenant(), scope, numbers);
}

void add_hold(pg::Transaction& tx, const HoldRow& h) {
    tx.defer(insert_hold, tx.tenant(), h.id, h.reason, h.reference, h.ends_at, h.placed_at,
             h.placed_by);
}
void add_orders(pg::Transaction& tx, HoldId hold, const std::vector<HeldRow>& orders) {
    std::vector<OrderId> ids;
    std::vector<ShopId> shops;
    std::vector<std::string> numbers;
    std::vector<FoundData> found;
    std::vector<std::int64_t> fields;
    for (const HeldRow& order : orders) {
        ids.push_back(order.order_id);
        shops.push_back(order.shop_id);
        numbers.push_back(order.order_number);
        found.push_back(order.found);
        fields.push_back(order.fields);
    }
    tx.defer(insert_orders, tx.tenant(), hold, ids, shops, numbers, found, fields);
}
Awaitable<std::optional<HoldRow>> hold(pg::Transaction& tx, const Scope& scope, HoldId id) {
    return tx.maybe(select_hold, tx.tenant(), scope, id);
}
Awaitable<std::optional<HoldRow>> lock_hold(pg::Transaction& tx, const Scope& scope, HoldId id) {
    (void)co_await tx.maybe(select_for_update, tx.tenant(), id);
    co_return co_await tx.maybe(select_hold, tx.tenant(), scope, id);
}
Awaitable<std::vector<HeldRow>> orders_of(pg::Transaction& tx, HoldId hold) {
    return tx.rows(select_held, tx.tenant(), hold);
}
Awaitable<std::vector<HoldRow>> page(pg::Transaction& tx, const Scope& scope,
                                     std::optional<HoldState> state, Instant now,
                                     const std::optional<Uuid>& before, std::int64_t limit) {
    return tx.rows(select_page, tx.tenant(), scope, state, now, before, limit);
}
Awaitable<std::vector<CountRow>> counts(pg::Transaction& tx, const std::vector<HoldId>& ids,
                                        Instant since) {
    return tx.rows(select_counts, tx.tenant(), ids, since);
}
Awaitable<std::vector<PersonRow>> people(pg::Transaction& tx, const Ids& ids) {
    return tx.rows(select_people, tx.tenant(), ids);
}

void add_ask(pg::Transaction& tx, HoldId hold, const AskRow& a) {
    tx.defer(insert_ask, tx.tenant(), hold, a.id, a.act, a.why, a.until, a.asked_by, a.asked_at);
}
Awaitable<std::vector<AskRow>> asks_of(pg::Transaction& tx, HoldId hold) {
    return tx.rows(select_asks, tx.tenant(), hold);
}
void approve(pg::Transaction& tx, HoldId hold, AskId ask, const Uuid& by, Instant at) {
    tx.defer(update_approved, tx.tenant(), hold, ask, by, at);
}
void decline(pg::Transaction& tx, HoldId hold, AskId ask, const Uuid& by, Instant at) {
    tx.defer(update_declined, tx.tenant(), hold, ask, by, at);
}
void use(pg::Transaction& tx, HoldId hold, AskId ask, Instant at) {
    tx.defer(update_used, tx.tenant(), hold, ask, at);
}

void extend(pg::Transaction& tx, HoldId hold, Instant ends_at) {
    tx.defer(update_end, tx.tenant(), hold, ends_at);
}
void begin_end(pg::Transaction& tx, HoldId hold, Ending ending) {
    tx.defer(update_ending, tx.tenant(), hold, ending);
}
Awaitable<std::vector<HoldRow>> ending(pg::Transaction& tx, Instant due_by) {
    return tx.rows(select_ending, tx.tenant(), due_by);
}
void close(pg::Transaction& tx, HoldId hold, Instant at, const std::string& receipt) {
    tx.defer(update_ended, tx.tenant(), hold, at, receipt);
}
Awaitable<std::optional<Instant>> next_end(pg::Transaction& tx) {
    co_return co_await tx.one(select_next, tx.tenant());
}

Awaitable<std::vector<CopyRow>> copies(pg::Transaction& tx, const std::vector<OrderId>& orders) {
    return tx.rows(select_copies, tx.tenant(), orders);
}
Awaitable<StandingRow> standing(pg::Transaction& tx, Instant late) {
    return tx.one(select_standing, tx.tenant(), late);
}
Awaitable<std::vector<HoldId>> live(pg::Transaction& tx, std::int64_t limit) {
    return tx.rows(select_live, tx.tenant(), limit);
}
Awaitable<std::vector<HoldId>> ended(pg::Transaction& tx, std::int64_t limit) {
    return tx.rows(select_ended, tx.tenant(), limit);
}

}  // namespace entrepot::holds::store
