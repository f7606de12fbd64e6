// When people buy: seasons, weekdays, hours, growth, sale events, and promotion campaigns.
// The day's number of orders is the difference of cumulated weights, so totals are exact.
#include "sim/calendar.hpp"

#include <algorithm>
#include <array>

#include "sim/catalogue.hpp"

namespace entrepot::sim {

namespace {

constexpr std::array<std::array<unsigned, 12>, shop_count> month_permille{{
    {880, 840, 900, 920, 960, 980, 1080, 960, 940, 1050, 1420, 1680},
    {900, 850, 940, 960, 940, 900, 980, 880, 960, 1060, 1450, 1600},
    {1050, 880, 1020, 980, 940, 980, 1120, 1040, 920, 960, 1180, 1560},
}};
constexpr std::array<std::array<unsigned, 7>, shop_count> weekday_permille{{
    {1080, 1050, 1020, 990, 930, 920, 1010},
    {1060, 1010, 1000, 990, 950, 880, 1110},
    {960, 940, 950, 960, 1000, 1120, 1070},
}};

// Days after 1 January (non-leap count) of sale events, and how they lift sales.
struct Event {
    unsigned month, first_day, last_day;
    unsigned lift_permille;
    Campaign campaign;
};
constexpr Event events[] = {
    {3, 20, 26, 1300, {"SPRING-DEALS-10", 10, 350}},
    {7, 15, 16, 2400, {"PRIME-EVENT-25", 25, 600}},
    {8, 20, 31, 1150, {"SCHOOL-START-8", 8, 250}},
    {10, 10, 11, 1700, {"PRIME-EVENT-FALL-20", 20, 500}},
    {11, 21, 30, 1800, {"BLACK-WEEK-20", 20, 550}},
    {12, 1, 2, 2000, {"CYBER-DAYS-15", 15, 500}},
    {12, 26, 31, 800, {"YEAR-END-12", 12, 300}},
};
constexpr Campaign coupon{"COUPON-5", 5, 120};

const Event* event_on(CivilDate date) {
    for (const Event& event : events) {
        if (date.month == event.month && date.day >= event.first_day &&
            date.day <= event.last_day) {
            return &event;
        }
    }
    return nullptr;
}

}  // namespace

std::uint64_t day_weight(std::uint64_t seed, std::size_t shop, std::int64_t day,
                         std::int64_t first_day, std::int64_t day_count) {
    const CivilDate date = civil_from_days(day);
    std::uint64_t weight = month_permille[shop][date.month - 1];
    weight = weight * weekday_permille[shop][weekday_of_day(day)] / 1000;
    // Growth by half over the history, and level after its end.
    const std::int64_t age = std::clamp<std::int64_t>(day - first_day, 0, day_count);
    weight = weight *
             static_cast<std::uint64_t>(1000 + 500 * age / std::max<std::int64_t>(day_count, 1)) /
             1000;
    if (const Event* event = event_on(date)) weight = weight * event->lift_permille / 1000;
    const auto noise =
        static_cast<std::uint64_t>(Rng(mix(seed, shop, day, 0xDA7u)).between(860, 1140));
    return std::max<std::uint64_t>(weight * noise / 1000, 1);
}

Millis time_within_day(Rng& rng, std::size_t shop) {
    constexpr std::array<unsigned, 24> hour_weight{12, 7,  4,  3,  3,  6,  14, 26, 38, 48, 55, 58,
                                                   60, 56, 52, 52, 54, 58, 66, 78, 86, 80, 56, 30};
    constexpr unsigned total = 1002;
    auto draw = static_cast<unsigned>(rng.below(total));
    int hour = 0;
    while (draw >= hour_weight[static_cast<std::size_t>(hour)]) {
        draw -= hour_weight[static_cast<std::size_t>(hour)];
        ++hour;
    }
    const int utc_hour = ((hour - shops()[shop].utc_offset_hours) % 24 + 24) % 24;
    return utc_hour * hour_ms + rng.between(0, hour_ms - 1);
}

const Campaign* campaign_on(std::size_t shop, std::int64_t day) {
    const CivilDate date = civil_from_days(day);
    if (const Event* event = event_on(date)) return &event->campaign;
    // A coupon runs for a week in every third week, at a different time in each shop.
    return (day / 7 + static_cast<std::int64_t>(shop)) % 3 == 0 ? &coupon : nullptr;
}

std::int64_t season_permille(unsigned season, unsigned month) {
    constexpr std::array<std::array<std::int64_t, 12>, 4> table{{
        {1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000},
        {700, 650, 650, 650, 650, 600, 700, 700, 800, 1100, 2000, 2800},
        {400, 500, 800, 1200, 1700, 2200, 2300, 1900, 1100, 600, 450, 500},
        {900, 700, 800, 800, 700, 800, 1500, 2300, 1700, 900, 900, 1100},
    }};
    return table[season % 4][month - 1];
}

std::vector<Millis> history_instants(std::uint64_t seed, std::size_t shop, Millis end,
                                     std::int64_t day_count, std::uint64_t total) {
    const std::int64_t end_day = day_of(end);
    const std::int64_t first_day = end_day - day_count;
    std::vector<std::uint64_t> cumulated;
    cumulated.reserve(static_cast<std::size_t>(day_count));
    std::uint64_t sum = 0;
    for (std::int64_t day = first_day; day < end_day; ++day) {
        sum += day_weight(seed, shop, day, first_day, day_count);
        cumulated.push_back(sum);
    }
    std::vector<Millis> instants;
    instants.reserve(total);
    std::uint64_t placed = 0;
    for (std::size_t i = 0; i < cumulated.size(); ++i) {
        const std::uint64_t until = total * cumulated[i] / sum;
        const std::int64_t day = first_day + static_cast<std::int64_t>(i);
        Rng rng(mix(seed, shop, day, 0x7153u));
        const std::size_t from = instants.size();
        for (; placed < until; ++placed) {
            instants.push_back(day * day_ms + time_within_day(rng, shop));
        }
        std::sort(instants.begin() + static_cast<std::ptrdiff_t>(from), instants.end());
    }
    return instants;
}

}  // namespace entrepot::sim
