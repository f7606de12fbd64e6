// The statements of legal holds.
#include "keyd/hold_store.hpp"

namespace entrepot::keyd::store {
namespace {
const pg::Statement<void(TenantId, Uuid, Instant, UserId, Instant)> insert_hold{"keyring.add_hold",
                                                                                R"sql(
    insert into keyring.hold (tenant_id, id, ends_at, made_by, made_at)
    values ($1, $2, $3, $4, $5)
    on conflict (tenant_id, id) do nothing
)sql"};

const pg::Statement<Instant(TenantId, Uuid)> select_hold{"keyring.lock_hold", R"sql(
    select ends_at from keyring.hold where tenant_id = $1 and id = $2 for update
)sql"};

const pg::Statement<void(TenantId, Uuid, Instant)> update_end{"keyring.extend_hold", R"sql(
    update keyring.hold set ends_at = $3
    where tenant_id = $1 and id = $2 and ends_at < $3
)sql"};

const pg::Statement<HoldEndRow(Instant, std::int64_t)> select_ended{"keyring.ended_holds", R"sql(
    select h.tenant_id, h.id
    from keyring.hold as h
    join keyring.data_key as k on k.tenant_id = h.tenant_id and k.key_class = 4 and k.id = h.id
    where h.ends_at <= $1 and k.state = 'live'
    order by h.ends_at, h.id
    limit $2
)sql"};

const pg::Statement<Uuid(TenantId, Uuid, Uuid, std::string, std::optional<Instant>, UserId,
                         Instant)>
    insert_permit{"keyring.add_permit", R"sql(
    insert into keyring.hold_permit (tenant_id, hold_id, id, act, until, asked_by, asked_at)
    values ($1, $2, $3, $4, $5, $6, $7)
    on conflict (tenant_id, hold_id, id) do nothing
    returning id
)sql"};

const pg::Statement<Permit(TenantId, Uuid, Uuid)> select_permit{"keyring.permit", R"sql(
    select act, until, asked_by, asked_at, approved_by, approved_at, used_at
    from keyring.hold_permit
    where tenant_id = $1 and hold_id = $2 and id = $3
)sql"};

const pg::Statement<void(TenantId, Uuid, Uuid, UserId, Instant)> update_approved{
    "keyring.approve_permit", R"sql(
    update keyring.hold_permit set approved_by = $4, approved_at = $5
    where tenant_id = $1 and hold_id = $2 and id = $3 and approved_at is null
)sql"};

const pg::Statement<void(TenantId, Uuid, Uuid, Instant)> update_used{"keyring.use_permit", R"sql(
    update keyring.hold_permit set used_at = $4
    where tenant_id = $1 and hold_id = $2 and id = $3 and used_at is null
)sql"};

const pg::Statement<bool(TenantId, Uuid)> select_released{"keyring.is_released", R"sql(
    select exists (select from keyring.hold_permit
        where tenant_id = $1 and hold_id = $2 and act = 'release' and approved_at is not null)
)sql"};
}  // namespace

void add_hold(pg::Transaction& tx, TenantId tenant, const Uuid& hold, Instant ends_at, UserId by,
              Instant now) {
    tx.defer(insert_hold, tenant, hold, ends_at, by, now);
}

Awaitable<std::optional<Instant>> lock_hold(pg::Transaction& tx, TenantId tenant,
                                            const Uuid& hold) {
    return tx.maybe(select_hold, tenant, hold);
}

void extend_hold(pg::Transaction& tx, TenantId tenant, const Uuid& hold, Instant ends_at) {
    tx.defer(update_end, tenant, hold, ends_at);
}

Awaitable<std::vector<HoldEndRow>> ended_holds(pg::Transaction& tx, Instant by,
                                               std::int64_t limit) {
    return tx.rows(select_ended, by, limit);
}

Awaitable<bool> add_permit(pg::Transaction& tx, TenantId tenant, const Uuid& hold, const Uuid& id,
                           const Permit& p) {
    const auto added =
        co_await tx.maybe(insert_permit, tenant, hold, id, p.act, p.until, p.asked_by, p.asked_at);
    co_return added.has_value();
}

Awaitable<std::optional<Permit>> permit(pg::Transaction& tx, TenantId tenant, const Uuid& hold,
                                        const Uuid& id) {
    return tx.maybe(select_permit, tenant, hold, id);
}

void approve(pg::Transaction& tx, TenantId tenant, const Uuid& hold, const Uuid& id, UserId by,
             Instant now) {
    tx.defer(update_approved, tenant, hold, id, by, now);
}

void use(pg::Transaction& tx, TenantId tenant, const Uuid& hold, const Uuid& id, Instant now) {
    tx.defer(update_used, tenant, hold, id, now);
}

Awaitable<bool> is_released(pg::Transaction& tx, TenantId tenant, const Uuid& hold) {
    return tx.one(select_released, tenant, hold);
}

}  // namespace entrepot::keyd::store
