// SQL of whole shops: their first day, and reports by item, which read a row an item, shop and
// month where the statements over places read one for each place too, and lines for the days at
// both ends.
#include "modules/insight/measures.hpp"
#include "modules/insight/report_parts.hpp"

namespace entrepot::insight::store {
namespace {
// The month leads to the days, which have no index that begins with the shop. Sums of orders that
// are gone stay as rows without figures.
const MeasuredStatement<Date(TenantId, std::vector<ShopId>)> select_first_days{"insight.first_days",
                                                                               R"sql(
    select d.day
    from unnest($2) as w(shop_id)
    cross join lateral (
        select x.month from insight.item_shop_month x
        where x.tenant_id = $1 and x.shop_id = w.shop_id
        order by x.month limit 1
    ) m
    cross join lateral (
        select x.day from insight.shop_day x
        where x.tenant_id = $1 and x.shop_id = w.shop_id and x.day >= m.month
            and num_nonnulls([[flat: x.%]]) > 0
        order by x.day limit 1
    ) d
)sql"};

// $2 measure · $3, $4 months · $5, $6, $7 days to add or to take off · $9 places, $10 their shops
const MeasuredStatement<RankRow(TenantId, Rank, std::optional<Date>, std::optional<Date>, Dates,
                                Dates, Numbers, std::int64_t, Numbers, std::vector<ShopId>)>
    select_best{"insight.best_items_of_shops", with_lines(R"sql(
    select d.item_no, insight.total(d.value) as value
    from (
        select m.item_no, m.value
        from unnest($10) as w(shop_id)
        cross join lateral (
            select x.item_no, case $2::text when 'sales' then x.book_sales when 'units' then x.units
                else x.orders end as value
            from insight.item_shop_month x
            where x.tenant_id = $1 and x.shop_id = w.shop_id and x.month between $3 and $4
            offset 0
        ) m
        union all
        [[best of lines]]
    ) d
    group by d.item_no
    order by value desc, d.item_no limit $8
)sql")};

/// Months of items in shops, as rows of month, series and sums.
constexpr std::string_view item_months = R"sql(
            select m.month, i.series + w.series as series, [[flat: m.%]]
            from (select t::date as month
                from generate_series($6::timestamp, $7::timestamp, '1 month') as t offset 0) g
            cross join unnest($2, $3) as i(item_no, series)
            cross join unnest($11, $12) as w(shop_id, series)
            cross join lateral (
                select x.month, [[flat: x.%]] from insight.item_shop_month x
                where x.tenant_id = $1 and x.shop_id = w.shop_id and x.month = g.month
                    and x.item_no = i.item_no
                offset 0
            ) m
)sql";

/// `what`: what is read of rows d, which are months of items and the days to add or to take off.
std::string of_items(std::string_view what) {
    return with_lines("select " + std::string(what) + " from (" + std::string(item_months) +
                      R"sql(
        union all
        select x.month, x.series, [[flat: x.sign * x.%]] from ([[item lines]]) x
    ) d
)sql");
}

// $2, $3 items · $4, $5 places · $6, $7 months · $8, $9, $10 days · $11, $12 shops
template <class Row>
using OfItems = MeasuredStatement<Row(TenantId, Numbers, Numbers, Numbers, Numbers,
                                      std::optional<Date>, std::optional<Date>, Dates, Dates,
                                      Numbers, std::vector<ShopId>, Numbers)>;

const OfItems<SumRow> select_sums{
    "insight.item_sums_of_shops",
    of_items("d.series, [[counts: insight.total(d.%) as %]], [[money: 0::bigint as %]], "
             "[[book: insight.total(d.%) as %]]") +
        "group by 1 order by 1"};

const OfItems<PointRow> select_points{
    "insight.item_months_of_shops",
    of_items("d.month as period, d.series, [[book points]]") + "group by 1, 2 order by 1, 2"};

template <class Row>
Awaitable<std::vector<Row>> read_items(const FactsReader& facts, const OfItems<Row>& statement,
                                       const ItemSeries& items, const WholeShops& series,
                                       const Span& span) {
    const PartColumns parts(span);
    return facts.rows(statement, facts.tx().tenant(), items.items, items.series,
                      series.places.places, series.places.series, parts.first_month,
                      parts.last_month, parts.first, parts.last, parts.sign, series.shops.shops,
                      series.shops.series);
}
}  // namespace

Awaitable<std::vector<Date>> first_days(const FactsReader& facts,
                                        const std::vector<ShopId>& shops) {
    return facts.rows(select_first_days, facts.tx().tenant(), shops);
}

Awaitable<std::vector<SumRow>> item_sums_of_shops(const FactsReader& facts, const ItemSeries& items,
                                                  const WholeShops& series, const Span& span) {
    return read_items(facts, select_sums, items, series, span);
}

Awaitable<std::vector<PointRow>> item_month_points_of_shops(const FactsReader& facts,
                                                            const ItemSeries& items,
                                                            const WholeShops& series,
                                                            const Span& span) {
    return read_items(facts, select_points, items, series, span);
}

Awaitable<std::vector<RankRow>> best_items_of_shops(const FactsReader& facts, Rank rank,
                                                    const WholeShops& shops, const Span& span,
                                                    std::int64_t limit) {
    const PartColumns parts(span);
    return facts.rows(select_best, facts.tx().tenant(), rank, parts.first_month, parts.last_month,
                      parts.first, parts.last, parts.sign, limit, shops.places.places,
                      shops.shops.shops);
}

}  // namespace entrepot::insight::store
