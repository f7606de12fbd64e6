// SQL of reports by month, and what it shares with those by day.
#include "modules/insight/measures.hpp"
#include "modules/insight/report_parts.hpp"

namespace entrepot::insight::store {
namespace {
/// Contributions of sale lines as columns, like those of the sums.
constexpr std::string_view line_columns = R"sql(
    case when l.first_of_item and l.standing = 'counted' and l.order_kind in ('sale', 'replacement')
        then 1 end as orders,
    case when l.first_of_item and l.standing = 'cancelled' then 1 end as cancelled_orders,
    case when l.first_of_item and l.standing = 'pending' then 1 end as pending_orders,
    case when l.first_of_item and l.standing = 'counted' and l.order_kind = 'cancellation'
        then 1 end as credit_notes,
    case when l.order_kind <> 'cancellation' then l.units end as units,
    case when l.order_kind = 'cancellation' then l.units end as credit_units,
    case when l.rate is null and num_nonnulls([[money: l.%]]) > 0 then 1 end as unrated_lines,
    case when l.stale and num_nonnulls([[money: l.%]]) > 0 then 1 end as stale_lines
)sql";

constexpr std::string_view item_lines = R"sql(
            select date_trunc('month', r.day::timestamp)::date as month, i.series + p.series as series, r.sign,
                [[line columns]], [[money: l.%]], [[book: l.%]]
            from (select r.sign, generate_series(r.first::timestamp, r.last::timestamp, '1 day')::date as day
                from unnest($8, $9, $10) as r(first, last, sign)) r
            cross join unnest($2, $3) as i(item_no, series)
            cross join lateral (
                select s.place_no, s.line_no, s.order_kind, s.standing, s.first_of_item, s.rate,
                    s.stale, [[line: s.%]]
                from insight.sale_line s
                where s.tenant_id = $1 and s.day = r.day and s.item_no = i.item_no
                offset 0
            ) l
            join unnest($4, $5) as p(place_no, series) on p.place_no = l.place_no
)sql";

constexpr std::string_view best_of_lines = R"sql(
        select l.item_no, r.sign * l.value as value
        from unnest($5, $6, $7) as r(first, last, sign)
        cross join lateral (
            select x.item_no, case $2::text when 'sales' then x.book_sales
                when 'units' then case when x.order_kind <> 'cancellation' then x.units end
                else case when x.first_of_item and x.standing = 'counted'
                    and x.order_kind in ('sale', 'replacement') then 1 end end as value
            from insight.sale_line x
            where x.tenant_id = $1 and x.day between r.first and r.last and x.place_no = any($9)
            offset 0
        ) l
)sql";

void put_in(std::string& out, std::string_view mark, std::string_view text) {
    for (auto at = out.find(mark); at != std::string::npos; at = out.find(mark, at))
        out.replace(at, mark.size(), text);
}

/// `points`: those of original or of book amounts.
std::string place_sql(std::string_view points) {
    return R"sql(
    select d.month as period, w.series, )sql" +
           std::string(points) + R"sql(
    from unnest($2, $3) as w(place_no, series)
    join (
        select m.month, m.place_no, [[sums: m.%]] from insight.sales_month m
        where m.tenant_id = $1 and m.month between $4 and $5
        union all
        select date_trunc('month', s.day::timestamp)::date, s.place_no, [[sums: r.sign * s.%]]
        from unnest($6, $7, $8) as r(first, last, sign)
        join insight.sales_day s on s.tenant_id = $1 and s.day between r.first and r.last
    ) d on d.place_no = w.place_no
    group by 1, 2 order by 1, 2
)sql";
}
using OfPlaces = PointRow(TenantId, Numbers, Numbers, std::optional<Date>, std::optional<Date>,
                          Dates, Dates, Numbers);
const MeasuredStatement<OfPlaces> select_original_places{"insight.original_place_months",
                                                         place_sql("[[original points]]")};
const MeasuredStatement<OfPlaces> select_book_places{"insight.book_place_months",
                                                     place_sql("[[book points]]")};

