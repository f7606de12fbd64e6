// What follows from an order's content alone: its sums, its content hash, and what is wrong with
// it.
#pragma once

#include <functional>

#include "modules/orders/orders.hpp"

namespace entrepot::orders {

enum class ExceptionKind {
    unmapped_sku,
    unknown_state,
    money_mismatch,
    illegal_transition,
    currency_unknown
};
BOOST_DESCRIBE_ENUM(ExceptionKind, unmapped_sku, unknown_state, money_mismatch, illegal_transition,
                    currency_unknown)

/// Something a person must look at. `subject` tells two of one kind apart; no amounts in `detail`,
/// because not everybody who sees an order may see its money.
struct Problem {
    ExceptionKind kind;
    std::string subject;
    std::string detail;
    bool operator==(const Problem&) const = default;
};

/// Header figures that are derived from the lines and never stored otherwise.
struct Sums {
    Amounts amounts;
    std::int64_t lines = 0;
    std::int64_t units = 0;  ///< of goods
};
Sums sums_of(const std::vector<IncomingLine>& lines);

/// What the order costs: as the channel states it, else the sum of the lines; nothing while no
/// currency is known.
std::optional<std::int64_t> grand_total_of(const IncomingOrder& order, const Sums& sums);

/// The line that stands for the order in a list: its first goods line, else its first.
const IncomingLine* first_line_of(const IncomingOrder& order);

/// SHA-256 over everything the channel said except when it said it.
std::string content_hash(const IncomingOrder& order);

/// The state after the channel's word, and whether the word was refused.
struct Move {
    OrderState state;
    bool refused;
};
Move move_to(std::optional<OrderState> from, OrderState said);

/// `mapped(seller_sku)` answers whether a mapping held when the order was made. Sorted by kind and
/// subject, without doubles.
std::vector<Problem> problems_of(const IncomingOrder& order, const Sums& sums,
                                 std::optional<OrderState> from,
                                 const std::function<bool(const std::string&)>& mapped);

bool has_problem(const std::vector<Problem>& problems, ExceptionKind kind,
                 const std::string& subject);

/// A copy without the bytes that PostgreSQL cannot hold (NUL, broken UTF-8), when there are any.
std::optional<IncomingOrder> repaired(const IncomingOrder& order);

/// "partially_shipped".
std::string state_name(OrderState state);

/// The text of an unmapped SKU's exception; also used when a mapping ends later.
Problem unmapped(const std::string& seller_sku);

}  // namespace entrepot::orders
