// The whole trail stretch by stretch, merged over tenants; one tenant's page by page, each row with
// its proof. Memory does not grow with the trail.
#include "platform/audit/export.hpp"

#include <algorithm>
#include <set>

#include "platform/audit/tree_store.hpp"

namespace entrepot::audit {
namespace store {

struct ExportRow {
    std::int64_t position, number;
    Uuid id;
    Instant at;
    std::string actor_kind;
    std::optional<Uuid> actor_id;
    std::string actor_name, act, object_kind, object_id, result, code, ip, user_agent, request_id;
    std::string detail;
};
BOOST_DESCRIBE_STRUCT(ExportRow, (),
                      (position, number, id, at, actor_kind, actor_id, actor_name, act, object_kind,
                       object_id, result, code, ip, user_agent, request_id, detail))

/// Of one tenant, from a position to before another, at most so many.
static const pg::Statement<ExportRow(TenantId, std::int64_t, std::int64_t, std::int64_t)>
    sealed_rows{"platform.sealed_audit_rows", R"sql(
    select l.position, l.number, e.id, e.at, e.actor_kind, e.actor_id, e.actor_name, e.act, e.object_kind,
        e.object_id, e.result, e.code, e.ip, e.user_agent, e.request_id, e.detail::text as detail
    from platform.audit_leaf l join platform.audit_entry e on e.tenant_id = l.tenant_id and e.id = l.entry_id
    where l.tenant_id = $1 and l.position >= $2 and l.position < $3
    order by l.position limit $4
)sql"};

/// Runs as entrepot_sealer, over all tenants.
static const pg::Statement<TenantId(std::int64_t, std::int64_t)> tenants_between{
    "platform.audit_tenants_between",
    "select distinct tenant_id from platform.audit_leaf where position >= $1 and position < $2"};
}  // namespace store

namespace {
/// Whole tiles, so that each is read once.
constexpr std::int64_t stretch = 8192;
constexpr std::int64_t page = 1000;
constexpr std::size_t tiles_kept = 512;

Row row_of(TenantId tenant, store::ExportRow&& from) {
    Row out{};
    out.position = static_cast<std::uint64_t>(from.position);
    out.number = static_cast<std::uint64_t>(from.number);
    out.entry = {tenant.value,
                 from.id,
                 from.at,
                 std::move(from.actor_kind),
                 from.actor_id,
                 std::move(from.actor_name),
                 std::move(from.act),
                 std::move(from.object_kind),
                 std::move(from.object_id),
                 std::move(from.result),
                 std::move(from.code),
                 std::move(from.ip),
                 std::move(from.user_agent),
                 std::move(from.request_id),
                 std::move(from.detail)};
    return out;
}

class Exporter {
public:
    Exporter(Services& services, pg::Database& sealer_db,
             std::function<void(const std::string&)> write)
        : services_(services), sealer_db_(sealer_db), write_(std::move(write)) {}

    Awaitable<std::optional<Exported>> run(ExportOptions options) {
        std::optional<Checkpoint> last;
        auto body = [&](pg::Transaction& tx) -> Awaitable<Result<bool>> {
            const auto row = co_await tx.maybe(store::last_checkpoint);
            if (row) last = store::checkpoint_of(*row);
            co_return true;
        };
        (void)co_await services_.db.global(body, pg::Access::read_only);
        if (!last) co_return std::nullopt;
        done_.checkpoint = *last;
        put(Header{last->origin,
                   options.tenant ? std::optional(options.tenant->value) : std::nullopt,
                   services_.clock.now()});
        if (options.tenant)
            co_await one_tenant(*options.tenant, options.since_size);
        else
            co_await whole();
        put(Ending{done_.rows});
        flush();
        co_return done_;
    }

private:
    struct CheckpointReader {
        std::vector<Checkpoint> ahead;  ///< last first
        std::int64_t read = 0;
    };
    static constexpr std::size_t flush_bytes = std::size_t{1} << 20;

    template <class Value>
    void put(const Value& value) {
        write_line(text_, value);
        if (text_.size() >= flush_bytes) flush();
    }
    void flush() {
        if (!text_.empty()) write_(text_);
        text_.clear();
    }

    template <class Keys>
    Awaitable<void> load(const Keys& wanted) {
        std::vector<TileKey> keys;
        for (const TileKey& key : wanted)
            if (!tiles_.has(key)) keys.push_back(key);
        if (keys.empty()) co_return;
        auto body = [&](pg::Transaction& tx) -> Awaitable<Result<bool>> {
            for (const auto& tile : co_await store::read_tiles(tx, keys))
                tiles_.put({tile.level, tile.number}, tile.hashes.data);
            co_return true;
        };
        (void)co_await services_.db.global(body, pg::Access::read_only);
    }

    /// What the tree holds at the row's position. Where it holds nothing, the row speaks for
    /// itself, and the next checkpoint against it if it lies.
    Hash stored_leaf(const Row& row) const {
        try {
            return tiles_.node({0, row.position});
        } catch (const std::out_of_range&) {
            return leaf_of(row.entry.tenant, row.number, digest_of(row.entry));
        }
    }

