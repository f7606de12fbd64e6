// Jobs of compliance: a tenant's first check, and one each day.
#include "modules/compliance/jobs.hpp"

#include "modules/account/account.hpp"
#include "modules/compliance/run.hpp"

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
    return kinds;
}

std::vector<jobs::Subscription> subscriptions() {
    return {{account::tenant_made, begin_job}};
}

}  // namespace entrepot::compliance
