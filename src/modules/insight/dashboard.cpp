// The owner's first screen: today, the last days, the best, what is open, how fresh it is.
#include <algorithm>

#include "modules/insight/series.hpp"

namespace entrepot::insight {
namespace {
constexpr std::int64_t days_usual = 30;
constexpr std::int64_t days_max = 366;
constexpr std::int64_t shops_shown = 20;
constexpr std::int64_t skus_shown = 10;

/// The present day of each shop in its own zone; shops of one zone together.
Awaitable<store::SumRow> read_today(const Reader& reader, const Frame& frame) {
    std::map<Date, std::vector<ShopId>> shops_by_day;
    for (const store::ShopRow& shop : frame.shops) shops_by_day[shop.today].push_back(shop.id);
    store::SumRow today;
    for (const auto& [day, shops] : shops_by_day) {
        Filter filter = frame.filter;
        filter.shops = shops;
        const Selection selection = select_places(frame.places, filter, By::none, Valuation::book);
        const Span span{day, day};
        add_to(today, sum_of(co_await reader.sums(selection.places, span)));
    }
    co_return today;
}

/// Problems of the question. A span of its own is taken by the same limit as reports by month.
Result<bool> check(const DashboardQuery& query) {
    if (query.days && (query.from || query.to))
        return field_error(entrepot::errors::invalid_fields, "/days", "one_of",
                           "give either days, or from and to");
    if (query.from.has_value() != query.to.has_value())
        return field_error(entrepot::errors::invalid_fields, query.from ? "/to" : "/from",
                           "required", "from and to belong together");
    if (query.from) {
        TRY(const Span span, checked_span(*query.from, *query.to, Grain::month));
        return span.days() > 0;
    }
    const std::int64_t days = query.days.value_or(days_usual);
    if (days < 1 || days > days_max)
        return field_error(entrepot::errors::invalid_fields, "/days", "out_of_range",
                           "from 1 to " + std::to_string(days_max));
    return true;
}

/// The last `days` days up to the latest day that is today in any shop.
Span last_days(const Context& ctx, const Frame& frame, std::int64_t days) {
    Date last = std::chrono::floor<std::chrono::days>(ctx.now());
    if (!frame.shops.empty()) last = frame.shops.front().today;
    for (const store::ShopRow& shop : frame.shops) last = std::max(last, shop.today);
    return {last - std::chrono::days{days - 1}, last};
}

/// The first day with any fact, of all shops that the caller may see.
Awaitable<std::optional<Date>> first_day_of(pg::Transaction& tx, const Frame& frame) {
    std::vector<ShopId> shops;
    for (const store::ShopRow& shop : frame.shops) shops.push_back(shop.id);
    const auto days = co_await store::first_days(frame.facts(tx), shops);
    const auto first = std::min_element(days.begin(), days.end());
    co_return first == days.end() ? std::nullopt : std::optional(*first);
}

std::vector<ShopSync> sync_of(const Frame& frame, Instant now) {
    std::vector<ShopSync> out;
    for (const store::ShopRow& shop : frame.shops) {
        std::optional<std::int64_t> lag;
        if (shop.last_synced_at && shop.channel != "file")
            lag = std::chrono::duration_cast<std::chrono::seconds>(now - *shop.last_synced_at)
                      .count();
        out.push_back({shop.id, shop.name, shop.channel, shop.state, shop.last_synced_at, lag});
    }
    return out;
}

Awaitable<void> add_figures(Dashboard& out, pg::Transaction& tx, const Frame& frame,
                            const Asked& asked) {
    const Reader reader(frame.facts(tx), std::nullopt);
    const Selection all = select_places(frame.places, frame.filter, By::none, Valuation::book);
    const Span before = compared_span(asked.span, Compare::previous, Grain::day);
    const auto previous = co_await reader.sums(all.places, frame.sum_span(before));
    out.today = figures_in(co_await read_today(reader, frame), Valuation::book, frame.book);
    out.period.from = asked.span.from;
    out.period.to = asked.span.to;
    out.period.group = asked.grain;
    out.period.compare_from = before.from;
    out.period.compare_to = before.to;
    out.period.compare_totals = figures_in(sum_of(previous), Valuation::book, frame.book);
    for (const auto& row : co_await reader.points(
             store::Money::book, all, frame.points_span(asked.span, asked.grain), asked.grain))
        out.points.push_back(point_of(row, asked.span, asked.grain, frame.book));
    Asked shops = asked;
    shops.by = By::shop;
    shops.limit = shops_shown;
    out.by_shop = as_items(co_await read_series(tx, reader, frame, shops, WithPoints::no));
    out.top_skus = as_items(co_await read_series(tx, reader, frame, asked, WithPoints::no));
}
}  // namespace

Awaitable<Result<Dashboard>> dashboard(Context& ctx, const DashboardQuery& query) {
    CO_TRY_VOID(check(query));
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<Dashboard>> {
        CO_TRY(const Frame frame, co_await load_frame(ctx, tx, {}));
        const Span span = query.from ? Span{*query.from, *query.to}
                                     : last_days(ctx, frame, query.days.value_or(days_usual));
        const Asked asked{span,          grain_to_draw(span),
                          By::sku,       Valuation::book,
                          Compare::none, allowed_rank(ctx, std::nullopt, Valuation::book),
                          skus_shown,    std::nullopt};
        const Reader reader(frame.facts(tx), std::nullopt);
        const ByCurrency by_currency = co_await read_by_currency(tx, reader, frame, asked.span);
        Dashboard out{};
        out.period.totals = figures_in(by_currency.all, Valuation::book, frame.book);
        co_await add_figures(out, tx, frame, asked);
        out.first_day = co_await first_day_of(tx, frame);
        const auto open = co_await store::open_work(tx, frame.filter.scope, ctx.now());
        out.open = {open.exceptions, open.held, open.unshipped, open.late};
        out.sync = sync_of(frame, ctx.now());
        out.rates = {std::string(rates_source), frame.status.latest_rate};
        fill_head(out, frame,
                  completeness_of(frame.status, frame.shops, by_currency.missing, frame.wanted_book,
                                  ctx.now()));
        co_return out;
    };
    co_return co_await ctx.db().transaction(ctx.tenant, body, pg::Access::snapshot);
}

}  // namespace entrepot::insight
