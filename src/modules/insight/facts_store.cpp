// SQL that derives facts from orders.
#include "modules/insight/facts_store.hpp"

#include "modules/insight/measures.hpp"

namespace entrepot::insight::store {
namespace {
using Texts = std::vector<std::string>;
using Numbers = std::vector<std::int64_t>;

const pg::Statement<void(TenantId, std::string, Instant)> add_progress{"insight.add_progress",
                                                                       R"sql(
    insert into insight.progress (tenant_id, book_currency, derived_at) values ($1, $2, $3)
    on conflict (tenant_id) do nothing
)sql"};

const pg::Statement<Progress(TenantId)> progress_for_update{"insight.progress_for_update", R"sql(
    select book_currency, version, derived_at from insight.progress where tenant_id = $1 for update
)sql"};

const pg::Statement<void(TenantId, Instant)> change_progress{"insight.change_progress", R"sql(
    update insight.progress set version = version + 1, derived_at = $2 where tenant_id = $1
)sql"};

const pg::Statement<void(TenantId, std::string)> change_currency{"insight.change_currency", R"sql(
    update insight.progress set book_currency = $2 where tenant_id = $1
)sql"};

// A generic plan would take every array for ten elements and join thousands of lines by nested
// loops.
const pg::Statement<void()> plan_for_the_batch{"insight.plan_for_the_batch",
                                               "set local plan_cache_mode = force_custom_plan"};
const pg::Statement<void()> join_by_hash{"insight.join_by_hash",
                                         "set local enable_mergejoin = off"};
// For a few orders that is the right plan, and making one takes longer than deriving their facts.
constexpr std::size_t few_orders = 100;
const pg::Statement<void()> plan_once{"insight.plan_once",
                                      "set local plan_cache_mode = force_generic_plan"};

// $1 tenant, $2 orders, $3 book currency, $4 and $5 known currencies and their decimals.
// raw: the lines as they are · new_place, new_item, new_rate: what they refer to for the first time
// · named: the lines with those numbers · fresh: amounts by measure, valued · before: what was
// counted so far · signed: plus fresh, minus before; its sums go on top of what is stored.
// The joins of named always find one row. They are outer joins because the planner would take
// inner ones over so many columns to leave one line, and then compare every line with every rate.
// And while tables are young it takes raw itself for a line or two: it takes an
// array that it does not know for ten elements, so that a hundred times as many make hash tables
// worth while.
constexpr std::string_view derive_sql = R"sql(
    with wanted as (select distinct id from unnest($2::uuid[]) as w(id)),
    raw as materialized (
        select o.id as order_id, coalesce(l.line_no, 0) as line_no,
            (o.ordered_at at time zone s.time_zone)::date as day, o.shop_id, o.marketplace_id,
            coalesce(o.ship_country, '') as country, coalesce(o.currency, 'XXX') as currency,
            coalesce(l.sku_id, '00000000-0000-0000-0000-000000000000') as sku_id,
            case when l.sku_id is null then coalesce(l.seller_sku, '') else '' end as seller_sku,
            o.kind as order_kind, coalesce(l.kind, 'goods') as line_kind,
            case when o.state in ('pending', 'cancelled') then o.state else 'counted' end as standing,
            l.quantity_ordered - l.quantity_cancelled as quantity,
            l.item_minor, l.shipping_minor, l.tax_minor, l.discount_minor,
            l.gift_wrap_minor + l.other_minor as rest_minor,
            l.item_minor + l.shipping_minor + l.gift_wrap_minor + l.other_minor - l.discount_minor
                as net_minor
        from wanted w
        join orders.sales_order o on o.tenant_id = $1 and o.id = w.id
        join shops.shop s on s.tenant_id = $1 and s.id = o.shop_id
        left join orders.order_line l on l.tenant_id = $1 and l.order_id = o.id
        cross join unnest((select array[1])) as ten cross join unnest((select array[1])) as times_ten
    ),
    new_place as (
        insert into insight.place (tenant_id, place_no, shop_id, marketplace_id, country, currency)
        select $1, (select coalesce(max(place_no), 0) from insight.place where tenant_id = $1)
            + row_number() over (), n.shop_id, n.marketplace_id, n.country, n.currency
        from (select distinct shop_id, marketplace_id, country, currency from raw
            except select shop_id, marketplace_id, country, currency
            from insight.place where tenant_id = $1) n
        returning place_no, shop_id, marketplace_id, country, currency
    ),
    new_item as (
        insert into insight.item (tenant_id, item_no, sku_id, seller_sku)
        select $1, (select coalesce(max(item_no), 0) from insight.item where tenant_id = $1)
            + row_number() over (), n.sku_id, n.seller_sku
        from (select distinct sku_id, seller_sku from raw
            except select sku_id, seller_sku from insight.item where tenant_id = $1) n
        returning item_no, sku_id, seller_sku
    ),
    new_rate as (
        insert into insight.rate_used (tenant_id, currency, day, rate, factor, rate_day, stale)
        select $1, p.currency, p.day, r.rate,
            r.rate * power(10::numeric, of_to.decimals - of_from.decimals),
            case when r.rate is not null then r.rate_day end,
            coalesce(r.rate is not null and p.day - r.rate_day > 7, false)
        from (select distinct currency, day from raw
            except select currency, day from insight.rate_used where tenant_id = $1) p
        [[rate]]
        returning currency, day, rate, factor, rate_day, stale
    ),
    named as (
        select r.order_id, r.line_no, r.day, p.place_no, i.item_no, r.order_kind, r.line_kind,
            r.standing, row_number() over (partition by r.order_id, i.item_no order by r.line_no) = 1
                as first_of_item,
            u.rate, u.factor, u.rate_day, u.stale,
            r.standing = 'counted' as counts,
            r.order_kind <> 'adjustment' and r.line_kind <> 'adjustment' as trade,
            r.line_kind = 'goods' as goods, r.quantity, r.item_minor, r.shipping_minor,
            r.tax_minor, r.discount_minor, r.rest_minor, r.net_minor
        from raw r
        left join (select place_no, shop_id, marketplace_id, country, currency
            from insight.place where tenant_id = $1
            union all select place_no, shop_id, marketplace_id, country, currency from new_place) p
            using (shop_id, marketplace_id, country, currency)
        left join (select item_no, sku_id, seller_sku from insight.item where tenant_id = $1
            union all select item_no, sku_id, seller_sku from new_item) i using (sku_id, seller_sku)
        left join (select currency, day, rate, factor, rate_day, stale
            from insight.rate_used where tenant_id = $1
            union all select currency, day, rate, factor, rate_day, stale from new_rate) u
            using (currency, day)
    ),
    split as (
        select order_id, line_no, day, place_no, item_no, order_kind, line_kind, standing,
            first_of_item, rate, factor, rate_day, stale,
            case when counts and trade and goods then nullif(quantity, 0) end as units,
            case when counts and trade and goods and order_kind <> 'cancellation'
                then nullif(item_minor, 0) end as sales,
            case when counts and trade and goods and order_kind = 'cancellation'
                then nullif(item_minor, 0) end as credits,
            case when counts and trade then case when goods then nullif(-discount_minor, 0)
                when line_kind = 'discount' then nullif(net_minor, 0) end end as discounts,
            case when counts and trade then case when goods then nullif(shipping_minor, 0)
                when line_kind = 'postage' then nullif(net_minor, 0) end end as postage,
            case when counts and trade then nullif(tax_minor, 0) end as tax,
            case when counts and trade and line_kind = 'fee' then nullif(net_minor, 0) end as fees,
            case when counts and not trade then nullif(net_minor + tax_minor, 0) end as adjustments,
            case when counts and trade then case when goods then nullif(rest_minor, 0)
                when line_kind = 'gift_card' then nullif(net_minor, 0) end end as other
        from named
    ),
    fresh as materialized (
        select order_id, line_no, day, place_no, item_no, order_kind, line_kind, standing,
            first_of_item, rate, rate_day, stale, units, [[money: %]],
            [[money: case when % is not null and factor is not null then nullif(
                case when mod(% * factor, 1) in (0.5, -0.5) then 2 * round(% * factor / 2)
                else round(% * factor) end, 0)::bigint end as book_%]]
        from split
    ),
    before as materialized (
        select l.order_id, l.line_no, l.day, l.place_no, l.item_no, l.order_kind, l.standing,
            l.first_of_item, l.rate, l.stale, [[line: l.%]]
        from [[known orders]] w
        join insight.sale_line l on l.tenant_id = $1 and l.order_id = w.id
    ),
    put as (
        insert into insight.sale_line as t (tenant_id, order_id, line_no, day, place_no, item_no,
            order_kind, line_kind, standing, first_of_item, rate, rate_day, stale, [[line: %]])
        select $1, order_id, line_no, day, place_no, item_no,
            order_kind, line_kind, standing, first_of_item, rate, rate_day, stale, [[line: %]]
        from fresh
        [[on conflict]]
        returning 1
    ),
    only_before as materialized (
        select k.order_id, k.line_no
        from (select order_id, line_no, false as now from before
            union all select order_id, line_no, true from fresh) k
        group by 1, 2 having not bool_or(k.now)
    ),
    gone as (
        delete from insight.sale_line l using only_before b
        where l.tenant_id = $1 and l.order_id = b.order_id and l.line_no = b.line_no
        returning 1
    ),
    both_sides as (
        select 1 as sign, day, place_no, item_no, line_no, order_kind, standing, first_of_item, rate,
            stale, [[line: %]]
        from fresh
        union all
        select -1, day, place_no, item_no, line_no, order_kind, standing, first_of_item, rate,
            stale, [[line: -%]]
        from before
    ),
    signed as materialized (
        select day, place_no, item_no, line_no <= 1 as head,
            case when first_of_item and standing = 'counted' and order_kind in ('sale', 'replacement')
                then sign end as orders,
            case when first_of_item and standing = 'cancelled' then sign end as cancelled_orders,
            case when first_of_item and standing = 'pending' then sign end as pending_orders,
            case when first_of_item and standing = 'counted' and order_kind = 'cancellation'
                then sign end as credit_notes,
            case when order_kind <> 'cancellation' then units end as units,
            case when order_kind = 'cancellation' then units end as credit_units,
            case when rate is null and num_nonnulls([[money: %]]) > 0 then sign end
                as unrated_lines,
            case when stale and num_nonnulls([[money: %]]) > 0 then sign end as stale_lines,
            [[money: %]], [[book: %]]
        from both_sides
    ),
    of_day as materialized (
        select day, place_no,
            insight.total(case when head then orders end) as orders,
            insight.total(case when head then cancelled_orders end) as cancelled_orders,
            insight.total(case when head then pending_orders end) as pending_orders,
            insight.total(case when head then credit_notes end) as credit_notes,
            insight.total(units) as units, insight.total(credit_units) as credit_units,
            insight.total(unrated_lines) as unrated_lines, insight.total(stale_lines) as stale_lines,
            [[money: insight.total(%) as %]], [[book: insight.total(%) as %]]
        from signed group by day, place_no
    ),
    of_item_place_month as materialized (
        select date_trunc('month', day::timestamp)::date as month, item_no, place_no,
            [[sums: insight.total(%) as %]]
        from signed group by 1, 2, 3
    ),
    of_item_shop_month as materialized (
        select m.month, p.shop_id, m.item_no, [[flat: insight.total(m.%) as %]]
        from of_item_place_month m
        join (select place_no, shop_id from insight.place where tenant_id = $1
            union all select place_no, shop_id from new_place) p using (place_no)
        group by m.month, p.shop_id, m.item_no
    ),
    add_day as (
        insert into insight.sales_day as t (tenant_id, day, place_no, [[sums: %]])
        select $1, day, place_no, [[sums: nullif(%, 0)]] from of_day
        where num_nonnulls([[sums: nullif(%, 0)]]) > 0
        on conflict (tenant_id, day, place_no) do update set
            [[sums: % = nullif(coalesce(t.%, 0) + coalesce(excluded.%, 0), 0)]]
        returning 1
    ),
    add_shop_day as (
        insert into insight.shop_day as t (tenant_id, day, shop_id, [[flat: %]])
        select $1, day, shop_id, [[flat: nullif(%, 0)]]
        from (select d.day, p.shop_id, [[flat: insight.total(d.%) as %]]
            from of_day d
            join (select place_no, shop_id from insight.place where tenant_id = $1
                union all select place_no, shop_id from new_place) p using (place_no)
            group by d.day, p.shop_id) s
        where num_nonnulls([[flat: nullif(%, 0)]]) > 0
        on conflict (tenant_id, day, shop_id) do update set
            [[flat: % = nullif(coalesce(t.%, 0) + coalesce(excluded.%, 0), 0)]]
        returning 1
    ),
    add_month as (
        insert into insight.sales_month as t (tenant_id, month, place_no, [[sums: %]])
        select $1, month, place_no, [[sums: nullif(%, 0)]]
        from (select date_trunc('month', day::timestamp)::date as month, place_no,
                [[sums: insight.total(%) as %]]
            from of_day group by 1, 2) m
        where num_nonnulls([[sums: nullif(%, 0)]]) > 0
        on conflict (tenant_id, month, place_no) do update set
            [[sums: % = nullif(coalesce(t.%, 0) + coalesce(excluded.%, 0), 0)]]
        returning 1
    ),
    add_item_day as (
        insert into insight.item_day as t (tenant_id, day, item_no, [[flat: %]])
        select $1, day, item_no, [[flat: nullif(%, 0)]]
        from (select day, item_no, [[flat: insight.total(%) as %]]
            from signed group by day, item_no) d
        where num_nonnulls([[flat: nullif(%, 0)]]) > 0
        on conflict (tenant_id, day, item_no) do update set
            [[flat: % = nullif(coalesce(t.%, 0) + coalesce(excluded.%, 0), 0)]]
        returning 1
    ),
    add_item_month as (
        insert into insight.item_month as t (tenant_id, month, item_no, [[flat: %]])
        select $1, month, item_no, [[flat: nullif(%, 0)]]
        from (select month, item_no, [[flat: insight.total(%) as %]]
            from of_item_shop_month group by month, item_no) m
        where num_nonnulls([[flat: nullif(%, 0)]]) > 0
        on conflict (tenant_id, month, item_no) do update set
            [[flat: % = nullif(coalesce(t.%, 0) + coalesce(excluded.%, 0), 0)]]
        returning 1
    ),
    add_item_shop_month as (
        insert into insight.item_shop_month as t (tenant_id, month, shop_id, item_no, [[flat: %]])
        select $1, month, shop_id, item_no, [[flat: nullif(%, 0)]] from of_item_shop_month
        where num_nonnulls([[flat: nullif(%, 0)]]) > 0
        on conflict (tenant_id, shop_id, month, item_no) do update set
            [[flat: % = nullif(coalesce(t.%, 0) + coalesce(excluded.%, 0), 0)]]
        returning 1
    ),
    add_item_place_month as (
        insert into insight.item_place_month as t (tenant_id, month, item_no, place_no, [[sums: %]])
        select $1, month, item_no, place_no, [[sums: nullif(%, 0)]] from of_item_place_month
        where num_nonnulls([[sums: nullif(%, 0)]]) > 0
        on conflict (tenant_id, month, item_no, place_no) do update set
            [[sums: % = nullif(coalesce(t.%, 0) + coalesce(excluded.%, 0), 0)]]
        returning 1
    )
    select (select count(*) from put) as lines_written, (select count(*) from gone) as lines_removed
)sql";

constexpr std::string_view replace_known_line = R"sql(
        on conflict (tenant_id, order_id, line_no) do update set
            day = excluded.day, place_no = excluded.place_no, item_no = excluded.item_no,
            order_kind = excluded.order_kind, line_kind = excluded.line_kind,
            standing = excluded.standing, first_of_item = excluded.first_of_item,
            rate = excluded.rate, rate_day = excluded.rate_day, stale = excluded.stale,
            [[line: % = excluded.%]]
        where (t.day, t.place_no, t.item_no, t.order_kind, t.line_kind, t.standing, t.first_of_item,
                t.rate, t.rate_day, t.stale, [[line: t.%]])
            is distinct from (excluded.day, excluded.place_no, excluded.item_no, excluded.order_kind,
                excluded.line_kind, excluded.standing, excluded.first_of_item, excluded.rate,
                excluded.rate_day, excluded.stale, [[line: excluded.%]])
)sql";

