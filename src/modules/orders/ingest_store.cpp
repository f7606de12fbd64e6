// SQL of the ingest. Every insert names what happens on a conflict; rows come as arrays.
#include "modules/orders/ingest_store.hpp"

#include "base/text.hpp"
#include "platform/pg/rows_statement.hpp"

namespace entrepot::orders {
namespace {
using Texts = std::vector<std::string_view>;
using OptionalTexts = std::vector<std::optional<std::string_view>>;
using Numbers = std::vector<std::int64_t>;
using Instants = std::vector<Instant>;
using OptionalInstants = std::vector<std::optional<Instant>>;
using Ids = std::vector<OrderId>;

/// Joins list members inside one array element; no program name holds it.
constexpr char separator = '\x1f';

// These three look each key up by itself: a plan made while the tables were small would take
// `= any` for a filter, and keep reading all orders of the shop, a thousand comparisons each.
const pg::Statement<StoredOrder(TenantId, ShopId, Texts)> select_for_update{
    "orders.ingest_lock_orders", R"sql(
    select o.id, o.channel_order_id, o.ordered_at, o.channel_updated_at, o.state, o.channel_state,
        o.fulfilled_by, o.ship_country, o.currency, o.grand_total_minor, o.line_count,
        o.unit_count, o.exception_count, o.content_hash, o.version
    from (select k.number from unnest($3) as k(number) order by k.number offset 0) as wanted
    cross join lateral (
        select id, channel_order_id, ordered_at, channel_updated_at, state, channel_state,
            fulfilled_by, ship_country, currency, grand_total_minor, line_count, unit_count,
            exception_count, content_hash, version
        from orders.sales_order
        where tenant_id = $1 and shop_id = $2 and channel_order_id = wanted.number
        offset 0
        for update
    ) as o
)sql"};

const pg::Statement<StoredLine(TenantId, Ids)> select_lines{"orders.ingest_lines", R"sql(
    select l.order_id, l.line_no, l.channel_line_id
    from unnest($2) as wanted(id)
    cross join lateral (
        select order_id, line_no, channel_line_id from orders.order_line
        where tenant_id = $1 and order_id = wanted.id
        offset 0
    ) as l
    order by l.order_id, l.line_no
)sql"};

const pg::Statement<StoredException(TenantId, Ids)> select_exceptions{"orders.ingest_exceptions",
                                                                      R"sql(
    select e.order_id, e.kind, e.subject, e.state
    from unnest($2) as wanted(id)
    cross join lateral (
        select order_id, kind, subject, state from orders.exception
        where tenant_id = $1 and order_id = wanted.id
        offset 0
    ) as e
    order by e.order_id, e.kind, e.subject
)sql"};

using Text = std::string_view;
using OptionalText = std::optional<Text>;
using OptionalInstant = std::optional<Instant>;

/// The whole of a statement that inserts rows: what goes in, and what happens then.
std::string inserting(std::string_view rows, std::string_view then) {
    return "insert into " + std::string(rows) + std::string(then);
}

constexpr std::string_view order_rows =
    R"sql(orders.sales_order as o (tenant_id, id, shop_id, channel_order_id, kind, ordered_at,
        channel_updated_at, updated_at, state, channel_state, fulfilled_by, marketplace_id,
            ship_country, currency,
        item_minor, shipping_minor, gift_wrap_minor, tax_minor, discount_minor, other_minor,
            grand_total_minor,
        line_count, unit_count, first_seller_sku, first_title, first_quantity, programs,
            ship_by_from, ship_by_to,
        deliver_by_from, deliver_by_to, exception_count, source_channel, source_operation,
            source_request_id, source_received_at,
        source_import_id, import_only, content_hash, version)
    select $1, n.id, $2, n.channel_order_id, n.kind, n.ordered_at,
        n.channel_updated_at, $3, n.state, n.channel_state, n.fulfilled_by, n.marketplace_id,
            n.ship_country, n.currency,
        n.item, n.shipping, n.gift_wrap, n.tax, n.discount, n.other, n.grand_total,
        n.line_count, n.unit_count, n.first_seller_sku, n.first_title, n.first_quantity,
            string_to_array(n.programs, e'\x1f'),
        n.ship_by_from, n.ship_by_to, n.deliver_by_from,
        n.deliver_by_to, n.exception_count, $4, $5, $6, $7,
        $8, $8 is not null, n.content_hash, n.version
    from [[rows]]
        as n(id, channel_order_id, kind, ordered_at, channel_updated_at, state, channel_state,
            fulfilled_by,
            marketplace_id, ship_country, currency, item, shipping, gift_wrap, tax, discount, other,
                grand_total,
            line_count, unit_count, first_seller_sku, first_title, first_quantity, programs,
                ship_by_from, ship_by_to,
            deliver_by_from, deliver_by_to, exception_count, content_hash, version)
)sql";

