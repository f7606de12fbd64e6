// A round of the sealer, and the loop around it.
#include "platform/audit/sealer.hpp"

#include <algorithm>
#include <mutex>

#include "platform/audit/entry.hpp"
#include "platform/audit/tree_store.hpp"
#include "platform/runtime/runtime.hpp"
#include "platform/telemetry/log.hpp"

namespace entrepot::audit {
namespace store {

struct TreeRow {
    Uuid origin;
    std::int64_t size;
};
BOOST_DESCRIBE_STRUCT(TreeRow, (), (origin, size))

struct WaitingRow {
    TenantId tenant_id;
    AuditId entry_id;
    pg::Bytes digest;
};
BOOST_DESCRIBE_STRUCT(WaitingRow, (), (tenant_id, entry_id, digest))

struct LookRow {
    bool waiting;
    std::int64_t newest;
};
BOOST_DESCRIBE_STRUCT(LookRow, (), (waiting, newest))

struct NumberRow {
    TenantId tenant_id;
    std::int64_t number;
};
BOOST_DESCRIBE_STRUCT(NumberRow, (), (tenant_id, number))

static const pg::Statement<LookRow()> look{"platform.look_for_unsealed", R"sql(
    select exists (select 1 from platform.audit_unsealed) as waiting,
        coalesce((select max(number) from platform.audit_checkpoint), 0) as newest
)sql"};

/// The lock that makes one node the sealer; nothing when another has it.
static const pg::Statement<TreeRow()> lock_tree{
    "platform.lock_audit_tree",
    "select origin, size from platform.audit_tree for update skip locked"};

static const pg::Statement<WaitingRow(std::int64_t)> take{"platform.take_unsealed", R"sql(
    delete from platform.audit_unsealed q
    using (select tenant_id, entry_id from platform.audit_unsealed limit $1) t
    where q.tenant_id = t.tenant_id and q.entry_id = t.entry_id
    returning q.tenant_id, q.entry_id, q.digest
)sql"};

static const pg::Statement<NumberRow(std::vector<TenantId>)> last_numbers{
    "platform.last_audit_numbers", R"sql(
    select k.tenant_id, coalesce((select l.number from platform.audit_leaf l
        where l.tenant_id = k.tenant_id order by l.position desc limit 1), 0) as number
    from unnest($1) as k(tenant_id)
)sql"};

static const pg::Statement<void(std::vector<TenantId>, std::vector<AuditId>,
                                std::vector<std::int64_t>, std::vector<std::int64_t>)>
    insert_leaves{"platform.insert_audit_leaves", R"sql(
    insert into platform.audit_leaf (tenant_id, entry_id, position, number)
    select n.tenant_id, n.entry_id, n.position, n.number
    from unnest($1, $2, $3, $4) as n(tenant_id, entry_id, position, number)
    returning entry_id
)sql"};

static const pg::Statement<void(std::vector<std::int64_t>, std::vector<std::int64_t>,
                                std::vector<pg::Bytes>)>
    write_tiles{"platform.write_audit_tiles", R"sql(
    insert into platform.audit_tile (level, number, hashes)
    select n.level, n.number, n.hashes from unnest($1, $2, $3) as n(level, number, hashes)
    on conflict (level, number) do update set hashes = excluded.hashes
)sql"};

static const pg::Statement<void(std::int64_t, std::int64_t, pg::Bytes, Instant, pg::Bytes,
                                std::string, pg::Bytes)>
    insert_checkpoint{"platform.insert_checkpoint", R"sql(
    insert into platform.audit_checkpoint (number, size, root, at, previous, key, signature)
    values ($1, $2, $3, $4, $5, $6, $7)
)sql"};

static const pg::Statement<void(Uuid, std::int64_t)> set_size{
    "platform.set_audit_size", "update platform.audit_tree set size = $2 where origin = $1"};

Checkpoint checkpoint_of(const CheckpointRow& row) {
    const auto root = hash_of_bytes(row.root.data);
    const auto previous = hash_of_bytes(row.previous.data);
    Checkpoint out{};
    if (!root || !previous || row.signature.data.size() != out.signature.size())
        throw std::runtime_error("checkpoint " + std::to_string(row.number) +
                                 " of the database is damaged");
    out.origin = row.origin;
    out.number = static_cast<std::uint64_t>(row.number);
    out.size = static_cast<std::uint64_t>(row.size);
    out.root = *root;
    out.at = row.at;
    out.previous = *previous;
    out.key = row.key;
    std::copy(row.signature.data.begin(), row.signature.data.end(), out.signature.begin());
    return out;
}
}  // namespace store

namespace {
constexpr std::int64_t copy_batch = 1000;

struct SharedState {
    std::mutex mutex;
    SealingState state;
};
SharedState& shared_state() {
    static SharedState one;
    return one;
}

std::string signature_bytes(const Signature& signature) {
    return {reinterpret_cast<const char*>(signature.data()), signature.size()};
}
}  // namespace

SealingState sealing_state() {
    const std::lock_guard lock(shared_state().mutex);
    return shared_state().state;
}

void set_sealing_state(const SealingState& state) {
    const std::lock_guard lock(shared_state().mutex);
    shared_state().state = state;
}

/// What one transaction seals.
struct Sealer::Seal {
    store::TreeRow tree;
    std::optional<Checkpoint> last;
    std::vector<store::WaitingRow> rows;

