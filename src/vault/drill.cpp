// Each capsule of the copy: what the ledger says of its key, and what keyd does with it.
#include "vault/drill.hpp"

#include <algorithm>
#include <set>

#include "platform/audit/audit.hpp"
#include "platform/keys/client.hpp"
#include "vault/capsule.hpp"
#include "vault/cold.hpp"
#include "vault/cold_store.hpp"

namespace entrepot::vault {
namespace {
constexpr std::int64_t batch = static_cast<std::int64_t>(keys::ids_max);
constexpr std::size_t named_max = 10;

/// What is known of the batch's capsules today.
struct Today {
    std::set<Uuid> in_ledger, erased, living;
};

Awaitable<Today> today(Context& ctx, const std::vector<store::CellRow>& cells) {
    Today out;
    keys::Request ask;
    ask.operation = keys::Operation::receipts;
    ask.caller = caller_of(ctx, keys::Purpose::store);
    ask.key_class = keys::KeyClass::capsule;
    for (const store::CellRow& cell : cells) ask.ids.push_back(cell.capsule_id);
    const std::string lines = (co_await ctx.services.keys.call(ask)).text;
    for (const Uuid& id : ask.ids)
        if (lines.find('"' + id.text() + '"') != std::string::npos) out.in_ledger.insert(id);
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<>> {
        for (const auto& row : co_await store::states_of(tx, ask.ids)) {
            if (row.state == "erased") out.erased.insert(row.id);
            if (row.state == "held" || row.state == "restricted") out.living.insert(row.id);
        }
        co_return Result<>{};
    };
    (void)co_await ctx.db().transaction(ctx.tenant, body, pg::Access::read_only);
    co_return out;
}

Awaitable<bool> opens(Context& ctx, const store::CellRow& cell,
                      keys::KeyClass key_class = keys::KeyClass::capsule) {
    keys::Request probe;
    probe.operation = keys::Operation::probe;
    probe.caller = caller_of(ctx, keys::Purpose::store);
    probe.key_class = key_class;
    probe.ids = {cell.capsule_id, cell.row_id};
    probe.text =
        keys::encode_probe(static_cast<std::uint16_t>(cell.field), cell_version, cell.sealed.data);
    const keys::Reply reply = co_await ctx.services.keys.call(probe);
    co_return reply.keys.at(0).outcome == keys::Outcome::ok&& reply.text == keys::probe_opens;
}

void name(DrillTally& tally, const Uuid& capsule, std::string_view what) {
    if (tally.first.size() < named_max)
        tally.first.push_back(capsule.text() + ' ' + std::string(what));
}

/// What a legal hold keeps is no failure when its capsule is gone: it has a key and an end of its
/// own. One that has ended must not open, one that goes on must.
Awaitable<void> try_holds(Context& ctx, pg::Database& copy, DrillTally& tally) {
    std::vector<store::HeldCellRow> held;
    auto read = [&](pg::Transaction& tx) -> Awaitable<Result<>> {
        held = co_await store::held_samples(tx, static_cast<std::int64_t>(keys::probe_sealed_max));
        co_return Result<>{};
    };
    (void)co_await copy.transaction(ctx.tenant, read, pg::Access::read_only);
    std::map<Uuid, std::int64_t> now;
    auto today = [&](pg::Transaction& tx) -> Awaitable<Result<>> {
        now = co_await copies(tx);
        co_return Result<>{};
    };
    (void)co_await ctx.db().transaction(ctx.tenant, today, pg::Access::read_only);
    for (const store::HeldCellRow& cell : held) {
        ++tally.in_backup;
        const bool lives = now.contains(cell.hold_id);
        const bool open = co_await opens(ctx, as_cell(cell), keys::KeyClass::hold);
        ++(lives ? tally.live_tried : tally.erased_tried);
        if (open) ++(lives ? tally.live_opened : tally.erased_opened);
        if (open != lives)
            name(tally, cell.hold_id,
                 lives ? "is a hold that goes on and does not open" : "is an ended hold and opens");
    }
}

struct Stride {
    std::int64_t step, seen = 0;
    bool next() { return seen++ % step == 0; }
};

Awaitable<void> try_batch(Context& ctx, const std::vector<store::CellRow>& cells, Stride& stride,
                          DrillTally& tally) {
    const Today now = co_await today(ctx, cells);
    for (const store::CellRow& cell : cells) {
        const Uuid& id = cell.capsule_id;
        ++tally.in_backup;
        const bool proven = now.in_ledger.contains(id);
        const bool erased = now.erased.contains(id);
        if (erased && !proven) {
            ++tally.unproven;
            name(tally, id, "is erased, and the ledger has no line about it");
        }
        if (proven || erased) {
            ++tally.erased_tried;
            if (co_await opens(ctx, cell)) {
                ++tally.erased_opened;
                name(tally, id, "is erased and opens");
            }
        } else if (now.living.contains(id) && stride.next()) {
            ++tally.live_tried;
            if (co_await opens(ctx, cell))
                ++tally.live_opened;
            else
                name(tally, id, "lives and does not open");
        }
    }
}
}  // namespace

void DrillTally::add(const DrillTally& other) {
    in_backup += other.in_backup;
    erased_tried += other.erased_tried;
    erased_opened += other.erased_opened;
    live_tried += other.live_tried;
    live_opened += other.live_opened;
    unproven += other.unproven;
    for (const std::string& one : other.first)
        if (first.size() < named_max) first.push_back(one);
}

Awaitable<DrillTally> try_copy(Context& ctx, pg::Database& copy, std::int64_t live_max) {
    DrillTally tally;
    std::int64_t total = 0;
    auto count = [&](pg::Transaction& tx) -> Awaitable<Result<>> {
        const store::Census census = co_await store::census(tx);
        total = census.held + census.restricted;
        co_return Result<>{};
    };
    (void)co_await copy.transaction(ctx.tenant, count, pg::Access::read_only);
    Stride stride{std::max<std::int64_t>(1, total / std::max<std::int64_t>(1, live_max))};
    Uuid last{};
    for (bool more = true; more;) {
        std::vector<store::CellRow> cells;
        auto read = [&](pg::Transaction& tx) -> Awaitable<Result<>> {
            cells = co_await store::samples_after(
                tx, last, static_cast<std::int64_t>(keys::probe_sealed_max), batch);
            co_return Result<>{};
        };
        (void)co_await copy.transaction(ctx.tenant, read, pg::Access::read_only);
        more = static_cast<std::int64_t>(cells.size()) == batch;
        if (cells.empty()) break;
        last = cells.back().capsule_id;
        co_await try_batch(ctx, cells, stride, tally);
    }
    co_await try_holds(ctx, copy, tally);
    auto write = [&](pg::Transaction& tx) -> Awaitable<Result<>> {
        audit::done(tx, ctx,
                    {"vault.drilled", "tenant", ctx.tenant.text(),
                     R"({"erased_tried":)" + std::to_string(tally.erased_tried) +
                         R"(,"erased_opened":)" + std::to_string(tally.erased_opened) +
                         R"(,"live_tried":)" + std::to_string(tally.live_tried) +
                         R"(,"live_opened":)" + std::to_string(tally.live_opened) + '}'});
        co_return Result<>{};
    };
    (void)co_await ctx.db().transaction(ctx.tenant, write);
    co_return tally;
}

}  // namespace entrepot::vault
