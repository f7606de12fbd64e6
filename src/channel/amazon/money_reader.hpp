// Amounts of Amazon → minor units and our Amounts: exponents, signs, tax inside or beside the
// price.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "channel/amazon/marketplaces.hpp"
#include "channel/amazon/wire_json.hpp"
#include "modules/orders/orders.hpp"

namespace entrepot::amazon {

/// A decimal as JSON may write it ("12.30", "-4", "1.2E+2") → exact.
std::optional<Decimal> decimal_of(std::string_view text);
/// Minor units; finer amounts are rounded half to even.
std::int64_t minor_of(Decimal amount, const Currency& currency);
/// {"amount", "currencyCode"} in the given currency; nothing when absent or of another currency.
std::optional<Decimal> amount_of(const boost::json::value* money, std::string_view currency);

/// Parts as the breakdowns of one item list them, minor units, discount positive.
struct Parts {
    std::int64_t item = 0, shipping = 0, gift_wrap = 0, tax = 0, discount = 0, other = 0;
    std::int64_t tax_item = 0, tax_shipping = 0, tax_gift_wrap = 0;  ///< details of tax
    std::optional<std::int64_t> total;                               ///< as the item states it
    bool any = false;
    std::int64_t without_tax() const { return item + shipping + gift_wrap - discount + other; }
};
Parts read_parts(const boost::json::value* item_proceeds, const Currency& currency);

/// Whether these parts contain their tax: by the stated totals where they tell, else by habit of
/// the marketplace. `stated` = sum that all parts together should give.
TaxStyle tax_style_of(const std::vector<Parts>& items, std::optional<std::int64_t> stated,
                      TaxStyle habit);

/// Our Amounts, whose sum is the total in either style: a contained tax is taken out of its part.
orders::Amounts amounts_of(const Parts& parts, TaxStyle style);

}  // namespace entrepot::amazon