    Awaitable<TileWriter> read_edge(pg::Transaction& tx) const {
        TileWriter writer(static_cast<std::uint64_t>(tree.size));
        if (tree.size == 0) co_return writer;
        const auto tiles =
            co_await store::read_tiles(tx, edge_of(static_cast<std::uint64_t>(tree.size)));
        bool fits = true;
        try {
            for (const auto& tile : tiles) writer.put({tile.level, tile.number}, tile.hashes.data);
            fits = last && writer.root() == last->root;
        } catch (const std::out_of_range&) {
            fits = false;
        }
        if (!fits)
            throw Diverged("the stored tree is not the one that checkpoint " +
                           std::to_string(last ? last->number : 0) + " was given for");
        co_return writer;
    }

    Awaitable<void> write_leaves(pg::Transaction& tx, TileWriter& writer) {
        std::sort(rows.begin(), rows.end(),
                  [](const auto& a, const auto& b) { return a.entry_id < b.entry_id; });
        std::map<TenantId, std::int64_t> numbers;
        std::vector<TenantId> tenants;
        for (const auto& row : rows)
            if (numbers.emplace(row.tenant_id, 0).second) tenants.push_back(row.tenant_id);
        for (const auto& row : co_await tx.rows(store::last_numbers, tenants))
            numbers[row.tenant_id] = row.number;
        std::vector<TenantId> leaf_tenants;
        std::vector<AuditId> entries;
        std::vector<std::int64_t> positions, leaf_numbers;
        for (const auto& row : rows) {
            const std::int64_t number = ++numbers[row.tenant_id];
            leaf_tenants.push_back(row.tenant_id);
            entries.push_back(row.entry_id);
            positions.push_back(static_cast<std::int64_t>(writer.size()));
            leaf_numbers.push_back(number);
            const auto digest = hash_of_bytes(row.digest.data);
            ensure(digest.has_value(), "a waiting audit row has no digest");
            writer.append(
                leaf_of(row.tenant_id.value, static_cast<std::uint64_t>(number), *digest));
        }
        tx.defer(store::insert_leaves, leaf_tenants, entries, positions, leaf_numbers);
    }

    static void write_tiles(pg::Transaction& tx, const TileWriter& writer) {
        std::vector<std::int64_t> levels, numbers;
        std::vector<pg::Bytes> hashes;
        for (auto& [key, bytes] : writer.changed()) {
            levels.push_back(key.level);
            numbers.push_back(key.number);
            hashes.push_back({bytes});
        }
        tx.defer(store::write_tiles, levels, numbers, hashes);
    }