using OrderRows =
    pg::RowsStatement<OrderId(TenantId, ShopId, Instant, std::string, std::string, std::string,
                              Instant, std::optional<ImportId>),
                      OrderId, Text, OrderKind, Instant, Instant, OrderState, Text, FulfilledBy,
                      Text, OptionalText, OptionalText, std::int64_t, std::int64_t, std::int64_t,
                      std::int64_t, std::int64_t, std::int64_t, std::optional<std::int64_t>,
                      std::int64_t, std::int64_t, Text, Text, std::int64_t, std::string,
                      OptionalInstant, OptionalInstant, OptionalInstant, OptionalInstant,
                      std::int64_t, pg::Bytes, std::int64_t>;
const OrderRows upsert_orders{"orders.ingest_upsert_orders", inserting(order_rows, R"sql(
    on conflict (tenant_id, shop_id, channel_order_id) do update set
        kind = excluded.kind, ordered_at = excluded.ordered_at, channel_updated_at =
            excluded.channel_updated_at,
        updated_at = excluded.updated_at, state = excluded.state, channel_state =
            excluded.channel_state,
        fulfilled_by = excluded.fulfilled_by, marketplace_id = excluded.marketplace_id,
        ship_country = excluded.ship_country, currency = excluded.currency, item_minor =
            excluded.item_minor,
        shipping_minor = excluded.shipping_minor, gift_wrap_minor = excluded.gift_wrap_minor,
        tax_minor = excluded.tax_minor, discount_minor = excluded.discount_minor, other_minor =
            excluded.other_minor,
        grand_total_minor = excluded.grand_total_minor, line_count = excluded.line_count,
        unit_count = excluded.unit_count, first_seller_sku = excluded.first_seller_sku,
        first_title = excluded.first_title, first_quantity = excluded.first_quantity, programs =
            excluded.programs, ship_by_from = excluded.ship_by_from,
        ship_by_to = excluded.ship_by_to, deliver_by_from = excluded.deliver_by_from,
        deliver_by_to = excluded.deliver_by_to, exception_count = excluded.exception_count,
        source_channel = excluded.source_channel, source_operation = excluded.source_operation,
        source_request_id = excluded.source_request_id, source_received_at =
            excluded.source_received_at,
        import_only = o.import_only and o.source_import_id is not distinct from
            excluded.source_import_id,
        content_hash = excluded.content_hash, version = excluded.version
    where o.version = excluded.version - 1
    returning id
)sql")};
/// Of an order that nobody knows yet: half the work of an upsert.
const OrderRows insert_orders{"orders.ingest_insert_orders",
                              inserting(order_rows, " returning id")};

constexpr std::string_view line_rows =
    R"sql(orders.order_line as l (tenant_id, order_id, ordered_at, line_no, channel_line_id,
        seller_sku, sku_id,
        title, kind, quantity_ordered, quantity_shipped, quantity_cancelled, unit_price, item_minor,
            shipping_minor,
        gift_wrap_minor, tax_minor, discount_minor, other_minor)
    select $1, n.order_id, n.ordered_at, n.line_no, n.channel_line_id, n.seller_sku, n.sku_id,
        n.title, n.kind, n.ordered, n.shipped, n.cancelled, n.unit_price, n.item, n.shipping,
        n.gift_wrap, n.tax, n.discount, n.other
    from [[rows]] as n(order_id, ordered_at, line_no, channel_line_id, seller_sku, sku_id, title, kind,
            ordered, shipped,
            cancelled, unit_price, item, shipping, gift_wrap, tax, discount, other)
)sql";

