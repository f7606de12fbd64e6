// Statements of incidents.
#include "modules/compliance/incident_store.hpp"

namespace entrepot::compliance::store {

const pg::Statement<IncidentId(TenantId, IncidentId, std::string, std::string, Uuid, std::string,
                               Instant, std::int64_t, std::vector<AuditId>)>
    raise_incident{"compliance.raise_incident", R"sql(
    insert into compliance.incident as i (tenant_id, id, kind, state, subject_kind, subject_id,
        what, opened_at, last_at, alarms, audit_ids)
    values ($1, $2, $3, 'open', $4, $5, $6, $7, $7, $8, $9)
    on conflict (tenant_id, kind, subject_kind, subject_id) where state <> 'closed'
    do update set alarms = i.alarms + excluded.alarms,
        opened_at = least(i.opened_at, excluded.opened_at),
        last_at = case when excluded.alarms = 0 then i.last_at
            else greatest(i.last_at, excluded.last_at) end,
        what = case when excluded.what = 'honeytoken' then excluded.what else i.what end,
        audit_ids = (i.audit_ids || excluded.audit_ids)[1:50],
        state = case when i.contained_at < excluded.last_at then 'open' else i.state end
    returning i.id
)sql"};

const pg::Statement<void(TenantId, std::string, std::string, Uuid, Instant, std::optional<bool>,
                         std::int64_t)>
    contain_incident{"compliance.contain_incident", R"sql(
    update compliance.incident
    set state = 'contained', contained_at = $5, frozen = $6, took_ms = greatest(took_ms, $7)
    where tenant_id = $1 and kind = $2 and subject_kind = $3 and subject_id = $4
        and state <> 'closed'
)sql"};

#define ENTREPOT_INCIDENT_COLUMNS                                                         \
    "select id, kind, state, subject_kind, subject_id, what, opened_at, last_at, alarms," \
    " audit_ids, contained_at, took_ms, frozen, closed_at, closed_by, closing_note"       \
    " from compliance.incident where tenant_id = $1 "

const pg::Statement<IncidentRow(TenantId, IncidentId)> incident_by_id{
    "compliance.incident_by_id", ENTREPOT_INCIDENT_COLUMNS "and id = $2"};

const pg::Statement<IncidentRow(TenantId, IncidentId)> lock_incident{
    "compliance.lock_incident", ENTREPOT_INCIDENT_COLUMNS "and id = $2 for update"};

const pg::Statement<IncidentRow(TenantId, std::optional<std::string>, std::optional<IncidentId>,
                                std::int64_t)>
    incidents_page{"compliance.incidents_page", ENTREPOT_INCIDENT_COLUMNS
                   "and ($2::text is null or state = $2) and ($3::uuid is null or id < $3) "
                   "order by id desc limit $4"};

const pg::Statement<void(TenantId, IncidentId, Instant, UserId, std::string)> close_incident{
    "compliance.close_incident", R"sql(
    update compliance.incident
    set state = 'closed', closed_at = $3, closed_by = $4, closing_note = $5
    where tenant_id = $1 and id = $2 and state <> 'closed'
)sql"};

const pg::Statement<IncidentCountsRow(TenantId, Instant, Instant, Instant)> incident_counts{
    "compliance.incident_counts", R"sql(
    select count(*) filter (where state = 'open') as open,
        count(*) filter (where state = 'contained') as contained,
        count(*) filter (where state = 'closed') as closed,
        count(*) filter (where state = 'open' and kind = 'reading'
            and subject_kind in ('user', 'api_key') and last_at < $2) as uncontained,
        count(*) filter (where state = 'contained' and contained_at < $3) as waiting,
        max(took_ms) as slowest_ms
    from compliance.incident
    where tenant_id = $1 and (opened_at >= $4 or state <> 'closed')
)sql"};

}  // namespace entrepot::compliance::store
