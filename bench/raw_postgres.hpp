// Floors of the database: plain libpq inserts of the same rows, without any of our layers.
#pragma once

#include <string>

namespace entrepot::bench {

/// Makes bench.sales_order and bench.order_line as copies of the product's tables (same columns,
/// primary and unique keys).
void make_raw_tables(const std::string& owner_conninfo);
/// Orders per second with `lines` lines each: `clients` connections, `per_transaction` orders a
/// transaction, everything pipelined with prepared statements.
double raw_inserts_per_second(const std::string& conninfo, int clients, int per_transaction,
                              int lines, double seconds);

}  // namespace entrepot::bench