using LineRows = pg::RowsStatement<void(TenantId), OrderId, Instant, std::int64_t, Text, Text,
                                   std::optional<SkuId>, Text, LineKind, std::int64_t, std::int64_t,
                                   std::int64_t, std::optional<Decimal>, std::int64_t, std::int64_t,
                                   std::int64_t, std::int64_t, std::int64_t, std::int64_t>;
const LineRows upsert_lines{"orders.ingest_upsert_lines", inserting(line_rows, R"sql(
    on conflict (tenant_id, order_id, line_no) do update set
        ordered_at = excluded.ordered_at, channel_line_id = excluded.channel_line_id,
        seller_sku = excluded.seller_sku, sku_id = excluded.sku_id, title = excluded.title, kind =
            excluded.kind,
        quantity_ordered = excluded.quantity_ordered, quantity_shipped = excluded.quantity_shipped,
        quantity_cancelled = excluded.quantity_cancelled, unit_price = excluded.unit_price,
        item_minor = excluded.item_minor, shipping_minor = excluded.shipping_minor,
        gift_wrap_minor = excluded.gift_wrap_minor, tax_minor = excluded.tax_minor,
        discount_minor = excluded.discount_minor, other_minor = excluded.other_minor
    where (l.ordered_at, l.channel_line_id, l.seller_sku, l.sku_id, l.title, l.kind,
        l.quantity_ordered,
            l.quantity_shipped, l.quantity_cancelled, l.unit_price, l.item_minor, l.shipping_minor,
            l.gift_wrap_minor, l.tax_minor, l.discount_minor, l.other_minor)
        is distinct from (excluded.ordered_at, excluded.channel_line_id, excluded.seller_sku,
            excluded.sku_id,
            excluded.title, excluded.kind, excluded.quantity_ordered, excluded.quantity_shipped,
            excluded.quantity_cancelled, excluded.unit_price, excluded.item_minor,
                excluded.shipping_minor,
            excluded.gift_wrap_minor, excluded.tax_minor, excluded.discount_minor,
                excluded.other_minor)
)sql")};
const LineRows insert_lines{"orders.ingest_insert_lines",
                            inserting(line_rows, " returning line_no")};

const pg::Statement<void(TenantId, Ids, Numbers)> delete_lines{"orders.ingest_delete_lines", R"sql(
    delete from orders.order_line as l
    using unnest($2, $3) as gone(order_id, line_no)
    where l.tenant_id = $1 and l.order_id = gone.order_id and l.line_no = gone.line_no
)sql"};

const pg::Statement<void(TenantId, Ids, Ids, Texts)> delete_packages{
    "orders.ingest_delete_packages", R"sql(
    delete from orders.package as p
    where p.tenant_id = $1 and p.order_id = any($2)
        and not exists (select 1 from unnest($3, $4) as kept(order_id, reference)
            where kept.order_id = p.order_id and kept.reference = p.reference)
)sql"};

const pg::Statement<void(TenantId, Ids, Texts, Texts, Texts, Texts, OptionalInstants,
                         OptionalInstants)>
    upsert_packages{"orders.ingest_upsert_packages", R"sql(
    insert into orders.package (tenant_id, order_id, reference, carrier, tracking_number, status,
        shipped_at, delivered_at)
    select $1, n.order_id, n.reference, n.carrier, n.tracking_number, n.status, n.shipped_at,
        n.delivered_at
    from unnest($2, $3, $4, $5, $6, $7, $8)
        as n(order_id, reference, carrier, tracking_number, status, shipped_at, delivered_at)
    on conflict (tenant_id, order_id, reference) do update set
        carrier = excluded.carrier, tracking_number = excluded.tracking_number, status =
            excluded.status,
        shipped_at = excluded.shipped_at, delivered_at = excluded.delivered_at
)sql"};

const pg::RowsStatement<void(TenantId, Instant), OrderId, Uuid, Text, Text, Text, Text, Text>
    insert_history{"orders.insert_history", R"sql(
    insert into orders.history (tenant_id, order_id, id, at, kind, from_value, to_value, actor_name,
        detail)
    select $1, n.order_id, n.id, $2, n.kind, n.from_value, n.to_value, n.actor_name, n.detail
    from [[rows]] as n(order_id, id, kind, from_value, to_value,
        actor_name, detail)
    on conflict (tenant_id, order_id, id) do nothing
)sql"};

const pg::RowsStatement<void(TenantId, Instant), Uuid, OrderId, ShopId, ExceptionKind, Text, Text>
    upsert_exceptions{"orders.open_exceptions", R"sql(
    insert into orders.exception as e (tenant_id, id, order_id, shop_id, kind, subject, detail,
        first_seen_at)
    select $1, n.id, n.order_id, n.shop_id, n.kind, n.subject, n.detail, $2
    from [[rows]] as n(id, order_id, shop_id, kind, subject, detail)
    on conflict (tenant_id, order_id, kind, subject) do update set
        state = 'open', first_seen_at = excluded.first_seen_at, detail = excluded.detail,
        closed_at = null, closed_by = null, close_reason = null
    where e.state = 'resolved'
)sql"};

const pg::Statement<void(TenantId, Instant, Ids, std::vector<ExceptionKind>, Texts)>
    update_resolved{"orders.resolve_exceptions", R"sql(
    update orders.exception as e set state = 'resolved', closed_at = $2, closed_by = 'system'
    from unnest($3, $4, $5) as gone(order_id, kind, subject)
    where e.tenant_id = $1 and e.order_id = gone.order_id and e.kind = gone.kind and e.subject =
        gone.subject
        and e.state = 'open'
)sql"};

const pg::Statement<void(TenantId, Ids, Instants)> update_channel_times{
    "orders.ingest_channel_times", R"sql(
    update orders.sales_order as o set channel_updated_at = n.at
    from unnest($2, $3) as n(id, at)
    where o.tenant_id = $1 and o.id = n.id
)sql"};

const pg::Statement<OrderId(TenantId, ImportId)> delete_import{"orders.remove_import", R"sql(
    delete from orders.sales_order where tenant_id = $1 and source_import_id = $2 and import_only
        returning id
)sql"};

const pg::Statement<void()> keep_plans{"orders.ingest_keep_plans",
                                       "set local plan_cache_mode = force_generic_plan"};

std::optional<std::string_view> view(const std::optional<std::string>& text) {
    return text ? std::optional<std::string_view>(*text) : std::nullopt;
}
}  // namespace

