// SQL of one order and of people's acts.
#include "modules/orders/store.hpp"

namespace entrepot::orders {
namespace {
using Ids = std::vector<OrderId>;

const pg::Statement<OrderRow(TenantId, Scope, OrderId)> select_order{"orders.order", R"sql(
    select id, shop_id, channel_order_id, kind, ordered_at, channel_updated_at, updated_at, state,
        channel_state,
        fulfilled_by, marketplace_id, ship_country, currency, item_minor, shipping_minor,
            gift_wrap_minor, tax_minor,
        discount_minor, other_minor, grand_total_minor, line_count, unit_count, programs,
            ship_by_from, ship_by_to,
        deliver_by_from, deliver_by_to, held, hold_reason, hold_by, hold_at, exception_count, tags,
            pii_state,
        source_channel, source_operation, source_request_id, source_received_at, source_import_id,
            version
    from orders.sales_order
    where tenant_id = $1 and ($2::uuid[] is null or shop_id = any($2)) and id = $3
)sql"};

const pg::Statement<OrderRow(TenantId, Scope, Ids)> select_orders{"orders.by_ids", R"sql(
    select id, shop_id, channel_order_id, kind, ordered_at, channel_updated_at, updated_at, state,
        channel_state,
        fulfilled_by, marketplace_id, ship_country, currency, item_minor, shipping_minor,
            gift_wrap_minor, tax_minor,
        discount_minor, other_minor, grand_total_minor, line_count, unit_count, programs,
            ship_by_from, ship_by_to,
        deliver_by_from, deliver_by_to, held, hold_reason, hold_by, hold_at, exception_count, tags,
            pii_state,
        source_channel, source_operation, source_request_id, source_received_at, source_import_id,
            version
    from orders.sales_order
    where tenant_id = $1 and ($2::uuid[] is null or shop_id = any($2)) and id = any($3)
    order by shop_id, channel_order_id
)sql"};

const pg::Statement<void(TenantId, OrderId, std::string)> update_pii_state{"orders.write_pii_state",
                                                                           R"sql(
    update orders.sales_order set pii_state = $3
    where tenant_id = $1 and id = $2 and pii_state <> 'erased'
        and ($3 <> 'not_granted' or pii_state = 'not_fetched')
        and ($3 <> 'not_fetched' or pii_state = 'restricted')
)sql"};

const pg::Statement<LineRow(TenantId, Ids)> select_lines{"orders.lines", R"sql(
    select order_id, ordered_at, line_no, channel_line_id, seller_sku, sku_id, title, kind,
        quantity_ordered, quantity_shipped,
        quantity_cancelled, unit_price, item_minor, shipping_minor, gift_wrap_minor, tax_minor,
            discount_minor, other_minor
    from orders.order_line
    where tenant_id = $1 and order_id = any($2)
    order by order_id, line_no
)sql"};

const pg::Statement<PackageRow(TenantId, OrderId)> select_packages{"orders.packages", R"sql(
    select reference, carrier, tracking_number, status, shipped_at, delivered_at
    from orders.package where tenant_id = $1 and order_id = $2
    order by reference
)sql"};

const pg::Statement<ParcelRow(TenantId, Ids)> select_parcels{"orders.parcels", R"sql(
    select order_id, reference, tracking_number, delivered_at
    from orders.package where tenant_id = $1 and order_id = any($2)
    order by order_id, reference
)sql"};

const pg::Statement<HistoryRow(TenantId, OrderId)> select_history{"orders.history", R"sql(
    select at, kind, from_value as "from", to_value as "to", actor_name, detail
    from orders.history where tenant_id = $1 and order_id = $2
    order by id desc
    limit 500
)sql"};

const pg::Statement<NoteRow(TenantId, OrderId)> select_notes{"orders.notes", R"sql(
    select id, text, by_name, at from orders.note where tenant_id = $1 and order_id = $2 order by id
        desc
)sql"};

const pg::Statement<OrderExceptionRow(TenantId, OrderId)> select_exceptions{
    "orders.exceptions_of_order", R"sql(
    select id, kind, subject, detail, first_seen_at as at, state, closed_by, close_reason
    from orders.exception where tenant_id = $1 and order_id = $2
    order by state, kind, subject
)sql"};

const pg::Statement<LockedOrder(TenantId, Scope, Ids)> select_for_update{"orders.lock_by_id", R"sql(
    select id, shop_id, state, fulfilled_by, held, tags, exception_count, version
    from orders.sales_order
    where tenant_id = $1 and ($2::uuid[] is null or shop_id = any($2)) and id = any($3)
    order by shop_id, channel_order_id
    for update
)sql"};

const pg::Statement<void(TenantId, Ids, std::string, std::string, Instant)> update_hold{
    "orders.hold", R"sql(
    update orders.sales_order
    set held = true, hold_reason = $3, hold_by = $4, hold_at = $5, updated_at = $5, version =
        version + 1,
        import_only = false
    where tenant_id = $1 and id = any($2)
)sql"};

const pg::Statement<void(TenantId, Ids, Instant)> update_release{"orders.release", R"sql(
    update orders.sales_order
    set held = false, hold_reason = null, hold_by = null, hold_at = null, updated_at = $3, version =
        version + 1,
        import_only = false
    where tenant_id = $1 and id = any($2)
)sql"};

const pg::Statement<void(TenantId, Ids, std::string, Instant)> update_add_tag{"orders.add_tag",
                                                                              R"sql(
    update orders.sales_order
    set tags = array_append(tags, $3), updated_at = $4, version = version + 1, import_only = false
    where tenant_id = $1 and id = any($2) and not ($3 = any(tags))
)sql"};

const pg::Statement<void(TenantId, Ids, std::string, Instant)> update_remove_tag{
    "orders.remove_tag", R"sql(
    update orders.sales_order
    set tags = array_remove(tags, $3), updated_at = $4, version = version + 1, import_only = false
    where tenant_id = $1 and id = any($2) and $3 = any(tags)
)sql"};

const pg::Statement<void(TenantId, OrderId, NoteId, Instant, std::string, std::string)> insert_note{
    "orders.insert_note", R"sql(
    insert into orders.note (tenant_id, order_id, id, at, by_name, text) values ($1, $2, $3, $4, $5,
        $6)
)sql"};

const pg::Statement<void(TenantId, OrderId, Instant)> touch{"orders.touch", R"sql(
    update orders.sales_order set updated_at = $3, version = version + 1, import_only = false
    where tenant_id = $1 and id = $2
)sql"};
}  // namespace

Awaitable<std::optional<OrderRow>> order_row(pg::Transaction& tx, const Scope& scope, OrderId id) {
    return tx.maybe(select_order, tx.tenant(), scope, id);
}
Awaitable<std::vector<OrderRow>> order_rows(pg::Transaction& tx, const Scope& scope,
                                            const std::vector<OrderId>& ids) {
    return tx.rows(select_orders, tx.tenant(), scope, ids);
}
Awaitable<std::vector<ParcelRow>> parcel_rows(pg::Transaction& tx,
                                              const std::vector<OrderId>& ids) {
    return tx.rows(select_parcels, tx.tenant(), ids);
}
Awaitable<std::vector<LineRow>> line_rows(pg::Transaction& tx, const std::vector<OrderId>& ids) {
    return tx.rows(select_lines, tx.tenant(), ids);
}
Awaitable<std::vector<PackageRow>> package_rows(pg::Transaction& tx, OrderId id) {
    return tx.rows(select_packages, tx.tenant(), id);
}
Awaitable<std::vector<HistoryRow>> history_rows(pg::Transaction& tx, OrderId id) {
    return tx.rows(select_history, tx.tenant(), id);
}
Awaitable<std::vector<NoteRow>> note_rows(pg::Transaction& tx, OrderId id) {
    return tx.rows(select_notes, tx.tenant(), id);
}
Awaitable<std::vector<OrderExceptionRow>> exception_rows(pg::Transaction& tx, OrderId id) {
    return tx.rows(select_exceptions, tx.tenant(), id);
}
Awaitable<std::vector<LockedOrder>> lock_by_id(pg::Transaction& tx, const Scope& scope,
                                               const std::vector<OrderId>& ids) {
    return tx.rows(select_for_update, tx.tenant(), scope, ids);
}
void write_hold(pg::Transaction& tx, const std::vector<OrderId>& ids, const Hold& hold) {
    tx.defer(update_hold, tx.tenant(), ids, hold.reason, hold.by, hold.at);
}
void write_release(pg::Transaction& tx, const std::vector<OrderId>& ids, Instant at) {
    tx.defer(update_release, tx.tenant(), ids, at);
}
void write_added_tag(pg::Transaction& tx, const std::vector<OrderId>& ids, const std::string& tag,
                     Instant at) {
    tx.defer(update_add_tag, tx.tenant(), ids, tag, at);
}
void write_removed_tag(pg::Transaction& tx, const std::vector<OrderId>& ids, const std::string& tag,
                       Instant at) {
    tx.defer(update_remove_tag, tx.tenant(), ids, tag, at);
}
void write_note(pg::Transaction& tx, OrderId order, const NoteRow& note) {
    tx.defer(insert_note, tx.tenant(), order, note.id, note.at, note.by_name, note.text);
}
void touch_order(pg::Transaction& tx, OrderId id, Instant at) {
    tx.defer(touch, tx.tenant(), id, at);
}

Awaitable<void> write_pii_state(pg::Transaction& tx, OrderId id, const std::string& state) {
    co_await tx.exec(update_pii_state, tx.tenant(), id, state);
}

}  // namespace entrepot::orders
