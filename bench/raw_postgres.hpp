// Floors of the database: plain libpq inserts of the same rows, without any of our layers.
#pragma once

#include <functional>
#include <string>

namespace entrepot::bench {

/// Makes bench.sales_order and bench.order_line as copies of the product's tables: same columns,
/// primary and unique keys; no other index, no foreign key, no row-level security.
void make_raw_tables(const std::string& owner_conninfo);

struct RawInserts {
    double orders_per_second = 0;
    double cpu_us = 0;  ///< of clients and PostgreSQL, an order
};
/// Orders with `lines` lines each: `count` connections, `per_transaction` orders a transaction,
/// everything pipelined with prepared statements. `server_cpu_s` reads PostgreSQL's CPU seconds.
RawInserts raw_inserts(const std::string& conninfo, int count, int per_transaction, int lines,
                       double seconds, const std::function<double()>& server_cpu_s);

}  // namespace entrepot::bench