void plan_for_one(pg::Transaction& tx) {
    tx.defer(keep_plans);
}

Awaitable<std::vector<StoredOrder>> lock_orders(pg::Transaction& tx, ShopId shop,
                                                const std::vector<std::string_view>& numbers) {
    return tx.rows(select_for_update, tx.tenant(), shop, numbers);
}
Awaitable<std::vector<StoredLine>> lines_of(pg::Transaction& tx, const std::vector<OrderId>& ids) {
    return tx.rows(select_lines, tx.tenant(), ids);
}
Awaitable<std::vector<StoredException>> exceptions_of(pg::Transaction& tx,
                                                      const std::vector<OrderId>& ids) {
    return tx.rows(select_exceptions, tx.tenant(), ids);
}

Awaitable<std::vector<OrderId>> write_orders(pg::Transaction& tx, const IngestSource& source,
                                             Instant now, const std::vector<OrderToWrite>& orders,
                                             Known known) {
    Ids ids;
    Texts numbers, channel_states, marketplaces, first_skus, first_titles;
    std::vector<OrderKind> kinds;
    std::vector<OrderState> states;
    std::vector<FulfilledBy> fulfilled;
    Instants ordered, updated;
    OptionalTexts countries, currencies;
    std::array<Numbers, 6> amounts;
    std::vector<std::optional<std::int64_t>> totals;
    Numbers lines, units, first_quantities, exceptions, versions;
    std::vector<std::string> programs;
    std::array<OptionalInstants, 4> windows;
    std::vector<pg::Bytes> hashes;
    for (const OrderToWrite& order : orders) {
        const IncomingOrder& in = *order.incoming;
        const IncomingLine* first = first_line_of(in);
        const Amounts& sum = order.sums.amounts;
        const std::array parts{sum.item, sum.shipping, sum.gift_wrap,
                               sum.tax,  sum.discount, sum.other};
        const std::array times{in.ship_by_from, in.ship_by_to, in.deliver_by_from,
                               in.deliver_by_to};
        ids.push_back(order.id);
        numbers.push_back(in.channel_order_id);
        kinds.push_back(in.kind);
        ordered.push_back(in.ordered_at);
        updated.push_back(in.channel_updated_at);
        states.push_back(order.state);
        channel_states.push_back(in.channel_state);
        fulfilled.push_back(in.fulfilled_by);
        marketplaces.push_back(in.marketplace_id);
        countries.push_back(view(in.ship_country));
        currencies.push_back(view(in.currency));
        for (std::size_t i = 0; i < parts.size(); ++i) amounts[i].push_back(parts[i]);
        totals.push_back(grand_total_of(in, order.sums));
        lines.push_back(order.sums.lines);
        units.push_back(order.sums.units);
        first_skus.push_back(first != nullptr ? std::string_view(first->seller_sku) : "");
        first_titles.push_back(first != nullptr ? std::string_view(first->title) : "");
        first_quantities.push_back(first != nullptr ? first->quantity_ordered : 0);
        programs.push_back(text::join(in.programs, std::string_view(&separator, 1)));
        for (std::size_t i = 0; i < times.size(); ++i) windows[i].push_back(times[i]);
        exceptions.push_back(order.exception_count);
        hashes.push_back({order.hash});
        versions.push_back(order.version);
    }
    const TenantId tenant = tx.tenant();
    const auto send = [&](auto call) {
        return call(tx, tenant, source.shop, now, source.channel, source.operation,
                    source.request_id, source.received_at, source.import, ids, numbers, kinds,
                    ordered, updated, states, channel_states, fulfilled, marketplaces, countries,
                    currencies, amounts[0], amounts[1], amounts[2], amounts[3], amounts[4],
                    amounts[5], totals, lines, units, first_skus, first_titles, first_quantities,
                    programs, windows[0], windows[1], windows[2], windows[3], exceptions, hashes,
                    versions);
    };
    if (known == Known::no) {
        send([](auto&... all) { insert_orders.defer(all...); });
        co_return ids;
    }
    co_return co_await send([](auto&... all) { return upsert_orders.rows(all...); });
}

