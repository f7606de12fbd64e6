// The use case behind the daily job and the button.
#include "modules/compliance/run.hpp"

#include "modules/compliance/jobs.hpp"
#include "modules/compliance/store.hpp"
#include "platform/audit/audit.hpp"
#include "platform/json/writer.hpp"
#include "platform/telemetry/log.hpp"

namespace entrepot::compliance {

struct CheckedDetail {
    std::int64_t green = 0, amber = 0, red = 0;
};
BOOST_DESCRIBE_STRUCT(CheckedDetail, (), (green, amber, red))

Awaitable<Finding> run_check(Context& ctx, const Check& check) {
    std::string reason;
    try {
        auto body = [&](pg::Transaction& tx) -> Awaitable<Result<Finding>> {
            co_return co_await check.run(ctx, tx);
        };
        auto found = co_await ctx.db().transaction(ctx.tenant, body, pg::Access::read_only);
        if (found.has_value()) co_return *std::move(found);
        reason = found.error().detail;
    } catch (const pg::Unavailable&) {
        // Without a database nothing can be kept either: the caller hears of it.
        throw;
    } catch (const std::exception& e) {
        reason = e.what();
    }
    log::error("a check of compliance cannot run",
               {{"check", std::string(check.name)}, {"reason", reason}});
    co_return cannot_run(std::move(reason));
}

Awaitable<std::vector<Found>> run_checks(Context& ctx) {
    std::vector<Found> all;
    for (const Check& check : checks()) {
        Finding finding = co_await run_check(ctx, check);
        all.push_back({check.name, std::move(finding)});
    }
    CheckedDetail detail;
    for (const Found& each : all)
        ++(each.finding.state == State::green   ? detail.green
           : each.finding.state == State::amber ? detail.amber
                                                : detail.red);
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<bool>> {
        for (const Found& each : all)
            tx.defer(store::insert_result, ctx.tenant, crypto::new_uuid(ctx.now()),
                     std::string(each.check), each.finding.state, each.finding.code,
                     pg::Json{json::to_json(each.finding.figures)}, each.finding.items, ctx.now());
        audit::done(tx, ctx, {"compliance.checked", "", "", json::to_json(detail)});
        plan_daily_check(tx, ctx);
        co_return true;
    };
    (void)co_await ctx.db().transaction(ctx.tenant, body);
    co_return all;
}

}  // namespace entrepot::compliance
