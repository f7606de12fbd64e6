// A check: reads the true state of this tenant and this instance, and says what it found.
#pragma once

#include "modules/compliance/standing.hpp"
#include "platform/context.hpp"

namespace entrepot::compliance {

/// What was found. `code` has a text in each language of the console, into which `figures` go;
/// `items` are names of things (tables, partners), never of buyers.
struct Finding {
    State state = State::red;
    std::string code;
    std::map<std::string, std::int64_t> figures;
    std::vector<std::string> items;
};

struct Check {
    std::string_view name;
    std::string_view looks_at;  ///< for the evidence pack; the console has its own words
    /// In a read-only transaction of the tenant. What it throws makes the result red: cannot_run.
    Awaitable<Finding> (*run)(Context&, pg::Transaction&);
    /// A result counts for this long. The daily job leaves half a day for trouble.
    std::chrono::hours period{36};
};

std::span<const Check> checks();
const Check* check_by_name(std::string_view name);

/// How far back checks read the audit.
inline constexpr auto audit_window = std::chrono::days(30);
/// The smallest id that an act within the window can have.
AuditId audit_ids_since(const Context& ctx);

/// Red with the reason, of a check that broke down.
Finding cannot_run(std::string reason);

// account_checks.cpp
Awaitable<Finding> mfa_coverage(Context& ctx, pg::Transaction& tx);
Awaitable<Finding> password_policy(Context& ctx, pg::Transaction& tx);
Awaitable<Finding> unique_ids(Context& ctx, pg::Transaction& tx);
Awaitable<Finding> session_limits(Context& ctx, pg::Transaction& tx);
Awaitable<Finding> role_grants(Context& ctx, pg::Transaction& tx);
Awaitable<Finding> api_keys_expiring(Context& ctx, pg::Transaction& tx);
Awaitable<Finding> sealed_secrets(Context& ctx, pg::Transaction& tx);

// database_checks.cpp
Awaitable<Finding> tenant_isolation(Context& ctx, pg::Transaction& tx);
Awaitable<Finding> database_role(Context& ctx, pg::Transaction& tx);
Awaitable<Finding> database_link(Context& ctx, pg::Transaction& tx);
Awaitable<Finding> schema_register(Context& ctx, pg::Transaction& tx);
Awaitable<Finding> buyer_columns(Context& ctx, pg::Transaction& tx);
Awaitable<Finding> audit_rows(Context& ctx, pg::Transaction& tx);
Awaitable<Finding> audit_append_only(Context& ctx, pg::Transaction& tx);
Awaitable<Finding> raw_replies(Context& ctx, pg::Transaction& tx);
Awaitable<Finding> marketplace_data(Context& ctx, pg::Transaction& tx);

// rights_checks.cpp
Awaitable<Finding> rights_in_time(Context& ctx, pg::Transaction& tx);
Awaitable<Finding> rights_verified(Context& ctx, pg::Transaction& tx);
Awaitable<Finding> holds_end_in_time(Context& ctx, pg::Transaction& tx);

// backup_checks.cpp
Awaitable<Finding> backups_made(Context& ctx, pg::Transaction& tx);
Awaitable<Finding> drill_passed(Context& ctx, pg::Transaction& tx);

// surroundings_checks.cpp
Awaitable<Finding> tls_in_force(Context& ctx, pg::Transaction& tx);
Awaitable<Finding> egress_register(Context& ctx, pg::Transaction& tx);
Awaitable<Finding> deny_by_default(Context& ctx, pg::Transaction& tx);

// vault_checks.cpp
Awaitable<Finding> vault_cells(Context& ctx, pg::Transaction& tx);
Awaitable<Finding> just_in_time(Context& ctx, pg::Transaction& tx);
Awaitable<Finding> pii_clock(Context& ctx, pg::Transaction& tx);
Awaitable<Finding> erased_capsules(Context& ctx, pg::Transaction& tx);
Awaitable<Finding> keyd_epochs(Context& ctx, pg::Transaction& tx);
Awaitable<Finding> reveal_purposes(Context& ctx, pg::Transaction& tx);
Awaitable<Finding> audit_sealed(Context& ctx, pg::Transaction& tx);
Awaitable<Finding> incidents_contained(Context& ctx, pg::Transaction& tx);
Awaitable<Finding> tracking_gate(Context& ctx, pg::Transaction& tx);

// decoy_checks.cpp
Awaitable<Finding> decoys_stand(Context& ctx, pg::Transaction& tx);

}  // namespace entrepot::compliance
