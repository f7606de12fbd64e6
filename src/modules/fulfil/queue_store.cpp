// SQL of the work queue: lists, counts, and the orders that wait to be released.
#include "modules/fulfil/store.hpp"

namespace entrepot::fulfil {
namespace {
// Bounds that no row reaches, for the first page.
const Position lowest{Instant{std::chrono::sys_days{std::chrono::year{1} / 1 / 1}}, Uuid{}};
const Position highest{Instant{std::chrono::sys_days{std::chrono::year{9999} / 1 / 1}}, Uuid{}};

const pg::Statement<ListRow(TenantId, Scope, Instant, Uuid, std::int64_t)> select_all{
    "fulfil.list_all", R"sql(
    select s.id, s.order_id, s.shop_id, s.channel_order_id, s.reference, s.state, s.carrier_code,
        s.carrier_name, s.shipping_method, s.tracking_number, s.ship_date, s.released_at,
        s.released_by, s.shipped_at, s.delivered_at, s.delivered_source, s.detail, s.version,
        (select coalesce(sum(l.quantity), 0)::int8 from fulfil.shipment_line as l
            where l.tenant_id = $1 and l.shipment_id = s.id) as units,
        o.state as order_state, o.held as order_held, o.ordered_at, o.ship_by_to, o.ship_country,
        o.first_seller_sku, o.first_title
    from fulfil.shipment as s
    join orders.sales_order as o on o.tenant_id = $1 and o.id = s.order_id
    where s.tenant_id = $1 and ($2::uuid[] is null or s.shop_id = any($2))
        and (s.released_at, s.id) < ($3, $4)
    order by s.released_at desc, s.id desc
    limit $5
)sql"};

const pg::Statement<ListRow(TenantId, Scope, Instant, Uuid, std::int64_t, ShipmentState)>
    select_oldest{"fulfil.list_oldest", R"sql(
    select s.id, s.order_id, s.shop_id, s.channel_order_id, s.reference, s.state, s.carrier_code,
        s.carrier_name, s.shipping_method, s.tracking_number, s.ship_date, s.released_at,
        s.released_by, s.shipped_at, s.delivered_at, s.delivered_source, s.detail, s.version,
        (select coalesce(sum(l.quantity), 0)::int8 from fulfil.shipment_line as l
            where l.tenant_id = $1 and l.shipment_id = s.id) as units,
        o.state as order_state, o.held as order_held, o.ordered_at, o.ship_by_to, o.ship_country,
        o.first_seller_sku, o.first_title
    from fulfil.shipment as s
    join orders.sales_order as o on o.tenant_id = $1 and o.id = s.order_id
    where s.tenant_id = $1 and ($2::uuid[] is null or s.shop_id = any($2))
        and (s.released_at, s.id) > ($3, $4) and s.state in ('released', 'confirming', 'shipped', 'failed')
        and s.state = $6
    order by s.released_at, s.id
    limit $5
)sql"};

const pg::Statement<ListRow(TenantId, Scope, Instant, Uuid, std::int64_t, ShipmentState)>
    select_newest{"fulfil.list_newest", R"sql(
    select s.id, s.order_id, s.shop_id, s.channel_order_id, s.reference, s.state, s.carrier_code,
        s.carrier_name, s.shipping_method, s.tracking_number, s.ship_date, s.released_at,
        s.released_by, s.shipped_at, s.delivered_at, s.delivered_source, s.detail, s.version,
        (select coalesce(sum(l.quantity), 0)::int8 from fulfil.shipment_line as l
            where l.tenant_id = $1 and l.shipment_id = s.id) as units,
        o.state as order_state, o.held as order_held, o.ordered_at, o.ship_by_to, o.ship_country,
        o.first_seller_sku, o.first_title
    from fulfil.shipment as s
    join orders.sales_order as o on o.tenant_id = $1 and o.id = s.order_id
    where s.tenant_id = $1 and ($2::uuid[] is null or s.shop_id = any($2))
        and (s.released_at, s.id) < ($3, $4) and s.state = $6
    order by s.released_at desc, s.id desc
    limit $5
)sql"};

const pg::Statement<ListRow(TenantId, Scope, Instant, Uuid, std::int64_t)> select_problems{
    "fulfil.list_problems", R"sql(
    select s.id, s.order_id, s.shop_id, s.channel_order_id, s.reference, s.state, s.carrier_code,
        s.carrier_name, s.shipping_method, s.tracking_number, s.ship_date, s.released_at,
        s.released_by, s.shipped_at, s.delivered_at, s.delivered_source, s.detail, s.version,
        (select coalesce(sum(l.quantity), 0)::int8 from fulfil.shipment_line as l
            where l.tenant_id = $1 and l.shipment_id = s.id) as units,
        o.state as order_state, o.held as order_held, o.ordered_at, o.ship_by_to, o.ship_country,
        o.first_seller_sku, o.first_title
    from fulfil.shipment as s
    join orders.sales_order as o on o.tenant_id = $1 and o.id = s.order_id
    where s.tenant_id = $1 and ($2::uuid[] is null or s.shop_id = any($2))
        and (s.released_at, s.id) > ($3, $4)
        and s.state in ('released', 'confirming', 'shipped', 'failed')
        and s.state in ('failed', 'confirming') and s.detail <> ''
    order by s.released_at, s.id
    limit $5
)sql"};

const pg::Statement<ListRow(TenantId, Scope, Instant, Uuid, std::int64_t, OrderId)> select_of_order{
    "fulfil.list_of_order", R"sql(
    select s.id, s.order_id, s.shop_id, s.channel_order_id, s.reference, s.state, s.carrier_code,
        s.carrier_name, s.shipping_method, s.tracking_number, s.ship_date, s.released_at,
        s.released_by, s.shipped_at, s.delivered_at, s.delivered_source, s.detail, s.version,
        (select coalesce(sum(l.quantity), 0)::int8 from fulfil.shipment_line as l
            where l.tenant_id = $1 and l.shipment_id = s.id) as units,
        o.state as order_state, o.held as order_held, o.ordered_at, o.ship_by_to, o.ship_country,
        o.first_seller_sku, o.first_title
    from fulfil.shipment as s
    join orders.sales_order as o on o.tenant_id = $1 and o.id = s.order_id
    where s.tenant_id = $1 and ($2::uuid[] is null or s.shop_id = any($2))
        and (s.released_at, s.id) < ($3, $4) and s.order_id = $6
    order by s.released_at desc, s.id desc
    limit $5
)sql"};

const pg::Statement<ListRow(TenantId, Scope, ShipmentId)> select_one{"fulfil.list_one", R"sql(
    select s.id, s.order_id, s.shop_id, s.channel_order_id, s.reference, s.state, s.carrier_code,
        s.carrier_name, s.shipping_method, s.tracking_number, s.ship_date, s.released_at,
        s.released_by, s.shipped_at, s.delivered_at, s.delivered_source, s.detail, s.version,
        (select coalesce(sum(l.quantity), 0)::int8 from fulfil.shipment_line as l
            where l.tenant_id = $1 and l.shipment_id = s.id) as units,
        o.state as order_state, o.held as order_held, o.ordered_at, o.ship_by_to, o.ship_country,
        o.first_seller_sku, o.first_title
    from fulfil.shipment as s
    join orders.sales_order as o on o.tenant_id = $1 and o.id = s.order_id
    where s.tenant_id = $1 and ($2::uuid[] is null or s.shop_id = any($2)) and s.id = $3
)sql"};

const pg::Statement<WaitingRow(TenantId, Scope, Instant, Uuid, std::int64_t)> select_waiting{
    "fulfil.waiting_orders", R"sql(
    select o.id as order_id, o.shop_id, o.channel_order_id, o.ordered_at, o.state, o.ship_by_to,
        o.ship_country, o.unit_count, o.line_count, o.first_seller_sku, o.first_title,
        o.exception_count
    from orders.sales_order as o
    where o.tenant_id = $1 and o.state in ('pending', 'unshipped', 'partially_shipped', 'unknown')
        and o.state in ('unshipped', 'partially_shipped')
        and ($2::uuid[] is null or o.shop_id = any($2))
        and o.fulfilled_by = 'merchant' and not o.held and o.kind in ('sale', 'replacement')
        and o.source_channel <> 'file'
        and (o.ordered_at, o.id) > ($3, $4)
        and exists (select 1 from orders.order_line as l
            where l.tenant_id = $1 and l.order_id = o.id and l.kind = 'goods'
                and l.quantity_ordered - l.quantity_cancelled - l.quantity_shipped >
                    coalesce((select sum(c.quantity) from fulfil.shipment as s
                        join fulfil.shipment_line as c on c.tenant_id = $1
                            and c.shipment_id = s.id
                        where s.tenant_id = $1 and s.order_id = l.order_id and s.counts
                            and c.line_no = l.line_no), 0))
    order by o.ordered_at, o.id
    limit $5
)sql"};

const pg::Statement<std::int64_t(TenantId, Scope, std::int64_t)> count_waiting{
    "fulfil.waiting_count", R"sql(
    select count(*)::int8 as count from (select 1 from orders.sales_order as o
    where o.tenant_id = $1 and o.state in ('pending', 'unshipped', 'partially_shipped', 'unknown')
        and o.state in ('unshipped', 'partially_shipped')
        and ($2::uuid[] is null or o.shop_id = any($2))
        and o.fulfilled_by = 'merchant' and not o.held and o.kind in ('sale', 'replacement')
        and o.source_channel <> 'file'
        and exists (select 1 from orders.order_line as l
            where l.tenant_id = $1 and l.order_id = o.id and l.kind = 'goods'
                and l.quantity_ordered - l.quantity_cancelled - l.quantity_shipped >
                    coalesce((select sum(c.quantity) from fulfil.shipment as s
                        join fulfil.shipment_line as c on c.tenant_id = $1
                            and c.shipment_id = s.id
                        where s.tenant_id = $1 and s.order_id = l.order_id and s.counts
                            and c.line_no = l.line_no), 0))
    limit $3) as w
)sql"};

const pg::Statement<ToSendRow(TenantId, Scope, std::vector<OrderId>)> select_to_send{
    "fulfil.orders_to_send", R"sql(
    select id, shop_id, channel_order_id, ship_by_to from orders.sales_order
    where tenant_id = $1 and ($2::uuid[] is null or shop_id = any($2)) and id = any($3)
        and state in ('unshipped', 'partially_shipped') and fulfilled_by = 'merchant' and not held
    order by ship_by_to, channel_order_id, id
)sql"};

// By the index alone, which has every order: a million is counted without reading one.
const pg::Statement<std::int64_t(TenantId, Scope)> count_orders{"fulfil.count_orders", R"sql(
    select count(*)::int8 as count from orders.sales_order
    where tenant_id = $1 and channel_order_id <> '' and ($2::uuid[] is null or shop_id = any($2))
)sql"};

// By the index alone as well: it has only those of which there was ever something to know.
const pg::Statement<BuyerCount(TenantId, Scope)> count_buyers{"fulfil.count_buyers", R"sql(
    select count(*) filter (where pii_state = 'held') as held,
        count(*) filter (where pii_state = 'restricted') as restricted,
        count(*) filter (where pii_state = 'erased') as erased
    from orders.sales_order
    where tenant_id = $1 and pii_state <> 'not_fetched' and ($2::uuid[] is null or shop_id = any($2))
)sql"};

const pg::Statement<BuyerCount(TenantId, Scope, std::vector<OrderId>)> count_buyers_of{
    "fulfil.count_buyers_of", R"sql(
    select count(*) filter (where pii_state = 'held') as held,
        count(*) filter (where pii_state = 'restricted') as restricted,
        count(*) filter (where pii_state = 'erased') as erased
    from orders.sales_order
    where tenant_id = $1 and id = any($3) and ($2::uuid[] is null or shop_id = any($2))
)sql"};

const pg::Statement<StateCount(TenantId, Scope)> count_open{"fulfil.open_counts", R"sql(
    select state, count(*)::int8 as count from fulfil.shipment
    where tenant_id = $1 and state in ('released', 'confirming', 'shipped', 'failed')
        and ($2::uuid[] is null or shop_id = any($2))
    group by state
)sql"};

const pg::Statement<std::int64_t(TenantId, Scope)> count_problems{"fulfil.problem_count", R"sql(
    select count(*)::int8 as count from fulfil.shipment
    where tenant_id = $1 and state in ('released', 'confirming', 'shipped', 'failed')
        and state in ('failed', 'confirming') and detail <> ''
        and ($2::uuid[] is null or shop_id = any($2))
)sql"};
}  // namespace

bool oldest_first(const ListSelection& s) {
    if (s.order) return false;
    if (s.problems) return true;
    return s.state == ShipmentState::released || s.state == ShipmentState::confirming ||
           s.state == ShipmentState::failed;
}

Awaitable<std::vector<ListRow>> shipment_rows(pg::Transaction& tx, const ListSelection& s) {
    const Position at = s.after.value_or(oldest_first(s) ? lowest : highest);
    if (s.order)
        return tx.rows(select_of_order, tx.tenant(), s.shops, at.at, at.id, s.limit, *s.order);
    if (s.problems) return tx.rows(select_problems, tx.tenant(), s.shops, at.at, at.id, s.limit);
    if (!s.state) return tx.rows(select_all, tx.tenant(), s.shops, at.at, at.id, s.limit);
    return tx.rows(oldest_first(s) ? select_oldest : select_newest, tx.tenant(), s.shops, at.at,
                   at.id, s.limit, *s.state);
}
Awaitable<std::optional<ListRow>> shipment_list_row(pg::Transaction& tx, const Scope& scope,
                                                    ShipmentId id) {
    return tx.maybe(select_one, tx.tenant(), scope, id);
}
Awaitable<std::vector<WaitingRow>> waiting_rows(pg::Transaction& tx, const Scope& shops,
                                                const std::optional<Position>& after,
                                                std::int64_t limit) {
    const Position at = after.value_or(lowest);
    return tx.rows(select_waiting, tx.tenant(), shops, at.at, at.id, limit);
}
Awaitable<std::vector<ToSendRow>> orders_to_send(pg::Transaction& tx, const Scope& shops,
                                                 const std::vector<OrderId>& ids) {
    return tx.rows(select_to_send, tx.tenant(), shops, ids);
}
Awaitable<BuyerCount> buyer_counts(pg::Transaction& tx, const Scope& shops) {
    return tx.one(count_buyers, tx.tenant(), shops);
}
Awaitable<BuyerCount> buyer_counts_of(pg::Transaction& tx, const Scope& shops,
                                      const std::vector<OrderId>& ids) {
    return tx.one(count_buyers_of, tx.tenant(), shops, ids);
}
Awaitable<std::int64_t> orders_count(pg::Transaction& tx, const Scope& shops) {
    return tx.one(count_orders, tx.tenant(), shops);
}
Awaitable<std::vector<StateCount>> open_counts(pg::Transaction& tx, const Scope& shops) {
    return tx.rows(count_open, tx.tenant(), shops);
}
Awaitable<std::int64_t> problem_count(pg::Transaction& tx, const Scope& shops) {
    return tx.one(count_problems, tx.tenant(), shops);
}
Awaitable<std::int64_t> waiting_count(pg::Transaction& tx, const Scope& shops, std::int64_t most) {
    return tx.one(count_waiting, tx.tenant(), shops, most + 1);
}

}  // namespace entrepot::fulfil
