// Statements that reports read: sums by place and by item, names, and how complete they are.
#pragma once

#include "modules/insight/facts_reader.hpp"
#include "modules/insight/insight.hpp"
#include "modules/insight/period.hpp"

namespace entrepot::insight::store {

using Scope = std::optional<std::vector<ShopId>>;
using Numbers = std::vector<std::int64_t>;

struct PlaceRow {
    std::int64_t place_no;
    ShopId shop_id;
    std::string marketplace_id;
    std::string country;
    std::string currency;
};
BOOST_DESCRIBE_STRUCT(PlaceRow, (), (place_no, shop_id, marketplace_id, country, currency))

struct ShopRow {
    ShopId id;
    std::string name;
    std::string channel;
    std::string state;
    std::optional<Instant> last_synced_at;
    Date today;  ///< in the shop's zone
};
BOOST_DESCRIBE_STRUCT(ShopRow, (), (id, name, channel, state, last_synced_at, today))

struct NameRow {
    std::string id;
    std::string name;
};
BOOST_DESCRIBE_STRUCT(NameRow, (), (id, name))

struct ItemRow {
    std::int64_t item_no;
    std::string code;
    std::optional<std::string> title;
    bool mapped;
};
BOOST_DESCRIBE_STRUCT(ItemRow, (), (item_no, code, title, mapped))

/// Sums of one series in one period; money in the currency asked for.
struct PointRow {
    Date period;
    std::int64_t series;
    std::int64_t orders, cancelled_orders, units, sales, credits, total;
};
BOOST_DESCRIBE_STRUCT(PointRow, (),
                      (period, series, orders, cancelled_orders, units, sales, credits, total))

/// All measures of one series, in original minor units and in book currency.
struct SumRow {
    std::int64_t series = 0;
    std::int64_t orders = 0, cancelled_orders = 0, pending_orders = 0, credit_notes = 0, units = 0,
                 credit_units = 0, unrated_lines = 0, stale_lines = 0;
    std::int64_t sales = 0, credits = 0, discounts = 0, postage = 0, tax = 0, fees = 0,
                 adjustments = 0, other = 0;
    std::int64_t book_sales = 0, book_credits = 0, book_discounts = 0, book_postage = 0,
                 book_tax = 0, book_fees = 0, book_adjustments = 0, book_other = 0;
};
BOOST_DESCRIBE_STRUCT(SumRow, (),
                      (series, orders, cancelled_orders, pending_orders, credit_notes, units,
                       credit_units, unrated_lines, stale_lines, sales, credits, discounts, postage,
                       tax, fees, adjustments, other, book_sales, book_credits, book_discounts,
                       book_postage, book_tax, book_fees, book_adjustments, book_other))

struct RankRow {
    std::int64_t item_no;
    std::int64_t value;
};
BOOST_DESCRIBE_STRUCT(RankRow, (), (item_no, value))

struct StatusRow {
    std::optional<std::string> book_currency;
    std::optional<Instant> derived_at;
    std::int64_t pending_jobs;
    std::optional<Instant> pending_since;
    std::int64_t revaluing_days;
    std::optional<Date> latest_rate;
    std::optional<Date> first_day, last_day;  ///< of the sums
    std::optional<std::int64_t> version;
};
BOOST_DESCRIBE_STRUCT(StatusRow, (),
                      (book_currency, derived_at, pending_jobs, pending_since, revaluing_days,
                       latest_rate, first_day, last_day, version))

struct OpenRow {
    std::int64_t held, unshipped, late, exceptions;
};
BOOST_DESCRIBE_STRUCT(OpenRow, (), (held, unshipped, late, exceptions))

struct RateRow {
    std::string currency;
    Date day;
    Decimal per_eur;
    std::string source;
    Instant imported_at;
};
BOOST_DESCRIBE_STRUCT(RateRow, (), (currency, day, per_eur, source, imported_at))

/// Measure by which items are ranked.
enum class Rank { sales, units, orders };
BOOST_DESCRIBE_ENUM(Rank, sales, units, orders)

/// place_no[i] belongs to series[i]; a place that is not named is left out.
struct PlaceSeries {
    Numbers places;
    Numbers series;
};
struct ShopSeries {
    std::vector<ShopId> shops;
    Numbers series;
};
struct ItemSeries {
    Numbers items;
    Numbers series;
};

/// Every report begins with this.
Awaitable<StatusRow> status(pg::Transaction& tx);
Awaitable<std::vector<ShopRow>> shops(pg::Transaction& tx, const Scope& scope, Instant now);
Awaitable<std::vector<NameRow>> marketplace_names(pg::Transaction& tx);
Awaitable<std::vector<PlaceRow>> places(pg::Transaction& tx);
/// Currencies without a rate on days of the span.
Awaitable<std::vector<std::string>> unrated_currencies(pg::Transaction& tx, const Span& span);
Awaitable<std::vector<ItemRow>> items(pg::Transaction& tx, const Numbers& item_nos);
/// Items that go by this code: the SKU, or a seller SKU that is not mapped.
Awaitable<Numbers> items_of_code(pg::Transaction& tx, const std::string& code);

/// The first day of each of these shops on which there is any fact; none for a shop without.
Awaitable<std::vector<Date>> first_days(const FactsReader& facts, const std::vector<ShopId>& shops);

enum class Money { original, book };

Awaitable<std::vector<PointRow>> place_points(const FactsReader& facts, Money money,
                                              const PlaceSeries& series, const Span& span,
                                              Grain grain);
/// Over all places of some shops, by day or week: book amounts only.
Awaitable<std::vector<PointRow>> shop_points(const FactsReader& facts, const ShopSeries& series,
                                             const Span& span, Grain grain);
Awaitable<std::vector<SumRow>> place_sums(const FactsReader& facts, const PlaceSeries& series,
                                          const Span& span);

/// Over all places: book amounts only.
Awaitable<std::vector<PointRow>> item_points_everywhere(const FactsReader& facts,
                                                        const ItemSeries& items, const Span& span,
                                                        Grain grain);
/// Over some places; the series is that of the item plus that of the place.
Awaitable<std::vector<PointRow>> item_points(const FactsReader& facts, Money money,
                                             const ItemSeries& items, const PlaceSeries& series,
                                             const Span& span, Grain grain);
Awaitable<std::vector<SumRow>> item_sums(const FactsReader& facts, const ItemSeries& items,
                                         const PlaceSeries& series, const Span& span);
/// The same over all places, in book currency only: amounts of the orders' currencies are 0.
Awaitable<std::vector<SumRow>> item_sums_everywhere(const FactsReader& facts,
                                                    const ItemSeries& items, const Span& span);
/// The same over whole shops, in book currency only. `places`: all places of these shops, each with
/// its shop's series.
struct WholeShops {
    ShopSeries shops;
    PlaceSeries places;
};
Awaitable<std::vector<SumRow>> item_sums_of_shops(const FactsReader& facts, const ItemSeries& items,
                                                  const WholeShops& series, const Span& span);
Awaitable<std::vector<PointRow>> item_month_points_of_shops(const FactsReader& facts,
                                                            const ItemSeries& items,
                                                            const WholeShops& series,
                                                            const Span& span);
/// The best `limit` items, best first; ties by item number.
Awaitable<std::vector<RankRow>> best_items_everywhere(const FactsReader& facts, Rank rank,
                                                      const Span& span, std::int64_t limit);
Awaitable<std::vector<RankRow>> best_items(const FactsReader& facts, Rank rank,
                                           const Numbers& places, const Span& span,
                                           std::int64_t limit);
Awaitable<std::vector<RankRow>> best_items_of_shops(const FactsReader& facts, Rank rank,
                                                    const WholeShops& shops, const Span& span,
                                                    std::int64_t limit);

Awaitable<OpenRow> open_work(pg::Transaction& tx, const Scope& scope, Instant now);
Awaitable<std::vector<RateRow>> rates(pg::Transaction& tx,
                                      const std::optional<std::string>& currency, const Span& span);

}  // namespace entrepot::insight::store
