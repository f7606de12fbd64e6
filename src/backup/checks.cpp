// Tables, orders, audit tree.
#include "backup/checks.hpp"

#include <map>
#include <set>

#include "backup/store.hpp"
#include "platform/audit/tree_store.hpp"

namespace entrepot::backup {
namespace {
constexpr std::int64_t orders_batch = 5000;
constexpr const char* before_all = "00000000-0000-0000-0000-000000000000";

std::optional<audit::Checkpoint> front_of(const std::vector<audit::store::CheckpointRow>& in) {
    if (in.empty()) return std::nullopt;
    return audit::store::checkpoint_of(in.front());
}

Awaitable<std::optional<audit::Checkpoint>> last_checkpoint(pg::Database& db) {
    auto body =
        [](pg::Transaction& tx) -> Awaitable<Result<std::vector<audit::store::CheckpointRow>>> {
        co_return co_await tx.rows(audit::store::last_checkpoint);
    };
    co_return front_of(*co_await db.global(body, pg::Access::read_only));
}

Awaitable<std::optional<audit::Checkpoint>> first_checkpoint(pg::Database& db) {
    auto body =
        [](pg::Transaction& tx) -> Awaitable<Result<std::vector<audit::store::CheckpointRow>>> {
        co_return co_await tx.rows(audit::store::checkpoints_after, 0, 1);
    };
    co_return front_of(*co_await db.global(body, pg::Access::read_only));
}

/// Root over the first `size` rows of a database's tree; nothing when its tiles do not reach.
Awaitable<std::optional<audit::Hash>> root_of(pg::Database& db, std::uint64_t size) {
    const audit::Range all{0, size};
    std::set<audit::TileKey> keys;
    for (const audit::Node& node : audit::nodes_of(all)) keys.insert(audit::tile_of(node));
    audit::Tiles tiles;
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<>> {
        tiles.clear();
        for (const auto& tile : co_await audit::store::read_tiles(tx, keys))
            tiles.put({tile.level, tile.number}, tile.hashes.data);
        co_return Result<>{};
    };
    std::optional<audit::Hash> out;
    try {
        (void)co_await db.global(body, pg::Access::read_only);
        out = tiles.hash(all);
    } catch (const std::out_of_range&) {
        out.reset();
    }
    co_return out;
}
}  // namespace

void compare_tables(pgserver::Session& copy, pgserver::Session& live, Report& report) {
    const auto restored = store::counts(copy);
    std::map<std::string, store::Count> now;
    for (store::Count& one : store::counts(live)) now.emplace(one.table, std::move(one));
    for (const store::Count& one : restored) {
        const auto found = now.find(one.table);
        if (found == now.end()) {
            report.faults.push_back("table " + one.table + " is in the backup only");
            continue;
        }
        report.tables.push_back({one.table, one.append_only, one.rows, found->second.rows});
        if (one.append_only && one.rows > found->second.rows)
            report.faults.push_back("append-only table " + one.table + " has " +
                                    std::to_string(found->second.rows) + " rows, the backup has " +
                                    std::to_string(one.rows));
    }
}

void compare_orders(pgserver::Session& copy, pgserver::Session& live, Report& report) {
    Orders& tally = report.orders;
    store::OrderDigest last{before_all, before_all, "", ""};
    for (bool more = true; more;) {
        const auto batch = store::orders_after(copy, last, orders_batch);
        more = static_cast<std::int64_t>(batch.size()) == orders_batch;
        if (batch.empty()) break;
        last = batch.back();
        std::map<std::string, store::OrderDigest> now;
        for (auto& one : store::same_orders(live, batch)) now.emplace(one.tenant + one.id, one);
        for (const store::OrderDigest& one : batch) {
            ++tally.compared;
            const auto found = now.find(one.tenant + one.id);
            if (found == now.end())
                ++tally.gone;
            else if (found->second.version != one.version)
                ++tally.moved_on;
            else if (found->second.digest == one.digest)
                ++tally.same;
            else if (++tally.differ <= 3)
                report.faults.push_back("order " + one.id + " of tenant " + one.tenant +
                                        " has not changed since the backup, and its money or "
                                        "lines are not the same");
        }
    }
    if (tally.differ > 3)
        report.faults.push_back(std::to_string(tally.differ) + " orders differ in all");
}

Awaitable<void> compare_trails(pg::Database& copy, pg::Database& live, const audit::PublicKey& key,
                               Report& report) {
    const auto last = co_await last_checkpoint(copy);
    if (!last) {
        const auto first = co_await first_checkpoint(live);
        if (first && report.newest_in_backup && first->at < *report.newest_in_backup)
            report.faults.emplace_back(
                "the backup has no sealed audit row, though there were some");
        co_return;
    }
    Trail& trail = report.trail;
    trail.checkpoint = static_cast<std::int64_t>(last->number);
    trail.size = static_cast<std::int64_t>(last->size);
    trail.root = audit::hex_of(last->root);
    trail.signed_by_this_key = last->key == audit::key_name(key) &&
                               audit::is_signed_by(key, audit::signed_text(*last), last->signature);
    trail.tree_is_whole = co_await root_of(copy, last->size) == last->root;
    trail.begins_the_live_tree = co_await root_of(live, last->size) == last->root;
    const auto now = co_await last_checkpoint(live);
    if (!now || now->origin != last->origin || now->number < last->number)
        trail.begins_the_live_tree = false;
    if (!trail.signed_by_this_key)
        report.faults.emplace_back(
            "the audit's last checkpoint in the backup is not signed with this server's key");
    if (!trail.tree_is_whole)
        report.faults.emplace_back(
            "the audit's tree in the backup does not give the root that its "
            "last checkpoint was signed for");
    if (!trail.begins_the_live_tree)
        report.faults.emplace_back("the running audit does not begin with the backup's");
}

}  // namespace entrepot::backup