/// With lines that are there already, or for orders of which none is: a seventh less work.
enum class Lines { known, all_new };

std::string derive_for(Lines lines) {
    const auto put = [](std::string& out, std::string_view mark, std::string_view text) {
        out.replace(out.find(mark), mark.size(), text);
    };
    std::string out(derive_sql);
    put(out, "[[on conflict]]", lines == Lines::known ? replace_known_line : "");
    put(out, "[[known orders]]",
        lines == Lines::known ? "wanted" : "(select id from wanted where false)");
    return out;
}

using DeriveSignature = Derived(TenantId, OrderIds, std::string, Texts, Numbers);
const MeasuredStatement<DeriveSignature> derive_known{"insight.derive_known_orders",
                                                      derive_for(Lines::known)};
const MeasuredStatement<DeriveSignature> derive_new{"insight.derive_new_orders",
                                                    derive_for(Lines::all_new)};

const pg::Statement<bool(TenantId, OrderIds)> any_known{"insight.any_known_order", R"sql(
    select exists (select 1 from unnest($2) as w(id)
        cross join lateral (select 1 from insight.sale_line l
            where l.tenant_id = $1 and l.order_id = w.id limit 1) as known)
)sql"};

const pg::Statement<OrderId(TenantId, OrderId, std::optional<ShopId>, std::int64_t)> next_orders{
    "insight.next_orders", R"sql(
    select id from orders.sales_order
    where tenant_id = $1 and id > $2 and ($3::uuid is null or shop_id = $3)
    order by id limit $4
)sql"};

