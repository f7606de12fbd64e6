// SQL of the re-evaluation.
#include "modules/orders/remap_store.hpp"

namespace entrepot::orders {
namespace {
// From the lines of the SKU to their orders: the planner knows nothing of a young shop, takes it
// for one of a few orders, and would look for the SKU in each of all of them.
const pg::Statement<StalePlace(TenantId, ShopId, std::string, std::vector<SkuId>,
                               std::vector<Instant>, std::vector<std::optional<Instant>>,
                               std::int64_t)>
    select_stale{"orders.stale_orders", R"sql(
    select distinct stale.ordered_at, stale.order_id
    from (
        select l.ordered_at, l.order_id from orders.order_line as l
        where l.tenant_id = $1 and l.seller_sku = $3 and l.kind = 'goods'
            and l.sku_id is distinct from (select p.sku_id from unnest($4, $5, $6) as p(sku_id,
                valid_from, valid_to)
                where p.valid_from <= l.ordered_at and (p.valid_to is null or l.ordered_at <
                    p.valid_to))
        offset 0
    ) as stale
    cross join lateral (
        select o.id from orders.sales_order as o
        where o.tenant_id = $1 and o.id = stale.order_id and o.shop_id = $2
        offset 0
    ) as of_shop
    order by stale.ordered_at desc, stale.order_id desc
    limit $7
)sql"};

const pg::Statement<void(TenantId, std::vector<OrderId>, std::vector<std::int64_t>,
                         std::vector<std::optional<SkuId>>)>
    update_skus{"orders.write_skus", R"sql(
    update orders.order_line as l set sku_id = n.sku_id
    from unnest($2, $3, $4) as n(order_id, line_no, sku_id)
    where l.tenant_id = $1 and l.order_id = n.order_id and l.line_no = n.line_no
)sql"};

const pg::Statement<void(TenantId, std::vector<OrderId>, std::vector<std::int64_t>, Instant)>
    update_counts{"orders.write_exception_counts", R"sql(
    update orders.sales_order as o
    set exception_count = n.exceptions, updated_at = $4, version = o.version + 1
    from unnest($2, $3) as n(id, exceptions)
    where o.tenant_id = $1 and o.id = n.id
)sql"};
}  // namespace

Awaitable<std::vector<StalePlace>> stale_orders(pg::Transaction& tx, ShopId shop,
                                                const std::string& seller_sku,
                                                const std::vector<catalog::MappingPeriod>& periods,
                                                std::int64_t limit) {
    std::vector<SkuId> skus;
    std::vector<Instant> from;
    std::vector<std::optional<Instant>> to;
    for (const auto& period : periods) {
        skus.push_back(period.sku_id);
        from.push_back(period.valid_from);
        to.push_back(period.valid_to);
    }
    return tx.rows(select_stale, tx.tenant(), shop, seller_sku, skus, from, to, limit);
}

void write_skus(pg::Transaction& tx, const std::vector<SkuToWrite>& lines) {
    std::vector<OrderId> orders;
    std::vector<std::int64_t> numbers;
    std::vector<std::optional<SkuId>> skus;
    for (const SkuToWrite& line : lines) {
        orders.push_back(line.order_id);
        numbers.push_back(line.line_no);
        skus.push_back(line.sku_id);
    }
    tx.defer(update_skus, tx.tenant(), orders, numbers, skus);
}

void write_exception_counts(pg::Transaction& tx, const std::vector<CountToWrite>& orders,
                            Instant at) {
    std::vector<OrderId> ids;
    std::vector<std::int64_t> counts;
    for (const CountToWrite& order : orders) {
        ids.push_back(order.order_id);
        counts.push_back(order.exception_count);
    }
    tx.defer(update_counts, tx.tenant(), ids, counts, at);
}

}  // namespace entrepot::orders
