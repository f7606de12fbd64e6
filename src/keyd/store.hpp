// keyd's SQL. A database of its own, so nothing here is bound to one tenant's row-level security:
// keyd serves all tenants and is the only one who enters.
#pragma once

#include <boost/describe/class.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "keyd/policy.hpp"
#include "platform/keys/protocol.hpp"
#include "platform/pg/pg.hpp"

namespace entrepot::keyd::store {

struct EpochRow {
    std::int64_t number;
    std::string state;
    Instant made_at;
    std::optional<Instant> retired_at, drained_at, destroyed_at;
};
BOOST_DESCRIBE_STRUCT(EpochRow, (), (number, state, made_at, retired_at, drained_at, destroyed_at))

struct TenantKeyRow {
    TenantId tenant_id;
    std::int64_t epoch;
    pg::Bytes wrapped;
};
BOOST_DESCRIBE_STRUCT(TenantKeyRow, (), (tenant_id, epoch, wrapped))

struct DataKeyRow {
    Uuid id;
    std::int64_t epoch;
    std::optional<pg::Bytes> wrapped;
    std::string state;
    bool restricted;
    bool honeytoken;
    std::optional<pg::Bytes> fingerprint;
    std::optional<Instant> destroyed_at;
};
BOOST_DESCRIBE_STRUCT(DataKeyRow, (),
                      (id, epoch, wrapped, state, restricted, honeytoken, fingerprint,
                       destroyed_at))

/// A live key of an epoch that is being left.
struct MovingRow {
    TenantId tenant_id;
    std::int64_t key_class;
    Uuid id;
    pg::Bytes wrapped;
};
BOOST_DESCRIBE_STRUCT(MovingRow, (), (tenant_id, key_class, id, wrapped))

/// A live key of any epoch.
struct LiveRow {
    TenantId tenant_id;
    std::int64_t key_class;
    Uuid id;
    std::int64_t epoch;
    pg::Bytes wrapped;
};
BOOST_DESCRIBE_STRUCT(LiveRow, (), (tenant_id, key_class, id, epoch, wrapped))

struct LedgerRow {
    std::int64_t position;
    Instant at;
    std::string act;
    TenantId tenant_id;
    std::int64_t key_class;
    Uuid id;
    pg::Bytes fingerprint;
    std::string reason;
    pg::Bytes digest;
};
BOOST_DESCRIBE_STRUCT(LedgerRow, (),
                      (position, at, act, tenant_id, key_class, id, fingerprint, reason, digest))

struct CountRow {
    std::int64_t live, destroyed, tenants;
};
BOOST_DESCRIBE_STRUCT(CountRow, (), (live, destroyed, tenants))

/// Honeytokens of one tenant, and how often any was opened since.
struct TrapRow {
    std::int64_t living, openings;
};
BOOST_DESCRIBE_STRUCT(TrapRow, (), (living, openings))

Awaitable<std::optional<Uuid>> keyring_id(pg::Transaction& tx);
/// Keeps the id that is there, and returns it.
Awaitable<Uuid> name_keyring(pg::Transaction& tx, const Uuid& id, Instant now);
Awaitable<std::vector<EpochRow>> epochs(pg::Transaction& tx);
void add_epoch(pg::Transaction& tx, std::int64_t number, Instant now);
/// The one that was prepared becomes current; the current one begins to retire.
Awaitable<void> switch_epoch(pg::Transaction& tx, std::int64_t number, Instant now);
void mark_drained(pg::Transaction& tx, std::int64_t number, Instant now);
/// Its tenant keys go too: without the root they are noise, and noise need not be kept.
Awaitable<void> mark_destroyed(pg::Transaction& tx, std::int64_t number, Instant now);

Awaitable<std::vector<TenantKeyRow>> tenant_keys(pg::Transaction& tx, std::int64_t epoch);
Awaitable<std::vector<TenantKeyRow>> tenant_keys_of(pg::Transaction& tx, TenantId tenant);
/// Keeps the one that is there.
Awaitable<void> add_tenant_key(pg::Transaction& tx, const TenantKeyRow& row, Instant now);

/// In no order; ids without a key are missing.
Awaitable<std::vector<DataKeyRow>> data_keys(pg::Transaction& tx, TenantId tenant,
                                             keys::KeyClass key_class,
                                             const std::vector<Uuid>& ids);
/// The same, locked until the end of the transaction.
Awaitable<std::vector<DataKeyRow>> lock_data_keys(pg::Transaction& tx, TenantId tenant,
                                                  keys::KeyClass key_class,
                                                  const std::vector<Uuid>& ids);
/// Returns the ids that were new.
Awaitable<std::vector<Uuid>> add_data_keys(pg::Transaction& tx, TenantId tenant,
                                           keys::KeyClass key_class, std::int64_t epoch,
                                           const std::vector<Uuid>& ids,
                                           const std::vector<pg::Bytes>& wrapped, Instant now);
Awaitable<void> fence(pg::Transaction& tx, TenantId tenant, keys::KeyClass key_class,
                      const std::vector<Uuid>& ids, const std::vector<pg::Bytes>& fingerprints,
                      Instant now);
/// Fences an id that the database no longer, or not yet, knows: the ledger does.
void fence_from_ledger(pg::Transaction& tx, const LedgerRow& line);
Awaitable<void> set_restricted(pg::Transaction& tx, TenantId tenant, keys::KeyClass key_class,
                               const std::vector<Uuid>& ids, bool restricted);
Awaitable<void> set_honeytoken(pg::Transaction& tx, TenantId tenant, keys::KeyClass key_class,
                               const std::vector<Uuid>& ids);

/// Live keys of an epoch behind `last`, in the order of their keys; a row of zeros is before all.
Awaitable<std::vector<MovingRow>> still_under(pg::Transaction& tx, std::int64_t epoch,
                                              const MovingRow& last, std::int64_t limit);
/// Live keys of every epoch after one, in the order of their keys.
Awaitable<std::vector<LiveRow>> live_after(pg::Transaction& tx, TenantId tenant,
                                           std::int64_t key_class, const Uuid& id,
                                           std::int64_t limit);
/// Rows that were destroyed meanwhile are left alone.
void move_to_epoch(pg::Transaction& tx, std::int64_t from, std::int64_t to,
                   const std::vector<MovingRow>& rows);

Awaitable<std::optional<LedgerRow>> ledger_head(pg::Transaction& tx);
Awaitable<std::vector<LedgerRow>> ledger_after(pg::Transaction& tx, std::int64_t position,
                                               std::int64_t limit);
Awaitable<std::vector<LedgerRow>> ledger_of(pg::Transaction& tx, TenantId tenant,
                                            const std::vector<Uuid>& ids);
void add_ledger(pg::Transaction& tx, const LedgerRow& row);
Awaitable<CountRow> counts(pg::Transaction& tx);
Awaitable<TrapRow> traps(pg::Transaction& tx, TenantId tenant, Instant since);
void add_trap_openings(pg::Transaction& tx, const keys::Caller& caller,
                       const std::vector<Uuid>& ids, Instant now);

/// What is left of these buckets; an older word about one changes nothing.
Awaitable<void> keep_buckets(pg::Transaction& tx, const std::vector<Bucket>& buckets);
/// All of them, but those that were last kept before `full_before`: they are full again, and go.
Awaitable<std::vector<Bucket>> buckets(pg::Transaction& tx, Instant full_before);

}  // namespace entrepot::keyd::store
