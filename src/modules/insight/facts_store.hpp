// Statements that derive facts from orders, and keep the sums and the rates used.
#pragma once

#include "modules/insight/insight.hpp"

namespace entrepot::insight::store {

using OrderIds = std::vector<OrderId>;

struct Progress {
    std::string book_currency;
    std::int64_t version;
    Instant derived_at;
};
BOOST_DESCRIBE_STRUCT(Progress, (), (book_currency, version, derived_at))

struct Derived {
    std::int64_t lines_written;
    std::int64_t lines_removed;
};
BOOST_DESCRIBE_STRUCT(Derived, (), (lines_written, lines_removed))

/// Locks the tenant's facts for one writer until the transaction ends; makes the row when absent.
Awaitable<Progress> lock_progress(pg::Transaction& tx, const std::string& book_currency,
                                  Instant at);
void note_change(pg::Transaction& tx, Instant at);
void set_book_currency(pg::Transaction& tx, const std::string& book_currency);

/// Brings lines and sums of these orders in agreement with the orders as they are now; orders that
/// are gone lose theirs. One statement, so all of it is read from one moment. The caller holds the
/// lock.
Awaitable<Derived> derive(pg::Transaction& tx, const OrderIds& orders,
                          const std::string& book_currency);

/// The next orders of the tenant (of one shop when given) after an id, in the sequence of ids.
Awaitable<OrderIds> orders_after(pg::Transaction& tx, OrderId after, std::optional<ShopId> shop,
                                 std::int64_t limit);
/// Removes all facts of the tenant except imported rates.
void remove_all(pg::Transaction& tx);

/// Resolves all used rates again; those that changed are marked. Returns how many.
Awaitable<std::int64_t> resolve_rates(pg::Transaction& tx, const std::string& book_currency);
/// One day with marked rates, and up to `limit` orders of it whose lines carry another rate.
struct StaleDay {
    Date day;
};
BOOST_DESCRIBE_STRUCT(StaleDay, (), (day))
Awaitable<std::optional<StaleDay>> marked_day(pg::Transaction& tx);
Awaitable<OrderIds> orders_to_revalue(pg::Transaction& tx, Date day, std::int64_t limit);
void unmark_day(pg::Transaction& tx, Date day);

struct RateRows {
    std::vector<std::string> currencies;
    std::vector<Date> days;
    std::vector<Decimal> per_eur;
};
/// Adds or corrects rates; returns how many were new or different.
Awaitable<std::int64_t> put_rates(pg::Transaction& tx, const RateRows& rows,
                                  const std::string& source, Instant at);

}  // namespace entrepot::insight::store
