// Reads a row's place, the newest checkpoint and the few tiles between them.
#include "platform/audit/proof.hpp"

#include <set>

#include "platform/audit/tree_store.hpp"

namespace entrepot::audit {
namespace store {

struct PlaceRow {
    AuditId id;
    std::optional<std::int64_t> position, number;
};
BOOST_DESCRIBE_STRUCT(PlaceRow, (), (id, position, number))

static const pg::Statement<PlaceRow(TenantId, AuditId)> place_of{"platform.audit_place", R"sql(
    select e.id, l.position, l.number
    from platform.audit_entry e
    left join platform.audit_leaf l on l.tenant_id = e.tenant_id and l.entry_id = e.id
    where e.tenant_id = $1 and e.id = $2
)sql"};
}  // namespace store

namespace {
Awaitable<Seal> prove(pg::Transaction& tx, std::int64_t position, std::int64_t number,
                      Checkpoint checkpoint) {
    const auto at = static_cast<std::uint64_t>(position);
    const auto ranges = inclusion_ranges(at, checkpoint.size);
    std::set<TileKey> keys{tile_of({0, at})};
    for (const Range& range : ranges)
        for (const Node& node : nodes_of(range)) keys.insert(tile_of(node));
    Tiles tiles;
    for (const auto& tile : co_await store::read_tiles(tx, keys))
        tiles.put({tile.level, tile.number}, tile.hashes.data);
    co_return Seal{position, number, tiles.node({0, at}), tiles.hashes(ranges),
                   std::move(checkpoint)};
}
}  // namespace

Awaitable<EntrySeal> seal_of(Context& ctx, AuditId entry) {
    EntrySeal out;
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<bool>> {
        out = {};
        const auto place = co_await tx.maybe(store::place_of, ctx.tenant, entry);
        out.known = place.has_value();
        if (!place || !place->position || !place->number) co_return true;
        const auto checkpoint = co_await tx.maybe(store::last_checkpoint);
        if (!checkpoint) co_return true;
        out.seal =
            co_await prove(tx, *place->position, *place->number, store::checkpoint_of(*checkpoint));
        co_return true;
    };
    (void)co_await ctx.db().transaction(ctx.tenant, body, pg::Access::snapshot);
    co_return out;
}

Awaitable<std::optional<Checkpoint>> last_checkpoint(Context& ctx) {
    const auto rows = co_await ctx.db().read(ctx.tenant, store::last_checkpoint);
    if (rows.empty()) co_return std::nullopt;
    co_return store::checkpoint_of(rows.front());
}

}  // namespace entrepot::audit
