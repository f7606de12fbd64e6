// The order of a drill, and the clock over it.
#include "backup/drill.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include "backup/checks.hpp"
#include "backup/store.hpp"
#include "platform/keys/client.hpp"

namespace entrepot::backup {
namespace {
std::int64_t ms_between(Instant from, Instant to) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(to - from).count();
}

std::string target_of(const Wanted& wanted) {
    if (wanted.until) return *wanted.until;
    return wanted.set ? "the end of that backup" : "the newest change that was archived";
}

void note_backup(const Tool& tool, const Wanted& wanted, Report& report) {
    for (const Listed& one : tool.list()) {
        if (one.repository != wanted.repository) continue;
        if (wanted.set && one.label != *wanted.set) continue;
        report.label = one.label;
        report.kind = one.kind;
        report.backup_finished_at = one.finished_at;
        report.original_bytes = one.original_bytes;
    }
    if (!report.label)
        throw NotRestored("repository " + std::to_string(wanted.repository) + " has no backup" +
                          (wanted.set ? " " + *wanted.set : ""));
}

/// The ledger itself first: what it says of a capsule is only worth as much as it is whole.
Awaitable<void> check_ledger(Services& services, Report& report) {
    keys::Request ask;
    ask.operation = keys::Operation::verify;
    ask.caller.request_id = "drill";
    const std::string text = (co_await services.keys.call(ask)).text;
    const auto answer = boost::json::parse(text);
    report.keys_verified = answer.at("ok").as_bool();
    report.ledger_lines = answer.at("ledger_lines").as_int64();
    if (!report.keys_verified)
        report.faults.push_back("the keys or their ledger are not whole: " + text);
}

void judge_buyers(Report& report) {
    const vault::DrillTally& tally = report.buyers;
    if (tally.erased_opened > 0)
        report.faults.push_back(std::to_string(tally.erased_opened) +
                                " erased capsules open out of the backup");
    if (tally.live_opened != tally.live_tried)
        report.faults.push_back(std::to_string(tally.live_tried - tally.live_opened) +
                                " living capsules do not open out of the backup");
    if (tally.unproven > 0)
        report.faults.push_back(std::to_string(tally.unproven) +
                                " erased capsules have no line in the ledger");
    for (const std::string& one : tally.first) report.faults.push_back("capsule " + one);
}

void try_restored(Services& services, const Copy& copy, const DrillOptions& options,
                  Report& report) {
    pgserver::Session restored(copy.conninfo("postgres"));
    pgserver::Session live(options.admin_conninfo);
    // Nothing replayed: the backup's own end is as far as it goes.
    report.newest_in_backup = store::newest_replayed(restored);
    if (!report.newest_in_backup) report.newest_in_backup = report.backup_finished_at;
    const auto tenants = store::tenants(restored);
    run_to_end(services.runtime, [&]() -> Awaitable<void> {
        pg::Database copy_db(services.runtime, {.conninfo = copy.conninfo("entrepot_app"),
                                                .connections_per_loop = 2});
        co_await check_ledger(services, report);
        for (const TenantId tenant : tenants) {
            Context ctx = system_context(services, tenant, "drill");
            ctx.request_id = "drill-" + report.id.text();
            report.buyers.add(co_await vault::try_copy(ctx, copy_db, options.live_max));
        }
        co_await compare_trails(copy_db, services.db, options.audit_key, report);
        copy_db.close();
    });
    judge_buyers(report);
    compare_tables(restored, live, report);
    compare_orders(restored, live, report);
}

void judge_times(const DrillOptions& options, Report& report) {
    report.rto_ms = ms_between(report.started_at, report.finished_at);
    if (std::chrono::milliseconds(report.rto_ms) > rto_max)
        report.faults.push_back("it took " + std::to_string(report.rto_ms / 1000) +
                                " s; promised are " +
                                std::to_string(std::chrono::seconds(rto_max).count()));
    if (options.wanted.set || options.wanted.until) return;
    if (!report.newest_in_backup) {
        report.faults.emplace_back("the restored database does not say when its newest change was");
        return;
    }
    const Instant newest = report.newest_live.value_or(report.started_at);
    report.rpo_ms = std::max<std::int64_t>(0, ms_between(*report.newest_in_backup, newest));
    if (std::chrono::milliseconds(*report.rpo_ms) > rpo_max)
        report.faults.push_back("changes of " + std::to_string(*report.rpo_ms / 1000) +
                                " s are not in the backup; promised are " +
                                std::to_string(rpo_max.count()));
}
}  // namespace

Report drill(Services& services, const Tool& tool, const DrillOptions& options) {
    Report report;
    report.id = crypto::new_uuid(services.clock.now());
    report.version = options.version;
    report.repository = options.wanted.repository;
    report.target = target_of(options.wanted);
    report.started_at = services.clock.now();
    {
        // Before anything is written: as if the running database had been lost at this moment.
        pgserver::Session live(options.admin_conninfo);
        report.newest_live = store::newest_commit(live);
    }
    try {
        note_backup(tool, options.wanted, report);
        const Copy copy(tool, options.wanted);
        report.restore_ms = ms_between(report.started_at, services.clock.now());
        try_restored(services, copy, options, report);
        report.finished_at = services.clock.now();
        judge_times(options, report);
    } catch (const NotRestored& error) {
        report.faults.emplace_back(error.what());
        report.finished_at = services.clock.now();
    }
    return report;
}

store::DrillRow row_of(const Report& report, const std::string& signed_text) {
    std::string faults;
    for (const std::string& fault : report.faults) faults += (faults.empty() ? "" : "\n") + fault;
    const crypto::Bytes32 digest = crypto::sha256(signed_text);
    return {report.id,
            report.repository,
            report.label,
            report.started_at,
            report.finished_at,
            report.faults.empty() ? "passed" : "failed",
            ms_between(report.started_at, report.finished_at),
            report.rpo_ms,
            report.buyers.erased_tried,
            report.buyers.erased_opened,
            report.buyers.live_tried,
            report.buyers.live_opened,
            faults,
            {std::string(reinterpret_cast<const char*>(digest.data()), digest.size())}};
}

}  // namespace entrepot::backup
