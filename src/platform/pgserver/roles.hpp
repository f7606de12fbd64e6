// The database roles, made the same way in the private cluster and in a given database.
#pragma once

#include <array>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace entrepot::pgserver {

/// Owns every schema and table; cannot log in. Migrations enter as an administrator or a member and
/// take this role by `set role`.
inline constexpr std::string_view owner_role = "entrepot_owner";

/// The roles that processes log in with. None owns anything.
inline constexpr std::array<std::string_view, 6> application_roles = {
    "entrepot_app",    "entrepot_insight", "entrepot_jobs",
    "entrepot_sealer", "entrepot_monitor", "entrepot_backup"};

struct RoleOptions {
    /// role → password; a role that is not named keeps what it has. Empty for the private cluster.
    std::map<std::string, std::string> passwords;
};

/// Makes the roles as they must be, in the database of `admin_conninfo`; a second call changes
/// nothing. The connection is a superuser, or a role with CREATEROLE that owns the database.
/// Returns in words what that connection was not allowed to do (empty for a superuser); throws
/// DatabaseError when a role itself cannot be made.
std::vector<std::string> ensure_roles(const std::string& admin_conninfo,
                                      const RoleOptions& options = {});

/// Every way in which engine and roles break what the rest of the program relies on, in words:
/// version, attributes, ownership, memberships, row security. Empty = good. `expected_role`, when
/// given, is the role that `conninfo` must log in as.
std::vector<std::string> check_engine(const std::string& conninfo,
                                      std::string_view expected_role = {});

}  // namespace entrepot::pgserver
