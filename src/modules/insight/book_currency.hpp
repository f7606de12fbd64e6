// The tenant's book currency, as insight sees it.
#pragma once

#include "platform/pg/pg.hpp"

namespace entrepot::insight {

/// Currency of a tenant that has not chosen one.
inline constexpr std::string_view default_book_currency = "CNY";

/// ISO 4217 code in which this tenant keeps its books.
Awaitable<std::string> book_currency_of(pg::Transaction& tx);

}  // namespace entrepot::insight
