// The end of a hold: fence, have keyd destroy the key, delete the copy, keep keyd's line.
#include <algorithm>

#include "modules/holds/service.hpp"
#include "platform/audit/audit.hpp"
#include "platform/json/writer.hpp"
#include "platform/telemetry/log.hpp"

namespace entrepot::holds {
namespace {
constexpr std::chrono::hours at_least{6};
constexpr std::chrono::minutes retry{1};
constexpr std::chrono::minutes clock_retry{10};
constexpr std::int64_t looked_at = 500;

std::string reason_of(const store::HoldRow& hold) {
    return hold.ending == Ending::released ? "hold_released" : "hold_ended";
}

/// Fences what is due, so that a crash between fence and key leaves nothing that opens.
Awaitable<std::vector<store::HoldRow>> fence_due(Context& ctx, Instant due_by) {
    std::vector<store::HoldRow> out;
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<>> {
        out = co_await store::ending(tx, due_by);
        for (store::HoldRow& hold : out) {
            if (hold.state == HoldState::ending) continue;
            store::begin_end(tx, hold.id, Ending::expired);
            hold.ending = Ending::expired;
        }
        co_return Result<>{};
    };
    (void)co_await ctx.db().transaction(ctx.tenant, body);
    co_return out;
}

/// Holds that a restored database brought back: their keys are gone, and so they end again.
Awaitable<Result<>> fence_brought_back(Context& ctx) {
    std::vector<Uuid> ids;
    auto read = [&](pg::Transaction& tx) -> Awaitable<Result<>> {
        ids.clear();
        for (const HoldId id : co_await store::live(tx, looked_at)) ids.push_back(id.value);
        co_return Result<>{};
    };
    CO_TRY_VOID(co_await ctx.db().transaction(ctx.tenant, read, pg::Access::read_only));
    if (ids.empty()) co_return Result<>{};
    CO_TRY(const std::set<Uuid> gone, co_await vault::destroyed_holds(ctx, ids));
    if (gone.empty()) co_return Result<>{};
    auto write = [&](pg::Transaction& tx) -> Awaitable<Result<>> {
        for (const Uuid& id : gone) store::begin_end(tx, HoldId{id}, Ending::expired);
        co_return Result<>{};
    };
    co_return co_await ctx.db().transaction(ctx.tenant, write);
}

/// True when key and copy are gone. May be run again at any point.
Awaitable<Result<bool>> finish(Context& ctx, const store::HoldRow& hold) {
    CO_TRY(const vault::HoldEnd end,
           co_await vault::destroy_hold(ctx, hold.id.value, reason_of(hold)));
    // By keyd's clock its time has not come yet, or a restored keyd knows of no release.
    if (end.answer != vault::HoldAnswer::ended) co_return false;
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<>> {
        vault::forget_copy(tx, hold.id.value);
        store::close(tx, hold.id, ctx.now(), end.receipt);
        audit::done(tx, ctx,
                    {"holds.ended", "legal_hold", hold.id.text(),
                     json::to_json(std::map<std::string, std::string>{
                         {"ending", hold.ending == Ending::released ? "released" : "expired"}})});
        co_return Result<>{};
    };
    CO_TRY_VOID(co_await ctx.db().transaction(ctx.tenant, body));
    co_return true;
}
}  // namespace

void wake_ender(pg::Transaction& tx, const Context& ctx, Instant at) {
    jobs::enqueue(tx, ctx, end_kind, "{}", at, "end");
}

Awaitable<std::optional<Instant>> run_end(Context& ctx, const jobs::Job&) {
    const bool clock_is_good = co_await vault::is_clock_good(ctx);
    bool again = (co_await fence_brought_back(ctx)).has_error();
    // What two people released ends by any clock; what is due only by a good one.
    for (const store::HoldRow& hold :
         co_await fence_due(ctx, clock_is_good ? ctx.now() : Instant{})) {
        const Result<bool> gone = co_await finish(ctx, hold);
        again = again || gone.has_error() || !*gone;
    }
    if (again) {
        // Fenced already, so nobody opens it; the key goes as soon as keyd lets it.
        log::warning("holds.not_ended_yet", {{"tenant", ctx.tenant.text()}});
        co_return ctx.now() + retry;
    }
    if (!clock_is_good) co_return ctx.now() + clock_retry;
    std::optional<Instant> next;
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<>> {
        next = co_await store::next_end(tx);
        co_return Result<>{};
    };
    (void)co_await ctx.db().transaction(ctx.tenant, body, pg::Access::read_only);
    if (!next) co_return std::nullopt;
    co_return std::clamp(*next, ctx.now() + std::chrono::seconds(1), ctx.now() + at_least);
}

}  // namespace entrepot::holds
