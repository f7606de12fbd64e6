// SQL of single shipments and of their moves.
#include "modules/fulfil/store.hpp"

#include "platform/pg/rows_statement.hpp"

namespace entrepot::fulfil {
namespace {
using Orders = std::vector<OrderId>;
using Ids = std::vector<ShipmentId>;

const pg::Statement<ShipmentRow(TenantId, Scope, ShipmentId)> select_shipment{"fulfil.shipment",
                                                                              R"sql(
    select id, order_id, shop_id, channel_order_id, reference, state, carrier_code, carrier_name,
        shipping_method, tracking_number, ship_date, counts, released_at, released_by, sent_at,
        shipped_at, delivered_at, delivered_source, detail, version
    from fulfil.shipment
    where tenant_id = $1 and ($2::uuid[] is null or shop_id = any($2)) and id = $3
)sql"};

const pg::Statement<ShipmentRow(TenantId, ShipmentId)> select_for_update{"fulfil.lock_shipment",
                                                                         R"sql(
    select id, order_id, shop_id, channel_order_id, reference, state, carrier_code, carrier_name,
        shipping_method, tracking_number, ship_date, counts, released_at, released_by, sent_at,
        shipped_at, delivered_at, delivered_source, detail, version
    from fulfil.shipment
    where tenant_id = $1 and id = $2
    for update
)sql"};

const pg::Statement<ShipmentRow(TenantId, Orders)> select_followers{"fulfil.lock_followers", R"sql(
    select id, order_id, shop_id, channel_order_id, reference, state, carrier_code, carrier_name,
        shipping_method, tracking_number, ship_date, counts, released_at, released_by, sent_at,
        shipped_at, delivered_at, delivered_source, detail, version
    from fulfil.shipment
    where tenant_id = $1 and order_id = any($2)
        and (counts or state in ('released', 'failed', 'shipped'))
    order by id
    for update
)sql"};

const pg::Statement<ShipmentFacts(TenantId, Ids)> select_facts{"fulfil.facts", R"sql(
    select id, order_id, shop_id, state, released_at, shipped_at, delivered_at
    from fulfil.shipment where tenant_id = $1 and id = any($2)
    order by id
)sql"};

const pg::Statement<LineRow(TenantId, Ids)> select_lines{"fulfil.lines", R"sql(
    select shipment_id, line_no, quantity from fulfil.shipment_line
    where tenant_id = $1 and shipment_id = any($2)
    order by shipment_id, line_no
)sql"};

const pg::Statement<CountedRow(TenantId, Orders)> select_counted{"fulfil.counted", R"sql(
    select s.order_id, l.line_no, sum(l.quantity)::int8 as quantity
    from fulfil.shipment as s
    join fulfil.shipment_line as l on l.tenant_id = $1 and l.shipment_id = s.id
    where s.tenant_id = $1 and s.order_id = any($2) and s.counts
    group by s.order_id, l.line_no
)sql"};

const pg::Statement<HighestRow(TenantId, Orders)> select_highest{"fulfil.highest", R"sql(
    select order_id, max(reference) as reference from fulfil.shipment
    where tenant_id = $1 and order_id = any($2)
    group by order_id
)sql"};

const pg::Statement<LatestRow(TenantId, Orders)> select_latest{"fulfil.latest_shipments", R"sql(
    select distinct on (order_id) id, order_id, shop_id, state from fulfil.shipment
    where tenant_id = $1 and order_id = any($2)
    order by order_id, reference desc
)sql"};

const pg::RowsStatement<void(TenantId, Instant, std::string), ShipmentId, OrderId, ShopId,
                        std::string, std::int64_t>
    insert_shipments{"fulfil.insert_shipment", R"sql(
    insert into fulfil.shipment (tenant_id, id, order_id, shop_id, channel_order_id, reference,
        state, released_at, released_by, updated_at)
    select $1, n.id, n.order_id, n.shop_id, n.number, n.reference, 'released', $2, $3, $2
    from [[rows]] as n(id, order_id, shop_id, number, reference)
    on conflict on constraint shipment_pkey do nothing
)sql"};

const pg::RowsStatement<void(TenantId), ShipmentId, std::int64_t, std::int64_t> insert_lines{
    "fulfil.insert_line", R"sql(
    insert into fulfil.shipment_line (tenant_id, shipment_id, line_no, quantity)
    select $1, n.shipment_id, n.line_no, n.quantity
    from [[rows]] as n(shipment_id, line_no, quantity)
    on conflict on constraint shipment_line_pkey do nothing
)sql"};

const pg::Statement<void(TenantId, ShipmentId, std::string, std::string, std::string, std::string,
                         Instant, Instant)>
    update_dispatch{"fulfil.enter_dispatch", R"sql(
    update fulfil.shipment
    set carrier_code = $3, carrier_name = $4, shipping_method = $5, tracking_number = $6,
        ship_date = $7, updated_at = $8, version = version + 1
    where tenant_id = $1 and id = $2
)sql"};

const pg::Statement<void(TenantId, ShipmentId, ShipmentState, bool, std::string,
                         std::optional<Instant>, std::optional<Instant>,
                         std::optional<DeliveredSource>, Instant)>
    update_state{"fulfil.move", R"sql(
    update fulfil.shipment
    set state = $3, counts = $4, detail = $5, shipped_at = coalesce(shipped_at, $6),
        delivered_at = $7, delivered_source = $8, updated_at = $9, version = version + 1,
        next_look_at = case when $3 = 'shipped' then $9 end, looks = 0
    where tenant_id = $1 and id = $2
)sql"};

const pg::Statement<void(TenantId, ShipmentId, std::int64_t, Instant)> update_asked{
    "fulfil.ask_confirmation", R"sql(
    update fulfil.shipment
    set state = 'confirming', next_look_at = null, reference = $3, asked_at = $4, sent_at = null, detail = '',
        updated_at = $4, version = version + 1
    where tenant_id = $1 and id = $2
)sql"};

const pg::Statement<void(TenantId, ShipmentId, std::optional<Instant>, std::string, Instant)>
    update_waiting{"fulfil.wait", R"sql(
    update fulfil.shipment set sent_at = $3, detail = $4, updated_at = $5
    where tenant_id = $1 and id = $2
)sql"};

const pg::Statement<void(TenantId, ShipmentId, bool)> update_counts{
    "fulfil.count", "update fulfil.shipment set counts = $3 where tenant_id = $1 and id = $2"};
}  // namespace

Awaitable<std::optional<ShipmentRow>> shipment_row(pg::Transaction& tx, const Scope& scope,
                                                   ShipmentId id) {
    return tx.maybe(select_shipment, tx.tenant(), scope, id);
}
Awaitable<std::optional<ShipmentRow>> lock_shipment(pg::Transaction& tx, ShipmentId id) {
    return tx.maybe(select_for_update, tx.tenant(), id);
}
Awaitable<std::vector<ShipmentRow>> lock_followers(pg::Transaction& tx,
                                                   const std::vector<OrderId>& orders) {
    return tx.rows(select_followers, tx.tenant(), orders);
}
Awaitable<std::vector<ShipmentFacts>> facts_rows(pg::Transaction& tx,
                                                 const std::vector<ShipmentId>& ids) {
    return tx.rows(select_facts, tx.tenant(), ids);
}
Awaitable<std::vector<LineRow>> line_rows(pg::Transaction& tx, const std::vector<ShipmentId>& ids) {
    return tx.rows(select_lines, tx.tenant(), ids);
}
Awaitable<std::vector<CountedRow>> counted_rows(pg::Transaction& tx,
                                                const std::vector<OrderId>& ids) {
    return tx.rows(select_counted, tx.tenant(), ids);
}
Awaitable<std::vector<LatestRow>> latest_shipments(pg::Transaction& tx,
                                                   const std::vector<OrderId>& ids) {
    return tx.rows(select_latest, tx.tenant(), ids);
}
Awaitable<std::vector<HighestRow>> highest_references(pg::Transaction& tx,
                                                      const std::vector<OrderId>& ids) {
    return tx.rows(select_highest, tx.tenant(), ids);
}

void write_new(pg::Transaction& tx, Instant at, const std::string& by,
               const std::vector<NewShipment>& shipments) {
    if (shipments.empty()) return;
    std::vector<ShipmentId> ids, of_line;
    std::vector<OrderId> order_ids;
    std::vector<ShopId> shop_ids;
    std::vector<std::string> numbers;
    std::vector<std::int64_t> references, line_nos, quantities;
    for (const NewShipment& one : shipments) {
        ids.push_back(one.id);
        order_ids.push_back(one.order_id);
        shop_ids.push_back(one.shop_id);
        numbers.push_back(one.channel_order_id);
        references.push_back(one.reference);
        for (const LineQuantity& line : one.lines) {
            of_line.push_back(one.id);
            line_nos.push_back(line.line_no);
            quantities.push_back(line.quantity);
        }
    }
    insert_shipments.defer(tx, tx.tenant(), at, by, ids, order_ids, shop_ids, numbers, references);
    insert_lines.defer(tx, tx.tenant(), of_line, line_nos, quantities);
}

void write_dispatch(pg::Transaction& tx, ShipmentId id, const Dispatch& d, Instant at) {
    tx.defer(update_dispatch, tx.tenant(), id, d.carrier_code, d.carrier_name, d.shipping_method,
             d.tracking_number, d.ship_date, at);
}
void write_state(pg::Transaction& tx, const StateToWrite& s, Instant at) {
    tx.defer(update_state, tx.tenant(), s.id, s.state, s.counts, s.detail, s.shipped_at,
             s.delivered_at, s.source, at);
}
void write_asked(pg::Transaction& tx, ShipmentId id, std::int64_t reference, Instant at) {
    tx.defer(update_asked, tx.tenant(), id, reference, at);
}
void write_waiting(pg::Transaction& tx, ShipmentId id, std::optional<Instant> sent_at,
                   const std::string& detail, Instant at) {
    tx.defer(update_waiting, tx.tenant(), id, sent_at, detail, at);
}
void write_counts(pg::Transaction& tx, ShipmentId id, bool counts) {
    tx.defer(update_counts, tx.tenant(), id, counts);
}

}  // namespace entrepot::fulfil
