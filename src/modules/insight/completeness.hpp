// As of when figures hold, and what they lack.
#pragma once

#include "modules/insight/report.hpp"

namespace entrepot::insight {

/// What a report says of itself beside its figures.
struct Completeness {
    Instant as_of;
    std::vector<Gap> gaps;
};

struct Missing {
    std::int64_t unrated_lines = 0;  ///< in the sums of the report
    std::int64_t stale_lines = 0;
    std::vector<std::string> unrated_currencies;
    std::int64_t lines_without_currency = 0;
};

/// Pure: from the state of facts, shops and rates.
Completeness completeness_of(const store::StatusRow& status,
                             const std::vector<store::ShopRow>& shops, const Missing& missing,
                             const std::string& wanted_book_currency, Instant now);

/// A shop whose last good sync is longer ago lags.
inline constexpr auto sync_lag_max = std::chrono::hours(1);

}  // namespace entrepot::insight
