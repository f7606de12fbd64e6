// SQL of the stored tree that reading and sealing share.
#pragma once

#include "platform/audit/checkpoint.hpp"
#include "platform/audit/tiles.hpp"
#include "platform/context.hpp"

namespace entrepot::audit::store {

struct CheckpointRow {
    Uuid origin;
    std::int64_t number, size;
    pg::Bytes root;
    Instant at;
    pg::Bytes previous;
    std::string key;
    pg::Bytes signature;
};
BOOST_DESCRIBE_STRUCT(CheckpointRow, (), (origin, number, size, root, at, previous, key, signature))

struct TileRow {
    std::int64_t level, number;
    pg::Bytes hashes;
};
BOOST_DESCRIBE_STRUCT(TileRow, (), (level, number, hashes))

inline const pg::Statement<CheckpointRow()> last_checkpoint{"platform.last_checkpoint", R"sql(
    select t.origin, c.number, c.size, c.root, c.at, c.previous, c.key, c.signature
    from platform.audit_checkpoint c cross join platform.audit_tree t order by c.number desc limit 1
)sql"};

/// In order; after number, limit.
inline const pg::Statement<CheckpointRow(std::int64_t, std::int64_t)> checkpoints_after{
    "platform.checkpoints_after", R"sql(
    select t.origin, c.number, c.size, c.root, c.at, c.previous, c.key, c.signature
    from platform.audit_checkpoint c cross join platform.audit_tree t
    where c.number > $1 order by c.number limit $2
)sql"};

inline const pg::Statement<TileRow(std::vector<std::int64_t>, std::vector<std::int64_t>)> tiles{
    "platform.audit_tiles", R"sql(
    select t.level, t.number, t.hashes
    from unnest($1, $2) as k(level, number) join platform.audit_tile t on t.level = k.level and t.number = k.number
)sql"};

/// std::runtime_error when the stored bytes are no checkpoint.
Checkpoint checkpoint_of(const CheckpointRow& row);

template <class Keys>
Awaitable<std::vector<TileRow>> read_tiles(pg::Transaction& tx, const Keys& keys) {
    std::vector<std::int64_t> levels, numbers;
    for (const TileKey& key : keys) {
        levels.push_back(key.level);
        numbers.push_back(key.number);
    }
    co_return co_await tx.rows(tiles, levels, numbers);
}

}  // namespace entrepot::audit::store
