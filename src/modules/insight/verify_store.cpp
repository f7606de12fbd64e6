// SQL that recomputes facts. It shares no text with the statements that derive them.
#include "modules/insight/verify_store.hpp"

#include "modules/insight/measures.hpp"

namespace entrepot::insight::store {
namespace {
using Texts = std::vector<std::string>;
using Numbers = std::vector<std::int64_t>;

// Planned for its range each time: a plan for any range does not know how many lines it meets.
const pg::Statement<void()> plan_for_the_range{"insight.plan_for_the_range",
                                               "set local plan_cache_mode = force_custom_plan"};

// $1 tenant, $2 and $3 range of order ids, $4 book currency, $5 and $6 currencies and decimals,
// $7 only these orders, $8 whether orders whose facts are due are set apart. Jobs other than that
// of events name no orders: every one may wait for them. One in quarantine will derive nothing.
const MeasuredStatement<ComparedLines(TenantId, OrderId, OrderId, std::string, Texts, Numbers,
                                      std::optional<std::vector<OrderId>>, bool)>
    select_lines_compared{"insight.compare_lines", R"sql(
    with line as materialized (
        select o.id as order_id, coalesce(l.line_no, 0) as line_no,
            (o.ordered_at at time zone s.time_zone)::date as day, o.shop_id, o.marketplace_id,
            coalesce(o.ship_country, '') as country, coalesce(o.currency, 'XXX') as currency,
            l.sku_id, coalesce(l.seller_sku, '') as seller_sku, o.kind, o.state,
            coalesce(l.kind, 'goods') as line_kind,
            coalesce(l.quantity_ordered - l.quantity_cancelled, 0) as quantity,
            coalesce(l.item_minor, 0) as item, coalesce(l.shipping_minor, 0) as shipping,
            coalesce(l.gift_wrap_minor, 0) as gift_wrap, coalesce(l.tax_minor, 0) as tax_of_line,
            coalesce(l.discount_minor, 0) as discount, coalesce(l.other_minor, 0) as rest
        from orders.sales_order o
        join shops.shop s on s.tenant_id = $1 and s.id = o.shop_id
        left join orders.order_line l on l.tenant_id = $1 and l.order_id = o.id
        where o.tenant_id = $1 and o.id > $2 and o.id <= $3
            and ($7::uuid[] is null or o.id = any($7))
    ),
    pair as materialized (select distinct currency, day from line),
    leg as materialized (
        select p.currency, p.day,
            case when p.currency = 'EUR' then 1 else (select per_eur from insight.fx_rate x
                where x.tenant_id = $1 and x.currency = p.currency and x.day = f.day) end as from_eur,
            case when $4 = 'EUR' then 1 else (select per_eur from insight.fx_rate x
                where x.tenant_id = $1 and x.currency = $4 and x.day = t.day) end as to_eur,
            f.day as from_day, t.day as to_day
        from pair p
        cross join lateral (select max(x.day) as day from insight.fx_rate x
            where x.tenant_id = $1 and x.currency = p.currency and x.day <= p.day) f
        cross join lateral (select max(x.day) as day from insight.fx_rate x
            where x.tenant_id = $1 and x.currency = $4 and x.day <= p.day) t
    ),
    valued as materialized (
        select g.currency, g.day, of_to.decimals - of_from.decimals as shift,
            case when g.currency = $4 then 1
                else platform.round_half_even(g.to_eur::numeric(60, 30) / g.from_eur * 1000000000000)
                    / 1000000000000 end::numeric(30, 12) as rate,
            case when g.currency = $4 then g.day when g.currency = 'EUR' then g.to_day
                when $4 = 'EUR' then g.from_day
                when g.from_day < g.to_day then g.from_day else g.to_day end as rate_day
        from leg g
        join unnest($5, $6) as of_from(code, decimals) on of_from.code = g.currency
        join unnest($5, $6) as of_to(code, decimals) on of_to.code = $4
    ),
    classed as (
        select n.order_id, n.line_no, n.day, n.shop_id, n.marketplace_id, n.country, n.currency,
            n.sku_id, n.seller_sku, n.kind, n.line_kind, n.quantity, n.item, n.shipping, n.gift_wrap,
            n.tax_of_line, n.discount, n.rest, v.rate, v.shift, case when v.rate is not null then v.rate_day end as rate_day,
            coalesce(v.rate is not null and v.rate_day < n.day - 7, false) as stale,
            case when n.state = 'pending' then 'pending' when n.state = 'cancelled' then 'cancelled'
                else 'counted' end as standing,
            not exists (select 1 from orders.order_line e where e.tenant_id = $1
                and e.order_id = n.order_id and e.line_no < n.line_no
                and e.sku_id is not distinct from n.sku_id
                and (n.sku_id is not null or e.seller_sku = n.seller_sku)) as first_of_item,
            n.item + n.shipping + n.gift_wrap + n.tax_of_line - n.discount + n.rest as whole
        from line n
        left join valued v on v.currency = n.currency and v.day = n.day
    ),
    measured as (
        select c.order_id, c.line_no, c.day, c.shop_id, c.marketplace_id, c.country, c.currency,
            c.sku_id, c.seller_sku, c.kind, c.line_kind, c.standing, c.first_of_item, c.rate, c.shift,
            c.rate_day, c.stale, m.units, [[money: m.%]]
        from classed c
        cross join lateral (
            select 0 as units, 0 as sales, 0 as credits, 0 as discounts, 0 as postage, 0 as tax,
                0 as fees, 0 as adjustments, 0 as other
            where c.standing <> 'counted'
            union all
            select 0, 0, 0, 0, 0, 0, 0, c.whole, 0
            where c.standing = 'counted' and 'adjustment' in (c.kind, c.line_kind)
            union all
            select c.quantity, case c.kind when 'cancellation' then 0 else c.item end,
                case c.kind when 'cancellation' then c.item else 0 end, -c.discount, c.shipping,
                c.tax_of_line, 0, 0, c.gift_wrap + c.rest
            where c.standing = 'counted' and c.kind <> 'adjustment' and c.line_kind = 'goods'
            union all
            select 0, 0, 0, case c.line_kind when 'discount' then c.whole - c.tax_of_line else 0 end,
                case c.line_kind when 'postage' then c.whole - c.tax_of_line else 0 end,
                c.tax_of_line, case c.line_kind when 'fee' then c.whole - c.tax_of_line else 0 end, 0,
                case c.line_kind when 'gift_card' then c.whole - c.tax_of_line else 0 end
            where c.standing = 'counted' and c.kind <> 'adjustment'
                and c.line_kind not in ('goods', 'adjustment')
        ) m
    ),
    expected as materialized (
        select e.order_id, e.line_no, concat_ws(' ', 'day=' || e.day, 'shop=' || e.shop_id,
            'marketplace=' || e.marketplace_id, 'country=' || e.country, 'currency=' || e.currency,
            'sku=' || coalesce(e.sku_id::text, e.seller_sku), 'kind=' || e.kind,
            'line_kind=' || e.line_kind, 'standing=' || e.standing, 'first=' || e.first_of_item,
            'rate=' || e.rate, 'rate_day=' || e.rate_day, 'stale=' || e.stale,
            'units=' || nullif(e.units, 0), [[money: '%=' || nullif(e.%, 0)]],
            [[money: 'book_%=' || nullif(platform.round_half_even(
                case when e.shift < 0 then e.% * e.rate / (10 ^ -e.shift)::numeric
                else e.% * e.rate * (10 ^ e.shift)::numeric end), 0)]]) as body
        from measured e
    ),
    actual as materialized (
        select l.order_id, l.line_no, concat_ws(' ', 'day=' || l.day, 'shop=' || p.shop_id,
            'marketplace=' || p.marketplace_id, 'country=' || p.country, 'currency=' || p.currency,
            'sku=' || case when i.sku_id = '00000000-0000-0000-0000-000000000000'
                then i.seller_sku else i.sku_id::text end, 'kind=' || l.order_kind,
            'line_kind=' || l.line_kind, 'standing=' || l.standing, 'first=' || l.first_of_item,
            'rate=' || l.rate, 'rate_day=' || l.rate_day, 'stale=' || l.stale,
            'units=' || nullif(l.units, 0), [[money: '%=' || nullif(l.%, 0)]],
            [[book: '%=' || nullif(l.%, 0)]]) as body
        from insight.sale_line l
        left join insight.place p on p.tenant_id = $1 and p.place_no = l.place_no
        left join insight.item i on i.tenant_id = $1 and i.item_no = l.item_no
        where l.tenant_id = $1 and l.order_id > $2 and l.order_id <= $3
            and ($7::uuid[] is null or l.order_id = any($7))
    ),
    due as materialized (
        select j.kind, j.payload from platform.job j
        where $8 and j.tenant_id = $1 and j.state <> 'quarantined'
            and j.kind in ('insight.facts', 'insight.rederive', 'insight.revalue')
    ),
    due_order as materialized (
        select distinct e.id::uuid as order_id from due j
        cross join lateral jsonb_array_elements_text(j.payload -> 'order_ids') as e(id)
        where j.kind = 'insight.facts'
    ),
    compared as (
        select order_id, concat(order_id, ' line ', line_no) as key, coalesce(e.body, '') as expected,
            coalesce(a.body, '') as found
        from expected e full join actual a using (order_id, line_no)
    ),
    judged as (
        select c.order_id, c.key, c.expected, c.found, c.expected <> c.found
                and (d.order_id is not null or w.everything) as waits,
            c.expected <> c.found and d.order_id is null and not w.everything as differs
        from compared c
        left join due_order d on d.order_id = c.order_id
        cross join (select exists (select 1 from due where kind <> 'insight.facts') as everything) w
    )
    select count(distinct order_id) as orders, count(*) as checked,
        count(*) filter (where differs) as differences,
        coalesce((array_agg(key order by key) filter (where differs))[1:20], '{}') as keys,
        coalesce((array_agg(expected order by key) filter (where differs))[1:20], '{}') as expected,
        coalesce((array_agg(found order by key) filter (where differs))[1:20], '{}') as found,
        coalesce(array_agg(distinct order_id) filter (where waits), '{}') as waiting
    from judged
)sql"};

const pg::Statement<std::string(TenantId)> select_book_currency{"insight.book_currency_of_facts",
                                                                R"sql(
    select book_currency from insight.progress where tenant_id = $1
)sql"};

const pg::Statement<std::optional<OrderId>(TenantId, OrderId, std::int64_t)> select_range_end{
    "insight.verify_range_end", R"sql(
    select id from (
        select id from (select o.id from orders.sales_order o
            where o.tenant_id = $1 and o.id > $2 order by o.id limit $3) a
        union
        select order_id from (select l.order_id from insight.sale_line l
            where l.tenant_id = $1 and l.order_id > $2 order by l.order_id limit $3) b
        order by id limit $3
    ) c order by id desc limit 1
)sql"};

const pg::Statement<Date(TenantId)> select_months{"insight.months_of_facts", R"sql(
    select date_trunc('month', d.day::timestamp)::date as month from (
        select distinct l.day from insight.sale_line l where l.tenant_id = $1
        union select s.day from insight.sales_day s where s.tenant_id = $1
        union select h.day from insight.shop_day h where h.tenant_id = $1
        union select i.day from insight.item_day i where i.tenant_id = $1
        union select m.month from insight.sales_month m where m.tenant_id = $1
        union select m.month from insight.item_month m where m.tenant_id = $1
        union select m.month from insight.item_shop_month m where m.tenant_id = $1
        union select m.month from insight.item_place_month m where m.tenant_id = $1
    ) d group by 1 order by 1
)sql"};

const MeasuredStatement<Compared(TenantId, Date, Date)> select_sales_day_compared{
    "insight.compare_sales_day", R"sql(
    with summed as (
        select l.day as day, l.place_no,
            count(*) filter (where l.line_no <= 1 and l.standing = 'counted'
                and l.order_kind in ('sale', 'replacement')) as orders,
            count(*) filter (where l.line_no <= 1 and l.standing = 'cancelled') as cancelled_orders,
            count(*) filter (where l.line_no <= 1 and l.standing = 'pending') as pending_orders,
            count(*) filter (where l.line_no <= 1 and l.standing = 'counted'
                and l.order_kind = 'cancellation') as credit_notes,
            insight.total(l.units) filter (where l.order_kind <> 'cancellation') as units,
            insight.total(l.units) filter (where l.order_kind = 'cancellation') as credit_units,
            count(*) filter (where l.rate is null and num_nonnulls([[money: l.%]]) > 0)
                as unrated_lines,
            count(*) filter (where l.stale and num_nonnulls([[money: l.%]]) > 0) as stale_lines,
            [[money: insight.total(l.%) as %]], [[book: insight.total(l.%) as %]]
        from insight.sale_line l
        where l.tenant_id = $1 and l.day between $2 and $3
        group by l.day, l.place_no
    ),
    compared as (
        select concat_ws(' ', 'day=' || day, 'place_no=' || place_no) as key,
            concat_ws(' ', [[sums: '%=' || nullif(e.%, 0)]]) as expected,
            concat_ws(' ', [[sums: '%=' || nullif(a.%, 0)]]) as found
        from summed e
        full join (select t.day, t.place_no, [[sums: t.%]]
                from insight.sales_day t where t.tenant_id = $1 and t.day between $2 and $3) a
            using (day, place_no)
    )
    select 0::int8 as orders, count(*) as checked,
        count(*) filter (where expected <> found) as differences,
        coalesce((array_agg(key order by key) filter (where expected <> found))[1:20], '{}') as keys,
        coalesce((array_agg(expected order by key) filter (where expected <> found))[1:20], '{}')
            as expected,
        coalesce((array_agg(found order by key) filter (where expected <> found))[1:20], '{}')
            as found
    from compared
)sql"};

const MeasuredStatement<Compared(TenantId, Date, Date)> select_shop_day_compared{
    "insight.compare_shop_day", R"sql(
    with summed as (
        select l.day as day, p.shop_id,
            count(*) filter (where l.line_no <= 1 and l.standing = 'counted'
                and l.order_kind in ('sale', 'replacement')) as orders,
            count(*) filter (where l.line_no <= 1 and l.standing = 'cancelled') as cancelled_orders,
            count(*) filter (where l.line_no <= 1 and l.standing = 'pending') as pending_orders,
            count(*) filter (where l.line_no <= 1 and l.standing = 'counted'
                and l.order_kind = 'cancellation') as credit_notes,
            insight.total(l.units) filter (where l.order_kind <> 'cancellation') as units,
            insight.total(l.units) filter (where l.order_kind = 'cancellation') as credit_units,
            count(*) filter (where l.rate is null and num_nonnulls([[money: l.%]]) > 0)
                as unrated_lines,
            count(*) filter (where l.stale and num_nonnulls([[money: l.%]]) > 0) as stale_lines,
            [[book: insight.total(l.%) as %]]
        from insight.sale_line l
        join insight.place p on p.tenant_id = $1 and p.place_no = l.place_no
        where l.tenant_id = $1 and l.day between $2 and $3
        group by l.day, p.shop_id
    ),
    compared as (
        select concat_ws(' ', 'day=' || day, 'shop_id=' || shop_id) as key,
            concat_ws(' ', [[flat: '%=' || nullif(e.%, 0)]]) as expected,
            concat_ws(' ', [[flat: '%=' || nullif(a.%, 0)]]) as found
        from summed e
        full join (select t.day, t.shop_id, [[flat: t.%]]
                from insight.shop_day t where t.tenant_id = $1 and t.day between $2 and $3) a
            using (day, shop_id)
    )
    select 0::int8 as orders, count(*) as checked,
        count(*) filter (where expected <> found) as differences,
        coalesce((array_agg(key order by key) filter (where expected <> found))[1:20], '{}') as keys,
        coalesce((array_agg(expected order by key) filter (where expected <> found))[1:20], '{}')
            as expected,
        coalesce((array_agg(found order by key) filter (where expected <> found))[1:20], '{}')
            as found
    from compared
)sql"};

const MeasuredStatement<Compared(TenantId, Date, Date)> select_sales_month_compared{
    "insight.compare_sales_month", R"sql(
    with summed as (
        select $2::date as month, l.place_no,
            count(*) filter (where l.line_no <= 1 and l.standing = 'counted'
                and l.order_kind in ('sale', 'replacement')) as orders,
            count(*) filter (where l.line_no <= 1 and l.standing = 'cancelled') as cancelled_orders,
            count(*) filter (where l.line_no <= 1 and l.standing = 'pending') as pending_orders,
            count(*) filter (where l.line_no <= 1 and l.standing = 'counted'
                and l.order_kind = 'cancellation') as credit_notes,
            insight.total(l.units) filter (where l.order_kind <> 'cancellation') as units,
            insight.total(l.units) filter (where l.order_kind = 'cancellation') as credit_units,
            count(*) filter (where l.rate is null and num_nonnulls([[money: l.%]]) > 0)
                as unrated_lines,
            count(*) filter (where l.stale and num_nonnulls([[money: l.%]]) > 0) as stale_lines,
            [[money: insight.total(l.%) as %]], [[book: insight.total(l.%) as %]]
        from insight.sale_line l
        where l.tenant_id = $1 and l.day between $2 and $3
        group by l.place_no
    ),
    compared as (
        select concat_ws(' ', 'month=' || month, 'place_no=' || place_no) as key,
            concat_ws(' ', [[sums: '%=' || nullif(e.%, 0)]]) as expected,
            concat_ws(' ', [[sums: '%=' || nullif(a.%, 0)]]) as found
        from summed e
        full join (select t.month, t.place_no, [[sums: t.%]]
                from insight.sales_month t where t.tenant_id = $1 and t.month between $2 and $3) a
            using (month, place_no)
    )
    select 0::int8 as orders, count(*) as checked,
        count(*) filter (where expected <> found) as differences,
        coalesce((array_agg(key order by key) filter (where expected <> found))[1:20], '{}') as keys,
        coalesce((array_agg(expected order by key) filter (where expected <> found))[1:20], '{}')
            as expected,
        coalesce((array_agg(found order by key) filter (where expected <> found))[1:20], '{}')
            as found
    from compared
)sql"};

const MeasuredStatement<Compared(TenantId, Date, Date)> select_item_day_compared{
    "insight.compare_item_day", R"sql(
    with summed as (
        select l.day as day, l.item_no,
            count(*) filter (where l.first_of_item and l.standing = 'counted'
                and l.order_kind in ('sale', 'replacement')) as orders,
            count(*) filter (where l.first_of_item and l.standing = 'cancelled') as cancelled_orders,
            count(*) filter (where l.first_of_item and l.standing = 'pending') as pending_orders,
            count(*) filter (where l.first_of_item and l.standing = 'counted'
                and l.order_kind = 'cancellation') as credit_notes,
            insight.total(l.units) filter (where l.order_kind <> 'cancellation') as units,
            insight.total(l.units) filter (where l.order_kind = 'cancellation') as credit_units,
            count(*) filter (where l.rate is null and num_nonnulls([[money: l.%]]) > 0)
                as unrated_lines,
            count(*) filter (where l.stale and num_nonnulls([[money: l.%]]) > 0) as stale_lines,
            [[book: insight.total(l.%) as %]]
        from insight.sale_line l
        where l.tenant_id = $1 and l.day between $2 and $3
        group by l.day, l.item_no
    ),
    compared as (
        select concat_ws(' ', 'day=' || day, 'item_no=' || item_no) as key,
            concat_ws(' ', [[flat: '%=' || nullif(e.%, 0)]]) as expected,
            concat_ws(' ', [[flat: '%=' || nullif(a.%, 0)]]) as found
        from summed e
        full join (select t.day, t.item_no, [[flat: t.%]]
                from insight.item_day t where t.tenant_id = $1 and t.day between $2 and $3) a
            using (day, item_no)
    )
    select 0::int8 as orders, count(*) as checked,
        count(*) filter (where expected <> found) as differences,
        coalesce((array_agg(key order by key) filter (where expected <> found))[1:20], '{}') as keys,
        coalesce((array_agg(expected order by key) filter (where expected <> found))[1:20], '{}')
            as expected,
        coalesce((array_agg(found order by key) filter (where expected <> found))[1:20], '{}')
            as found
    from compared
)sql"};

const MeasuredStatement<Compared(TenantId, Date, Date)> select_item_month_compared{
    "insight.compare_item_month", R"sql(
    with summed as (
        select $2::date as month, l.item_no,
            count(*) filter (where l.first_of_item and l.standing = 'counted'
                and l.order_kind in ('sale', 'replacement')) as orders,
            count(*) filter (where l.first_of_item and l.standing = 'cancelled') as cancelled_orders,
            count(*) filter (where l.first_of_item and l.standing = 'pending') as pending_orders,
            count(*) filter (where l.first_of_item and l.standing = 'counted'
                and l.order_kind = 'cancellation') as credit_notes,
            insight.total(l.units) filter (where l.order_kind <> 'cancellation') as units,
            insight.total(l.units) filter (where l.order_kind = 'cancellation') as credit_units,
            count(*) filter (where l.rate is null and num_nonnulls([[money: l.%]]) > 0)
                as unrated_lines,
            count(*) filter (where l.stale and num_nonnulls([[money: l.%]]) > 0) as stale_lines,
            [[book: insight.total(l.%) as %]]
        from insight.sale_line l
        where l.tenant_id = $1 and l.day between $2 and $3
        group by l.item_no
    ),
    compared as (
        select concat_ws(' ', 'month=' || month, 'item_no=' || item_no) as key,
            concat_ws(' ', [[flat: '%=' || nullif(e.%, 0)]]) as expected,
            concat_ws(' ', [[flat: '%=' || nullif(a.%, 0)]]) as found
        from summed e
        full join (select t.month, t.item_no, [[flat: t.%]]
                from insight.item_month t where t.tenant_id = $1 and t.month between $2 and $3) a
            using (month, item_no)
    )
    select 0::int8 as orders, count(*) as checked,
        count(*) filter (where expected <> found) as differences,
        coalesce((array_agg(key order by key) filter (where expected <> found))[1:20], '{}') as keys,
        coalesce((array_agg(expected order by key) filter (where expected <> found))[1:20], '{}')
            as expected,
        coalesce((array_agg(found order by key) filter (where expected <> found))[1:20], '{}')
            as found
    from compared
)sql"};

const MeasuredStatement<Compared(TenantId, Date, Date)> select_item_shop_month_compared{
    "insight.compare_item_shop_month", R"sql(
    with summed as (
        select $2::date as month, p.shop_id, l.item_no,
            count(*) filter (where l.first_of_item and l.standing = 'counted'
                and l.order_kind in ('sale', 'replacement')) as orders,
            count(*) filter (where l.first_of_item and l.standing = 'cancelled') as cancelled_orders,
            count(*) filter (where l.first_of_item and l.standing = 'pending') as pending_orders,
            count(*) filter (where l.first_of_item and l.standing = 'counted'
                and l.order_kind = 'cancellation') as credit_notes,
            insight.total(l.units) filter (where l.order_kind <> 'cancellation') as units,
            insight.total(l.units) filter (where l.order_kind = 'cancellation') as credit_units,
            count(*) filter (where l.rate is null and num_nonnulls([[money: l.%]]) > 0)
                as unrated_lines,
            count(*) filter (where l.stale and num_nonnulls([[money: l.%]]) > 0) as stale_lines,
            [[book: insight.total(l.%) as %]]
        from insight.sale_line l
        join insight.place p on p.tenant_id = $1 and p.place_no = l.place_no
        where l.tenant_id = $1 and l.day between $2 and $3
        group by p.shop_id, l.item_no
    ),
    compared as (
        select concat_ws(' ', 'month=' || month, 'shop_id=' || shop_id, 'item_no=' || item_no) as key,
            concat_ws(' ', [[flat: '%=' || nullif(e.%, 0)]]) as expected,
            concat_ws(' ', [[flat: '%=' || nullif(a.%, 0)]]) as found
        from summed e
        full join (select t.month, t.shop_id, t.item_no, [[flat: t.%]]
                from insight.item_shop_month t where t.tenant_id = $1 and t.month between $2 and $3) a
            using (month, shop_id, item_no)
    )
    select 0::int8 as orders, count(*) as checked,
        count(*) filter (where expected <> found) as differences,
        coalesce((array_agg(key order by key) filter (where expected <> found))[1:20], '{}') as keys,
        coalesce((array_agg(expected order by key) filter (where expected <> found))[1:20], '{}')
            as expected,
        coalesce((array_agg(found order by key) filter (where expected <> found))[1:20], '{}')
            as found
    from compared
)sql"};

const MeasuredStatement<Compared(TenantId, Date, Date)> select_item_place_month_compared{
    "insight.compare_item_place_month", R"sql(
    with summed as (
        select $2::date as month, l.item_no, l.place_no,
            count(*) filter (where l.first_of_item and l.standing = 'counted'
                and l.order_kind in ('sale', 'replacement')) as orders,
            count(*) filter (where l.first_of_item and l.standing = 'cancelled') as cancelled_orders,
            count(*) filter (where l.first_of_item and l.standing = 'pending') as pending_orders,
            count(*) filter (where l.first_of_item and l.standing = 'counted'
                and l.order_kind = 'cancellation') as credit_notes,
            insight.total(l.units) filter (where l.order_kind <> 'cancellation') as units,
            insight.total(l.units) filter (where l.order_kind = 'cancellation') as credit_units,
            count(*) filter (where l.rate is null and num_nonnulls([[money: l.%]]) > 0)
                as unrated_lines,
            count(*) filter (where l.stale and num_nonnulls([[money: l.%]]) > 0) as stale_lines,
            [[money: insight.total(l.%) as %]], [[book: insight.total(l.%) as %]]
        from insight.sale_line l
        where l.tenant_id = $1 and l.day between $2 and $3
        group by l.item_no, l.place_no
    ),
    compared as (
        select concat_ws(' ', 'month=' || month, 'item_no=' || item_no, 'place_no=' || place_no) as key,
            concat_ws(' ', [[sums: '%=' || nullif(e.%, 0)]]) as expected,
            concat_ws(' ', [[sums: '%=' || nullif(a.%, 0)]]) as found
        from summed e
        full join (select t.month, t.item_no, t.place_no, [[sums: t.%]]
                from insight.item_place_month t where t.tenant_id = $1 and t.month between $2 and $3) a
            using (month, item_no, place_no)
    )
    select 0::int8 as orders, count(*) as checked,
        count(*) filter (where expected <> found) as differences,
        coalesce((array_agg(key order by key) filter (where expected <> found))[1:20], '{}') as keys,
        coalesce((array_agg(expected order by key) filter (where expected <> found))[1:20], '{}')
            as expected,
        coalesce((array_agg(found order by key) filter (where expected <> found))[1:20], '{}')
            as found
    from compared
)sql"};

const std::array<SumTable, 7> tables{{
    {"sales_day", &select_sales_day_compared},
    {"shop_day", &select_shop_day_compared},
    {"sales_month", &select_sales_month_compared},
    {"item_day", &select_item_day_compared},
    {"item_month", &select_item_month_compared},
    {"item_shop_month", &select_item_shop_month_compared},
    {"item_place_month", &select_item_place_month_compared},
}};
}  // namespace

Awaitable<ComparedLines> compare_lines(pg::Transaction& tx, OrderId after, OrderId last,
                                       const std::optional<std::vector<OrderId>>& only,
                                       const std::string& book_currency, WithDue with_due) {
    Texts codes;
    Numbers decimals;
    for (const Currency& currency : Currency::all()) {
        codes.emplace_back(currency.code());
        decimals.push_back(currency.exponent());
    }
    tx.defer(plan_for_the_range);
    return tx.one(select_lines_compared, tx.tenant(), after, last, book_currency, codes, decimals,
                  only, with_due == WithDue::yes);
}

Awaitable<std::optional<std::string>> book_currency_of_facts(pg::Transaction& tx) {
    return tx.maybe(select_book_currency, tx.tenant());
}

Awaitable<std::optional<OrderId>> range_end(pg::Transaction& tx, OrderId after,
                                            std::int64_t limit) {
    const auto rows = co_await tx.rows(select_range_end, tx.tenant(), after, limit);
    co_return rows.empty() ? std::nullopt : rows.front();
}

Awaitable<std::vector<Date>> months_of_facts(pg::Transaction& tx) {
    return tx.rows(select_months, tx.tenant());
}

std::span<const SumTable> sum_tables() {
    return tables;
}

Awaitable<Compared> compare_sums(pg::Transaction& tx, const SumTable& table, Date month) {
    const Date last = next_period(month, Grain::month) - std::chrono::days{1};
    return tx.one(*table.statement, tx.tenant(), month, last);
}

}  // namespace entrepot::insight::store