    Checkpoint next(const TileWriter& writer, Instant now, const Signer& signer) const {
        Checkpoint out{};
        out.origin = tree.origin;
        out.number = last ? last->number + 1 : 1;
        out.size = writer.size();
        out.root = writer.root();
        // A clock that was set back makes no checkpoint that is earlier than the one before it.
        out.at = last ? std::max(now, last->at) : now;
        if (last) out.previous = link_to(*last);
        sign(out, signer);
        return out;
    }
};

Sealer::Sealer(Runtime& runtime, const Clock& clock, Options options)
    : runtime_(runtime),
      clock_(clock),
      options_(std::move(options)),
      db_(runtime, {.conninfo = options_.conninfo, .connections_per_loop = 1}),
      copy_(options_.copy_path) {}

Sealer::~Sealer() {
    db_.close();
}

void Sealer::check(const Checkpoint& last) const {
    if (last_ && (last.origin != last_->origin || last.number < last_->number ||
                  (last.number == last_->number && last != *last_)))
        throw Diverged("the database ends with checkpoint " + std::to_string(last.number) +
                       ", but checkpoint " + std::to_string(last_->number) +
                       " was seen before: it was restored from an older state, or changed");
    const std::string text = signed_text(last);
    const auto fits = [&](const PublicKey& key) {
        return last.key == key_name(key) && is_signed_by(key, text, last.signature);
    };
    if (!fits(options_.signer.public_key) &&
        std::none_of(options_.former_keys.begin(), options_.former_keys.end(), fits))
        throw Diverged("checkpoint " + std::to_string(last.number) +
                       " of the database was not signed by the key of this server");
}

bool Sealer::heartbeat_is_due(const Checkpoint& last) const {
    return clock_.now() - last.at >= options_.heartbeat;
}

void Sealer::note(const Checkpoint& last) {
    last_ = last;
    state_.size = static_cast<std::int64_t>(last.size);
    state_.number = static_cast<std::int64_t>(last.number);
    state_.last_at = last.at;
}

Awaitable<Sealer::Outcome> Sealer::seal() {
    Outcome outcome = Outcome::nothing;
    std::optional<Checkpoint> newest;
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<bool>> {
        newest.reset();
        outcome = Outcome::another_seals;
        const auto tree = co_await tx.maybe(store::lock_tree);
        if (!tree) co_return true;
        outcome = Outcome::nothing;
        Seal seal{*tree, std::nullopt, {}};
        if (const auto row = co_await tx.maybe(store::last_checkpoint))
            seal.last = store::checkpoint_of(*row);
        const std::int64_t signed_size = seal.last ? static_cast<std::int64_t>(seal.last->size) : 0;
        if (signed_size != tree->size || (!seal.last && last_))
            throw Diverged("the tree has " + std::to_string(tree->size) +
                           " leaves, its last checkpoint covers " + std::to_string(signed_size));
        if (seal.last) check(*seal.last);
        newest = seal.last;
        step("locked");
        seal.rows = co_await tx.rows(store::take, options_.batch_max);
        step("taken");
        if (seal.rows.empty() && !(seal.last && heartbeat_is_due(*seal.last))) co_return true;
        TileWriter writer = co_await seal.read_edge(tx);
        if (!seal.rows.empty()) co_await seal.write_leaves(tx, writer);
        step("placed");
        if (!seal.rows.empty()) Seal::write_tiles(tx, writer);
        const Checkpoint c = seal.next(writer, clock_.now(), options_.signer);
        tx.defer(store::insert_checkpoint, static_cast<std::int64_t>(c.number),
                 static_cast<std::int64_t>(c.size), pg::Bytes{bytes_of(c.root)}, c.at,
                 pg::Bytes{bytes_of(c.previous)}, c.key, pg::Bytes{signature_bytes(c.signature)});
        co_await tx.exec(store::set_size, tree->origin, static_cast<std::int64_t>(c.size));
        step("written");
        newest = c;
        outcome = static_cast<std::int64_t>(seal.rows.size()) == options_.batch_max
                      ? Outcome::full_batch
                      : Outcome::sealed;
        co_return true;
    };
    (void)co_await db_.global(body);
    step("committed");
    if (newest) note(*newest);
    co_return outcome;
}

Awaitable<void> Sealer::copy() {
    if (!copy_was_read_) {
        copied_ = co_await runtime_.on_blocking([this] { return copy_.last(); });
        copy_was_read_ = true;
        if (copied_ && (!last_ || last_->number < copied_->number)) last_ = copied_;
    }
    for (;;) {
        std::vector<Checkpoint> fresh;
        auto body = [&](pg::Transaction& tx) -> Awaitable<Result<bool>> {
            fresh.clear();
            const std::int64_t after = copied_ ? static_cast<std::int64_t>(copied_->number) : 0;
            for (const auto& row : co_await tx.rows(store::checkpoints_after, after, copy_batch))
                fresh.push_back(store::checkpoint_of(row));
            co_return true;
        };
        (void)co_await db_.global(body, pg::Access::read_only);
        if (fresh.empty()) co_return;
        const Checkpoint& first = fresh.front();
        if (first.previous != (copied_ ? link_to(*copied_) : Hash{}) ||
            (copied_ && first.origin != copied_->origin))
            throw Diverged("checkpoint " + std::to_string(first.number) +
                           " of the database does not follow the last one of the copy " +
                           copy_.path());
        // Not while the file is written: whoever reads copied_ must find it on the disk.
        const auto write = [&] {
            copy_.append(fresh);
            return true;
        };
        std::exception_ptr failure;
        try {
            (void)co_await runtime_.on_blocking(write);
        } catch (...) {
            failure = std::current_exception();
        }
        copy_was_read_ = !failure;
        if (failure) std::rethrow_exception(failure);
        copied_ = fresh.back();
    }
}

Awaitable<Sealer::Look> Sealer::look() {
    Look out;
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<bool>> {
        const auto row = co_await tx.one(store::look);
        out = {row.waiting, row.newest};
        co_return true;
    };
    (void)co_await db_.global(body, pg::Access::read_only);
    co_return out;
}

Awaitable<void> Sealer::copy_noting_failure() {
    std::string words;
    try {
        co_await copy();
    } catch (const Diverged&) {
        throw;
    } catch (const pg::DatabaseError&) {
        throw;
    } catch (const std::exception& e) {
        words = e.what();
    }
    if (words != state_.copy_fault && !words.empty())
        log::error("audit_copy_failed", {{"what", words}});
    if (words.empty() && !state_.copy_fault.empty()) log::info("audit_copied_again");
    state_.copy_fault = words;
}

Awaitable<void> Sealer::round() {
    std::string words;
    try {
        // Before the first seal, so that the copy's last checkpoint is known to it.
        if (!copy_was_read_ || !state_.copy_fault.empty()) co_await copy_noting_failure();
        const Look seen = co_await look();
        state_.waiting = seen.waiting;
        if (last_ && seen.newest < static_cast<std::int64_t>(last_->number))
            throw Diverged("the database has " + std::to_string(seen.newest) +
                           " checkpoints, but number " + std::to_string(last_->number) +
                           " was seen before: it was restored from an older state");
        bool again =
            seen.waiting || (last_ && heartbeat_is_due(*last_)) || (!last_ && seen.newest > 0);
        while (again && !runtime_.stopping()) again = co_await seal() == Outcome::full_batch;
        const auto newest =
            std::max(seen.newest, last_ ? static_cast<std::int64_t>(last_->number) : 0);
        if (!copied_ || static_cast<std::int64_t>(copied_->number) < newest)
            co_await copy_noting_failure();
        // Another node may be the one that seals: what was copied is what it has made.
        if (copied_ && (!last_ || last_->number < copied_->number)) note(*copied_);
    } catch (const std::exception& e) {
        words = e.what();
    }
    if (words != state_.fault && !words.empty() && !runtime_.stopping())
        log::error("audit_not_sealed", {{"what", words}});
    if (words.empty() && !state_.fault.empty()) log::info("audit_sealed_again");
    state_.fault = words;
    state_.runs = true;
    set_sealing_state(state_);
}

Awaitable<void> Sealer::run() {
    while (!runtime_.stopping()) {
        co_await round();
        co_await Runtime::sleep_for(options_.interval);
    }
}

}  // namespace entrepot::audit
