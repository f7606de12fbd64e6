// What reports ask and answer.
#pragma once

#include "modules/insight/insight.hpp"
#include "modules/insight/period.hpp"
#include "modules/insight/report_store.hpp"
#include "platform/json/traits.hpp"

namespace entrepot::insight {

enum class By { none, shop, marketplace, country, sku, currency };
BOOST_DESCRIBE_ENUM(By, none, shop, marketplace, country, sku, currency)

/// book: in the tenant's book currency · original: in the currency of the orders, a series for
/// each.
enum class Valuation { book, original };
BOOST_DESCRIBE_ENUM(Valuation, book, original)

using store::Rank;

/// Null for those who may not see money, and where a currency is not known.
using MaybeMoney = json::Guarded<std::optional<Money>, Permission::money_read>;

/// All measures. `total` is the sum of the money measures; README.md says what each holds.
struct Figures {
    std::optional<std::string> currency;  ///< none where the orders state none
    std::int64_t orders, cancelled_orders, pending_orders, credit_notes, units, credit_units;
    /// Lines whose currency had no rate on their day: not in amounts in book currency.
    std::int64_t unrated_lines;
    MaybeMoney sales, credits, discounts, postage, tax, fees, adjustments, other, total;
};
BOOST_DESCRIBE_STRUCT(Figures, (),
                      (currency, orders, cancelled_orders, pending_orders, credit_notes, units,
                       credit_units, unrated_lines, sales, credits, discounts, postage, tax, fees,
                       adjustments, other, total))

struct Point {
    Date period;    ///< its first day
    Date last_day;  ///< its last day inside the span asked for
    std::int64_t orders, cancelled_orders, units;
    MaybeMoney sales, credits, total;
};
BOOST_DESCRIBE_STRUCT(Point, (),
                      (period, last_day, orders, cancelled_orders, units, sales, credits, total))

struct Series {
    std::string key;
    std::string label;
    std::optional<std::string> title;  ///< of a SKU
    /// Parameters of GET /orders, without from and to, that list the orders behind a figure; add
    /// the first and last day of the figure. Null where the list cannot be asked for so exactly.
    std::optional<std::string> drill;
    Figures totals;
    std::vector<Point> points;  ///< periods in which there was anything, in time order
};
BOOST_DESCRIBE_STRUCT(Series, (), (key, label, title, drill, totals, points))

struct Gap {
    std::string code;  ///< facts_pending, revaluing, book_currency_changing, missing_rates,
                       ///< stale_rates, currency_unknown, never_synced, sync_lagging, shop_broken,
                       ///< shop_paused
    std::string detail;
    std::optional<ShopId> shop_id;
    std::int64_t count;
};
BOOST_DESCRIBE_STRUCT(Gap, (), (code, detail, shop_id, count))

struct RatesUsed {
    std::string source;
    std::optional<Date> latest_date;
};
BOOST_DESCRIBE_STRUCT(RatesUsed, (), (source, latest_date))

struct SalesQuery {
    std::optional<Grain> group;
    Date from, to;
    std::optional<std::vector<ShopId>> shop_id;
    std::optional<std::vector<std::string>> marketplace_id;
    std::optional<std::vector<std::string>> country;  ///< "-" = not stated
    std::optional<std::string> sku;
    std::optional<Valuation> currency;
    std::optional<By> by;
    std::optional<Compare> compare;
    std::optional<Rank> rank;  ///< which series are kept when there are more than limit
    std::optional<std::int64_t> limit;
};
BOOST_DESCRIBE_STRUCT(SalesQuery, (),
                      (group, from, to, shop_id, marketplace_id, country, sku, currency, by,
                       compare, rank, limit))

struct SalesReport {
    Instant as_of;
    bool complete;
    std::optional<std::string> incomplete_reason;
    std::vector<Gap> gaps;
    std::string book_currency;
    RatesUsed rates;
    std::vector<Date> periods;
    std::vector<Series> series;
    Figures totals;
    std::optional<Figures> compare_totals;
    std::optional<Date> compare_from, compare_to;
    std::vector<Point> compare_points;  ///< of all series together, in the compared span
    std::vector<Figures> originals;     ///< per currency of the orders
};
BOOST_DESCRIBE_STRUCT(SalesReport, (),
                      (as_of, complete, incomplete_reason, gaps, book_currency, rates, periods,
                       series, totals, compare_totals, compare_from, compare_to, compare_points,
                       originals))

struct TopQuery {
    By by = By::sku;
    Date from, to;
    std::optional<std::vector<ShopId>> shop_id;
    std::optional<Rank> rank;
    std::optional<std::int64_t> limit;
};
BOOST_DESCRIBE_STRUCT(TopQuery, (), (by, from, to, shop_id, rank, limit))

struct TopItem {
    std::string key;
    std::string label;
    std::optional<std::string> title;
    std::optional<std::string> drill;
    Figures totals;
};
BOOST_DESCRIBE_STRUCT(TopItem, (), (key, label, title, drill, totals))

struct TopReport {
    Instant as_of;
    bool complete;
    std::optional<std::string> incomplete_reason;
    std::vector<Gap> gaps;
    std::string book_currency;
    std::vector<TopItem> items;
    Figures totals;
};
BOOST_DESCRIBE_STRUCT(TopReport, (),
                      (as_of, complete, incomplete_reason, gaps, book_currency, items, totals))

/// The last days up to today, or a span; 30 days when nothing is asked for.
struct DashboardQuery {
    std::optional<std::int64_t> days;
    std::optional<Date> from, to;
};
BOOST_DESCRIBE_STRUCT(DashboardQuery, (), (days, from, to))

struct DashboardPeriod {
    Date from, to;
    Grain group;  ///< of the points: days, months or years, by the length of the span
    Figures totals;
    Date compare_from, compare_to;
    Figures compare_totals;
};
BOOST_DESCRIBE_STRUCT(DashboardPeriod, (),
                      (from, to, group, totals, compare_from, compare_to, compare_totals))

struct OpenWork {
    std::int64_t exceptions, held, unshipped, late;
};
BOOST_DESCRIBE_STRUCT(OpenWork, (), (exceptions, held, unshipped, late))

struct ShopSync {
    ShopId shop_id;
    std::string name;
    std::string channel;
    std::string state;
    std::optional<Instant> last_synced_at;
    std::optional<std::int64_t> lag_seconds;
};
BOOST_DESCRIBE_STRUCT(ShopSync, (), (shop_id, name, channel, state, last_synced_at, lag_seconds))

struct Dashboard {
    Instant as_of;
    bool complete;
    std::optional<std::string> incomplete_reason;
    std::vector<Gap> gaps;
    std::string book_currency;
    RatesUsed rates;
    std::optional<Date> first_day;  ///< with anything sold, of all shops that the caller may see
    Figures today;
    DashboardPeriod period;
    std::vector<Point> points;  ///< periods in which there was anything, in time order
    std::vector<TopItem> by_shop;
    std::vector<TopItem> top_skus;
    OpenWork open;
    std::vector<ShopSync> sync;
};
BOOST_DESCRIBE_STRUCT(Dashboard, (),
                      (as_of, complete, incomplete_reason, gaps, book_currency, rates, first_day,
                       today, period, points, by_shop, top_skus, open, sync))

struct RatesQuery {
    std::optional<std::string> currency;
    Date from, to;
};
BOOST_DESCRIBE_STRUCT(RatesQuery, (), (currency, from, to))

struct Rate {
    std::string currency;
    Date day;
    Decimal per_eur;
    std::string source;
    Instant imported_at;
};
BOOST_DESCRIBE_STRUCT(Rate, (), (currency, day, per_eur, source, imported_at))

struct RatesList {
    std::vector<Rate> items;
};
BOOST_DESCRIBE_STRUCT(RatesList, (), (items))

Awaitable<Result<SalesReport>> sales(Context& ctx, const SalesQuery& query);
Awaitable<Result<TopReport>> top(Context& ctx, const TopQuery& query);
Awaitable<Result<Dashboard>> dashboard(Context& ctx, const DashboardQuery& query);
Awaitable<Result<RatesList>> rates(Context& ctx, const RatesQuery& query);

}  // namespace entrepot::insight
