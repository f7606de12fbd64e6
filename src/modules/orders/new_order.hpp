// An order as a person types it or a seller's own program sends it, and the check that makes an
// IncomingOrder of it. Nothing of a buyer has a place here.
#pragma once

#include "modules/orders/orders.hpp"

namespace entrepot::orders {

/// What is sold: `seller_sku` as the shop writes it, or `sku_code`, the tenant's own. Amounts are
/// in the order's currency. item = quantity × unit_price, half to even.
struct NewLine {
    std::optional<std::string> seller_sku;
    std::optional<std::string> sku_code;
    std::optional<std::string> title;
    std::int64_t quantity;
    std::optional<Decimal> unit_price;  ///< needed unless the order is a replacement
    std::optional<Decimal> shipping, gift_wrap, tax, discount, other;
};
BOOST_DESCRIBE_STRUCT(NewLine, (),
                      (seller_sku, sku_code, title, quantity, unit_price, shipping, gift_wrap, tax,
                       discount, other))

struct NewOrder {
    ShopId shop_id;
    std::optional<std::string> channel_order_id;  ///< absent: we make one
    std::optional<OrderKind> kind;                ///< sale
    std::optional<Instant> ordered_at;            ///< now
    std::optional<std::string> marketplace_id;    ///< the shop's only one
    std::optional<FulfilledBy> fulfilled_by;      ///< merchant
    /// unshipped, shipped or delivered. Absent: unshipped; a credit note or an adjustment, of which
    /// nothing is sent, is shipped.
    std::optional<OrderState> state;
    std::string currency;
    std::optional<std::string> ship_country;
    std::optional<Decimal> grand_total;  ///< checked against the lines when it is given
    std::vector<NewLine> lines;
};
BOOST_DESCRIBE_STRUCT(NewOrder, (),
                      (shop_id, channel_order_id, kind, ordered_at, marketplace_id, fulfilled_by,
                       state, currency, ship_country, grand_total, lines))

inline constexpr std::size_t new_lines_max = 200;

/// Every violation with its pointer; `marketplaces` are the shop's. A line of a sku_code carries
/// the code as its seller SKU. The number stays empty when none was given. Pure.
Result<IncomingOrder> checked_order(const NewOrder& in, Instant now,
                                    const std::vector<std::string>& marketplaces);

/// "M-261120-7KQ4ZP": the day in UTC and six random letters and digits that nobody mistakes.
std::string made_number(Instant now);

}  // namespace entrepot::orders
