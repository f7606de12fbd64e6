// Quarantined jobs: seen, and put back to work by a person; and what proves the audit.
#include "api/platform_module.hpp"

#include "api/audit_seal.hpp"
#include "platform/audit/audit.hpp"
#include "platform/http/route.hpp"
#include "platform/jobs/store.hpp"

namespace entrepot::api {

// What routes are bound to has a name outside of this file, as in every module: the coroutines that
// route.hpp makes of it hold these types.
struct ListQuarantine {
    std::optional<std::int64_t> limit;
};
BOOST_DESCRIBE_STRUCT(ListQuarantine, (), (limit))

struct QuarantinedJob {
    JobId id;
    std::string kind;
    std::int64_t attempts;
    std::string error;
    Instant created_at;
};
BOOST_DESCRIBE_STRUCT(QuarantinedJob, (), (id, kind, attempts, error, created_at))

struct RetryJob {
    JobId id;
};
BOOST_DESCRIBE_STRUCT(RetryJob, (), (id))

namespace {
constexpr std::int64_t page_max = 200;
}

Awaitable<Result<http::Page<QuarantinedJob>>> list_quarantine(Context& ctx,
                                                              const ListQuarantine& in) {
    const std::int64_t limit = in.limit.value_or(50);
    if (limit < 1 || limit > page_max)
        co_return field_error(entrepot::errors::invalid_fields, "/limit", "out_of_range",
                              "limit is 1 to 200");
    http::Page<QuarantinedJob> page;
    for (auto& row :
         co_await ctx.db().read(ctx.tenant, jobs::store::quarantined, ctx.tenant, limit))
        page.items.push_back(
            {row.id, std::move(row.kind), row.attempts, std::move(row.last_error), row.created_at});
    co_return page;
}

Awaitable<Result<http::NoContent>> retry_job(Context& ctx, const RetryJob& in) {
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<http::NoContent>> {
        if (co_await tx.exec(jobs::store::retry, ctx.tenant, in.id, ctx.now()) == 0)
            co_return make_error(entrepot::errors::not_found, "there is no such job in quarantine");
        audit::done(tx, ctx, {"platform.job_retried", "job", in.id.text()});
        tx.on_commit([] { jobs::wake(); });
        co_return http::NoContent{};
    };
    co_return co_await ctx.db().transaction(ctx.tenant, body);
}

namespace {
constexpr http::Route routes[] = {
    http::get<&list_quarantine>("/jobs/quarantine", Permission::jobs_write,
                                "Jobs that failed for good, newest first."),
    http::post<&retry_job>("/jobs/{id}/retry", Permission::jobs_write,
                           "Put a quarantined job back to work."),
    http::get<&latest_checkpoint>("/audit/checkpoints/latest", Permission::audit_read,
                                  "The newest signed state of the audit's tree."),
    http::get<&prove_entry>("/audit/entries/{id}/proof", Permission::audit_read,
                            "Where a row of the audit is sealed, and its proof."),
};
}  // namespace

Module platform_module() {
    return {.name = "platform", .routes = routes};
}

}  // namespace entrepot::api
