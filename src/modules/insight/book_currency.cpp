// The tenant's book currency, as insight sees it.
#include "modules/insight/book_currency.hpp"

#include "modules/account/account.hpp"

namespace entrepot::insight {

Awaitable<std::string> book_currency_of(pg::Transaction& tx) {
    const auto chosen = co_await account::book_currency(tx);
    co_return chosen.value_or(std::string(default_book_currency));
}

}  // namespace entrepot::insight
