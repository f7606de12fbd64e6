// Reads the European Central Bank's table of euro reference rates (eurofxref-hist.csv). Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/money.hpp"
#include "base/result.hpp"
#include "base/time.hpp"

namespace entrepot::insight {

struct EcbRate {
    std::string currency;
    Date day;
    Decimal per_eur;
};

struct EcbTable {
    std::int64_t days = 0;
    std::vector<EcbRate> rates;
};

/// Header "Date,USD,JPY,…", one line a day, "N/A" or nothing where there is no rate, a comma at the
/// end of lines or none. insight.not_a_rates_file names the line that is wrong.
Result<EcbTable> read_ecb_table(std::string_view csv);

}  // namespace entrepot::insight
