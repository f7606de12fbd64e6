// Orders as a CSV or XLSX file, one row a line.
#pragma once

#include "modules/orders/list.hpp"

namespace entrepot::orders {

enum class ExportFormat { csv, xlsx };
BOOST_DESCRIBE_ENUM(ExportFormat, csv, xlsx)

struct ExportOrders : OrderFilter {
    ExportFormat format;
    std::optional<std::string> sort;
};
BOOST_DESCRIBE_STRUCT(ExportOrders, (OrderFilter), (format, sort))

/// Streams every order of the filter that the caller may see; columns of money only for those who
/// may read money.
Awaitable<Result<http::Response>> export_orders(Context& ctx, const ExportOrders& in);

}  // namespace entrepot::orders
