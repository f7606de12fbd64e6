// SQL of decoys.
#include "modules/fulfil/decoy_store.hpp"

namespace entrepot::fulfil {
namespace {
const Position highest{Instant{std::chrono::sys_days{std::chrono::year{9999} / 1 / 1}}, Uuid{}};

const pg::Statement<DecoyRow(TenantId, Instant, std::int64_t)> select_models{"fulfil.decoy_models",
                                                                             R"sql(
    select s.id, s.order_id, s.shop_id, s.channel_order_id, s.carrier_code, s.carrier_name,
        s.shipping_method, s.tracking_number, s.ship_date, s.released_at, s.released_by,
        s.shipped_at, o.ordered_at, o.ship_by_to, o.ship_country,
        o.first_seller_sku as seller_sku, o.first_title as title
    from fulfil.shipment as s
    join orders.sales_order as o on o.tenant_id = $1 and o.id = s.order_id
    where s.tenant_id = $1 and s.released_at >= $2 and s.state in ('shipped', 'delivered')
        and s.shipped_at is not null
    order by s.released_at desc, s.id desc
    limit $3
)sql"};

const pg::Statement<StandingRow(TenantId)> select_standing{"fulfil.decoys_standing", R"sql(
    select count(*) as count, max(released_at) as newest
    from fulfil.decoy
    where tenant_id = $1
)sql"};

const pg::Statement<void(TenantId, ShipmentId, OrderId, ShopId, std::string, std::string,
                         std::string, std::string, std::string, std::optional<Instant>, Instant,
                         std::string, std::optional<Instant>, Instant, std::optional<Instant>,
                         std::optional<std::string>, std::string, std::string)>
    insert_decoy{"fulfil.insert_decoy", R"sql(
    insert into fulfil.decoy (tenant_id, id, order_id, shop_id, channel_order_id, carrier_code,
        carrier_name, shipping_method, tracking_number, ship_date, released_at, released_by,
        shipped_at, ordered_at, ship_by_to, ship_country, seller_sku, title)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
)sql"};

const pg::Statement<void(TenantId, OrderId)> delete_of_order{
    "fulfil.delete_decoy", "delete from fulfil.decoy where tenant_id = $1 and order_id = $2"};

const pg::Statement<ListRow(TenantId, Scope, Instant, Uuid, std::int64_t)> select_between{
    "fulfil.decoys_between", R"sql(
    select id, order_id, shop_id, channel_order_id, 1::int8 as reference, 'shipped' as state,
        carrier_code, carrier_name, shipping_method, tracking_number, ship_date, released_at,
        released_by, shipped_at, null::timestamptz as delivered_at, null::text as delivered_source,
        '' as detail, 4::int8 as version, 1::int8 as units, 'shipped' as order_state,
        false as order_held, ordered_at, ship_by_to, ship_country, seller_sku as first_seller_sku,
        title as first_title
    from fulfil.decoy
    where tenant_id = $1 and ($2::uuid[] is null or shop_id = any($2))
        and (released_at, id) < ($3, $4)
    order by released_at desc, id desc
    limit $5
)sql"};

const pg::Statement<ListRow(TenantId, Scope, ShipmentId)> select_one{"fulfil.decoy", R"sql(
    select id, order_id, shop_id, channel_order_id, 1::int8 as reference, 'shipped' as state,
        carrier_code, carrier_name, shipping_method, tracking_number, ship_date, released_at,
        released_by, shipped_at, null::timestamptz as delivered_at, null::text as delivered_source,
        '' as detail, 4::int8 as version, 1::int8 as units, 'shipped' as order_state,
        false as order_held, ordered_at, ship_by_to, ship_country, seller_sku as first_seller_sku,
        title as first_title
    from fulfil.decoy
    where tenant_id = $1 and ($2::uuid[] is null or shop_id = any($2)) and id = $3
)sql"};
}  // namespace

Awaitable<std::vector<DecoyRow>> decoy_models(pg::Transaction& tx, Instant since,
                                              std::int64_t limit) {
    return tx.rows(select_models, tx.tenant(), since, limit);
}
Awaitable<StandingRow> decoys_standing(pg::Transaction& tx) {
    return tx.one(select_standing, tx.tenant());
}
void write_decoy(pg::Transaction& tx, const DecoyRow& d) {
    tx.defer(insert_decoy, tx.tenant(), d.id, d.order_id, d.shop_id, d.channel_order_id,
             d.carrier_code, d.carrier_name, d.shipping_method, d.tracking_number, d.ship_date,
             d.released_at, d.released_by, d.shipped_at, d.ordered_at, d.ship_by_to, d.ship_country,
             d.seller_sku, d.title);
}
void delete_decoy(pg::Transaction& tx, OrderId order) {
    tx.defer(delete_of_order, tx.tenant(), order);
}
Awaitable<std::vector<ListRow>> decoys_behind(pg::Transaction& tx, const Scope& scope,
                                              const std::optional<Position>& after,
                                              std::int64_t limit) {
    const Position at = after.value_or(highest);
    return tx.rows(select_between, tx.tenant(), scope, at.at, at.id, limit);
}
Awaitable<std::optional<ListRow>> decoy_row(pg::Transaction& tx, const Scope& scope,
                                            ShipmentId id) {
    return tx.maybe(select_one, tx.tenant(), scope, id);
}

}  // namespace entrepot::fulfil