void write_lines(pg::Transaction& tx, const std::vector<LineToWrite>& lines, Known known) {
    if (lines.empty()) return;
    Ids orders;
    Instants ordered;
    Numbers numbers;
    Texts channel_ids, seller_skus, titles;
    std::vector<std::optional<SkuId>> skus;
    std::vector<LineKind> kinds;
    std::array<Numbers, 3> quantities;
    std::vector<std::optional<Decimal>> prices;
    std::array<Numbers, 6> amounts;
    for (const LineToWrite& line : lines) {
        const IncomingLine& in = *line.incoming;
        const std::array parts{in.amounts.item, in.amounts.shipping, in.amounts.gift_wrap,
                               in.amounts.tax,  in.amounts.discount, in.amounts.other};
        orders.push_back(line.order_id);
        ordered.push_back(line.ordered_at);
        numbers.push_back(line.line_no);
        channel_ids.push_back(in.channel_line_id);
        seller_skus.push_back(in.seller_sku);
        skus.push_back(line.sku_id);
        titles.push_back(in.title);
        kinds.push_back(in.kind);
        quantities[0].push_back(in.quantity_ordered);
        quantities[1].push_back(in.quantity_shipped);
        quantities[2].push_back(in.quantity_cancelled);
        prices.push_back(in.unit_price);
        for (std::size_t i = 0; i < parts.size(); ++i) amounts[i].push_back(parts[i]);
    }
    const LineRows& statement = known == Known::no ? insert_lines : upsert_lines;
    statement.defer(tx, tx.tenant(), orders, ordered, numbers, channel_ids, seller_skus, skus,
                    titles, kinds, quantities[0], quantities[1], quantities[2], prices, amounts[0],
                    amounts[1], amounts[2], amounts[3], amounts[4], amounts[5]);
}

