// The statements of the keyring.
#include "keyd/store.hpp"

namespace entrepot::keyd::store {
namespace {
using Ids = std::vector<Uuid>;
using Cells = std::vector<pg::Bytes>;

const pg::Statement<Uuid()> select_id{"keyring.id", "select id from keyring.identity"};

const pg::Statement<void(Uuid, Instant)> insert_id{"keyring.name", R"sql(
    insert into keyring.identity (id, made_at)
    values ($1, $2)
    on conflict (one) do nothing
)sql"};

const pg::Statement<EpochRow()> select_epochs{"keyring.epochs", R"sql(
    select number, state, made_at, retired_at, drained_at, destroyed_at
    from keyring.epoch
    order by number
)sql"};

const pg::Statement<void(std::int64_t, Instant)> insert_epoch{"keyring.add_epoch", R"sql(
    insert into keyring.epoch (number, state, made_at)
    values ($1, 'preparing', $2)
    on conflict (number) do nothing
)sql"};

const pg::Statement<void(Instant)> retire_current{"keyring.retire_current", R"sql(
    update keyring.epoch set state = 'retiring', retired_at = $1
    where state = 'current'
)sql"};

const pg::Statement<void(std::int64_t)> make_current{"keyring.make_current", R"sql(
    update keyring.epoch set state = 'current'
    where number = $1 and state = 'preparing'
)sql"};

const pg::Statement<void(std::int64_t, Instant)> set_drained{"keyring.set_drained", R"sql(
    update keyring.epoch set drained_at = $2
    where number = $1 and state = 'retiring' and drained_at is null
)sql"};

const pg::Statement<void(std::int64_t, Instant)> set_destroyed{"keyring.set_epoch_destroyed", R"sql(
    update keyring.epoch set state = 'destroyed', destroyed_at = $2
    where number = $1 and state <> 'destroyed'
)sql"};

const pg::Statement<void(std::int64_t)> delete_tenant_keys{"keyring.delete_tenant_keys", R"sql(
    delete from keyring.tenant_key
    where epoch = $1
)sql"};

const pg::Statement<TenantKeyRow(std::int64_t)> select_tenant_keys{"keyring.tenant_keys", R"sql(
    select tenant_id, epoch, wrapped
    from keyring.tenant_key
    where epoch = $1
)sql"};

const pg::Statement<TenantKeyRow(TenantId)> select_keys_of_tenant{"keyring.tenant_keys_of", R"sql(
    select tenant_id, epoch, wrapped
    from keyring.tenant_key
    where tenant_id = $1
)sql"};

const pg::Statement<void(TenantId, std::int64_t, pg::Bytes, Instant)> insert_tenant_key{
    "keyring.add_tenant_key", R"sql(
    insert into keyring.tenant_key (tenant_id, epoch, wrapped, made_at)
    values ($1, $2, $3, $4)
    on conflict (tenant_id, epoch) do nothing
)sql"};

const pg::Statement<DataKeyRow(TenantId, std::int64_t, Ids)> select_data_keys{"keyring.data_keys",
                                                                              R"sql(
    select d.id, d.epoch, d.wrapped, d.state, d.restricted, d.honeytoken, d.fingerprint,
        d.destroyed_at
    from unnest($3) as n(id)
    cross join lateral (
        select id, epoch, wrapped, state, restricted, honeytoken, fingerprint, destroyed_at
        from keyring.data_key
        where tenant_id = $1 and key_class = $2 and id = n.id
        offset 0
    ) as d
)sql"};

const pg::Statement<DataKeyRow(TenantId, std::int64_t, Ids)> select_data_keys_locked{
    "keyring.lock_data_keys", R"sql(
    select id, epoch, wrapped, state, restricted, honeytoken, fingerprint, destroyed_at
    from keyring.data_key
    where tenant_id = $1 and key_class = $2 and id = any($3)
    order by id
    for update
)sql"};

const pg::Statement<Uuid(TenantId, std::int64_t, std::int64_t, Ids, Cells, Instant)>
    insert_data_keys{"keyring.add_data_keys", R"sql(
    insert into keyring.data_key (tenant_id, key_class, id, epoch, wrapped, state, restricted,
        honeytoken, made_at)
    select $1, $2, n.id, $3, n.wrapped, 'live', false, false, $6
    from unnest($4, $5) as n(id, wrapped)
    on conflict (tenant_id, key_class, id) do nothing
    returning id
)sql"};

const pg::Statement<void(TenantId, std::int64_t, Ids, Cells, Instant)> fence_keys{"keyring.fence",
                                                                                  R"sql(
    update keyring.data_key as d
    set state = 'destroyed', wrapped = null, fingerprint = n.fingerprint, destroyed_at = $5
    from unnest($3, $4) as n(id, fingerprint)
    where d.tenant_id = $1 and d.key_class = $2 and d.id = n.id and d.state = 'live'
)sql"};

const pg::Statement<void(TenantId, std::int64_t, Uuid, pg::Bytes, Instant)> fence_again{
    "keyring.fence_from_ledger", R"sql(
    insert into keyring.data_key (tenant_id, key_class, id, epoch, wrapped, state, restricted,
        honeytoken, fingerprint, made_at, destroyed_at)
    values ($1, $2, $3, 0, null, 'destroyed', false, false, $4, $5, $5)
    on conflict (tenant_id, key_class, id) do update
    set state = 'destroyed', wrapped = null, fingerprint = excluded.fingerprint,
        destroyed_at = excluded.destroyed_at
)sql"};

const pg::Statement<void(TenantId, std::int64_t, Ids, bool)> update_restricted{
    "keyring.set_restricted", R"sql(
    update keyring.data_key set restricted = $4
    where tenant_id = $1 and key_class = $2 and id = any($3)
)sql"};

const pg::Statement<void(TenantId, std::int64_t, Ids)> update_honeytoken{"keyring.set_honeytoken",
                                                                         R"sql(
    update keyring.data_key set honeytoken = true
    where tenant_id = $1 and key_class = $2 and id = any($3)
)sql"};

const pg::Statement<MovingRow(std::int64_t, TenantId, std::int64_t, Uuid, std::int64_t)>
    select_under{"keyring.still_under",
                 R"sql(
    select tenant_id, key_class, id, wrapped
    from keyring.data_key
    where epoch = $1 and state = 'live' and (tenant_id, key_class, id) > ($2, $3, $4)
    order by tenant_id, key_class, id
    limit $5
)sql"};

const pg::Statement<LiveRow(TenantId, std::int64_t, Uuid, std::int64_t)> select_live{
    "keyring.live_after", R"sql(
    select tenant_id, key_class, id, epoch, wrapped
    from keyring.data_key
    where (tenant_id, key_class, id) > ($1, $2, $3) and state = 'live'
    order by tenant_id, key_class, id
    limit $4
)sql"};

const pg::Statement<void(std::int64_t, std::int64_t, std::vector<TenantId>,
                         std::vector<std::int64_t>, Ids, Cells)>
    update_epoch{"keyring.move_to_epoch", R"sql(
    update keyring.data_key as d
    set epoch = $2, wrapped = n.wrapped
    from unnest($3, $4, $5, $6) as n(tenant_id, key_class, id, wrapped)
    where d.tenant_id = n.tenant_id and d.key_class = n.key_class and d.id = n.id and d.epoch = $1
        and d.state = 'live'
)sql"};

const pg::Statement<void()> lock_ledger{"keyring.lock_ledger", R"sql(
    select pg_advisory_xact_lock(6173)
)sql"};

const pg::Statement<LedgerRow()> select_head{"keyring.ledger_head", R"sql(
    select position, at, act, tenant_id, key_class, id, fingerprint, reason, digest
    from keyring.ledger
    order by position desc
    limit 1
)sql"};

const pg::Statement<LedgerRow(std::int64_t, std::int64_t)> select_after{"keyring.ledger_after",
                                                                        R"sql(
    select position, at, act, tenant_id, key_class, id, fingerprint, reason, digest
    from keyring.ledger
    where position > $1
    order by position
    limit $2
)sql"};

const pg::Statement<LedgerRow(TenantId, Ids)> select_of{"keyring.ledger_of", R"sql(
    select position, at, act, tenant_id, key_class, id, fingerprint, reason, digest
    from keyring.ledger
    where tenant_id = $1 and id = any($2)
    order by position
)sql"};

const pg::Statement<void(std::int64_t, Instant, std::string, TenantId, std::int64_t, Uuid,
                         pg::Bytes, std::string, pg::Bytes)>
    insert_ledger{"keyring.add_ledger", R"sql(
    insert into keyring.ledger (position, at, act, tenant_id, key_class, id, fingerprint, reason,
        digest)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
)sql"};

const pg::Statement<CountRow()> select_counts{"keyring.counts", R"sql(
    select count(*) filter (where state = 'live') as live,
        count(*) filter (where state = 'destroyed') as destroyed,
        count(distinct tenant_id) as tenants
    from keyring.data_key
)sql"};

const pg::Statement<TrapRow(TenantId, Instant)> select_traps{"keyring.traps", R"sql(
    select (select count(*) from keyring.data_key
            where tenant_id = $1 and state = 'live' and honeytoken) as living,
        (select count(*) from keyring.trap_opening
            where tenant_id = $1 and at >= $2) as openings
)sql"};

const pg::Statement<void(TenantId, Ids, Instant, UserId, std::string)> insert_openings{
    "keyring.add_trap_openings", R"sql(
    insert into keyring.trap_opening (tenant_id, key_id, at, user_id, request_id)
    select $1, n.id, $3, $4, $5
    from (select distinct u.id from unnest($2) as u(id)) as n
    on conflict (tenant_id, key_id, at) do nothing
)sql"};

const pg::Statement<void(std::vector<bool>, Ids, std::vector<std::int64_t>, std::vector<Instant>,
                         std::vector<std::int64_t>)>
    upsert_buckets{"keyring.keep_buckets", R"sql(
    insert into keyring.bucket as b (of_user, id, micro_tokens, at, version)
    select n.of_user, n.id, n.micro_tokens, n.at, n.version
    from unnest($1, $2, $3, $4, $5) as n(of_user, id, micro_tokens, at, version)
    order by n.of_user, n.id
    on conflict (of_user, id) do update
    set micro_tokens = excluded.micro_tokens, at = excluded.at, version = excluded.version
    where b.version < excluded.version
)sql"};

const pg::Statement<void(Instant)> delete_full{"keyring.forget_buckets", R"sql(
    delete from keyring.bucket
    where at < $1
)sql"};

const pg::Statement<Bucket()> select_buckets{"keyring.buckets", R"sql(
    select of_user, id, micro_tokens, at, version
    from keyring.bucket
)sql"};

std::int64_t number(keys::KeyClass key_class) {
    return static_cast<std::int64_t>(key_class);
}
}  // namespace

Awaitable<std::optional<Uuid>> keyring_id(pg::Transaction& tx) {
    return tx.maybe(select_id);
}

Awaitable<Uuid> name_keyring(pg::Transaction& tx, const Uuid& id, Instant now) {
    co_await tx.exec(insert_id, id, now);
    co_return co_await tx.one(select_id);
}

Awaitable<std::vector<EpochRow>> epochs(pg::Transaction& tx) {
    return tx.rows(select_epochs);
}

void add_epoch(pg::Transaction& tx, std::int64_t epoch, Instant now) {
    tx.defer(insert_epoch, epoch, now);
}

Awaitable<void> switch_epoch(pg::Transaction& tx, std::int64_t epoch, Instant now) {
    co_await tx.exec(retire_current, now);
    co_await tx.exec(make_current, epoch);
}

void mark_drained(pg::Transaction& tx, std::int64_t epoch, Instant now) {
    tx.defer(set_drained, epoch, now);
}

Awaitable<void> mark_destroyed(pg::Transaction& tx, std::int64_t epoch, Instant now) {
    co_await tx.exec(delete_tenant_keys, epoch);
    co_await tx.exec(set_destroyed, epoch, now);
}

Awaitable<std::vector<TenantKeyRow>> tenant_keys(pg::Transaction& tx, std::int64_t epoch) {
    return tx.rows(select_tenant_keys, epoch);
}

Awaitable<std::vector<TenantKeyRow>> tenant_keys_of(pg::Transaction& tx, TenantId tenant) {
    return tx.rows(select_keys_of_tenant, tenant);
}

Awaitable<void> add_tenant_key(pg::Transaction& tx, const TenantKeyRow& row, Instant now) {
    co_await tx.exec(insert_tenant_key, row.tenant_id, row.epoch, row.wrapped, now);
}

Awaitable<std::vector<DataKeyRow>> data_keys(pg::Transaction& tx, TenantId tenant,
                                             keys::KeyClass key_class, const Ids& ids) {
    return tx.rows(select_data_keys, tenant, number(key_class), ids);
}

Awaitable<std::vector<DataKeyRow>> lock_data_keys(pg::Transaction& tx, TenantId tenant,
                                                  keys::KeyClass key_class, const Ids& ids) {
    return tx.rows(select_data_keys_locked, tenant, number(key_class), ids);
}

Awaitable<std::vector<Uuid>> add_data_keys(pg::Transaction& tx, TenantId tenant,
                                           keys::KeyClass key_class, std::int64_t epoch,
                                           const Ids& ids, const Cells& wrapped, Instant now) {
    return tx.rows(insert_data_keys, tenant, number(key_class), epoch, ids, wrapped, now);
}

Awaitable<void> fence(pg::Transaction& tx, TenantId tenant, keys::KeyClass key_class,
                      const Ids& ids, const Cells& fingerprints, Instant now) {
    co_await tx.exec(fence_keys, tenant, number(key_class), ids, fingerprints, now);
}

void fence_from_ledger(pg::Transaction& tx, const LedgerRow& line) {
    tx.defer(fence_again, line.tenant_id, line.key_class, line.id, line.fingerprint, line.at);
}

Awaitable<void> set_restricted(pg::Transaction& tx, TenantId tenant, keys::KeyClass key_class,
                               const Ids& ids, bool restricted) {
    co_await tx.exec(update_restricted, tenant, number(key_class), ids, restricted);
}

Awaitable<void> set_honeytoken(pg::Transaction& tx, TenantId tenant, keys::KeyClass key_class,
                               const Ids& ids) {
    co_await tx.exec(update_honeytoken, tenant, number(key_class), ids);
}

Awaitable<std::vector<MovingRow>> still_under(pg::Transaction& tx, std::int64_t epoch,
                                              const MovingRow& last, std::int64_t limit) {
    return tx.rows(select_under, epoch, last.tenant_id, last.key_class, last.id, limit);
}

Awaitable<std::vector<LiveRow>> live_after(pg::Transaction& tx, TenantId tenant,
                                           std::int64_t key_class, const Uuid& id,
                                           std::int64_t limit) {
    return tx.rows(select_live, tenant, key_class, id, limit);
}

void move_to_epoch(pg::Transaction& tx, std::int64_t from, std::int64_t to,
                   const std::vector<MovingRow>& rows) {
    std::vector<TenantId> tenants;
    std::vector<std::int64_t> classes;
    Ids ids;
    Cells cells;
    for (const MovingRow& row : rows) {
        tenants.push_back(row.tenant_id);
        classes.push_back(row.key_class);
        ids.push_back(row.id);
        cells.push_back(row.wrapped);
    }
    tx.defer(update_epoch, from, to, tenants, classes, ids, cells);
}

Awaitable<std::optional<LedgerRow>> ledger_head(pg::Transaction& tx) {
    co_await tx.exec(lock_ledger);
    co_return co_await tx.maybe(select_head);
}

Awaitable<std::vector<LedgerRow>> ledger_after(pg::Transaction& tx, std::int64_t position,
                                               std::int64_t limit) {
    return tx.rows(select_after, position, limit);
}

Awaitable<std::vector<LedgerRow>> ledger_of(pg::Transaction& tx, TenantId tenant, const Ids& ids) {
    return tx.rows(select_of, tenant, ids);
}

void add_ledger(pg::Transaction& tx, const LedgerRow& row) {
    tx.defer(insert_ledger, row.position, row.at, row.act, row.tenant_id, row.key_class, row.id,
             row.fingerprint, row.reason, row.digest);
}

Awaitable<TrapRow> traps(pg::Transaction& tx, TenantId tenant, Instant since) {
    return tx.one(select_traps, tenant, since);
}

void add_trap_openings(pg::Transaction& tx, const keys::Caller& caller, const Ids& ids,
                       Instant now) {
    tx.defer(insert_openings, caller.tenant, ids, now, caller.user, caller.request_id);
}

Awaitable<void> keep_buckets(pg::Transaction& tx, const std::vector<Bucket>& buckets) {
    std::vector<bool> of_user;
    Ids ids;
    std::vector<std::int64_t> tokens, versions;
    std::vector<Instant> at;
    for (const Bucket& bucket : buckets) {
        of_user.push_back(bucket.of_user);
        ids.push_back(bucket.id);
        tokens.push_back(bucket.micro_tokens);
        at.push_back(bucket.at);
        versions.push_back(bucket.version);
    }
    co_await tx.exec(upsert_buckets, of_user, ids, tokens, at, versions);
}

Awaitable<std::vector<Bucket>> buckets(pg::Transaction& tx, Instant full_before) {
    co_await tx.exec(delete_full, full_before);
    co_return co_await tx.rows(select_buckets);
}

Awaitable<CountRow> counts(pg::Transaction& tx) {
    return tx.one(select_counts);
}

}  // namespace entrepot::keyd::store
