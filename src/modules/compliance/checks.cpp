// The list of checks. A control that has none here is not built, and its promises are red.
#include <algorithm>

#include "modules/compliance/check.hpp"

namespace entrepot::compliance {
namespace {
constexpr std::size_t reason_length_max = 200;

constexpr Check list[] = {
    {"mfa_coverage", "every active user has a confirmed second factor", &mfa_coverage},
    {"password_policy", "the password rules as compiled, and the passwords as stored",
     &password_policy},
    {"unique_ids", "no e-mail has two accounts", &unique_ids},
    {"session_limits", "no session was served past its end", &session_limits},
    {"role_grants", "every grant is of a shipped role", &role_grants},
    {"api_keys_expiring", "every API key ends within twelve months", &api_keys_expiring},
    {"sealed_secrets", "seeds open under the key that keyd keeps; secrets are sealed",
     &sealed_secrets},
    {"tenant_isolation", "pg_catalog: row-level security is forced on every table of tenants",
     &tenant_isolation},
    {"database_role", "pg_catalog: what the server's role could do beyond rows", &database_role},
    {"database_link", "how the server reaches its database", &database_link},
    {"schema_register", "pg_catalog: retention class of each table, description of each column",
     &schema_register},
    {"buyer_columns", "pg_catalog: columns outside the vault that are made for buyer data",
     &buyer_columns},
    {"audit_rows", "rows of the audit in the last 30 days", &audit_rows},
    {"audit_append_only", "pg_catalog: nobody of the server may change the audit",
     &audit_append_only},
    {"raw_replies", "age of the oldest raw reply of a marketplace", &raw_replies},
    {"marketplace_data", "tables with data of marketplaces: books, or deleted after 18 months",
     &marketplace_data},
    {"rights_in_time", "open requests of buyers and their month", &rights_in_time},
    {"rights_verified", "requests of buyers that were carried out, and who made sure who asked",
     &rights_verified},
    {"holds_end_in_time", "legal holds, their copies and keys; keyd, asked to open one for nobody",
     &holds_end_in_time},
    {"backups_made", "newest good backup of each repository", &backups_made},
    {"drill_passed", "the newest drill: a backup restored and tried", &drill_passed},
    {"tls_in_force", "how this process listens", &tls_in_force},
    {"egress_register", "the register of partners that may be called", &egress_register},
    {"deny_by_default", "rights of nobody and of shipped roles; refused acts on record",
     &deny_by_default},
    {"vault_cells", "cells of the vault: each has the form of a sealed cell", &vault_cells},
    {"just_in_time", "capsules of 30 days, against the orders and their releases", &just_in_time},
    {"pii_clock", "ends of capsules against the rule, and the job that keeps them", &pii_clock},
    {"erased_capsules", "what is left of erased capsules, and keyd's lines about their keys",
     &erased_capsules},
    {"keyd_epochs", "what keyd says of itself: gate, epoch, old roots, mark, user", &keyd_epochs},
    {"reveal_purposes", "readings of 30 days; keyd, asked for a key without a purpose",
     &reveal_purposes},
    {"audit_sealed", "the audit of a day against the tree; the last checkpoint", &audit_sealed},
    {"incidents_contained", "incidents: how soon who read too much was stopped",
     &incidents_contained},
    {"decoys_stand", "decoys against their capsules, keyd's traps, and openings on record",
     &decoys_stand},
    {"tracking_gate", "the egress gate, asked to tell a tracking partner more", &tracking_gate},
};
}  // namespace

std::span<const Check> checks() {
    return list;
}

const Check* check_by_name(std::string_view name) {
    const auto found = std::ranges::find(list, name, &Check::name);
    return found == std::end(list) ? nullptr : found;
}

AuditId audit_ids_since(const Context& ctx) {
    const auto from = ctx.now() - audit_window;
    return AuditId{uuid_v7(
        std::chrono::floor<std::chrono::milliseconds>(from.time_since_epoch()).count(), 0, 0)};
}

Finding cannot_run(std::string reason) {
    reason.resize(std::min(reason.size(), reason_length_max));
    return {State::red, "cannot_run", {}, {std::move(reason)}};
}

}  // namespace entrepot::compliance
