// SQL of legal holds in keyd's own database.
#pragma once

#include "keyd/permit.hpp"
#include "keyd/store.hpp"

namespace entrepot::keyd::store {

struct HoldEndRow {
    TenantId tenant_id;
    Uuid id;
};
BOOST_DESCRIBE_STRUCT(HoldEndRow, (), (tenant_id, id))

/// Keeps the one that is there.
void add_hold(pg::Transaction& tx, TenantId tenant, const Uuid& hold, Instant ends_at, UserId by,
              Instant now);
/// The end, locked until the end of the transaction.
Awaitable<std::optional<Instant>> lock_hold(pg::Transaction& tx, TenantId tenant, const Uuid& hold);
/// Never an earlier end than the one it has.
void extend_hold(pg::Transaction& tx, TenantId tenant, const Uuid& hold, Instant ends_at);
/// Holds that ended by then and whose keys live.
Awaitable<std::vector<HoldEndRow>> ended_holds(pg::Transaction& tx, Instant by, std::int64_t limit);

/// False when there is one of this id.
Awaitable<bool> add_permit(pg::Transaction& tx, TenantId tenant, const Uuid& hold, const Uuid& id,
                           const Permit& permit);
Awaitable<std::optional<Permit>> permit(pg::Transaction& tx, TenantId tenant, const Uuid& hold,
                                        const Uuid& id);
void approve(pg::Transaction& tx, TenantId tenant, const Uuid& hold, const Uuid& id, UserId by,
             Instant now);
void use(pg::Transaction& tx, TenantId tenant, const Uuid& hold, const Uuid& id, Instant now);
/// Whether two people released it.
Awaitable<bool> is_released(pg::Transaction& tx, TenantId tenant, const Uuid& hold);

}  // namespace entrepot::keyd::store
