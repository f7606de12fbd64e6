// Statements that recompute facts on a way of their own and compare.
#pragma once

#include "modules/insight/insight.hpp"
#include "modules/insight/period.hpp"

namespace entrepot::insight::store {

/// What one comparing statement found; keys, expected and found hold the first few differences.
struct Compared {
    std::int64_t orders, checked, differences;
    std::vector<std::string> keys, expected, found;
};
BOOST_DESCRIBE_STRUCT(Compared, (), (orders, checked, differences, keys, expected, found))

/// Whether an order that differs while a job will derive it is set apart: then it stands in
/// `waiting` and is no difference.
enum class WithDue { no, yes };

struct ComparedLines {
    std::int64_t orders, checked, differences;
    std::vector<std::string> keys, expected, found;
    std::vector<OrderId> waiting;
};
BOOST_DESCRIBE_STRUCT(ComparedLines, (),
                      (orders, checked, differences, keys, expected, found, waiting))

/// Lines of the orders with after < id ≤ last, or of those among `only`, and of facts of them whose
/// order is gone.
Awaitable<ComparedLines> compare_lines(pg::Transaction& tx, OrderId after, OrderId last,
                                       const std::optional<std::vector<OrderId>>& only,
                                       const std::string& book_currency, WithDue with_due);
/// The currency in which the book amounts of the facts stand; none while there are no facts.
Awaitable<std::optional<std::string>> book_currency_of_facts(pg::Transaction& tx);
/// The id that ends the next range of `limit` orders or fact lines after an id; none at the end.
Awaitable<std::optional<OrderId>> range_end(pg::Transaction& tx, OrderId after, std::int64_t limit);

/// Months that hold anything, in lines or in sums.
Awaitable<std::vector<Date>> months_of_facts(pg::Transaction& tx);

/// The sums of one kind, of one month, against the lines.
struct SumTable {
    std::string_view name;
    const pg::Statement<Compared(TenantId, Date, Date)>* statement;
};
std::span<const SumTable> sum_tables();
Awaitable<Compared> compare_sums(pg::Transaction& tx, const SumTable& table, Date month);

}  // namespace entrepot::insight::store