void remove_lines(pg::Transaction& tx, const std::vector<StoredLine>& lines) {
    if (lines.empty()) return;
    Ids orders;
    Numbers numbers;
    for (const StoredLine& line : lines) {
        orders.push_back(line.order_id);
        numbers.push_back(line.line_no);
    }
    tx.defer(delete_lines, tx.tenant(), orders, numbers);
}

void write_packages(pg::Transaction& tx, const std::vector<OrderId>& changed,
                    const std::vector<PackageToWrite>& packages) {
    Ids orders;
    Texts references, carriers, tracking, statuses;
    OptionalInstants shipped, delivered;
    for (const PackageToWrite& package : packages) {
        const IncomingPackage& in = *package.incoming;
        orders.push_back(package.order_id);
        references.push_back(in.reference);
        carriers.push_back(in.carrier);
        tracking.push_back(in.tracking_number);
        statuses.push_back(in.status);
        shipped.push_back(in.shipped_at);
        delivered.push_back(in.delivered_at);
    }
    if (!changed.empty()) tx.defer(delete_packages, tx.tenant(), changed, orders, references);
    if (packages.empty()) return;
    tx.defer(upsert_packages, tx.tenant(), orders, references, carriers, tracking, statuses,
             shipped, delivered);
}

void write_history(pg::Transaction& tx, Instant at, const std::vector<HistoryToWrite>& rows) {
    if (rows.empty()) return;
    Ids orders;
    std::vector<Uuid> ids;
    Texts kinds, from, to, actors, details;
    for (const HistoryToWrite& row : rows) {
        orders.push_back(row.order_id);
        ids.push_back(row.id);
        kinds.push_back(row.kind);
        from.push_back(row.from_value);
        to.push_back(row.to_value);
        actors.push_back(row.actor_name);
        details.push_back(row.detail);
    }
    insert_history.defer(tx, tx.tenant(), at, orders, ids, kinds, from, to, actors, details);
}

void open_exceptions(pg::Transaction& tx, Instant at, const std::vector<ExceptionToOpen>& rows) {
    if (rows.empty()) return;
    std::vector<Uuid> ids;
    Ids orders;
    std::vector<ShopId> shops;
    std::vector<ExceptionKind> kinds;
    Texts subjects, details;
    for (const ExceptionToOpen& row : rows) {
        ids.push_back(row.id);
        orders.push_back(row.order_id);
        shops.push_back(row.shop_id);
        kinds.push_back(row.problem.kind);
        subjects.push_back(row.problem.subject);
        details.push_back(row.problem.detail);
    }
    upsert_exceptions.defer(tx, tx.tenant(), at, ids, orders, shops, kinds, subjects, details);
}

void resolve_exceptions(pg::Transaction& tx, Instant at, const std::vector<StoredException>& rows) {
    if (rows.empty()) return;
    Ids orders;
    std::vector<ExceptionKind> kinds;
    Texts subjects;
    for (const StoredException& row : rows) {
        orders.push_back(row.order_id);
        kinds.push_back(row.kind);
        subjects.push_back(row.subject);
    }
    tx.defer(update_resolved, tx.tenant(), at, orders, kinds, subjects);
}

void note_channel_times(pg::Transaction& tx, const std::vector<OrderId>& ids,
                        const std::vector<Instant>& channel_updated_at) {
    if (!ids.empty()) tx.defer(update_channel_times, tx.tenant(), ids, channel_updated_at);
}

Awaitable<std::vector<OrderId>> remove_orders_of(pg::Transaction& tx, ImportId import) {
    return tx.rows(delete_import, tx.tenant(), import);
}

}  // namespace entrepot::orders
