// Jobs of compliance: a tenant's first check, and one each day.
#include "modules/compliance/jobs.hpp"

#include "modules/account/account.hpp"
#include "modules/compliance/incidents.hpp"
#include "modules/compliance/run.hpp"
#include "vault/vault.hpp"

namespace entrepot::compliance {
namespace {
const std::string daily_key = "daily";

Awaitable<void> begin(Context& ctx, pg::Transaction& tx, const std::vector<jobs::Job>&) {
    jobs::enqueue(tx, ctx, check_job, "{}", ctx.now(), daily_key);
    co_return;
}

Awaitable<std::optional<Instant>> check_daily(Context& ctx, const jobs::Job&) {
    (void)co_await run_checks(ctx);
    co_return ctx.now() + check_interval;
}
}  // namespace

void plan_daily_check(pg::Transaction& tx, const Context& ctx) {
    jobs::enqueue(tx, ctx, check_job, "{}", ctx.now() + check_interval, daily_key);
}

std::vector<jobs::Kind> job_kinds() {
    std::vector<jobs::Kind> kinds;
    kinds.push_back({.name = begin_job, .transactional = &begin, .leased = {}});
    kinds.push_back({.name = check_job, .transactional = {}, .leased = &check_daily});
    kinds.push_back(
        {.name = open_incident_kind, .transactional = &open_incident, .batch = alarms_at_once});
    kinds.push_back({.name = contain_incident_kind,
                     .transactional = &contain_incident,
                     .batch = alarms_at_once});
    kinds.push_back(
        {.name = clock_incident_kind, .transactional = &clock_incident, .batch = alarms_at_once});
    return kinds;
}

std::vector<jobs::Subscription> subscriptions() {
    return {{account::tenant_made, begin_job},
            {vault::alarm_raised, open_incident_kind},
            {vault::clock_judged, clock_incident_kind},
            {account::alarm_contained, contain_incident_kind}};
}

}  // namespace entrepot::compliance
