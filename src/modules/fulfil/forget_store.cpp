// The statement by which parcels go.
#include "modules/fulfil/forget.hpp"

namespace entrepot::fulfil {
namespace {
// A parcel whose quantities still count keeps an order from being released twice: it stays until
// the order itself is at its end.
const pg::Statement<void(TenantId, Instant)> delete_shipments{"fulfil.forget_shipments", R"sql(
    delete from fulfil.shipment as s
    using orders.sales_order as o
    where s.tenant_id = $1 and s.updated_at < $2 and o.tenant_id = $1 and o.id = s.order_id
        and o.source_channel = 'amazon'
        and (not s.counts or o.state in ('shipped', 'delivered', 'cancelled', 'unfulfillable'))
)sql"};
}  // namespace

Awaitable<void> delete_past_term(pg::Transaction& tx, Instant before) {
    co_await tx.exec(delete_shipments, tx.tenant(), before);
}

}  // namespace entrepot::fulfil
