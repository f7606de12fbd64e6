// SQL of incidents.
#pragma once

#include "modules/compliance/incidents.hpp"

namespace entrepot::compliance::store {

struct IncidentRow {
    IncidentId id;
    std::string kind, state, subject_kind;
    Uuid subject_id;
    std::string what;
    Instant opened_at, last_at;
    std::int64_t alarms;
    std::vector<AuditId> audit_ids;
    std::optional<Instant> contained_at;
    std::optional<std::int64_t> took_ms;
    std::optional<bool> frozen;
    std::optional<Instant> closed_at;
    std::optional<UserId> closed_by;
    std::optional<std::string> closing_note;
};
BOOST_DESCRIBE_STRUCT(IncidentRow, (),
                      (id, kind, state, subject_kind, subject_id, what, opened_at, last_at, alarms,
                       audit_ids, contained_at, took_ms, frozen, closed_at, closed_by,
                       closing_note))

/// tenant, id if it is new, kind, subject kind, subject, what, at, alarms, audit entries. Opens
/// one, or adds to the one that is open; an alarm after its containment opens it again. Answers its
/// id.
extern const pg::Statement<IncidentId(TenantId, IncidentId, std::string, std::string, Uuid,
                                      std::string, Instant, std::int64_t, std::vector<AuditId>)>
    raise_incident;
/// tenant, kind, subject kind, subject, at, frozen, milliseconds since the alarm.
extern const pg::Statement<void(TenantId, std::string, std::string, Uuid, Instant,
                                std::optional<bool>, std::int64_t)>
    contain_incident;
extern const pg::Statement<IncidentRow(TenantId, IncidentId)> incident_by_id;
extern const pg::Statement<IncidentRow(TenantId, IncidentId)> lock_incident;
/// Newest first: tenant, state, before, limit.
extern const pg::Statement<IncidentRow(TenantId, std::optional<std::string>,
                                       std::optional<IncidentId>, std::int64_t)>
    incidents_page;
extern const pg::Statement<void(TenantId, IncidentId, Instant, UserId, std::string)> close_incident;

struct IncidentCountsRow {
    std::int64_t open, contained, closed;
    std::int64_t uncontained;  ///< of users and keys, open since before the given moment
    std::int64_t waiting;      ///< contained before the other moment and not closed
    std::optional<std::int64_t> slowest_ms;
};
BOOST_DESCRIBE_STRUCT(IncidentCountsRow, (),
                      (open, contained, closed, uncontained, waiting, slowest_ms))
/// Of those opened since the last argument, or still not closed.
extern const pg::Statement<IncidentCountsRow(TenantId, Instant, Instant, Instant)> incident_counts;

}  // namespace entrepot::compliance::store