    Awaitable<void> put_checkpoints_up_to(std::uint64_t size) {
        for (;;) {
            if (checkpoints_.ahead.empty()) co_await read_checkpoints();
            if (checkpoints_.ahead.empty() || checkpoints_.ahead.back().size > size ||
                checkpoints_.ahead.back().number > done_.checkpoint.number)
                co_return;
            put(checkpoints_.ahead.back());
            checkpoints_.ahead.pop_back();
        }
    }
    Awaitable<void> read_checkpoints() {
        auto body = [&](pg::Transaction& tx) -> Awaitable<Result<bool>> {
            checkpoints_.ahead.clear();
            for (const auto& row :
                 co_await tx.rows(store::checkpoints_after, checkpoints_.read, page))
                checkpoints_.ahead.push_back(store::checkpoint_of(row));
            co_return true;
        };
        (void)co_await services_.db.global(body, pg::Access::read_only);
        if (checkpoints_.ahead.empty()) co_return;
        checkpoints_.read = static_cast<std::int64_t>(checkpoints_.ahead.back().number);
        std::reverse(checkpoints_.ahead.begin(), checkpoints_.ahead.end());
    }

    Awaitable<void> whole() {
        const auto size = static_cast<std::int64_t>(done_.checkpoint.size);
        for (std::int64_t from = 0; from < size; from += stretch) {
            const std::int64_t to = std::min(from + stretch, size);
            tiles_.clear();
            std::vector<TileKey> keys;
            for (std::int64_t number = from / 256; number * 256 < to; ++number)
                keys.push_back({0, number});
            co_await load(keys);
            for (Row& row : co_await rows_between(from, to)) {
                co_await put_checkpoints_up_to(row.position);
                row.leaf = stored_leaf(row);
                put(row);
                ++done_.rows;
            }
        }
        co_await put_checkpoints_up_to(done_.checkpoint.size);
    }

    Awaitable<std::vector<Row>> rows_between(std::int64_t from, std::int64_t to) {
        std::vector<TenantId> tenants;
        auto ask = [&](pg::Transaction& tx) -> Awaitable<Result<bool>> {
            tenants = co_await tx.rows(store::tenants_between, from, to);
            co_return true;
        };
        (void)co_await sealer_db_.global(ask, pg::Access::read_only);
        std::vector<Row> out;
        for (const TenantId tenant : tenants)
            for (auto& row :
                 co_await services_.db.read(tenant, store::sealed_rows, tenant, from, to, stretch))
                out.push_back(row_of(tenant, std::move(row)));
        std::sort(out.begin(), out.end(),
                  [](const Row& a, const Row& b) { return a.position < b.position; });
        co_return out;
    }

    Awaitable<void> one_tenant(TenantId tenant, std::uint64_t since_size) {
        put(done_.checkpoint);
        if (since_size > 0 && since_size < done_.checkpoint.size)
            co_await put_consistency(since_size);
        const auto size = static_cast<std::int64_t>(done_.checkpoint.size);
        std::int64_t from = 0;
        for (bool more = true; more;) {
            auto rows =
                co_await services_.db.read(tenant, store::sealed_rows, tenant, from, size, page);
            more = static_cast<std::int64_t>(rows.size()) == page;
            if (rows.empty()) break;
            from = rows.back().position + 1;
            co_await put_proven(tenant, std::move(rows));
        }
    }

    Awaitable<void> put_proven(TenantId tenant, std::vector<store::ExportRow> rows) {
        if (tiles_.count() > tiles_kept) tiles_.clear();
        std::set<TileKey> keys;
        std::vector<std::vector<Range>> proofs;
        for (const auto& row : rows) {
            const auto at = static_cast<std::uint64_t>(row.position);
            proofs.push_back(inclusion_ranges(at, done_.checkpoint.size));
            keys.insert(tile_of({0, at}));
            for (const Range& range : proofs.back())
                for (const Node& node : nodes_of(range)) keys.insert(tile_of(node));
        }
        co_await load(keys);
        for (std::size_t i = 0; i < rows.size(); ++i) {
            Row row = row_of(tenant, std::move(rows[i]));
            row.leaf = stored_leaf(row);
            row.path = tiles_.hashes(proofs[i]);
            put(row);
            ++done_.rows;
        }
    }

    Awaitable<void> put_consistency(std::uint64_t size) {
        const auto ranges = consistency_ranges(size, done_.checkpoint.size);
        std::set<TileKey> keys;
        for (const Range& range : ranges)
            for (const Node& node : nodes_of(range)) keys.insert(tile_of(node));
        co_await load(keys);
        put(Consistency{size, tiles_.hashes(ranges)});
    }

    Services& services_;
    pg::Database& sealer_db_;
    std::function<void(const std::string&)> write_;
    std::string text_;
    Tiles tiles_;
    CheckpointReader checkpoints_;
    Exported done_;
};
}  // namespace

Awaitable<std::optional<Exported>> export_trail(Services& services, pg::Database& sealer_db,
                                                ExportOptions options,
                                                std::function<void(const std::string&)> write) {
    Exporter exporter(services, sealer_db, std::move(write));
    co_return co_await exporter.run(options);
}

}  // namespace entrepot::audit
