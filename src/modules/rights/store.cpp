// The statements of the register.
#include "modules/rights/store.hpp"

namespace entrepot::rights::store {
namespace {
using Ids = std::vector<Uuid>;
using MaybePlace = std::optional<Uuid>;

const pg::Statement<OrderRow(TenantId, Scope, std::vector<OrderId>)> select_orders{
    "rights.orders_by_id", R"sql(
    select id, shop_id, channel_order_id, ordered_at, state, pii_state
    from orders.sales_order
    where tenant_id = $1 and ($2::uuid[] is null or shop_id = any($2)) and id = any($3)
    order by ordered_at desc, id
)sql"};

const pg::Statement<OrderRow(TenantId, std::vector<ShopId>, std::string)> select_numbered{
    "rights.orders_by_number", R"sql(
    select id, shop_id, channel_order_id, ordered_at, state, pii_state
    from orders.sales_order
    where tenant_id = $1 and shop_id = any($2) and channel_order_id = $3
    order by ordered_at desc, id
)sql"};

const pg::Statement<void(TenantId, RequestId, RequestKind, Arrival, Instant, Instant, Instant, Uuid,
                         RequestState)>
    insert_request{"rights.add_request", R"sql(
    insert into rights.request (tenant_id, id, kind, state, arrived_by, received_at, due_at,
        opened_at, opened_by)
    values ($1, $2, $3, $9, $4, $5, $6, $7, $8)
)sql"};

const pg::Statement<void(TenantId, RequestId, std::vector<OrderId>, std::vector<ShopId>,
                         std::vector<std::string>)>
    insert_orders{"rights.add_orders", R"sql(
    insert into rights.request_order (tenant_id, request_id, order_id, shop_id, order_number)
    select $1, $2, n.order_id, n.shop_id, n.order_number
    from unnest($3, $4, $5) as n(order_id, shop_id, order_number)
    on conflict (tenant_id, request_id, order_id) do nothing
)sql"};

const pg::Statement<RequestRow(TenantId, Scope, RequestId)> select_request{"rights.request",
                                                                           R"sql(
    select r.id, r.kind, r.state, r.arrived_by, r.received_at, r.due_at, r.opened_at, r.opened_by,
        r.verified_at, r.verified_by, r.verification, r.extended_at, r.extended_by, r.extension,
        r.corrected, r.begun_at, r.begun_by, r.closed_at, r.closed_by, r.refusal, r.lifted_at,
        r.lifted_by, r.receipt
    from rights.request as r
    where r.tenant_id = $1 and r.id = $3 and ($2::uuid[] is null or not exists (
        select 1 from rights.request_order as o
        where o.tenant_id = r.tenant_id and o.request_id = r.id and o.shop_id <> all($2)))
)sql"};

const pg::Statement<RequestId(TenantId, RequestId)> select_for_update{"rights.lock_request", R"sql(
    select id from rights.request where tenant_id = $1 and id = $2 for no key update
)sql"};

const pg::Statement<CoveredRow(TenantId, RequestId)> select_covered{"rights.covered", R"sql(
    select order_id, shop_id, order_number, outcome, settled_at
    from rights.request_order
    where tenant_id = $1 and request_id = $2
    order by order_number, order_id
)sql"};

const pg::Statement<RequestRow(TenantId, Scope, std::optional<RequestState>, std::optional<Instant>,
                               MaybePlace, std::int64_t)>
    select_nearest{"rights.page_nearest", R"sql(
    select r.id, r.kind, r.state, r.arrived_by, r.received_at, r.due_at, r.opened_at, r.opened_by,
        r.verified_at, r.verified_by, r.verification, r.extended_at, r.extended_by, r.extension,
        r.corrected, r.begun_at, r.begun_by, r.closed_at, r.closed_by, r.refusal, r.lifted_at,
        r.lifted_by, r.receipt
    from rights.request as r
    where r.tenant_id = $1 and ($3::text is null or r.state = $3)
        and ($4::timestamptz is null or (r.due_at, r.id) > ($4, $5))
        and ($2::uuid[] is null or not exists (
            select 1 from rights.request_order as o
            where o.tenant_id = r.tenant_id and o.request_id = r.id and o.shop_id <> all($2)))
    order by r.due_at, r.id
    limit $6
)sql"};

const pg::Statement<RequestRow(TenantId, Scope, std::optional<RequestState>, std::optional<Instant>,
                               MaybePlace, std::int64_t)>
    select_farthest{"rights.page_farthest", R"sql(
    select r.id, r.kind, r.state, r.arrived_by, r.received_at, r.due_at, r.opened_at, r.opened_by,
        r.verified_at, r.verified_by, r.verification, r.extended_at, r.extended_by, r.extension,
        r.corrected, r.begun_at, r.begun_by, r.closed_at, r.closed_by, r.refusal, r.lifted_at,
        r.lifted_by, r.receipt
    from rights.request as r
    where r.tenant_id = $1 and ($3::text is null or r.state = $3)
        and ($4::timestamptz is null or (r.due_at, r.id) < ($4, $5))
        and ($2::uuid[] is null or not exists (
            select 1 from rights.request_order as o
            where o.tenant_id = r.tenant_id and o.request_id = r.id and o.shop_id <> all($2)))
    order by r.due_at desc, r.id desc
    limit $6
)sql"};

const pg::Statement<CountRow(TenantId, std::vector<RequestId>)> select_counts{"rights.counts",
                                                                              R"sql(
    select request_id, count(*) as orders,
        count(*) filter (where outcome not in ('waiting', 'erasing', 'fetching')) as settled
    from rights.request_order
    where tenant_id = $1 and request_id = any($2)
    group by request_id
)sql"};

const pg::Statement<PersonRow(TenantId, Ids)> select_people{"rights.people", R"sql(
    select id, name from account.user_account where tenant_id = $1 and id = any($2)
)sql"};

const pg::Statement<void(TenantId, RequestId, OrderId, Outcome, Instant)> update_order{
    "rights.settle", R"sql(
    update rights.request_order set outcome = $4, settled_at = $5
    where tenant_id = $1 and request_id = $2 and order_id = $3
)sql"};

const pg::Statement<RequestId(TenantId, OrderId, Instant)> update_erased{"rights.settle_erased",
                                                                         R"sql(
    update rights.request_order set outcome = 'erased', settled_at = $3
    where tenant_id = $1 and order_id = $2 and outcome in ('erasing', 'fetching')
    returning request_id
)sql"};

const pg::Statement<RequestId(TenantId, OrderId, Outcome, Instant)> update_fetched{
    "rights.settle_fetched", R"sql(
    update rights.request_order set outcome = $3, settled_at = $4
    where tenant_id = $1 and order_id = $2 and outcome = 'fetching'
    returning request_id
)sql"};

const pg::Statement<void(TenantId, RequestId, Uuid, Instant, Verification)> update_verified{
    "rights.verify", R"sql(
    update rights.request set state = 'open', verified_by = $3, verified_at = $4, verification = $5
    where tenant_id = $1 and id = $2 and state = 'verifying'
)sql"};

const pg::Statement<void(TenantId, RequestId, Uuid, Instant, Extension, Instant)> update_extended{
    "rights.extend", R"sql(
    update rights.request set extended_by = $3, extended_at = $4, extension = $5, due_at = $6
    where tenant_id = $1 and id = $2 and extended_at is null
)sql"};

const pg::Statement<void(TenantId, RequestId, std::vector<std::string>)> update_corrected{
    "rights.note_corrected", R"sql(
    update rights.request set corrected = $3 where tenant_id = $1 and id = $2
)sql"};

const pg::Statement<void(TenantId, RequestId, Uuid, Instant)> update_begun{"rights.begin", R"sql(
    update rights.request set begun_by = $3, begun_at = $4 where tenant_id = $1 and id = $2
)sql"};

const pg::Statement<void(TenantId, RequestId, Uuid, Instant, std::string)> update_done{
    "rights.close_done", R"sql(
    update rights.request set state = 'done', closed_by = $3, closed_at = $4, receipt = $5
    where tenant_id = $1 and id = $2 and state = 'open'
)sql"};

const pg::Statement<void(TenantId, RequestId, Uuid, Instant, Refusal)> update_refused{
    "rights.close_refused", R"sql(
    update rights.request set state = 'refused', closed_by = $3, closed_at = $4, refusal = $5
    where tenant_id = $1 and id = $2 and state in ('verifying', 'open')
)sql"};

const pg::Statement<void(TenantId, RequestId, Uuid, Instant)> update_lifted{"rights.lift", R"sql(
    update rights.request set lifted_by = $3, lifted_at = $4 where tenant_id = $1 and id = $2
)sql"};

const pg::Statement<OrderId(TenantId, RequestId)> select_elsewhere{"rights.restricted_elsewhere",
                                                                   R"sql(
    select distinct o.order_id
    from rights.request_order as o
    join rights.request_order as other on other.tenant_id = o.tenant_id
        and other.order_id = o.order_id and other.request_id <> o.request_id
        and other.outcome = 'restricted'
    where o.tenant_id = $1 and o.request_id = $2
)sql"};

const pg::Statement<Deadlines(TenantId, Instant, Instant)> select_deadlines{"rights.deadlines",
                                                                            R"sql(
    select count(*) as open, count(*) filter (where state = 'verifying') as verifying,
        count(*) filter (where due_at <= $2) as overdue,
        count(*) filter (where due_at > $2 and due_at <= $3) as due_soon
    from rights.request
    where tenant_id = $1 and state in ('verifying', 'open')
)sql"};

const pg::Statement<Verified(TenantId)> select_verified{"rights.verified", R"sql(
    select count(*) as carried_out,
        count(*) filter (where r.verified_at is null and r.arrived_by <> 'instruction')
            as unverified
    from rights.request as r
    where r.tenant_id = $1 and r.begun_at is not null and exists (
        select 1 from rights.request_order as o
        where o.tenant_id = r.tenant_id and o.request_id = r.id)
)sql"};

const pg::Statement<std::int64_t(TenantId, Uuid, SearchUse, Instant, std::int64_t)> upsert_search{
    "rights.take_search", R"sql(
    insert into rights.search_budget as b (tenant_id, actor_id, use, hour, searches)
    values ($1, $2, $3, $4, 1)
    on conflict (tenant_id, actor_id, use, hour) do update set searches = b.searches + 1
        where b.searches < $5
    returning searches
)sql"};

const pg::Statement<void(TenantId, Uuid, Instant)> delete_searches{"rights.forget_searches", R"sql(
    delete from rights.search_budget where tenant_id = $1 and actor_id = $2 and hour < $3
)sql"};

const pg::Statement<AuditId(TenantId, std::string)> select_end{"rights.entry_of_end", R"sql(
    select id from platform.audit_entry
    where tenant_id = $1 and object_kind = 'rights_request' and object_id = $2
        and act = 'rights.request_done' and result = 'done'
    order by id desc
    limit 1
)sql"};
}  // namespace

Awaitable<std::vector<OrderRow>> orders_by_id(pg::Transaction& tx, const Scope& scope,
                                              const std::vector<OrderId>& ids) {
    return tx.rows(select_orders, tx.tenant(), scope, ids);
}
Awaitable<std::vector<OrderRow>> orders_by_number(pg::Transaction& tx,
                                                  const std::vector<ShopId>& shops,
                                                  const std::string& number) {
    return tx.rows(select_numbered, tx.tenant(), shops, number);
}

void add_request(pg::Transaction& tx, const RequestRow& r) {
    tx.defer(insert_request, tx.tenant(), r.id, r.kind, r.arrived_by, r.received_at, r.due_at,
             r.opened_at, r.opened_by, r.state);
}
void add_orders(pg::Transaction& tx, RequestId request, const std::vector<OrderRow>& orders) {
    if (orders.empty()) return;
    std::vector<OrderId> ids;
    std::vector<ShopId> shops;
    std::vector<std::string> numbers;
    for (const OrderRow& order : orders) {
        ids.push_back(order.id);
        shops.push_back(order.shop_id);
        numbers.push_back(order.channel_order_id);
    }
    tx.defer(insert_orders, tx.tenant(), request, ids, shops, numbers);
}

Awaitable<std::optional<RequestRow>> request(pg::Transaction& tx, const Scope& scope,
                                             RequestId id) {
    return tx.maybe(select_request, tx.tenant(), scope, id);
}
Awaitable<std::optional<RequestRow>> lock_request(pg::Transaction& tx, const Scope& scope,
                                                  RequestId id) {
    (void)co_await tx.maybe(select_for_update, tx.tenant(), id);
    co_return co_await tx.maybe(select_request, tx.tenant(), scope, id);
}
Awaitable<std::vector<CoveredRow>> covered(pg::Transaction& tx, RequestId request) {
    return tx.rows(select_covered, tx.tenant(), request);
}

Awaitable<std::vector<RequestRow>> page(pg::Transaction& tx, const Scope& scope,
                                        std::optional<RequestState> state,
                                        const std::optional<Position>& after, bool descending,
                                        std::int64_t limit) {
    const auto at = after ? std::optional(after->due_at) : std::nullopt;
    const MaybePlace id = after ? std::optional(after->id.value) : std::nullopt;
    const auto& statement = descending ? select_farthest : select_nearest;
    return tx.rows(statement, tx.tenant(), scope, state, at, id, limit);
}
Awaitable<std::vector<CountRow>> counts(pg::Transaction& tx, const std::vector<RequestId>& ids) {
    return tx.rows(select_counts, tx.tenant(), ids);
}
Awaitable<std::vector<PersonRow>> people(pg::Transaction& tx, const Ids& ids) {
    return tx.rows(select_people, tx.tenant(), ids);
}

void settle(pg::Transaction& tx, RequestId request, OrderId order, Outcome outcome, Instant at) {
    tx.defer(update_order, tx.tenant(), request, order, outcome, at);
}
Awaitable<std::vector<RequestId>> settle_erased(pg::Transaction& tx, OrderId order, Instant at) {
    return tx.rows(update_erased, tx.tenant(), order, at);
}
Awaitable<std::vector<RequestId>> settle_fetched(pg::Transaction& tx, OrderId order,
                                                 Outcome outcome, Instant at) {
    return tx.rows(update_fetched, tx.tenant(), order, outcome, at);
}
void verify(pg::Transaction& tx, RequestId request, const Uuid& by, Instant at, Verification how) {
    tx.defer(update_verified, tx.tenant(), request, by, at, how);
}
void extend(pg::Transaction& tx, RequestId request, const Uuid& by, Instant at, Extension why,
            Instant due_at) {
    tx.defer(update_extended, tx.tenant(), request, by, at, why, due_at);
}
void note_corrected(pg::Transaction& tx, RequestId request, const std::vector<std::string>& parts) {
    tx.defer(update_corrected, tx.tenant(), request, parts);
}
void begin(pg::Transaction& tx, RequestId request, const Uuid& by, Instant at) {
    tx.defer(update_begun, tx.tenant(), request, by, at);
}
void close_done(pg::Transaction& tx, RequestId request, const Uuid& by, Instant at,
                const std::string& receipt) {
    tx.defer(update_done, tx.tenant(), request, by, at, receipt);
}
void close_refused(pg::Transaction& tx, RequestId request, const Uuid& by, Instant at,
                   Refusal why) {
    tx.defer(update_refused, tx.tenant(), request, by, at, why);
}
void lift(pg::Transaction& tx, RequestId request, const Uuid& by, Instant at) {
    tx.defer(update_lifted, tx.tenant(), request, by, at);
}
Awaitable<std::vector<OrderId>> restricted_elsewhere(pg::Transaction& tx, RequestId request) {
    return tx.rows(select_elsewhere, tx.tenant(), request);
}

Awaitable<Verified> verified(pg::Transaction& tx) {
    return tx.one(select_verified, tx.tenant());
}
Awaitable<Deadlines> deadlines(pg::Transaction& tx, Instant now, Instant soon) {
    return tx.one(select_deadlines, tx.tenant(), now, soon);
}
Awaitable<bool> take_search(pg::Transaction& tx, const Uuid& actor, SearchUse use, Instant hour,
                            std::int64_t limit) {
    tx.defer(delete_searches, tx.tenant(), actor, hour);
    const auto count = co_await tx.maybe(upsert_search, tx.tenant(), actor, use, hour, limit);
    co_return count.has_value();
}
Awaitable<std::optional<AuditId>> entry_of_end(pg::Transaction& tx, RequestId request) {
    return tx.maybe(select_end, tx.tenant(), request.text());
}

}  // namespace entrepot::rights::store
