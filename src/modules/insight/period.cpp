// Calendar rules of reports.
#include "modules/insight/period.hpp"

namespace entrepot::insight {
namespace {
constexpr std::int64_t days_drawn_max = 120;
constexpr std::int64_t days_drawn_by_month_max = 3 * 366;

using std::chrono::days;
using std::chrono::months;
using std::chrono::year_month_day;
using std::chrono::years;

Date month_start(Date day) {
    const year_month_day date{day};
    return Date{date.year() / date.month() / 1};
}
Date month_end(Date day) {
    const year_month_day date{day};
    return Date{date.year() / date.month() / std::chrono::last};
}
bool is_whole_months(const Span& span) {
    return span.from == month_start(span.from) && span.to == month_end(span.to);
}
std::int64_t month_number(Date day) {
    const year_month_day date{day};
    return int{date.year()} * 12LL + static_cast<int>(unsigned{date.month()}) - 1;
}
Date add_months(Date start, std::int64_t count) {
    const year_month_day date{start};
    const auto moved = date.year() / date.month() + months{static_cast<int>(count)};
    return Date{moved / 1};
}
Date a_year_before(Date day) {
    const auto moved = year_month_day{day} - years{1};
    return moved.ok() ? Date{moved} : Date{moved.year() / moved.month() / std::chrono::last};
}
}  // namespace

Date period_start(Date day, Grain grain) {
    switch (grain) {
        case Grain::day:
            return day;
        case Grain::week:
            return day - (std::chrono::weekday{day} - std::chrono::Monday);
        case Grain::month:
            return month_start(day);
        case Grain::year:
            return Date{year_month_day{day}.year() / 1 / 1};
    }
    return day;
}

Date next_period(Date start, Grain grain) {
    switch (grain) {
        case Grain::day:
            return start + days{1};
        case Grain::week:
            return start + days{7};
        case Grain::month:
            return add_months(start, 1);
        case Grain::year:
            return add_months(start, 12);
    }
    return start + days{1};
}

std::vector<Date> periods_of(const Span& span, Grain grain) {
    std::vector<Date> starts;
    for (Date at = period_start(span.from, grain); at <= span.to; at = next_period(at, grain))
        starts.push_back(at);
    return starts;
}

Grain grain_to_draw(const Span& span) {
    if (span.days() <= days_drawn_max) return Grain::day;
    return span.days() <= days_drawn_by_month_max ? Grain::month : Grain::year;
}

Span compared_span(const Span& span, Compare compare, Grain grain) {
    if (compare == Compare::none) return span;
    if (is_whole_months(span)) {
        const auto count = month_number(span.to) - month_number(span.from) + 1;
        const auto back = compare == Compare::year ? 12 : count;
        return {add_months(span.from, -back), month_end(add_months(month_start(span.to), -back))};
    }
    if (compare == Compare::previous) {
        const days length{span.days()};
        return {span.from - length, span.to - length};
    }
    if (grain == Grain::week) return {span.from - days{364}, span.to - days{364}};
    return {a_year_before(span.from), a_year_before(span.to)};
}

Parts parts_of(const Span& span) {
    const Date first = month_start(span.from);
    const Date last = month_start(span.to);
    if (first == last && !is_whole_months(span)) return {std::nullopt, {{span, 1}}};
    Parts parts;
    parts.months = Span{first, last};
    const auto before = (span.from - first).count();
    if (before > 0) {
        const Span kept{span.from, month_end(span.from)};
        if (before <= kept.days()) {
            parts.days.push_back({{first, span.from - days{1}}, -1});
        } else {
            parts.days.push_back({kept, 1});
            parts.months->from = add_months(first, 1);
        }
    }
    const auto after = (month_end(span.to) - span.to).count();
    if (after > 0) {
        const Span kept{last, span.to};
        if (after <= kept.days()) {
            parts.days.push_back({{span.to + days{1}, month_end(span.to)}, -1});
        } else {
            parts.days.push_back({kept, 1});
            parts.months->to = add_months(last, -1);
        }
    }
    if (parts.months->from > parts.months->to) parts.months.reset();
    return parts;
}

}  // namespace entrepot::insight
