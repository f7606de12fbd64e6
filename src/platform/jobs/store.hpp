// SQL of jobs: adding, claiming, leasing, failing.
#pragma once

#include "platform/jobs/jobs.hpp"

namespace entrepot::jobs {
std::uint64_t wakes();
}

namespace entrepot::jobs::store {

struct DueRow {
    TenantId tenant_id;
    std::string kind;
};
BOOST_DESCRIBE_STRUCT(DueRow, (), (tenant_id, kind))

struct ClaimedRow {
    JobId id;
    pg::Json payload;
    std::int64_t attempts;
};
BOOST_DESCRIBE_STRUCT(ClaimedRow, (), (id, payload, attempts))

/// A present standing job is woken: earlier of both times, new payload, out of quarantine.
inline const pg::Statement<void(TenantId, JobId, std::string, std::optional<std::string>, pg::Json,
                                Instant, Instant)>
    insert_job{"platform.insert_job", R"sql(
    insert into platform.job (tenant_id, id, kind, unique_key, payload, run_at, created_at) values ($1, $2, $3, $4, $5, $6, $7)
    on conflict (tenant_id, kind, unique_key) do update set
        run_at = least(job.run_at, excluded.run_at), payload = excluded.payload,
        state = case when job.state = 'quarantined' then 'ready' else job.state end,
        attempts = case when job.state = 'quarantined' then 0 else job.attempts end
)sql"};

/// A job without a key conflicts with none.
inline const pg::Statement<void(TenantId, JobId, std::string, pg::Json, Instant, Instant)>
    insert_event{"platform.insert_event", R"sql(
    insert into platform.job (tenant_id, id, kind, payload, run_at, created_at) values ($1, $2, $3, $4, $5, $6)
)sql"};

inline const pg::Statement<void(TenantId, std::string, std::string)> remove_standing{
    "platform.remove_standing_job",
    "delete from platform.job where tenant_id = $1 and kind = $2 and unique_key = $3"};

/// Runs as entrepot_jobs over all tenants (fan-out); oldest work first, so that no tenant starves
/// another.
inline const pg::Statement<DueRow(Instant)> due{"platform.due_jobs", R"sql(
    select tenant_id, kind from platform.job
    where (state = 'ready' and run_at <= $1) or (state = 'leased' and lease_until < $1)
    group by tenant_id, kind order by min(run_at) limit 100
)sql"};

/// First attempts in batches of at most $4 jobs and about $5 bytes; what has failed before one by
/// one, so that a poisonous job cannot hold others back.
inline const pg::Statement<ClaimedRow(TenantId, std::string, Instant, std::int64_t, std::int64_t)>
    claim_and_remove{"platform.claim_jobs", R"sql(
    with first as (
        select id, attempts, pg_column_size(payload) as bytes from platform.job
        where tenant_id = $1 and kind = $2 and state = 'ready' and run_at <= $3
        order by attempts > 0, id limit $4 for update skip locked
    ), chosen as (
        select id from (select id, sum(bytes) over (order by id) - bytes as before from first where attempts = 0) small
        where before < $5
        union all
        select id from (select id from first where attempts > 0 and not exists (select 1 from first where attempts = 0) limit 1) one
    )
    delete from platform.job j using chosen where j.tenant_id = $1 and j.id = chosen.id
    returning j.id, j.payload, j.attempts
)sql"};

inline const pg::Statement<Instant(TenantId, std::string, Instant)> oldest_event{
    "platform.oldest_event", R"sql(
    select created_at from platform.job
    where tenant_id = $1 and kind = $2 and state = 'ready' and attempts = 0 and run_at <= $3
    order by run_at limit 1
)sql"};

/// While it runs, run_at lies far ahead; a wake-up meanwhile moves it back and is seen at the end.
inline const pg::Statement<ClaimedRow(TenantId, std::string, Instant, Instant, Instant)> lease{
    "platform.lease_job", R"sql(
    with chosen as (
        select id from platform.job
        where tenant_id = $1 and kind = $2 and ((state = 'ready' and run_at <= $3) or (state = 'leased' and lease_until < $3))
        order by run_at limit 1 for update skip locked
    )
    update platform.job j set state = 'leased', lease_until = $4, run_at = $5 from chosen
    where j.tenant_id = $1 and j.id = chosen.id
    returning j.id, j.payload, j.attempts
)sql"};

inline const pg::Statement<void(TenantId, JobId, Instant)> extend{
    "platform.extend_lease",
    "update platform.job set lease_until = $3 where tenant_id = $1 and id = $2 and state = "
    "'leased'"};

inline const pg::Statement<void(TenantId, JobId, Instant)> again{"platform.reschedule_job", R"sql(
    update platform.job set state = 'ready', lease_until = null, attempts = 0, last_error = null, run_at = least(run_at, $3)
    where tenant_id = $1 and id = $2
)sql"};

inline const pg::Statement<void(TenantId, JobId)> finish{
    "platform.finish_job", "delete from platform.job where tenant_id = $1 and id = $2"};

inline const pg::Statement<void(TenantId, std::vector<JobId>, Instant, std::int64_t, std::string)>
    fail{"platform.fail_jobs", R"sql(
    update platform.job set attempts = attempts + 1, run_at = $3, lease_until = null, last_error = $5,
        state = case when attempts + 1 >= $4 then 'quarantined' else 'ready' end
    where tenant_id = $1 and id = any($2)
)sql"};

struct QuarantinedRow {
    JobId id;
    std::string kind;
    std::int64_t attempts;
    std::string last_error;
    Instant created_at;
};
BOOST_DESCRIBE_STRUCT(QuarantinedRow, (), (id, kind, attempts, last_error, created_at))

inline const pg::Statement<QuarantinedRow(TenantId, std::int64_t)> quarantined{
    "platform.quarantined_jobs", R"sql(
    select id, kind, attempts, coalesce(last_error, '') as last_error, created_at from platform.job
    where tenant_id = $1 and state = 'quarantined' order by id desc limit $2
)sql"};

inline const pg::Statement<void(TenantId, JobId, Instant)> retry{"platform.retry_job", R"sql(
    update platform.job set state = 'ready', attempts = 0, run_at = $3
    where tenant_id = $1 and id = $2 and state = 'quarantined'
)sql"};

}  // namespace entrepot::jobs::store
