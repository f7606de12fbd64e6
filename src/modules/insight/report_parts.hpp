// What SQL of reports shares: a span in months and days, and what a sale line contributes.
#pragma once

#include "modules/insight/report_store.hpp"

namespace entrepot::insight::store {

using Dates = std::vector<Date>;

/// A span in the form in which the statements take it.
struct PartColumns {
    std::optional<Date> first_month, last_month;
    Dates first, last;
    Numbers sign;
    explicit PartColumns(const Span& span);
};

/// Replaces
/// `[[line columns]]`: the contributions of sale lines l as columns, like those of the sums;
/// `[[item lines]]`: a select of month, series, sign and these columns, of the lines of items
/// ($2, $3) in places ($4, $5) on days ($8, $9, $10); the series is that of the item plus that of
/// the place;
/// `[[best of lines]]`: a select of item and measure ($2), of the lines in places ($9) on days
/// ($5, $6, $7).
std::string with_lines(std::string_view sql);

/// Points by month, from whole months where there are any and days at both ends. A month of which
/// all is taken off again stands there with nothing in it.
Awaitable<std::vector<PointRow>> place_month_points(const FactsReader& facts, Money money,
                                                    const PlaceSeries& series, const Span& span);
Awaitable<std::vector<PointRow>> item_month_points_everywhere(const FactsReader& facts,
                                                              const ItemSeries& items,
                                                              const Span& span);
Awaitable<std::vector<PointRow>> item_month_points(const FactsReader& facts, Money money,
                                                   const ItemSeries& items,
                                                   const PlaceSeries& series, const Span& span);

}  // namespace entrepot::insight::store
