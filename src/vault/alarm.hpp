// What the vault says when somebody reads too much or touches a trap. Whoever can end sessions and
// whoever keeps the record of incidents listen.
#pragma once

#include <boost/describe.hpp>
#include <string>

#include "base/id.hpp"
#include "base/time.hpp"

namespace entrepot::vault {

/// Event, with an Alarm: emitted in the transaction of the reading's own audit row.
inline constexpr std::string_view alarm_raised = "vault.alarm";

/// over_budget: one person or key read more than anybody needs. tenant_over_budget: all of a tenant
/// together did; the one who comes next has done nothing. honeytoken: an order was opened that
/// nobody has a reason to open.
enum class AlarmKind { over_budget, tenant_over_budget, honeytoken };
BOOST_DESCRIBE_ENUM(AlarmKind, over_budget, tenant_over_budget, honeytoken)

enum class AlarmActor { user, api_key, system };
BOOST_DESCRIBE_ENUM(AlarmActor, user, api_key, system)

struct Alarm {
    AlarmActor actor_kind;
    Uuid actor_id;  ///< user or API key; nil for the system
    AlarmKind what;
    OrderId order_id;
    AuditId audit_id;  ///< the row of the reading, done or refused
    Instant at;
};
BOOST_DESCRIBE_STRUCT(Alarm, (), (actor_kind, actor_id, what, order_id, audit_id, at))

}  // namespace entrepot::vault
