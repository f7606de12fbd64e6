// Statements by which parcels and things to look at go.
#include "modules/orders/forget.hpp"

namespace entrepot::orders {
namespace {
const pg::Statement<void(TenantId, Instant)> delete_packages{"orders.forget_packages", R"sql(
    delete from orders.package as p
    using orders.sales_order as o
    where p.tenant_id = $1 and o.tenant_id = $1 and o.id = p.order_id
        and o.source_channel = 'amazon' and o.source_received_at < $2
)sql"};

const pg::Statement<void(TenantId, Instant)> delete_exceptions{"orders.forget_exceptions", R"sql(
    with gone as (
        delete from orders.exception as e
        using orders.sales_order as o
        where e.tenant_id = $1 and o.tenant_id = $1 and o.id = e.order_id
            and o.source_channel = 'amazon' and e.first_seen_at < $2
        returning e.order_id, e.state
    )
    update orders.sales_order as s
    set exception_count = s.exception_count - n.open
    from (select order_id, count(*) as open from gone where state = 'open' group by order_id) as n
    where s.tenant_id = $1 and s.id = n.order_id
)sql"};
}  // namespace

Awaitable<void> delete_past_term(pg::Transaction& tx, Instant before) {
    co_await tx.exec(delete_packages, tx.tenant(), before);
    co_await tx.exec(delete_exceptions, tx.tenant(), before);
}

}  // namespace entrepot::orders
