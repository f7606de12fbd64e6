// Incidents: opened by alarms, contained by the account that froze, closed by a person.
#pragma once

#include "platform/http/route.hpp"
#include "platform/jobs/jobs.hpp"

namespace entrepot::compliance {

using IncidentId = Id<struct IncidentTag>;

namespace errors {
inline constexpr ErrorCode incident_closed{ErrorKind::conflict, "compliance.incident_closed"};
inline constexpr ErrorCode own_incident{ErrorKind::forbidden, "compliance.own_incident"};
inline constexpr ErrorCode person_needed{ErrorKind::forbidden, "compliance.person_needed"};
}  // namespace errors

enum class IncidentKind { reading, clock };
BOOST_DESCRIBE_ENUM(IncidentKind, reading, clock)
enum class IncidentState { open, contained, closed };
BOOST_DESCRIBE_ENUM(IncidentState, open, contained, closed)
enum class IncidentSubject { user, api_key, tenant, system };
BOOST_DESCRIBE_ENUM(IncidentSubject, user, api_key, tenant, system)

struct IncidentsQuery {
    std::optional<IncidentState> state;
    std::optional<std::int64_t> limit;
    std::optional<std::string> cursor;
};
BOOST_DESCRIBE_STRUCT(IncidentsQuery, (), (state, limit, cursor))
struct IncidentKey {
    IncidentId id;
};
BOOST_DESCRIBE_STRUCT(IncidentKey, (), (id))
struct CloseIncident {
    IncidentId id;
    std::string note;  ///< what was found and done, without personal data
};
BOOST_DESCRIBE_STRUCT(CloseIncident, (), (id, note))

struct Incident {
    IncidentId id;
    IncidentKind kind;
    IncidentState state;
    IncidentSubject subject_kind;
    std::optional<Uuid> subject_id;  ///< null: the system
    std::string what;                ///< code of the alarm
    Instant opened_at, last_at;
    std::int64_t alarms;
    std::vector<AuditId> audit_ids;
    std::optional<Instant> contained_at;
    std::optional<std::int64_t> took_ms;  ///< from an alarm to its containment, the slowest
    std::optional<bool> frozen;           ///< false: a last owner, who may sign in again
    std::optional<Instant> closed_at;
    std::optional<UserId> closed_by;
    std::optional<std::string> closing_note;
};
BOOST_DESCRIBE_STRUCT(Incident, (),
                      (id, kind, state, subject_kind, subject_id, what, opened_at, last_at, alarms,
                       audit_ids, contained_at, took_ms, frozen, closed_at, closed_by,
                       closing_note))

Awaitable<Result<http::Page<Incident>>> get_incidents(Context& ctx, const IncidentsQuery& in);
Awaitable<Result<Incident>> get_incident(Context& ctx, const IncidentKey& in);
/// Not by whom it is about, and not by a program. Closing one about the clock says that the clock
/// is right as it is now.
Awaitable<Result<Incident>> close_incident(Context& ctx, const CloseIncident& in);

inline constexpr std::string_view open_incident_kind = "compliance.open_incident";
inline constexpr std::string_view contain_incident_kind = "compliance.contain_incident";
inline constexpr std::string_view clock_incident_kind = "compliance.clock_incident";
inline constexpr int alarms_at_once = 100;
/// Handles `vault.alarm` and `account.alarm_contained`; in whichever order they come.
Awaitable<void> open_incident(Context& ctx, pg::Transaction& tx,
                              const std::vector<jobs::Job>& work);
Awaitable<void> contain_incident(Context& ctx, pg::Transaction& tx,
                                 const std::vector<jobs::Job>& work);

/// Handles `vault.clock`.
Awaitable<void> clock_incident(Context& ctx, pg::Transaction& tx,
                               const std::vector<jobs::Job>& work);

}  // namespace entrepot::compliance
