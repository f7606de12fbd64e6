// Insight: what was sold, where, for how much. Facts without personal data, derived from orders;
// sums, exchange rates and the reports over them. Nothing here is entered by hand but rates.
#pragma once

#include <functional>

#include "platform/context.hpp"
#include "platform/module.hpp"

namespace entrepot::insight {

namespace errors {
/// The uploaded file is not a table of reference rates as the ECB publishes it.
inline constexpr ErrorCode not_a_rates_file{ErrorKind::invalid, "insight.not_a_rates_file"};
/// The period asked for is longer than a report can be.
inline constexpr ErrorCode period_too_long{ErrorKind::invalid, "insight.period_too_long"};
}  // namespace errors

struct RatesImported {
    std::int64_t days;     ///< days in the file
    std::int64_t rates;    ///< rates in the file
    std::int64_t changed;  ///< of them new or other than what was stored
    std::optional<Date> from, to;
};
BOOST_DESCRIBE_STRUCT(RatesImported, (), (days, rates, changed, from, to))

/// Imports the ECB's history of reference rates, as CSV or gzip of it. Facts that these rates
/// change are valued again by a job. insight.not_a_rates_file, too_large.
Awaitable<Result<RatesImported>> import_rates(Context& ctx, std::string_view file);

/// One place where facts and orders differ.
struct Difference {
    std::string where;  ///< "sale_line", "sales_day", …
    std::string key;    ///< order and line, or day and place
    std::string expected;
    std::string found;
};
BOOST_DESCRIBE_STRUCT(Difference, (), (where, key, expected, found))

struct Verification {
    std::int64_t orders = 0;       ///< orders recomputed
    std::int64_t lines = 0;        ///< lines recomputed
    std::int64_t cells = 0;        ///< sums recomputed
    std::int64_t differences = 0;  ///< all of them; `first` holds at most 20
    std::vector<Difference> first;
};
BOOST_DESCRIBE_STRUCT(Verification, (), (orders, lines, cells, differences, first))

/// Facts follow orders by about a second: how long to wait for those that are due.
struct Patience {
    std::chrono::milliseconds wait_max{60'000};
    std::chrono::milliseconds pause{500};
    /// Told how many orders wait for their facts, before each pause.
    std::function<void(std::int64_t orders)> waiting = {};
};

/// Recomputes every line and every sum of the tenant from orders and rates, by statements of its
/// own, and compares to the cent, in one snapshot. An order that differs while a job that will
/// derive it is outstanding in the same snapshot is looked at again until that job is done or
/// patience is over; only what differs then counts.
Awaitable<Verification> verify(Context& ctx, Patience patience = {});

/// Derives all facts of the tenant anew, in its present book currency, in one transaction. Returns
/// the number of orders.
Awaitable<std::int64_t> rebuild(Context& ctx);

/// Job kinds. facts: payload of orders.changed and orders.removed · rederive: {} = everything, anew
/// in the present book currency; {"shop_id":…} = the orders of a shop · revalue: after new rates.
inline constexpr std::string_view facts_job = "insight.facts";
inline constexpr std::string_view rederive_job = "insight.rederive";
inline constexpr std::string_view revalue_job = "insight.revalue";

Module module();

}  // namespace entrepot::insight
