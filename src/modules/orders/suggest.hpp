// Seller SKUs that nobody has mapped yet, with a guess at the SKU that each means.
#pragma once

#include "modules/orders/orders.hpp"
#include "platform/http/route.hpp"

namespace entrepot::orders {

struct SuggestMappings {
    ShopId shop_id;
};
BOOST_DESCRIBE_STRUCT(SuggestMappings, (), (shop_id))

struct Suggestion {
    std::string seller_sku;
    std::string title;
    std::int64_t orders;
    std::optional<std::string> sku_code;  ///< the guess
    std::optional<std::string> sku_title;
    std::string reason;  ///< "same_code", "same_letters", "same_start", "none"
};
BOOST_DESCRIBE_STRUCT(Suggestion, (), (seller_sku, title, orders, sku_code, sku_title, reason))
struct Suggestions {
    std::vector<Suggestion> items;
};
BOOST_DESCRIBE_STRUCT(Suggestions, (), (items))

/// Letters and digits only, in capitals: "Ab-12 c" and "AB12C" are the same code to a person.
std::string bare_code(const std::string& code);

/// The 200 unmapped seller SKUs with the most orders.
Awaitable<Result<Suggestions>> suggest_mappings(Context& ctx, const SuggestMappings& in);

}  // namespace entrepot::orders
