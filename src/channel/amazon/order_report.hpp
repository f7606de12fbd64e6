// The flat file of all orders → orders::IncomingOrder. Columns are found by name, columns with
// buyer data are dropped unread, rows of one order are put together wherever they stand. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "modules/orders/orders.hpp"

namespace entrepot::amazon {

/// What the header of a report tells.
struct ReportHeader {
    std::vector<std::string> dropped;  ///< columns with buyer data, not read
    std::vector<std::string> unknown;  ///< kept out, and worth a warning
    std::vector<std::string> missing;  ///< without these nothing is imported
};

struct OrderReport {
    ReportHeader header;
    std::vector<orders::IncomingOrder> orders;  ///< in the order of their first row
    std::int64_t rows = 0;
    std::int64_t rows_unusable = 0;   ///< ragged, without number or time
    std::int64_t rows_elsewhere = 0;  ///< of marketplaces that are not asked for, or not Amazon's
};

/// Whether a column may hold data of a buyer. ship-country alone is kept.
bool is_buyer_column(std::string_view name);

/// Reads the whole text. `marketplaces` = ids whose orders are wanted. With missing columns there
/// are no orders.
OrderReport read_order_report(std::string_view text, const std::vector<std::string>& marketplaces);

/// "1.234,56", "1,234.56", "1234", "12,5" → exact, by the places that the currency has.
std::optional<Decimal> local_number(std::string_view text, int places);
/// The forms in which reports write times: RFC 3339, "2026-01-02 03:04:05 UTC", "02.01.2026 03:04",
/// "01/02/2026 …" (month first only in North America).
enum class DayOrder { month_first, day_first };
std::optional<Instant> report_time(std::string_view text, DayOrder order);
/// Our state for the report's word ("Shipped - Delivered to Buyer").
orders::OrderState state_of_report_word(std::string_view word);

}  // namespace entrepot::amazon
