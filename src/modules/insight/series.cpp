// The series of a report.
#include "modules/insight/series.hpp"

#include <algorithm>
#include <numeric>

namespace entrepot::insight {
namespace {
constexpr std::string_view other_key = "other";

/// Currency in which the money of a series stands.
std::optional<Currency> currency_of(const Asked& asked, const Frame& frame, const SeriesKey& key) {
    if (asked.valuation == Valuation::book) return frame.book;
    return currency_named(key.currency);
}

void put_points(std::vector<Series>& series, const std::vector<store::PointRow>& rows,
                const Asked& asked, const std::vector<std::optional<Currency>>& currencies) {
    for (const store::PointRow& row : rows) {
        const auto number = static_cast<std::size_t>(row.series);
        if (number >= series.size()) continue;
        series[number].points.push_back(point_of(row, asked.span, asked.grain, currencies[number]));
    }
}

/// Keeps the best `limit` series and folds the rest into one called "other"; renumbers.
void keep_best(Selection& selection, std::vector<store::SumRow>& sums, const Asked& asked) {
    std::vector<store::SumRow> by_number(selection.keys.size());
    for (const store::SumRow& row : sums) by_number[static_cast<std::size_t>(row.series)] = row;
    std::vector<std::size_t> best(selection.keys.size());
    std::iota(best.begin(), best.end(), std::size_t{0});
    const auto before = [&](std::size_t a, std::size_t b) {
        const auto left = rank_value(by_number[a], asked.rank);
        const auto right = rank_value(by_number[b], asked.rank);
        return left != right ? left > right : a < b;
    };
    std::sort(best.begin(), best.end(), before);
    const auto limit = static_cast<std::size_t>(asked.limit);
    // Originals of different currencies cannot be folded into one series.
    const bool fold = best.size() > limit && asked.valuation == Valuation::book;
    const std::size_t kept = std::min(best.size(), limit);
    std::vector<std::int64_t> renumbered(selection.keys.size(),
                                         fold ? static_cast<std::int64_t>(kept) : -1);
    std::vector<SeriesKey> keys;
    std::vector<store::SumRow> kept_sums(kept + (fold ? 1 : 0));
    for (std::size_t i = 0; i < best.size(); ++i) {
        if (i < kept) {
            renumbered[best[i]] = static_cast<std::int64_t>(i);
            keys.push_back(selection.keys[best[i]]);
        } else if (!fold) {
            continue;
        }
        add_to(kept_sums[std::min(i, kept)], by_number[best[i]]);
    }
    if (fold) keys.push_back({std::string(other_key), {}});
    store::PlaceSeries places;
    for (std::size_t i = 0; i < selection.places.places.size(); ++i) {
        const auto number = renumbered[static_cast<std::size_t>(selection.places.series[i])];
        if (number < 0) continue;
        places.places.push_back(selection.places.places[i]);
        places.series.push_back(number);
    }
    selection.places = std::move(places);
    if (selection.shops) {
        store::ShopSeries shops;
        for (std::size_t i = 0; i < selection.shops->shops.size(); ++i) {
            const auto number = renumbered[static_cast<std::size_t>(selection.shops->series[i])];
            if (number < 0) continue;
            shops.shops.push_back(selection.shops->shops[i]);
            shops.series.push_back(number);
        }
        selection.shops = std::move(shops);
    }
    selection.keys = std::move(keys);
    sums = std::move(kept_sums);
}

Awaitable<std::vector<Series>> series_by_place(const Reader& reader, const Frame& frame,
                                               const Asked& asked, WithPoints with_points) {
    Selection selection = select_places(frame.places, frame.filter, asked.by, asked.valuation);
    auto sums = co_await reader.sums(selection.places, frame.sum_span(asked.span));
    keep_best(selection, sums, asked);
    std::vector<Series> out;
    std::vector<std::optional<Currency>> currencies;
    for (std::size_t i = 0; i < selection.keys.size(); ++i) {
        const SeriesKey& key = selection.keys[i];
        const bool other = key.key == other_key && asked.by != By::none;
        currencies.push_back(currency_of(asked, frame, key));
        Series series;
        series.key = key.key;
        series.label = frame.label_of(asked.by, key.key);
        if (!other)
            series.drill = drill_of(frame.filter, asked.by, key.key, asked.sku, asked.valuation);
        series.totals = figures_in(sums[i], asked.valuation, currencies.back());
        out.push_back(std::move(series));
    }
    if (with_points == WithPoints::yes) {
        const auto rows = co_await reader.points(
            asked.money(), selection, frame.points_span(asked.span, asked.grain), asked.grain);
        put_points(out, rows, asked, currencies);
    }
    co_return out;
}

Awaitable<std::vector<store::RankRow>> best_items(const FactsReader& facts, const Asked& asked,
                                                  const Selection& selection, const Span& span) {
    if (selection.everywhere)
        return store::best_items_everywhere(facts, asked.rank, span, asked.limit);
    if (selection.shops)
        return store::best_items_of_shops(facts, asked.rank, selection.whole_shops(), span,
                                          asked.limit);
    return store::best_items(facts, asked.rank, selection.places.places, span, asked.limit);
}

Awaitable<std::vector<store::SumRow>> item_sums(const FactsReader& facts, const Asked& asked,
                                                const store::ItemSeries& items,
                                                const Selection& selection, const Span& span) {
    const bool book = asked.valuation == Valuation::book;
    if (book && selection.everywhere) return store::item_sums_everywhere(facts, items, span);
    if (book && selection.shops)
        return store::item_sums_of_shops(facts, items, selection.whole_shops(), span);
    return store::item_sums(facts, items, selection.places, span);
}

Awaitable<std::vector<store::PointRow>> item_points(const FactsReader& facts, const Asked& asked,
                                                    const store::ItemSeries& items,
                                                    const Selection& selection, const Span& span) {
    if (asked.grain == Grain::year) {
        Asked by_month = asked;
        by_month.grain = Grain::month;
        co_return years_of(co_await item_points(facts, by_month, items, selection, span));
    }
    const bool book = asked.valuation == Valuation::book;
    if (book && selection.everywhere)
        co_return co_await store::item_points_everywhere(facts, items, span, asked.grain);
    if (book && selection.shops && asked.grain == Grain::month)
        co_return co_await store::item_month_points_of_shops(facts, items, selection.whole_shops(),
                                                             span);
    co_return co_await store::item_points(facts, asked.money(), items, selection.places, span,
                                          asked.grain);
}

Awaitable<std::vector<std::int64_t>> chosen_items(pg::Transaction& tx, const Frame& frame,
                                                  const Asked& asked, const Selection& selection) {
    if (asked.sku) co_return co_await store::items_of_code(tx, *asked.sku);
    std::vector<std::int64_t> out;
    const Span span = frame.sum_span(asked.span);
    for (const store::RankRow& row : co_await best_items(frame.facts(tx), asked, selection, span))
        out.push_back(row.item_no);
    co_return out;
}

/// One series for each item, in original currency one for each item and currency.
Awaitable<std::vector<Series>> series_by_item(pg::Transaction& tx, const Frame& frame,
                                              const Asked& asked, WithPoints with_points) {
    const Selection selection = select_places(frame.places, frame.filter, By::sku, asked.valuation);
    const auto item_nos = co_await chosen_items(tx, frame, asked, selection);
    const std::size_t currencies_count = std::max<std::size_t>(selection.keys.size(), 1);
    store::ItemSeries items;
    for (std::size_t i = 0; i < item_nos.size(); ++i) {
        items.items.push_back(item_nos[i]);
        items.series.push_back(static_cast<std::int64_t>(i * currencies_count));
    }
    std::map<std::int64_t, store::ItemRow> names;
    for (auto& row : co_await store::items(tx, item_nos)) names.emplace(row.item_no, row);
    const Span span = frame.sum_span(asked.span);
    const FactsReader facts = frame.facts(tx);
    const Span points_span = frame.points_span(asked.span, asked.grain);
    const auto sums = co_await item_sums(facts, asked, items, selection, span);
    std::vector<Series> all(item_nos.size() * currencies_count);
    std::vector<std::optional<Currency>> currencies(all.size());
    std::vector<bool> used(all.size(), false);
    for (const store::SumRow& row : sums) {
        if (is_nothing(row)) continue;
        const auto number = static_cast<std::size_t>(row.series);
        const store::ItemRow& name = names.at(item_nos[number / currencies_count]);
        currencies[number] = currency_of(asked, frame, selection.keys[number % currencies_count]);
        used[number] = true;
        Series& series = all[number];
        series.key = series.label = name.code;
        series.title = name.title;
        series.drill = drill_of(frame.filter, By::sku, name.code, std::nullopt, asked.valuation);
        series.totals = figures_in(row, asked.valuation, currencies[number]);
    }
    if (with_points == WithPoints::yes && !items.items.empty()) {
        const auto rows = co_await item_points(facts, asked, items, selection, points_span);
        put_points(all, rows, asked, currencies);
    }
    std::vector<Series> out;
    for (std::size_t i = 0; i < all.size(); ++i)
        if (used[i]) out.push_back(std::move(all[i]));
    co_return out;
}

}  // namespace

Awaitable<std::vector<Series>> read_series(pg::Transaction& tx, const Reader& reader,
                                           const Frame& frame, const Asked& asked,
                                           WithPoints with_points) {
    if (asked.by == By::sku) return series_by_item(tx, frame, asked, with_points);
    return series_by_place(reader, frame, asked, with_points);
}

std::vector<TopItem> as_items(std::vector<Series> series) {
    std::vector<TopItem> out;
    for (Series& one : series)
        out.push_back({std::move(one.key), std::move(one.label), std::move(one.title),
                       std::move(one.drill), std::move(one.totals)});
    return out;
}

}  // namespace entrepot::insight
