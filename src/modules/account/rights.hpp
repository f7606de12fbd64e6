// From granted roles to rights, and who may hand out what.
#pragma once

#include <string>
#include <vector>

#include "modules/account/account.hpp"
#include "platform/pg/codec.hpp"

namespace entrepot::account {

inline constexpr std::string_view owner_role = "owner";
inline constexpr std::size_t grants_max = 20;
inline constexpr std::size_t shops_max = 500;

std::vector<RoleGrant> grants_from_json(const pg::Json& roles);
pg::Json grants_to_json(const std::vector<RoleGrant>& grants);

/// What somebody with these roles may do. A role that this version does not know gives nothing.
AccessRights rights_of(const std::vector<RoleGrant>& grants);
/// What a key may do: its own limits, cut to what its user may do now.
AccessRights rights_of_key(const std::vector<RoleGrant>& user_grants, const Grant& limits);

/// Violations of a list of grants: unknown_role, repeated_role, too_many, needs_all_shops.
std::vector<FieldError> grant_problems(const std::vector<RoleGrant>& grants,
                                       const std::string& pointer);

/// A shop that somebody names, and where it stands in what they sent.
struct NamedShop {
    std::string pointer;
    ShopId shop;
};
std::vector<NamedShop> shops_named(const std::vector<ShopId>& shops, const std::string& pointer);
std::vector<NamedShop> shops_named(const std::vector<RoleGrant>& grants,
                                   const std::string& pointer);
/// invalid_fields: unknown_shop for each that does not exist.
Awaitable<Result<bool>> check_shops(pg::Transaction& tx, const std::vector<NamedShop>& shops);

bool has_owner_role(const std::vector<RoleGrant>& grants);

}  // namespace entrepot::account