const pg::Statement<void(TenantId)> delete_lines{
    "insight.delete_lines", "delete from insight.sale_line where tenant_id = $1"};
const pg::Statement<void(TenantId)> delete_days{
    "insight.delete_days", "delete from insight.sales_day where tenant_id = $1"};
const pg::Statement<void(TenantId)> delete_shop_days{
    "insight.delete_shop_days", "delete from insight.shop_day where tenant_id = $1"};
const pg::Statement<void(TenantId)> delete_months{
    "insight.delete_months", "delete from insight.sales_month where tenant_id = $1"};
const pg::Statement<void(TenantId)> delete_item_days{
    "insight.delete_item_days", "delete from insight.item_day where tenant_id = $1"};
const pg::Statement<void(TenantId)> delete_item_months{
    "insight.delete_item_months", "delete from insight.item_month where tenant_id = $1"};
const pg::Statement<void(TenantId)> delete_item_shop_months{
    "insight.delete_item_shop_months", "delete from insight.item_shop_month where tenant_id = $1"};
const pg::Statement<void(TenantId)> delete_item_place_months{
    "insight.delete_item_place_months",
    "delete from insight.item_place_month where tenant_id = $1"};
const pg::Statement<void(TenantId)> delete_rates_used{
    "insight.delete_rates_used", "delete from insight.rate_used where tenant_id = $1"};
