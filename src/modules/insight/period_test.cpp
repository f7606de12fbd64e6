// Calendar rules of reports: weeks, months, comparisons, and spans cut into months and days.
#include "modules/insight/period.hpp"

#include <gtest/gtest.h>

namespace entrepot::insight {
namespace {

Date day(const char* text) {
    return *parse_date(text);
}
Span span(const char* from, const char* to) {
    return {day(from), day(to)};
}
std::string words(const Span& s) {
    return format_date(s.from) + ".." + format_date(s.to);
}

TEST(InsightPeriod, weeks_start_on_monday) {
    EXPECT_EQ(format_date(period_start(day("2026-11-22"), Grain::week)), "2026-11-16");  // Sunday
    EXPECT_EQ(format_date(period_start(day("2026-11-23"), Grain::week)), "2026-11-23");
    EXPECT_EQ(format_date(period_start(day("2027-01-01"), Grain::week)), "2026-12-28");
}

TEST(InsightPeriod, periods_cover_the_span) {
    const auto months = periods_of(span("2024-01-31", "2024-03-01"), Grain::month);
    ASSERT_EQ(months.size(), 3U);
    EXPECT_EQ(format_date(months[1]), "2024-02-01");
    EXPECT_EQ(periods_of(span("2024-02-28", "2024-03-01"), Grain::day).size(), 3U);
    EXPECT_EQ(periods_of(span("2026-11-22", "2026-11-23"), Grain::week).size(), 2U);
    const auto years = periods_of(span("2010-12-01", "2026-11-22"), Grain::year);
    ASSERT_EQ(years.size(), 17U);
    EXPECT_EQ(format_date(years.front()), "2010-01-01");
    EXPECT_EQ(format_date(years.back()), "2026-01-01");
    EXPECT_EQ(format_date(next_period(years.back(), Grain::year)), "2027-01-01");
}

TEST(InsightPeriod, a_long_span_is_drawn_in_fewer_bars) {
    EXPECT_EQ(grain_to_draw(span("2026-11-22", "2026-11-22")), Grain::day);
    EXPECT_EQ(grain_to_draw(span("2026-01-01", "2026-04-30")), Grain::day);  // 120 days
    EXPECT_EQ(grain_to_draw(span("2026-01-01", "2026-05-01")), Grain::month);
    EXPECT_EQ(grain_to_draw(span("2024-01-01", "2026-12-31")), Grain::month);
    EXPECT_EQ(grain_to_draw(span("2023-12-01", "2026-12-31")), Grain::year);
}

struct Compared {
    const char *from, *to;
    Compare compare;
    Grain grain;
    const char* expected;
};

class InsightCompare : public testing::TestWithParam<Compared> {};

TEST_P(InsightCompare, picks_the_span_to_compare_with) {
    const Compared& c = GetParam();
    EXPECT_EQ(words(compared_span(span(c.from, c.to), c.compare, c.grain)), c.expected);
}

INSTANTIATE_TEST_SUITE_P(
    Insight, InsightCompare,
    testing::Values(
        Compared{"2026-11-16", "2026-11-22", Compare::previous, Grain::day,
                 "2026-11-09..2026-11-15"},
        Compared{"2026-11-01", "2026-11-30", Compare::previous, Grain::day,
                 "2026-10-01..2026-10-31"},
        Compared{"2024-02-01", "2024-02-29", Compare::previous, Grain::day,
                 "2024-01-01..2024-01-31"},
        Compared{"2024-03-01", "2024-03-31", Compare::previous, Grain::day,
                 "2024-02-01..2024-02-29"},
        Compared{"2025-01-01", "2025-12-31", Compare::previous, Grain::month,
                 "2024-01-01..2024-12-31"},
        Compared{"2024-01-01", "2025-12-31", Compare::previous, Grain::year,
                 "2022-01-01..2023-12-31"},
        Compared{"2025-02-01", "2025-02-28", Compare::year, Grain::day, "2024-02-01..2024-02-29"},
        Compared{"2024-02-01", "2024-02-29", Compare::year, Grain::day, "2023-02-01..2023-02-28"},
        Compared{"2024-02-29", "2024-03-02", Compare::year, Grain::day, "2023-02-28..2023-03-02"},
        Compared{"2026-03-03", "2026-03-05", Compare::year, Grain::day, "2025-03-03..2025-03-05"},
        Compared{"2026-11-16", "2026-11-29", Compare::year, Grain::week,
                 "2025-11-17..2025-11-30"}));

/// Days of the parts, signs applied, must be the days of the span, each once.
TEST(InsightPeriod, parts_are_the_span_and_few) {
    const Date first = day("2023-11-05");
    for (int begin = 0; begin < 100; begin += 3) {
        for (int length = 1; length < 130; length += 4) {
            const Span whole{first + std::chrono::days{begin},
                             first + std::chrono::days{begin + length - 1}};
            std::map<Date, int> times;
            const Parts parts = parts_of(whole);
            if (parts.months) {
                const Date end = next_period(parts.months->to, Grain::month);
                for (Date at = parts.months->from; at < end; at += std::chrono::days{1})
                    ++times[at];
            }
            std::int64_t single = 0;
            for (const auto& days : parts.days) {
                single += days.span.days();
                for (Date at = days.span.from; at <= days.span.to; at += std::chrono::days{1})
                    times[at] += static_cast<int>(days.sign);
            }
            for (const auto& [at, count] : times) {
                const bool inside = at >= whole.from && at <= whole.to;
                ASSERT_EQ(count, inside ? 1 : 0) << words(whole) << " at " << format_date(at);
            }
            std::int64_t covered = 0;
            for (const auto& [at, count] : times) covered += count;
            ASSERT_EQ(covered, whole.days()) << words(whole);
            ASSERT_LE(single, 31) << words(whole);
        }
    }
}

}  // namespace
}  // namespace entrepot::insight
