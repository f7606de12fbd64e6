// Calendar rules of reports: what a week and a month are, what a period is compared with, and how a
// span of days is made of whole months and single days. Pure.
#pragma once

#include <boost/describe/enum.hpp>
#include <optional>
#include <vector>

#include "base/time.hpp"

namespace entrepot::insight {

enum class Grain { day, week, month, year };
BOOST_DESCRIBE_ENUM(Grain, day, week, month, year)

/// none · previous: as many days (whole months: as many months) right before · year: the same a
/// year before.
enum class Compare { none, previous, year };
BOOST_DESCRIBE_ENUM(Compare, none, previous, year)

/// Both days belong to it.
struct Span {
    Date from;
    Date to;
    bool operator==(const Span&) const = default;
    std::int64_t days() const { return (to - from).count() + 1; }
};

/// Made of whole months: by month or by year.
constexpr bool is_of_months(Grain grain) {
    return grain == Grain::month || grain == Grain::year;
}
/// First day of the day, ISO week (Monday), month or year that holds `day`.
Date period_start(Date day, Grain grain);
/// First day of the period after the one that begins at `start`.
Date next_period(Date start, Grain grain);
/// Starts of all periods that touch the span.
std::vector<Date> periods_of(const Span& span, Grain grain);
/// The grain in which a chart of the span has bars that can be told apart: days up to four months,
/// months up to three years, then years.
Grain grain_to_draw(const Span& span);

/// The span to compare with. Whole months stay whole months. A year before: the same days of the
/// year before, 29 February becoming 28; by weeks, 52 weeks before, so that Mondays meet Mondays.
Span compared_span(const Span& span, Compare compare, Grain grain);

/// A span as the months that lie in it and days to add (+1) or to take off (−1) at its ends:
/// whichever of both needs fewer days.
struct Parts {
    struct Days {
        Span span;
        std::int64_t sign;
    };
    std::optional<Span> months;  ///< first days of the first and the last month
    std::vector<Days> days;
};
Parts parts_of(const Span& span);

}  // namespace entrepot::insight