const pg::Statement<void(TenantId)> delete_places{"insight.delete_places",
                                                  "delete from insight.place where tenant_id = $1"};
const pg::Statement<void(TenantId)> delete_items{"insight.delete_items",
                                                 "delete from insight.item where tenant_id = $1"};

const MeasuredStatement<void(TenantId, bool, std::string, Texts, Numbers)> update_rates_used{
    "insight.resolve_rates", R"sql(
    update insight.rate_used u set rate = n.rate, factor = n.factor, rate_day = n.rate_day,
        stale = n.stale, revalue = $2
    from (
        select p.currency, p.day, r.rate,
            r.rate * power(10::numeric, of_to.decimals - of_from.decimals) as factor,
            case when r.rate is not null then r.rate_day end as rate_day,
            coalesce(r.rate is not null and p.day - r.rate_day > 7, false) as stale
        from (select currency, day from insight.rate_used where tenant_id = $1 offset 0) p
        [[rate]]
    ) n
    where u.tenant_id = $1 and u.currency = n.currency and u.day = n.day
        and (u.rate, u.rate_day, u.stale) is distinct from (n.rate, n.rate_day, n.stale)
)sql"};

const pg::Statement<StaleDay(TenantId)> first_marked_day{"insight.first_marked_day", R"sql(
    select day from insight.rate_used where tenant_id = $1 and revalue order by day limit 1
)sql"};

