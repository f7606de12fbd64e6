// The sales report and the ranking of SKUs, countries and marketplaces.
#include "modules/insight/report.hpp"

#include "modules/insight/series.hpp"

namespace entrepot::insight {
namespace {
constexpr std::int64_t series_usual = 12;
constexpr std::int64_t top_usual = 10;

Result<Asked> asked_of(const Context& ctx, const SalesQuery& query) {
    const Grain grain = query.group.value_or(Grain::day);
    TRY(const Span span, checked_span(query.from, query.to, grain));
    TRY(const std::int64_t limit, checked_limit(query.limit, series_usual));
    const auto valuation = query.currency.value_or(Valuation::book);
    return Asked{span,
                 grain,
                 query.by.value_or(By::none),
                 valuation,
                 query.compare.value_or(Compare::none),
                 allowed_rank(ctx, query.rank, valuation),
                 limit,
                 query.sku};
}

Awaitable<void> add_comparison(SalesReport& report, const Reader& reader, const Frame& frame,
                               const Asked& asked) {
    if (asked.compare == Compare::none) co_return;
    const Span span = compared_span(asked.span, asked.compare, asked.grain);
    const Selection all = select_places(frame.places, frame.filter, By::none, Valuation::book);
    const auto rows = co_await reader.sums(all.places, frame.sum_span(span));
    const auto currency = asked.valuation == Valuation::book ? std::optional<Currency>(frame.book)
                                                             : std::optional<Currency>();
    report.compare_from = span.from;
    report.compare_to = span.to;
    report.compare_totals = figures_in(sum_of(rows), Valuation::book, currency);
    for (const auto& row : co_await reader.points(
             store::Money::book, all, frame.points_span(span, asked.grain), asked.grain))
        report.compare_points.push_back(point_of(row, span, asked.grain, currency));
}

Filter filter_of(const SalesQuery& query) {
    return {std::nullopt, query.shop_id, query.marketplace_id, query.country};
}
}  // namespace

Awaitable<Result<SalesReport>> sales(Context& ctx, const SalesQuery& query) {
    CO_TRY(const Asked asked, asked_of(ctx, query));
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<SalesReport>> {
        CO_TRY(const Frame frame, co_await load_frame(ctx, tx, filter_of(query)));
        std::optional<store::Numbers> items;
        if (asked.sku) items = co_await store::items_of_code(tx, *asked.sku);
        const Reader reader(frame.facts(tx), std::move(items));
        const ByCurrency by_currency = co_await read_by_currency(tx, reader, frame, asked.span);
        SalesReport report{};
        report.series = co_await read_series(tx, reader, frame, asked, WithPoints::yes);
        report.periods = periods_of(asked.span, asked.grain);
        const bool book = asked.valuation == Valuation::book;
        report.totals =
            figures_in(by_currency.all, Valuation::book,
                       book ? std::optional<Currency>(frame.book) : std::optional<Currency>());
        report.originals = by_currency.originals;
        report.rates = {std::string(rates_source), frame.status.latest_rate};
        co_await add_comparison(report, reader, frame, asked);
        fill_head(report, frame,
                  completeness_of(frame.status, frame.shops, by_currency.missing, frame.wanted_book,
                                  ctx.now()));
        co_return report;
    };
    co_return co_await ctx.db().transaction(ctx.tenant, body, pg::Access::snapshot);
}

Awaitable<Result<TopReport>> top(Context& ctx, const TopQuery& query) {
    if (query.by == By::none)
        co_return field_error(entrepot::errors::invalid_fields, "/by", "unknown_value",
                              "what to rank: sku, country, marketplace, shop or currency");
    CO_TRY(const Span span, checked_span(query.from, query.to, Grain::month));
    CO_TRY(const std::int64_t limit, checked_limit(query.limit, top_usual));
    const Asked asked{span,          Grain::day,
                      query.by,      Valuation::book,
                      Compare::none, allowed_rank(ctx, query.rank, Valuation::book),
                      limit,         std::nullopt};
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<TopReport>> {
        CO_TRY(const Frame frame,
               co_await load_frame(ctx, tx, {std::nullopt, query.shop_id, {}, {}}));
        const Reader reader(frame.facts(tx), std::nullopt);
        const ByCurrency by_currency = co_await read_by_currency(tx, reader, frame, span);
        TopReport report{};
        report.items = as_items(co_await read_series(tx, reader, frame, asked, WithPoints::no));
        report.totals = figures_in(by_currency.all, Valuation::book, frame.book);
        fill_head(report, frame,
                  completeness_of(frame.status, frame.shops, by_currency.missing, frame.wanted_book,
                                  ctx.now()));
        co_return report;
    };
    co_return co_await ctx.db().transaction(ctx.tenant, body, pg::Access::snapshot);
}

}  // namespace entrepot::insight
