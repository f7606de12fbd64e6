// The clock and the end of a capsule: fence, destroy the key, delete, receipt.
#include "platform/audit/audit.hpp"
#include "platform/jobs/jobs.hpp"
#include "platform/json/writer.hpp"
#include "platform/telemetry/log.hpp"
#include "vault/capsule.hpp"
#include "vault/clock_guard.hpp"
#include "vault/fence.hpp"
#include "vault/jobs.hpp"

namespace entrepot::vault {
namespace {
constexpr std::string_view sweep = "vault.sweep";
constexpr std::int64_t batch = 200;
constexpr std::chrono::hours sweep_at_least{6};
constexpr std::chrono::minutes retry{1};
constexpr std::chrono::minutes clock_retry{10};

Awaitable<void> move_clock(pg::Transaction& tx, const Context& ctx, OrderId order,
                           std::optional<Instant> Delivery::* what, Instant at) {
    auto row = co_await store::lock_capsule(tx, order);
    if (!row || row->state == "erasing" || row->state == "erased") co_return;
    Delivery delivery{row->sealed_at, row->shipped_at, row->promised_by, row->delivered_at};
    // The first news stands: a second delivery scan must not keep the data longer.
    if (delivery.*what && *(delivery.*what) <= at) co_return;
    delivery.*what = at;
    row->shipped_at = delivery.shipped_at;
    row->delivered_at = delivery.delivered_at;
    row->destroy_at = destroy_at(delivery);
    store::set_clock(tx, *row);
    wake_sweeper(tx, ctx, row->destroy_at);
}

struct OrderPayload {
    OrderId order_id;
};
BOOST_DESCRIBE_STRUCT(OrderPayload, (), (order_id))

/// The ledger's line about one key, out of the lines of several.
std::string receipt_of(const std::string& lines, const Uuid& id) {
    const std::string wanted = id.text();
    std::size_t begin = 0;
    while (begin < lines.size()) {
        const std::size_t end = std::min(lines.find('\n', begin), lines.size());
        std::string line = lines.substr(begin, end - begin);
        if (line.find(wanted) != std::string::npos) return line;
        begin = end + 1;
    }
    return {};
}

/// Destroys the keys of these capsules, and then what they opened. May be run again at any point.
Awaitable<void> finish(Context& ctx, const std::vector<store::CapsuleRow>& rows,
                       const std::string& reason) {
    keys::Request destroy;
    destroy.operation = keys::Operation::destroy;
    destroy.caller = caller_of(ctx, keys::Purpose::store);
    destroy.key_class = keys::KeyClass::capsule;
    destroy.text = reason;
    for (const store::CapsuleRow& row : rows) destroy.ids.push_back(row.id);
    const keys::Reply destroyed = co_await ctx.services.keys.call(destroy);
    for (const keys::KeyAnswer& answer : destroyed.keys)
        ensure(
            answer.outcome == keys::Outcome::destroyed || answer.outcome == keys::Outcome::unknown,
            "keyd did not destroy a key");
    keys::Request ask = destroy;
    ask.operation = keys::Operation::receipts;
    const std::string receipts = (co_await ctx.services.keys.call(ask)).text;
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<>> {
        std::vector<Uuid> ids;
        for (const store::CapsuleRow& row : rows) {
            ids.push_back(row.id);
            store::set_erased(tx, row.id, reason, ctx.now(), receipt_of(receipts, row.id));
            audit::done(
                tx, ctx,
                {"vault.erased", "order", row.order_id.text(), R"({"reason":")" + reason + "\"}"});
            jobs::emit(tx, ctx, capsule_erased, json::to_json(OrderPayload{row.order_id}));
        }
        store::delete_contents(tx, ids);
        co_return Result<>{};
    };
    (void)co_await ctx.db().transaction(ctx.tenant, body);
}

/// Fences what is due by then, and what somebody asked for, so that a crash between fence and key
/// leaves nothing readable, and returns it by reason.
Awaitable<std::map<std::string, std::vector<store::CapsuleRow>>> fence_due(Context& ctx,
                                                                           Instant due_by) {
    std::map<std::string, std::vector<store::CapsuleRow>> out;
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<>> {
        out.clear();
        for (store::CapsuleRow& row : co_await store::due(tx, due_by, batch)) {
            const std::string reason = row.erase_reason.value_or("retention");
            if (row.state != "erasing") store::set_state(tx, row.id, "erasing", reason);
            out[reason].push_back(std::move(row));
        }
        co_return Result<>{};
    };
    (void)co_await ctx.db().transaction(ctx.tenant, body);
    co_return out;
}

Awaitable<std::optional<Instant>> run_sweep(Context& ctx, const jobs::Job&) {
    const bool clock_is_good = co_await is_clock_good(ctx);
    std::string why;
    try {
        for (;;) {
            // What somebody asked for is erased by any clock; what is due only by a good one.
            const auto due = co_await fence_due(ctx, clock_is_good ? ctx.now() : Instant{});
            if (due.empty()) break;
            for (const auto& [reason, rows] : due) co_await finish(ctx, rows, reason);
        }
    } catch (const keys::Unavailable& error) {
        why = error.what();
    }
    if (!why.empty()) {
        // Fenced already, so nobody reads it; the key goes as soon as keyd is back.
        log::warning("vault.keys_unavailable", {{"why", why}});
        co_return ctx.now() + retry;
    }
    if (!clock_is_good) co_return ctx.now() + clock_retry;
    std::optional<Instant> next;
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<>> {
        next = co_await store::next_due(tx);
        co_return Result<>{};
    };
    (void)co_await ctx.db().transaction(ctx.tenant, body, pg::Access::read_only);
    if (!next) co_return std::nullopt;
    co_return std::clamp(*next, ctx.now() + std::chrono::seconds(1), ctx.now() + sweep_at_least);
}
}  // namespace

void wake_sweeper(pg::Transaction& tx, const Context& ctx, Instant at) {
    jobs::enqueue(tx, ctx, sweep, "{}", at, "sweep");
}

std::vector<jobs::Kind> job_kinds() {
    jobs::Kind kind;
    kind.name = sweep;
    kind.leased = &run_sweep;
    return {kind};
}

Awaitable<void> note_shipped(pg::Transaction& tx, const Context& ctx, OrderId order, Instant at) {
    return move_clock(tx, ctx, order, &Delivery::shipped_at, at);
}

Awaitable<void> note_delivered(pg::Transaction& tx, const Context& ctx, OrderId order, Instant at) {
    return move_clock(tx, ctx, order, &Delivery::delivered_at, at);
}

Awaitable<Erasure> erase(pg::Transaction& tx, const Context& ctx, OrderId order,
                         const std::string& reason) {
    store::hold_off(tx, order);
    const auto row = co_await store::lock_capsule(tx, order);
    if (row && row->state == "erased") co_return Erasure::gone;
    if (!row) {
        store::add_fence(tx, order, Fence::erased, ctx.now());
        audit::done(tx, ctx,
                    {"vault.barred", "order", order.text(), R"({"reason":")" + reason + "\"}"});
        co_return Erasure::barred;
    }
    store::set_state(tx, row->id, "erasing", reason);
    audit::done(tx, ctx,
                {"vault.fenced", "order", order.text(), R"({"reason":")" + reason + "\"}"});
    wake_sweeper(tx, ctx, ctx.now());
    co_return Erasure::begun;
}

Module module() {
    return {"vault", {}, job_kinds(), {}};
}

}  // namespace entrepot::vault