const pg::Statement<OrderId(TenantId, Date, std::int64_t)> select_to_revalue{
    "insight.orders_to_revalue", R"sql(
    select distinct l.order_id
    from insight.rate_used u
    join insight.place p on p.tenant_id = $1 and p.currency = u.currency
    join insight.sale_line l on l.tenant_id = $1 and l.day = u.day and l.place_no = p.place_no
        and (l.rate, l.rate_day, l.stale) is distinct from (u.rate, u.rate_day, u.stale)
    where u.tenant_id = $1 and u.day = $2 and u.revalue
    limit $3
)sql"};

const pg::Statement<void(TenantId, Date)> clear_mark{"insight.unmark_day", R"sql(
    update insight.rate_used set revalue = false where tenant_id = $1 and day = $2 and revalue
)sql"};

const pg::Statement<void(TenantId, std::string, Instant, Texts, std::vector<Date>,
                         std::vector<Decimal>)>
    upsert_rates{"insight.put_rates", R"sql(
    insert into insight.fx_rate as t (tenant_id, currency, day, per_eur, source, imported_at)
    select $1, n.currency, n.day, n.per_eur, $2, $3 from unnest($4, $5, $6) as n(currency, day, per_eur)
    on conflict (tenant_id, currency, day) do update set
        per_eur = excluded.per_eur, source = excluded.source, imported_at = excluded.imported_at
    where t.per_eur is distinct from excluded.per_eur
)sql"};

