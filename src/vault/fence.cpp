// The statements of fences.
#include "vault/fence.hpp"

namespace entrepot::vault::store {
namespace {
const pg::Statement<void(TenantId, OrderId)> lock_order{"vault.hold_off", R"sql(
    select pg_advisory_xact_lock(hashtextextended($1::text || $2::text, 0))
)sql"};

const pg::Statement<void(TenantId, OrderId, Fence, Instant)> upsert_fence{"vault.add_fence", R"sql(
    insert into vault.fence as f (tenant_id, order_id, kind, fenced_at)
    values ($1, $2, $3, $4)
    on conflict (tenant_id, order_id) do update set kind = excluded.kind,
        fenced_at = excluded.fenced_at
        where f.kind = 'restricted' and excluded.kind = 'erased'
)sql"};

const pg::Statement<OrderId(TenantId, OrderId)> delete_restriction{"vault.end_restriction", R"sql(
    delete from vault.fence where tenant_id = $1 and order_id = $2 and kind = 'restricted'
    returning order_id
)sql"};

const pg::Statement<OrderId(TenantId)> select_barred{"vault.barred", R"sql(
    select order_id from vault.fence where tenant_id = $1
)sql"};

const pg::Statement<FenceRow(TenantId, std::vector<OrderId>)> select_fences{"vault.fences_of",
                                                                            R"sql(
    select order_id, kind from vault.fence where tenant_id = $1 and order_id = any($2)
)sql"};
}  // namespace

void hold_off(pg::Transaction& tx, OrderId order) {
    tx.defer(lock_order, tx.tenant(), order);
}

void add_fence(pg::Transaction& tx, OrderId order, Fence kind, Instant at) {
    tx.defer(upsert_fence, tx.tenant(), order, kind, at);
}

Awaitable<bool> end_restriction(pg::Transaction& tx, OrderId order) {
    const auto ended = co_await tx.maybe(delete_restriction, tx.tenant(), order);
    co_return ended.has_value();
}

Awaitable<std::vector<FenceRow>> fences_of(pg::Transaction& tx,
                                           const std::vector<OrderId>& orders) {
    return tx.rows(select_fences, tx.tenant(), orders);
}

}  // namespace entrepot::vault::store

namespace entrepot::vault {

Awaitable<std::vector<OrderId>> barred(pg::Transaction& tx) {
    return tx.rows(store::select_barred, tx.tenant());
}

}  // namespace entrepot::vault
