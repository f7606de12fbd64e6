// When people buy: seasons, weekdays, hours, growth, sale events, and promotion campaigns.
// All weights are integers, so that a world is the same on every machine.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "sim/random.hpp"
#include "sim/time_text.hpp"

namespace entrepot::sim {

/// A campaign that lowers the price of some products on some days.
struct Campaign {
    std::string_view id;
    unsigned discount_percent;
    unsigned reach_permille;  ///< part of the order lines it applies to
};

/// How busy a shop is on this day; only the ratio between days has meaning.
std::uint64_t day_weight(std::uint64_t seed, std::size_t shop, std::int64_t day,
                         std::int64_t first_day, std::int64_t day_count);

/// The instant within the day of one order: local waking hours, by the shop's offset.
Millis time_within_day(Rng& rng, std::size_t shop);

/// The campaign that runs on this day in this shop, or nullptr.
const Campaign* campaign_on(std::size_t shop, std::int64_t day);

/// Factor in permille for a product season in this month (1–12).
std::int64_t season_permille(unsigned season, unsigned month);

/// Order instants of one shop over its history, ascending; exactly `total` of them.
std::vector<Millis> history_instants(std::uint64_t seed, std::size_t shop, Millis end,
                                     std::int64_t day_count, std::uint64_t total);

}  // namespace entrepot::sim