/// Codes and decimals of the currencies that base/money knows.
struct Known {
    Texts codes;
    Numbers decimals;
};
const Known& known_currencies() {
    static const Known known = [] {
        Known out;
        for (const Currency& currency : Currency::all()) {
            out.codes.emplace_back(currency.code());
            out.decimals.push_back(currency.exponent());
        }
        return out;
    }();
    return known;
}
}  // namespace

Awaitable<Progress> lock_progress(pg::Transaction& tx, const std::string& book_currency,
                                  Instant at) {
    tx.defer(add_progress, tx.tenant(), book_currency, at);
    return tx.one(progress_for_update, tx.tenant());
}

void note_change(pg::Transaction& tx, Instant at) {
    tx.defer(change_progress, tx.tenant(), at);
}

void set_book_currency(pg::Transaction& tx, const std::string& book_currency) {
    tx.defer(change_currency, tx.tenant(), book_currency);
}

Awaitable<Derived> derive(pg::Transaction& tx, const OrderIds& orders,
                          const std::string& book_currency) {
    const Known& known = known_currencies();
    tx.defer(orders.size() > few_orders ? plan_for_the_batch : plan_once);
    tx.defer(join_by_hash);
    const bool again = co_await tx.one(any_known, tx.tenant(), orders);
    co_return co_await tx.one(again ? derive_known : derive_new, tx.tenant(), orders, book_currency,
                              known.codes, known.decimals);
}

Awaitable<OrderIds> orders_after(pg::Transaction& tx, OrderId after, std::optional<ShopId> shop,
                                 std::int64_t limit) {
    return tx.rows(next_orders, tx.tenant(), after, shop, limit);
}

void remove_all(pg::Transaction& tx) {
    for (const auto* statement :
         {&delete_lines, &delete_days, &delete_shop_days, &delete_months, &delete_item_days,
          &delete_item_months, &delete_item_shop_months, &delete_item_place_months,
          &delete_rates_used, &delete_places, &delete_items})
        tx.defer(*statement, tx.tenant());
}

Awaitable<std::int64_t> resolve_rates(pg::Transaction& tx, const std::string& book_currency) {
    const Known& known = known_currencies();
    return tx.exec(update_rates_used, tx.tenant(), true, book_currency, known.codes,
                   known.decimals);
}

Awaitable<std::optional<StaleDay>> marked_day(pg::Transaction& tx) {
    return tx.maybe(first_marked_day, tx.tenant());
}

Awaitable<OrderIds> orders_to_revalue(pg::Transaction& tx, Date day, std::int64_t limit) {
    return tx.rows(select_to_revalue, tx.tenant(), day, limit);
}

void unmark_day(pg::Transaction& tx, Date day) {
    tx.defer(clear_mark, tx.tenant(), day);
}

Awaitable<std::int64_t> put_rates(pg::Transaction& tx, const RateRows& rows,
                                  const std::string& source, Instant at) {
    return tx.exec(upsert_rates, tx.tenant(), source, at, rows.currencies, rows.days, rows.per_eur);
}

}  // namespace entrepot::insight::store
