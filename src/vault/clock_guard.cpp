// The mark of the clock, and its witnesses.
#include "vault/clock_guard.hpp"

#include <time.h>

#include <algorithm>
#include <fstream>

#include "platform/audit/audit.hpp"
#include "platform/jobs/jobs.hpp"
#include "platform/json/writer.hpp"
#include "platform/telemetry/log.hpp"
#include "vault/jobs.hpp"

namespace entrepot::vault {
namespace store {
struct MarkRow {
    Instant seen_at, witness_at;
    std::string boot;
    std::int64_t boot_us;
    std::optional<std::string> what;
};
BOOST_DESCRIBE_STRUCT(MarkRow, (), (seen_at, witness_at, boot, boot_us, what))

namespace {
const pg::Statement<MarkRow(TenantId)> lock_mark{"vault.lock_clock", R"sql(
    select seen_at, witness_at, boot, boot_us, what from vault.clock where tenant_id = $1 for update
)sql"};

const pg::Statement<void(TenantId, Instant, Instant, std::string, std::int64_t)> put_mark{
    "vault.put_clock", R"sql(
    insert into vault.clock (tenant_id, seen_at, witness_at, boot, boot_us)
    values ($1, $2, $3, $4, $5)
    on conflict (tenant_id) do update set seen_at = $2, witness_at = $3, boot = $4, boot_us = $5,
        stopped_at = null, what = null
)sql"};

const pg::Statement<void(TenantId, Instant, std::string)> stop{"vault.stop_clock", R"sql(
    update vault.clock set stopped_at = coalesce(stopped_at, $2), what = $3 where tenant_id = $1
)sql"};

const pg::Statement<void(TenantId)> forget_mark{"vault.forget_clock", R"sql(
    delete from vault.clock where tenant_id = $1
)sql"};

const pg::Statement<Instant()> database_clock{"vault.database_clock", R"sql(
    select clock_timestamp() as now
)sql"};

const pg::Statement<void(TenantId, Instant, Instant)> wake_back{"vault.wake_clock_back", R"sql(
    update platform.job set run_at = $2
    where tenant_id = $1 and kind = 'vault.sweep' and state = 'ready' and run_at > $2
        and exists (select from vault.clock c where c.tenant_id = $1 and c.seen_at > $3)
)sql"};
}  // namespace
}  // namespace store

namespace {
std::function<Witness()>& other_witness() {
    static std::function<Witness()> witness;
    return witness;
}

const std::string& boot_id() {
    static const std::string id = [] {
        std::string out;
        std::ifstream("/proc/sys/kernel/random/boot_id") >> out;
        return out;
    }();
    return id;
}

Awaitable<Witness> witness_of(pg::Transaction& tx) {
    if (other_witness()) co_return other_witness()();
    timespec since_boot{};
    ::clock_gettime(CLOCK_BOOTTIME, &since_boot);
    co_return Witness{co_await tx.one(store::database_clock), boot_id(),
                      std::int64_t{since_boot.tv_sec} * 1'000'000 + since_boot.tv_nsec / 1000};
}

void say(pg::Transaction& tx, const Context& ctx, const std::string& what) {
    const std::string act = "vault." + what;
    audit::done(tx, ctx, {act, "", "", "{}"});
    jobs::emit(tx, ctx, clock_judged, json::to_json(ClockJudged{what, ctx.now()}));
}
}  // namespace

ClockState judge(const std::optional<ClockReading>& last, const ClockReading& present) {
    if (!last) return ClockState::good;
    const auto elapsed = present.now - last->now;
    if (elapsed < -step_back_max) return ClockState::back;
    auto witnessed = present.witness.database - last->witness.database;
    if (!present.witness.boot.empty() && present.witness.boot == last->witness.boot)
        witnessed = std::min<std::chrono::microseconds>(
            witnessed, std::chrono::microseconds(present.witness.boot_us - last->witness.boot_us));
    return elapsed - witnessed > gain_max ? ClockState::forward : ClockState::good;
}

void set_clock_witness(std::function<Witness()> witness) {
    other_witness() = std::move(witness);
}

Awaitable<bool> is_clock_good(Context& ctx) {
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<bool>> {
        const auto mark = co_await tx.maybe(store::lock_mark, ctx.tenant);
        std::optional<ClockReading> last;
        if (mark) last = {mark->seen_at, {mark->witness_at, mark->boot, mark->boot_us}};
        const ClockReading present{ctx.now(), co_await witness_of(tx)};
        const ClockState state = judge(last, present);
        if (state != ClockState::good) {
            const std::string what = state == ClockState::back ? "clock_back" : "clock_forward";
            if (mark->what != what) say(tx, ctx, what);
            tx.defer(store::stop, ctx.tenant, ctx.now(), what);
            log::error("vault.clock_not_trusted", {{"what", what}});
            co_return false;
        }
        if (mark && mark->what) say(tx, ctx, "clock_good");
        // Within the tolerance the mark never goes back.
        const Instant seen = last ? std::max(last->now, present.now) : present.now;
        tx.defer(store::put_mark, ctx.tenant, seen, present.witness.database, present.witness.boot,
                 present.witness.boot_us);
        co_return true;
    };
    const auto good = co_await ctx.db().transaction(ctx.tenant, body);
    co_return good.has_value() && *good;
}

void wake_if_clock_is_back(pg::Transaction& tx, const Context& ctx) {
    tx.defer(store::wake_back, ctx.tenant, ctx.now(), Instant(ctx.now() + step_back_max));
}

void accept_clock(pg::Transaction& tx, const Context& ctx) {
    tx.defer(store::forget_mark, ctx.tenant);
    audit::done(tx, ctx, {"vault.clock_accepted", "", "", "{}"});
    wake_sweeper(tx, ctx, ctx.now());
}

}  // namespace entrepot::vault
