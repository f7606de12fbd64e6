// What every report begins with.
#include "modules/insight/report_frame.hpp"

#include <algorithm>

#include "modules/insight/book_currency.hpp"

namespace entrepot::insight {
namespace {
Currency book_currency_in(const std::string& code) {
    const auto currency = Currency::parse(code);
    ensure(currency.has_value(), "the book currency is not known");
    return *currency;
}

bool is_among(const std::vector<store::ShopRow>& shops, ShopId id) {
    return std::any_of(shops.begin(), shops.end(),
                       [&](const store::ShopRow& shop) { return shop.id == id; });
}
}  // namespace

Span Frame::sum_span(Span span) const {
    if (status.first_day && span.from <= *status.first_day && span.to >= *status.first_day)
        span.from = period_start(*status.first_day, Grain::month);
    if (status.last_day && span.to >= *status.last_day)
        span.to =
            next_period(period_start(span.to, Grain::month), Grain::month) - std::chrono::days{1};
    return span;
}

std::string Frame::label_of(By by, const std::string& key) const {
    if (by == By::shop) {
        for (const store::ShopRow& shop : shops)
            if (shop.id.text() == key) return shop.name;
    } else if (by == By::marketplace) {
        const auto found = marketplace_names.find(key);
        if (found != marketplace_names.end()) return found->second;
    }
    return key;
}

Awaitable<Result<Frame>> load_frame(Context& ctx, pg::Transaction& tx, Filter filter) {
    filter.scope = ctx.shop_scope();
    const std::string wanted = co_await book_currency_of(tx);
    const auto status = co_await store::status(tx);
    auto shops = co_await store::shops(tx, filter.scope, ctx.now());
    if (filter.shops) {
        for (const ShopId id : *filter.shops)
            if (!is_among(shops, id))
                co_return make_error(entrepot::errors::not_found, "there is no such shop");
        std::erase_if(shops, [&](const store::ShopRow& shop) {
            return std::find(filter.shops->begin(), filter.shops->end(), shop.id) ==
                   filter.shops->end();
        });
    }
    auto places = co_await store::places(tx);
    std::map<std::string, std::string> names;
    for (auto& row : co_await store::marketplace_names(tx))
        names.emplace(std::move(row.id), std::move(row.name));
    Frame frame{status,
                std::move(shops),
                std::move(places),
                std::move(names),
                std::move(filter),
                book_currency_in(status.book_currency.value_or(wanted)),
                wanted};
    co_return frame;
}

Result<Span> checked_span(Date from, Date to, Grain grain) {
    if (to < from)
        return field_error(entrepot::errors::invalid_fields, "/to", "before_from",
                           "the last day must not be before the first");
    const Span span{from, to};
    const std::int64_t max = is_of_months(grain) ? report_of_months_days_max : report_days_max;
    if (span.days() > max)
        return make_error(errors::period_too_long,
                          "this report covers at most " + std::to_string(max) + " days");
    return span;
}

Result<std::int64_t> checked_limit(std::optional<std::int64_t> limit, std::int64_t usual) {
    const std::int64_t value = limit.value_or(usual);
    if (value < 1 || value > series_max)
        return field_error(entrepot::errors::invalid_fields, "/limit", "out_of_range",
                           "from 1 to " + std::to_string(series_max));
    return value;
}

Awaitable<std::vector<store::SumRow>> Reader::sums(const store::PlaceSeries& series,
                                                   const Span& span) const {
    if (!items_) co_return co_await store::place_sums(facts_, series, span);
    const store::ItemSeries items{*items_, store::Numbers(items_->size(), 0)};
    co_return co_await store::item_sums(facts_, items, series, span);
}

Awaitable<std::vector<store::PointRow>> Reader::points(store::Money money,
                                                       const Selection& selection, const Span& span,
                                                       Grain grain) const {
    if (grain == Grain::year)
        co_return years_of(co_await points(money, selection, span, Grain::month));
    if (!items_ && money == store::Money::book && selection.shops && grain != Grain::month)
        co_return co_await store::shop_points(facts_, *selection.shops, span, grain);
    if (!items_)
        co_return co_await store::place_points(facts_, money, selection.places, span, grain);
    const store::ItemSeries items{*items_, store::Numbers(items_->size(), 0)};
    if (money == store::Money::book && selection.everywhere && selection.keys.size() <= 1)
        co_return co_await store::item_points_everywhere(facts_, items, span, grain);
    if (money == store::Money::book && selection.shops && grain == Grain::month)
        co_return co_await store::item_month_points_of_shops(facts_, items, selection.whole_shops(),
                                                             span);
    co_return co_await store::item_points(facts_, money, items, selection.places, span, grain);
}

std::vector<store::PointRow> years_of(const std::vector<store::PointRow>& months) {
    std::map<std::pair<Date, std::int64_t>, store::PointRow> years;
    for (store::PointRow month : months) {
        month.period = period_start(month.period, Grain::year);
        const auto [year, added] = years.emplace(std::pair(month.period, month.series), month);
        if (added) continue;
        year->second.orders += month.orders;
        year->second.cancelled_orders += month.cancelled_orders;
        year->second.units += month.units;
        year->second.sales += month.sales;
        year->second.credits += month.credits;
        year->second.total += month.total;
    }
    std::vector<store::PointRow> out;
    for (const auto& [key, year] : years) out.push_back(year);
    return out;
}

void add_to(store::SumRow& sum, const store::SumRow& row) {
    boost::mp11::mp_for_each<
        boost::describe::describe_members<store::SumRow, boost::describe::mod_public>>(
        [&](auto member) {
            if (std::string_view(member.name) != "series")
                sum.*member.pointer += row.*member.pointer;
        });
}

bool is_nothing(const store::SumRow& row) {
    bool nothing = true;
    boost::mp11::mp_for_each<
        boost::describe::describe_members<store::SumRow, boost::describe::mod_public>>(
        [&](auto member) {
            if (std::string_view(member.name) != "series" && row.*member.pointer != 0)
                nothing = false;
        });
    return nothing;
}

store::SumRow sum_of(const std::vector<store::SumRow>& rows) {
    store::SumRow sum;
    for (const store::SumRow& row : rows) add_to(sum, row);
    return sum;
}

Figures figures_in(const store::SumRow& row, Valuation valuation,
                   const std::optional<Currency>& currency) {
    const bool book = valuation == Valuation::book;
    const auto money = [&](std::int64_t original, std::int64_t in_book) -> MaybeMoney {
        if (!currency) return std::optional<Money>();
        return std::optional<Money>(Money{book ? in_book : original, *currency});
    };
    Figures out{};
    if (currency) out.currency = std::string(currency->code());
    out.orders = row.orders;
    out.cancelled_orders = row.cancelled_orders;
    out.pending_orders = row.pending_orders;
    out.credit_notes = row.credit_notes;
    out.units = row.units;
    out.credit_units = row.credit_units;
    out.unrated_lines = book ? row.unrated_lines : 0;
    out.sales = money(row.sales, row.book_sales);
    out.credits = money(row.credits, row.book_credits);
    out.discounts = money(row.discounts, row.book_discounts);
    out.postage = money(row.postage, row.book_postage);
    out.tax = money(row.tax, row.book_tax);
    out.fees = money(row.fees, row.book_fees);
    out.adjustments = money(row.adjustments, row.book_adjustments);
    out.other = money(row.other, row.book_other);
    out.total = money(row.sales + row.credits + row.discounts + row.postage + row.tax + row.fees +
                          row.adjustments + row.other,
                      row.book_sales + row.book_credits + row.book_discounts + row.book_postage +
                          row.book_tax + row.book_fees + row.book_adjustments + row.book_other);
    return out;
}

Point point_of(const store::PointRow& row, const Span& span, Grain grain,
               const std::optional<Currency>& currency) {
    const auto money = [&](std::int64_t minor) -> MaybeMoney {
        if (!currency) return std::optional<Money>();
        return std::optional<Money>(Money{minor, *currency});
    };
    Point out{};
    out.period = row.period;
    out.last_day = std::min(next_period(row.period, grain) - std::chrono::days{1}, span.to);
    out.orders = row.orders;
    out.cancelled_orders = row.cancelled_orders;
    out.units = row.units;
    out.sales = money(row.sales);
    out.credits = money(row.credits);
    out.total = money(row.total);
    return out;
}

std::optional<Currency> currency_named(const std::string& code) {
    return code == "XXX" ? std::nullopt : Currency::parse(code);
}

std::int64_t rank_value(const store::SumRow& row, Rank rank) {
    switch (rank) {
        case Rank::sales:
            return row.book_sales;
        case Rank::units:
            return row.units;
        case Rank::orders:
            return row.orders;
    }
    return 0;
}

Rank allowed_rank(const Context& ctx, std::optional<Rank> asked, Valuation valuation) {
    const Rank rank = asked.value_or(Rank::sales);
    const bool may_by_money = ctx.may(Permission::money_read) && valuation == Valuation::book;
    return rank == Rank::sales && !may_by_money ? Rank::units : rank;
}

Awaitable<ByCurrency> read_by_currency(pg::Transaction& tx, const Reader& reader,
                                       const Frame& frame, const Span& span) {
    const Selection selection =
        select_places(frame.places, frame.filter, By::currency, Valuation::book);
    const auto rows = co_await reader.sums(selection.places, frame.sum_span(span));
    ByCurrency out;
    out.all = sum_of(rows);
    for (const store::SumRow& row : rows) {
        const std::string& code = selection.keys[static_cast<std::size_t>(row.series)].key;
        const auto currency = currency_named(code);
        out.missing.stale_lines += row.stale_lines;
        out.missing.unrated_lines += row.unrated_lines;
        if (currency)
            out.originals.push_back(figures_in(row, Valuation::original, currency));
        else
            out.missing.lines_without_currency += row.unrated_lines;
    }
    if (out.missing.unrated_lines > 0)
        out.missing.unrated_currencies = co_await store::unrated_currencies(tx, span);
    co_return out;
}

}  // namespace entrepot::insight
