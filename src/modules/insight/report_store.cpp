// SQL of reports.
#include "modules/insight/report_store.hpp"

#include "modules/insight/measures.hpp"
#include "modules/insight/report_parts.hpp"

namespace entrepot::insight::store {
namespace {
// A report is read in milliseconds; starting workers for it takes longer and takes them from
// others, and so does planning its statements anew: they are written so that one plan fits all.
const pg::Statement<void()> plan_alone{"insight.plan_alone",
                                       "set local max_parallel_workers_per_gather = 0"};
const pg::Statement<void()> plan_once{"insight.plan_reports_once",
                                      "set local plan_cache_mode = force_generic_plan"};

const pg::Statement<StatusRow(TenantId)> select_status{"insight.status", R"sql(
    select (select book_currency from insight.progress where tenant_id = $1) as book_currency,
        (select derived_at from insight.progress where tenant_id = $1) as derived_at,
        j.jobs as pending_jobs, j.since as pending_since,
        (select count(distinct day) from insight.rate_used where tenant_id = $1 and revalue)
            as revaluing_days,
        (select max(day) from insight.fx_rate where tenant_id = $1 and currency = 'USD')
            as latest_rate,
        (select min(day) from insight.sales_day where tenant_id = $1) as first_day,
        (select max(day) from insight.sales_day where tenant_id = $1) as last_day,
        (select version from insight.progress where tenant_id = $1) as version
    from (select count(*) as jobs, min(created_at) as since from platform.job
        where tenant_id = $1 and kind in ('insight.facts', 'insight.rederive', 'insight.revalue')) j
)sql"};

const pg::Statement<ShopRow(TenantId, Scope, Instant)> select_shops{"insight.shops", R"sql(
    select id, name, channel, state, last_synced_at, ($3 at time zone time_zone)::date as today
    from shops.shop
    where tenant_id = $1 and ($2::uuid[] is null or id = any($2))
    order by name
)sql"};

const pg::Statement<NameRow(TenantId)> select_marketplaces{"insight.marketplace_names", R"sql(
    select id, min(name) as name from shops.marketplace where tenant_id = $1 group by id
)sql"};

const pg::Statement<PlaceRow(TenantId)> select_places{"insight.places", R"sql(
    select place_no, shop_id, marketplace_id, country, currency from insight.place
    where tenant_id = $1 order by place_no
)sql"};

const pg::Statement<std::string(TenantId, Date, Date)> select_unrated{"insight.unrated_currencies",
                                                                      R"sql(
    select distinct currency from insight.rate_used
    where tenant_id = $1 and day between $2 and $3 and rate is null and currency <> 'XXX'
    order by currency
)sql"};

const pg::Statement<ItemRow(TenantId, Numbers)> select_items{"insight.items", R"sql(
    select i.item_no, coalesce(s.code, i.seller_sku) as code, s.title, s.id is not null as mapped
    from insight.item i
    left join catalog.sku s on s.tenant_id = $1 and s.id = i.sku_id
    where i.tenant_id = $1 and i.item_no = any($2)
)sql"};

const pg::Statement<std::int64_t(TenantId, std::string)> select_items_of_code{
    "insight.items_of_code", R"sql(
    select i.item_no from insight.item i
    where i.tenant_id = $1 and i.sku_id = (select s.id from catalog.sku s where s.tenant_id = $1 and s.code = $2)
    union all
    select i.item_no from insight.item i
    where i.tenant_id = $1 and i.sku_id = '00000000-0000-0000-0000-000000000000' and i.seller_sku = $2
)sql"};

// Points by day or week; a week begins on Monday, as the year 1 did.
const MeasuredStatement<PointRow(TenantId, Numbers, Numbers, Date, Date, std::string)>
    select_original_place_points{"insight.original_place_points", R"sql(
    select case $6 when 'day' then d.day
        else d.day - (d.day - date '0001-01-01') % 7 end as period, w.series, [[original points]]
    from unnest($2, $3) as w(place_no, series)
    join insight.sales_day d on d.tenant_id = $1 and d.place_no = w.place_no
    where d.day between $4 and $5
    group by 1, 2 order by 1, 2
)sql"};

const MeasuredStatement<PointRow(TenantId, Numbers, Numbers, Date, Date, std::string)>
    select_book_place_points{"insight.book_place_points", R"sql(
    select case $6 when 'day' then d.day
        else d.day - (d.day - date '0001-01-01') % 7 end as period, w.series, [[book points]]
    from unnest($2, $3) as w(place_no, series)
    join insight.sales_day d on d.tenant_id = $1 and d.place_no = w.place_no
    where d.day between $4 and $5
    group by 1, 2 order by 1, 2
)sql"};

const MeasuredStatement<PointRow(TenantId, std::vector<ShopId>, Numbers, Date, Date, std::string)>
    select_shop_points{"insight.shop_points", R"sql(
    select case $6 when 'day' then d.day
        else d.day - (d.day - date '0001-01-01') % 7 end as period, w.series, [[book points]]
    from unnest($2, $3) as w(shop_id, series)
    join insight.shop_day d on d.tenant_id = $1 and d.shop_id = w.shop_id
    where d.day between $4 and $5
    group by 1, 2 order by 1, 2
)sql"};

// $4, $5 months · $6, $7, $8 days to add or to take off
const MeasuredStatement<SumRow(TenantId, Numbers, Numbers, std::optional<Date>, std::optional<Date>,
                               Dates, Dates, Numbers)>
    select_place_sums{"insight.place_sums", R"sql(
    select w.series, [[sums: insight.total(d.%) as %]]
    from unnest($2, $3) as w(place_no, series)
    join (
        select m.place_no, [[sums: m.%]] from insight.sales_month m
        where m.tenant_id = $1 and m.month between $4 and $5
        union all
        select s.place_no, [[sums: r.sign * s.%]]
        from unnest($6, $7, $8) as r(first, last, sign)
        join insight.sales_day s on s.tenant_id = $1 and s.day between r.first and r.last
    ) d on d.place_no = w.place_no
    group by 1 order by 1
)sql"};

const MeasuredStatement<PointRow(TenantId, Numbers, Numbers, Date, Date, std::string)>
    select_item_points_everywhere{"insight.item_points_everywhere", R"sql(
    select case $6 when 'day' then d.day
        else d.day - (d.day - date '0001-01-01') % 7 end as period, w.series, [[book points]]
    from unnest($2, $3) as w(item_no, series)
    cross join lateral (
        select i.day, [[flat: i.%]] from insight.item_day i
        where i.tenant_id = $1 and i.item_no = w.item_no and i.day between $4 and $5
        offset 0
    ) d
    group by 1, 2 order by 1, 2
)sql"};

/// Points of items by day from the lines themselves; `points`: in original or in book currency.
std::string item_points_sql(std::string_view points) {
    return with_lines(std::string(R"sql(
    select case $8 when 'day' then d.day
        else d.day - (d.day - date '0001-01-01') % 7 end as period, d.series, )sql") +
                      std::string(points) + R"sql(
    from (
        select l.day, i.series + p.series as series, [[line columns]], [[money: l.%]], [[book: l.%]]
        from (select generate_series($6::timestamp, $7::timestamp, '1 day')::date as day) g
        cross join unnest($2, $3) as i(item_no, series)
        cross join lateral (
            select s.day, s.place_no, s.line_no, s.order_kind, s.standing, s.first_of_item, s.rate,
                s.stale, [[line: s.%]]
            from insight.sale_line s
            where s.tenant_id = $1 and s.day = g.day and s.item_no = i.item_no
            offset 0
        ) l
        join unnest($4, $5) as p(place_no, series) on p.place_no = l.place_no
    ) d
    group by 1, 2 order by 1, 2
)sql");
}
using ItemPoints = PointRow(TenantId, Numbers, Numbers, Numbers, Numbers, Date, Date, std::string);
const MeasuredStatement<ItemPoints> select_original_item_points{
    "insight.original_item_points", item_points_sql("[[original points]]")};
const MeasuredStatement<ItemPoints> select_book_item_points{"insight.book_item_points",
                                                            item_points_sql("[[book points]]")};

// $6, $7 months · $8, $9, $10 days to add or to take off
const MeasuredStatement<SumRow(TenantId, Numbers, Numbers, Numbers, Numbers, std::optional<Date>,
                               std::optional<Date>, Dates, Dates, Numbers)>
    select_item_sums{"insight.item_sums", with_lines(R"sql(
    select d.series, [[sums: insight.total(d.%) as %]]
    from (
        select i.series + p.series as series, [[sums: m.%]]
        from (select generate_series($6::timestamp, $7::timestamp, '1 month')::date as month) g
        cross join unnest($2, $3) as i(item_no, series)
        cross join unnest($4, $5) as p(place_no, series)
        cross join lateral (
            select [[sums: x.%]] from insight.item_place_month x
            where x.tenant_id = $1 and x.place_no = p.place_no and x.month = g.month
                and x.item_no = i.item_no
            offset 0
        ) m
        union all
        select x.series, [[sums: x.sign * x.%]]
        from ([[item lines]]) x
    ) d
    group by 1 order by 1
)sql")};

// In book currency over all places there are sums without places: a row an item and month, where
// the statement above reads one for each place too. $4, $5 months · $6, $7, $8 days as above
const MeasuredStatement<SumRow(TenantId, Numbers, Numbers, std::optional<Date>, std::optional<Date>,
                               Dates, Dates, Numbers)>
    select_item_sums_everywhere{"insight.item_sums_everywhere", R"sql(
    select d.series, [[counts: insight.total(d.%) as %]], [[money: 0::bigint as %]],
        [[book: insight.total(d.%) as %]]
    from (
        select w.series, [[flat: m.%]]
        from (select t::date as month
            from generate_series($4::timestamp, $5::timestamp, '1 month') as t offset 0) as g
        cross join unnest($2, $3) as w(item_no, series)
        cross join lateral (
            select [[flat: x.%]] from insight.item_month x
            where x.tenant_id = $1 and x.month = g.month and x.item_no = w.item_no
            offset 0
        ) m
        union all
        select w.series, [[flat: r.sign * s.%]]
        from unnest($6, $7, $8) as r(first, last, sign)
        cross join unnest($2, $3) as w(item_no, series)
        cross join lateral (
            select [[flat: x.%]] from insight.item_day x
            where x.tenant_id = $1 and x.item_no = w.item_no and x.day between r.first and r.last
            offset 0
        ) s
    ) d
    group by 1 order by 1
)sql"};

// $2 measure · $3, $4 months · $5, $6, $7 days to add or to take off · $9 places
const pg::Statement<RankRow(TenantId, Rank, std::optional<Date>, std::optional<Date>, Dates, Dates,
                            Numbers, std::int64_t)>
    select_best_everywhere{"insight.best_items_everywhere", R"sql(
    select d.item_no, insight.total(d.value) as value
    from (
        select m.item_no, case $2::text when 'sales' then m.book_sales when 'units' then m.units
            else m.orders end as value
        from insight.item_month m where m.tenant_id = $1 and m.month between $3 and $4
        union all
        select s.item_no, r.sign * s.value
        from unnest($5, $6, $7) as r(first, last, sign)
        cross join lateral (
            select x.item_no, case $2::text when 'sales' then x.book_sales when 'units' then x.units
                else x.orders end as value
            from insight.item_day x
            where x.tenant_id = $1 and x.day between r.first and r.last
            offset 0
        ) s
    ) d
    group by d.item_no
    order by value desc, d.item_no limit $8
)sql"};

const MeasuredStatement<RankRow(TenantId, Rank, std::optional<Date>, std::optional<Date>, Dates,
                                Dates, Numbers, std::int64_t, Numbers)>
    select_best{"insight.best_items", with_lines(R"sql(
    select d.item_no, insight.total(d.value) as value
    from (
        select m.item_no, case $2::text when 'sales' then m.book_sales when 'units' then m.units
            else m.orders end as value
        from insight.item_place_month m
        where m.tenant_id = $1 and m.month between $3 and $4 and m.place_no = any($9)
        union all
        [[best of lines]]
    ) d
    group by d.item_no
    order by value desc, d.item_no limit $8
)sql")};

const pg::Statement<OpenRow(TenantId, Scope, Instant)> select_open{"insight.open_work", R"sql(
    select
        (select count(*) from orders.sales_order o where o.tenant_id = $1 and o.held
            and ($2::uuid[] is null or o.shop_id = any($2))) as held,
        count(*) as unshipped,
        count(*) filter (where o.ship_by_to < $3) as late,
        (select count(*) from orders.exception e where e.tenant_id = $1 and e.state = 'open'
            and ($2::uuid[] is null or e.shop_id = any($2))) as exceptions
    from orders.sales_order o
    where o.tenant_id = $1 and o.state in ('pending', 'unshipped', 'partially_shipped', 'unknown')
        and o.state in ('unshipped', 'partially_shipped')
        and ($2::uuid[] is null or o.shop_id = any($2))
)sql"};

const pg::Statement<RateRow(TenantId, std::optional<std::string>, Date, Date)> select_rates{
    "insight.rates", R"sql(
    select currency, day, per_eur, source, imported_at from insight.fx_rate
    where tenant_id = $1 and ($2::text is null or currency = $2) and day between $3 and $4
    order by day desc, currency
    limit 20000
)sql"};

std::string word(Grain grain) {
    return boost::describe::enum_to_string(grain, "day");
}
}  // namespace

Awaitable<StatusRow> status(pg::Transaction& tx) {
    tx.defer(plan_alone);
    tx.defer(plan_once);
    return tx.one(select_status, tx.tenant());
}
Awaitable<std::vector<ShopRow>> shops(pg::Transaction& tx, const Scope& scope, Instant now) {
    return tx.rows(select_shops, tx.tenant(), scope, now);
}
Awaitable<std::vector<NameRow>> marketplace_names(pg::Transaction& tx) {
    return tx.rows(select_marketplaces, tx.tenant());
}
Awaitable<std::vector<PlaceRow>> places(pg::Transaction& tx) {
    return tx.rows(select_places, tx.tenant());
}
Awaitable<std::vector<std::string>> unrated_currencies(pg::Transaction& tx, const Span& span) {
    return tx.rows(select_unrated, tx.tenant(), span.from, span.to);
}
Awaitable<std::vector<ItemRow>> items(pg::Transaction& tx, const Numbers& item_nos) {
    return tx.rows(select_items, tx.tenant(), item_nos);
}
Awaitable<Numbers> items_of_code(pg::Transaction& tx, const std::string& code) {
    return tx.rows(select_items_of_code, tx.tenant(), code);
}

Awaitable<std::vector<PointRow>> place_points(const FactsReader& facts, Money money,
                                              const PlaceSeries& series, const Span& span,
                                              Grain grain) {
    if (grain == Grain::month) return place_month_points(facts, money, series, span);
    const auto& statement =
        money == Money::book ? select_book_place_points : select_original_place_points;
    return facts.rows(statement, facts.tx().tenant(), series.places, series.series, span.from,
                      span.to, word(grain));
}

Awaitable<std::vector<PointRow>> shop_points(const FactsReader& facts, const ShopSeries& series,
                                             const Span& span, Grain grain) {
    return facts.rows(select_shop_points, facts.tx().tenant(), series.shops, series.series,
                      span.from, span.to, word(grain));
}

Awaitable<std::vector<SumRow>> place_sums(const FactsReader& facts, const PlaceSeries& series,
                                          const Span& span) {
    const PartColumns parts(span);
    return facts.rows(select_place_sums, facts.tx().tenant(), series.places, series.series,
                      parts.first_month, parts.last_month, parts.first, parts.last, parts.sign);
}

Awaitable<std::vector<PointRow>> item_points_everywhere(const FactsReader& facts,
                                                        const ItemSeries& items, const Span& span,
                                                        Grain grain) {
    if (grain == Grain::month) return item_month_points_everywhere(facts, items, span);
    return facts.rows(select_item_points_everywhere, facts.tx().tenant(), items.items, items.series,
                      span.from, span.to, word(grain));
}

Awaitable<std::vector<PointRow>> item_points(const FactsReader& facts, Money money,
                                             const ItemSeries& items, const PlaceSeries& series,
                                             const Span& span, Grain grain) {
    if (grain == Grain::month) return item_month_points(facts, money, items, series, span);
    const auto& statement =
        money == Money::book ? select_book_item_points : select_original_item_points;
    return facts.rows(statement, facts.tx().tenant(), items.items, items.series, series.places,
                      series.series, span.from, span.to, word(grain));
}

Awaitable<std::vector<SumRow>> item_sums(const FactsReader& facts, const ItemSeries& items,
                                         const PlaceSeries& series, const Span& span) {
    const PartColumns parts(span);
    return facts.rows(select_item_sums, facts.tx().tenant(), items.items, items.series,
                      series.places, series.series, parts.first_month, parts.last_month,
                      parts.first, parts.last, parts.sign);
}

Awaitable<std::vector<SumRow>> item_sums_everywhere(const FactsReader& facts,
                                                    const ItemSeries& items, const Span& span) {
    const PartColumns parts(span);
    return facts.rows(select_item_sums_everywhere, facts.tx().tenant(), items.items, items.series,
                      parts.first_month, parts.last_month, parts.first, parts.last, parts.sign);
}

Awaitable<std::vector<RankRow>> best_items_everywhere(const FactsReader& facts, Rank rank,
                                                      const Span& span, std::int64_t limit) {
    const PartColumns parts(span);
    return facts.rows(select_best_everywhere, facts.tx().tenant(), rank, parts.first_month,
                      parts.last_month, parts.first, parts.last, parts.sign, limit);
}

Awaitable<std::vector<RankRow>> best_items(const FactsReader& facts, Rank rank,
                                           const Numbers& places, const Span& span,
                                           std::int64_t limit) {
    const PartColumns parts(span);
    return facts.rows(select_best, facts.tx().tenant(), rank, parts.first_month, parts.last_month,
                      parts.first, parts.last, parts.sign, limit, places);
}

Awaitable<OpenRow> open_work(pg::Transaction& tx, const Scope& scope, Instant now) {
    return tx.one(select_open, tx.tenant(), scope, now);
}

Awaitable<std::vector<RateRow>> rates(pg::Transaction& tx,
                                      const std::optional<std::string>& currency,
                                      const Span& span) {
    return tx.rows(select_rates, tx.tenant(), currency, span.from, span.to);
}

}  // namespace entrepot::insight::store
