// What every report begins with: who may see which shops, the state of the facts, names; and how
// rows of sums become figures.
#pragma once

#include "modules/insight/completeness.hpp"
#include "modules/insight/selection.hpp"

namespace entrepot::insight {

/// Longest spans. By day and week every day is read and answered; by month and year, and in
/// rankings, only sums of months are.
inline constexpr std::int64_t report_days_max = 1'100;
inline constexpr std::int64_t report_of_months_days_max = 50 * 366;
inline constexpr std::int64_t series_max = 100;
/// Who publishes the rates that can be imported.
inline constexpr std::string_view rates_source = "European Central Bank";

/// Read once per report, in the report's transaction.
struct Frame {
    store::StatusRow status;
    std::vector<store::ShopRow> shops;  ///< that the caller may see and asked for
    std::vector<store::PlaceRow> places;
    std::map<std::string, std::string> marketplace_names;
    Filter filter;
    Currency book;
    std::string wanted_book;
    /// `tx`: the snapshot in which the frame was read.
    FactsReader facts(pg::Transaction& tx) const { return {tx, status.version}; }
    /// For sums: days before the first fact and after the last are worth nothing, so a span may as
    /// well begin and end with the months of these.
    Span sum_span(Span span) const;
    /// The same for points, where they are made of months.
    Span points_span(Span span, Grain grain) const {
        return is_of_months(grain) ? sum_span(span) : span;
    }
    std::string label_of(By by, const std::string& key) const;
};

/// not_found when a shop that was asked for does not exist or is out of scope.
Awaitable<Result<Frame>> load_frame(Context& ctx, pg::Transaction& tx, Filter filter);

/// Problems of a span: invalid_fields, insight.period_too_long.
Result<Span> checked_span(Date from, Date to, Grain grain);
Result<std::int64_t> checked_limit(std::optional<std::int64_t> limit, std::int64_t usual);

/// Sums of one report, over places or over some items in places.
class Reader {
public:
    Reader(const FactsReader& facts, std::optional<store::Numbers> items)
        : facts_(facts), items_(std::move(items)) {}
    Awaitable<std::vector<store::SumRow>> sums(const store::PlaceSeries& series,
                                               const Span& span) const;
    Awaitable<std::vector<store::PointRow>> points(store::Money money, const Selection& selection,
                                                   const Span& span, Grain grain) const;

private:
    FactsReader facts_;
    std::optional<store::Numbers> items_;
};

/// Points by month added up to those by year.
std::vector<store::PointRow> years_of(const std::vector<store::PointRow>& months);

/// Adds all measures.
void add_to(store::SumRow& sum, const store::SumRow& row);
store::SumRow sum_of(const std::vector<store::SumRow>& rows);
/// No measure of it is other than 0.
bool is_nothing(const store::SumRow& row);

/// Money null when `currency` is none.
Figures figures_in(const store::SumRow& row, Valuation valuation,
                   const std::optional<Currency>& currency);
Point point_of(const store::PointRow& row, const Span& span, Grain grain,
               const std::optional<Currency>& currency);
/// The known currency of a series or place; none for XXX.
std::optional<Currency> currency_named(const std::string& code);

/// The value by which series are ranked. Who may not see money cannot rank by it.
std::int64_t rank_value(const store::SumRow& row, Rank rank);
Rank allowed_rank(const Context& ctx, std::optional<Rank> asked, Valuation valuation);

/// Sums by currency of the orders: the originals, and what the book amounts lack.
struct ByCurrency {
    std::vector<Figures> originals;
    Missing missing;
    store::SumRow all;
};
Awaitable<ByCurrency> read_by_currency(pg::Transaction& tx, const Reader& reader,
                                       const Frame& frame, const Span& span);

template <class Report>
void fill_head(Report& report, const Frame& frame, Completeness completeness) {
    report.as_of = completeness.as_of;
    report.complete = completeness.gaps.empty();
    std::string reason;
    for (const Gap& gap : completeness.gaps) reason += (reason.empty() ? "" : "; ") + gap.detail;
    if (!report.complete) report.incomplete_reason = std::move(reason);
    report.gaps = std::move(completeness.gaps);
    report.book_currency = std::string(frame.book.code());
}

}  // namespace entrepot::insight