const MeasuredStatement<OfPlaces> select_items_everywhere{"insight.item_months_everywhere", R"sql(
    select d.month as period, d.series, [[book points]]
    from (
        select m.month, w.series, [[flat: m.%]]
        from (select t::date as month
            from generate_series($4::timestamp, $5::timestamp, '1 month') as t offset 0) as g
        cross join unnest($2, $3) as w(item_no, series)
        cross join lateral (
            select x.month, [[flat: x.%]] from insight.item_month x
            where x.tenant_id = $1 and x.month = g.month and x.item_no = w.item_no
            offset 0
        ) m
        union all
        select date_trunc('month', s.day::timestamp)::date, w.series, [[flat: r.sign * s.%]]
        from unnest($6, $7, $8) as r(first, last, sign)
        cross join unnest($2, $3) as w(item_no, series)
        cross join lateral (
            select x.day, [[flat: x.%]] from insight.item_day x
            where x.tenant_id = $1 and x.item_no = w.item_no and x.day between r.first and r.last
            offset 0
        ) s
    ) d
    group by 1, 2 order by 1, 2
)sql"};

// $6, $7 months · $8, $9, $10 days to add or to take off
std::string item_sql(std::string_view points) {
    return with_lines(R"sql(
    select d.month as period, d.series, )sql" +
                      std::string(points) + R"sql(
    from (
        select m.month, i.series + p.series as series, [[sums: m.%]]
        from (select t::date as month
            from generate_series($6::timestamp, $7::timestamp, '1 month') as t offset 0) g
        cross join unnest($2, $3) as i(item_no, series)
        cross join unnest($4, $5) as p(place_no, series)
        cross join lateral (
            select x.month, [[sums: x.%]] from insight.item_place_month x
            where x.tenant_id = $1 and x.place_no = p.place_no and x.month = g.month
                and x.item_no = i.item_no
            offset 0
        ) m
        union all
        select x.month, x.series, [[sums: x.sign * x.%]]
        from ([[item lines]]) x
    ) d
    group by 1, 2 order by 1, 2
)sql");
}
using OfItems = PointRow(TenantId, Numbers, Numbers, Numbers, Numbers, std::optional<Date>,
                         std::optional<Date>, Dates, Dates, Numbers);
const MeasuredStatement<OfItems> select_original_items{"insight.original_item_months",
                                                       item_sql("[[original points]]")};
const MeasuredStatement<OfItems> select_book_items{"insight.book_item_months",
                                                   item_sql("[[book points]]")};
}  // namespace

std::string with_lines(std::string_view sql) {
    std::string out(sql);
    put_in(out, "[[item lines]]", item_lines);
    put_in(out, "[[line columns]]", line_columns);
    put_in(out, "[[best of lines]]", best_of_lines);
    return out;
}

PartColumns::PartColumns(const Span& span) {
    const Parts parts = parts_of(span);
    if (parts.months) {
        first_month = parts.months->from;
        last_month = parts.months->to;
    }
    for (const Parts::Days& days : parts.days) {
        first.push_back(days.span.from);
        last.push_back(days.span.to);
        sign.push_back(days.sign);
    }
}

Awaitable<std::vector<PointRow>> place_month_points(const FactsReader& facts, Money money,
                                                    const PlaceSeries& series, const Span& span) {
    const PartColumns parts(span);
    const auto& statement = money == Money::book ? select_book_places : select_original_places;
    return facts.rows(statement, facts.tx().tenant(), series.places, series.series,
                      parts.first_month, parts.last_month, parts.first, parts.last, parts.sign);
}

Awaitable<std::vector<PointRow>> item_month_points_everywhere(const FactsReader& facts,
                                                              const ItemSeries& items,
                                                              const Span& span) {
    const PartColumns parts(span);
    return facts.rows(select_items_everywhere, facts.tx().tenant(), items.items, items.series,
                      parts.first_month, parts.last_month, parts.first, parts.last, parts.sign);
}

Awaitable<std::vector<PointRow>> item_month_points(const FactsReader& facts, Money money,
                                                   const ItemSeries& items,
                                                   const PlaceSeries& series, const Span& span) {
    const PartColumns parts(span);
    const auto& statement = money == Money::book ? select_book_items : select_original_items;
    return facts.rows(statement, facts.tx().tenant(), items.items, items.series, series.places,
                      series.series, parts.first_month, parts.last_month, parts.first, parts.last,
                      parts.sign);
}

}  // namespace entrepot::insight::store
