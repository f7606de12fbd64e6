// SQL of saved views.
#include "modules/orders/view_store.hpp"

namespace entrepot::orders {
namespace {
const pg::ConstraintMeaning name_taken{
    "saved_view_name_key", make_error(errors::view_name_taken, "you have a view of this name")};

const pg::Statement<ViewRow(TenantId, Uuid)> select_views{"orders.views", R"sql(
    select id, name, owner_id, shared, filter from orders.saved_view
    where tenant_id = $1 and (owner_id = $2 or shared)
    order by name, id
)sql"};
const pg::Statement<std::int64_t(TenantId, Uuid)> count_views{"orders.view_count", R"sql(
    select count(*)::int8 as views from orders.saved_view where tenant_id = $1 and owner_id = $2
)sql"};
const pg::Statement<void(TenantId, ViewId, std::string, Uuid, bool, pg::Json, Instant)> insert{
    "orders.insert_view", R"sql(
    insert into orders.saved_view (tenant_id, id, name, owner_id, shared, filter, created_at)
    values ($1, $2, $3, $4, $5, $6, $7)
)sql"};
const pg::Statement<void(TenantId, Uuid, ViewId)> remove{"orders.delete_view", R"sql(
    delete from orders.saved_view where tenant_id = $1 and owner_id = $2 and id = $3
)sql"};
}  // namespace

Awaitable<std::vector<ViewRow>> view_rows(pg::Transaction& tx, Uuid owner) {
    return tx.rows(select_views, tx.tenant(), owner);
}
Awaitable<std::int64_t> view_count(pg::Transaction& tx, Uuid owner) {
    return tx.one(count_views, tx.tenant(), owner);
}
void insert_view(pg::Transaction& tx, const ViewRow& view, Instant at) {
    tx.defer(insert, tx.tenant(), view.id, view.name, view.owner_id, view.shared, view.filter, at);
}
Awaitable<bool> delete_view(pg::Transaction& tx, Uuid owner, ViewId id) {
    co_return co_await tx.exec(remove, tx.tenant(), owner, id) == 1;
}

}  // namespace entrepot::orders
