// Rows of the re-evaluation.
#pragma once

#include "modules/catalog/catalog.hpp"
#include "modules/orders/evaluation.hpp"

namespace entrepot::orders {

struct StalePlace {
    Instant ordered_at;
    OrderId order_id;
};
BOOST_DESCRIBE_STRUCT(StalePlace, (), (ordered_at, order_id))

/// Orders of the shop that have a line of this seller SKU whose SKU is not what the periods say,
/// newest first.
Awaitable<std::vector<StalePlace>> stale_orders(pg::Transaction& tx, ShopId shop,
                                                const std::string& seller_sku,
                                                const std::vector<catalog::MappingPeriod>& periods,
                                                std::int64_t limit);

struct SkuToWrite {
    OrderId order_id;
    std::int64_t line_no;
    std::optional<SkuId> sku_id;
};
void write_skus(pg::Transaction& tx, const std::vector<SkuToWrite>& lines);

struct CountToWrite {
    OrderId order_id;
    std::int64_t exception_count;
};
void write_exception_counts(pg::Transaction& tx, const std::vector<CountToWrite>& orders,
                            Instant at);

}  // namespace entrepot::orders
