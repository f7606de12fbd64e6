// Roles × shops; the rules of combination stand in platform/auth.
#include "modules/account/rights.hpp"

#include <algorithm>
#include <set>

#include "modules/account/people.hpp"
#include "modules/account/store.hpp"
#include "platform/json/reader.hpp"
#include "platform/json/writer.hpp"

namespace entrepot::account {

std::vector<RoleGrant> grants_from_json(const pg::Json& roles) {
    auto grants = json::read_document<std::vector<RoleGrant>>(roles.text);
    ensure(grants.has_value(), "stored role grants are not readable");
    return *std::move(grants);
}

pg::Json grants_to_json(const std::vector<RoleGrant>& grants) {
    return {json::to_json(grants)};
}

AccessRights rights_of(const std::vector<RoleGrant>& grants) {
    std::vector<Grant> out;
    for (const RoleGrant& grant : grants)
        if (const Role* role = role_by_name(grant.role))
            out.push_back({role->permissions, {grant.shops}});
    return AccessRights::of(std::move(out));
}

AccessRights rights_of_key(const std::vector<RoleGrant>& user_grants, const Grant& limits) {
    std::vector<Grant> out = rights_of(user_grants).grants;
    for (Grant& grant : out) {
        grant.permissions &= limits.permissions;
        if (!limits.scope.shops) continue;
        if (grant.scope.shops)
            std::erase_if(*grant.scope.shops,
                          [&](ShopId shop) { return !limits.scope.allows(shop); });
        else
            grant.scope = limits.scope;
    }
    return AccessRights::of(std::move(out));
}

std::vector<FieldError> grant_problems(const std::vector<RoleGrant>& grants,
                                       const std::string& pointer) {
    std::vector<FieldError> out;
    const auto wrong = [&](const std::string& at, const char* code, const char* detail) {
        out.push_back({at, code, detail});
    };
    if (grants.size() > grants_max) wrong(pointer, "too_many", "at most 20 roles");
    std::set<std::string> seen;
    for (std::size_t i = 0; i < grants.size(); ++i) {
        const std::string at = pointer + '/' + std::to_string(i);
        const RoleGrant& grant = grants[i];
        if (role_by_name(grant.role) == nullptr)
            wrong(at + "/role", "unknown_role", "there is no such role");
        else if (!seen.insert(grant.role).second)
            wrong(at + "/role", "repeated_role", "name a role once and list all its shops");
        if (grant.shops && grant.shops->size() > shops_max)
            wrong(at + "/shops", "too_many", "at most 500 shops");
        if (grant.shops && grant.role == owner_role)
            wrong(at + "/shops", "needs_all_shops", "an owner owns every shop");
    }
    return out;
}

std::vector<NamedShop> shops_named(const std::vector<ShopId>& shops, const std::string& pointer) {
    std::vector<NamedShop> out;
    for (std::size_t i = 0; i < shops.size(); ++i)
        out.push_back({pointer + '/' + std::to_string(i), shops[i]});
    return out;
}

std::vector<NamedShop> shops_named(const std::vector<RoleGrant>& grants,
                                   const std::string& pointer) {
    std::vector<NamedShop> out;
    for (std::size_t i = 0; i < grants.size(); ++i) {
        if (!grants[i].shops) continue;
        const std::string at = pointer + '/' + std::to_string(i) + "/shops";
        for (NamedShop& shop : shops_named(*grants[i].shops, at)) out.push_back(std::move(shop));
    }
    return out;
}

Awaitable<Result<bool>> check_shops(pg::Transaction& tx, const std::vector<NamedShop>& shops) {
    if (shops.empty()) co_return true;
    std::vector<ShopId> ids;
    for (const NamedShop& named : shops) ids.push_back(named.shop);
    const auto rows = co_await tx.rows(store::unknown_shops, tx.tenant(), ids);
    const std::set<ShopId> unknown(rows.begin(), rows.end());
    std::vector<FieldError> problems;
    for (const NamedShop& named : shops)
        if (unknown.contains(named.shop))
            problems.push_back({named.pointer, "unknown_shop", "there is no such shop"});
    if (!problems.empty()) co_return fields_error(std::move(problems));
    co_return true;
}

bool has_owner_role(const std::vector<RoleGrant>& grants) {
    return std::any_of(grants.begin(), grants.end(),
                       [](const RoleGrant& grant) { return grant.role == owner_role; });
}

}  // namespace entrepot::account
