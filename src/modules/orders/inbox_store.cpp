// SQL of the exceptions inbox.
#include "modules/orders/inbox_store.hpp"

namespace entrepot::orders {
namespace {
const pg::Statement<InboxRow(TenantId, std::optional<std::vector<ShopId>>,
                             std::optional<ExceptionKind>, std::optional<std::string>,
                             std::optional<Uuid>, std::int64_t)>
    select_open{"orders.inbox_open", R"sql(
    select e.id, e.order_id, o.channel_order_id, e.shop_id, e.kind, e.subject, e.detail,
        e.first_seen_at, e.state,
        e.closed_at, e.closed_by, e.close_reason
    from orders.exception as e
    join orders.sales_order as o on o.tenant_id = $1 and o.id = e.order_id
    where e.tenant_id = $1 and e.state = 'open' and ($2::uuid[] is null or e.shop_id = any($2))
        and ($3::text is null or e.kind = $3) and ($4::text is null or e.subject = $4)
        and ($5::uuid is null or e.id < $5)
    order by e.id desc
    limit $6
)sql"};

const pg::Statement<InboxRow(TenantId, std::optional<std::vector<ShopId>>,
                             std::optional<ExceptionKind>, std::optional<std::string>,
                             std::optional<Uuid>, std::int64_t, ExceptionState)>
    select_closed{"orders.inbox_closed", R"sql(
    select e.id, e.order_id, o.channel_order_id, e.shop_id, e.kind, e.subject, e.detail,
        e.first_seen_at, e.state,
        e.closed_at, e.closed_by, e.close_reason
    from orders.exception as e
    join orders.sales_order as o on o.tenant_id = $1 and o.id = e.order_id
    where e.tenant_id = $1 and e.state = $7 and ($2::uuid[] is null or e.shop_id = any($2))
        and ($3::text is null or e.kind = $3) and ($4::text is null or e.subject = $4)
        and ($5::uuid is null or e.id < $5)
    order by e.id desc
    limit $6
)sql"};

const pg::Statement<InboxRow(TenantId, Scope, Uuid)> select_one{"orders.inbox_one", R"sql(
    select e.id, e.order_id, o.channel_order_id, e.shop_id, e.kind, e.subject, e.detail,
        e.first_seen_at, e.state,
        e.closed_at, e.closed_by, e.close_reason
    from orders.exception as e
    join orders.sales_order as o on o.tenant_id = $1 and o.id = e.order_id
    where e.tenant_id = $1 and ($2::uuid[] is null or e.shop_id = any($2)) and e.id = $3
)sql"};

const pg::Statement<KindCount(TenantId, Scope)> count_open{"orders.inbox_counts", R"sql(
    select kind, count(*)::int8 as count from orders.exception
    where tenant_id = $1 and state = 'open' and ($2::uuid[] is null or shop_id = any($2))
    group by kind
    order by kind
)sql"};

const pg::Statement<UnmappedRow(TenantId, ShopId, std::int64_t)> select_unmapped{
    "orders.unmapped_skus", R"sql(
    select u.subject as seller_sku,
        coalesce((select l.title from orders.order_line as l
            where l.tenant_id = $1 and l.order_id = u.order_id and l.seller_sku = u.subject
            order by l.line_no limit 1), '') as title,
        u.orders
    from (select subject, count(*)::int8 as orders, (array_agg(order_id order by id desc))[1] as
        order_id
        from orders.exception
        where tenant_id = $1 and shop_id = $2 and kind = 'unmapped_sku' and state = 'open' and
            subject <> ''
        group by subject
        order by count(*) desc, subject
        limit $3) as u
    order by u.orders desc, u.subject
)sql"};

const pg::Statement<void(TenantId, Uuid, Instant, std::string, std::string)> update_dismissed{
    "orders.dismiss_exception", R"sql(
    update orders.exception set state = 'dismissed', closed_at = $3, closed_by = $4, close_reason =
        $5
    where tenant_id = $1 and id = $2 and state = 'open'
)sql"};

const pg::Statement<void(TenantId, OrderId, Instant)> count_down{"orders.exception_closed", R"sql(
    update orders.sales_order
    set exception_count = exception_count - 1, updated_at = $3, version = version + 1, import_only =
        false
    where tenant_id = $1 and id = $2
)sql"};
}  // namespace

Awaitable<std::vector<InboxRow>> inbox_rows(pg::Transaction& tx, const InboxSelection& s) {
    if (s.state == ExceptionState::open)
        return tx.rows(select_open, tx.tenant(), s.shops, s.kind, s.subject, s.before, s.limit);
    return tx.rows(select_closed, tx.tenant(), s.shops, s.kind, s.subject, s.before, s.limit,
                   s.state);
}
Awaitable<std::optional<InboxRow>> inbox_row(pg::Transaction& tx, const Scope& scope, Uuid id) {
    return tx.maybe(select_one, tx.tenant(), scope, id);
}
Awaitable<std::vector<KindCount>> open_counts(pg::Transaction& tx, const Scope& scope) {
    return tx.rows(count_open, tx.tenant(), scope);
}
Awaitable<std::vector<UnmappedRow>> unmapped_rows(pg::Transaction& tx, ShopId shop,
                                                  std::int64_t limit) {
    return tx.rows(select_unmapped, tx.tenant(), shop, limit);
}
Awaitable<bool> write_dismissal(pg::Transaction& tx, const Dismissal& d) {
    const auto closed = co_await tx.exec(update_dismissed, tx.tenant(), d.id, d.at, d.by, d.reason);
    if (closed == 1) tx.defer(count_down, tx.tenant(), d.order_id, d.at);
    co_return closed == 1;
}

}  // namespace entrepot::orders
