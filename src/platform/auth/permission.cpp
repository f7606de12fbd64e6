// Names of permissions and what each shipped role may do.
#include "platform/auth/permission.hpp"

#include <algorithm>
#include <array>

namespace entrepot {
namespace {
using enum Permission;

constexpr std::array<std::string_view, permission_count> names{
    "orders.read",     "orders.write",     "orders.export",  "money.read",      "catalog.read",
    "catalog.write",   "shops.read",       "shops.write",    "imports.run",     "insight.read",
    "rates.write",     "users.read",       "users.write",    "api_keys.write",  "tenant.write",
    "audit.read",      "jobs.write",       "shipments.read", "shipments.write", "buyers.reveal",
    "compliance.read", "compliance.write", "buyers.rights",  "buyers.search",   "buyers.hold"};

PermissionSet all() {
    PermissionSet set;
    for (std::size_t i = 0; i < permission_count; ++i) set.add(static_cast<Permission>(i));
    return set;
}

const std::array<Role, 8>& table() {
    static const std::array<Role, 8> roles{{
        {"owner", all()},
        {"operator",
         {orders_read, orders_write, orders_export, money_read, catalog_read, catalog_write,
          shops_read, shops_write, imports_run, insight_read, jobs_write, shipments_read}},
        {"buyer", {orders_read, money_read, catalog_read, catalog_write, shops_read, insight_read}},
        {"warehouse",
         {orders_read, orders_write, catalog_read, shops_read, shipments_read, shipments_write,
          buyers_reveal}},
        {"accountant",
         {orders_read, orders_export, money_read, catalog_read, shops_read, imports_run,
          insight_read, rates_write}},
        {"customer_service",
         {orders_read, orders_write, money_read, catalog_read, shops_read, buyers_search}},
        {"compliance",
         {orders_read, catalog_read, shops_read, users_read, audit_read, compliance_read,
          compliance_write, buyers_rights, buyers_hold}},
        {"auditor",
         {orders_read, money_read, catalog_read, shops_read, insight_read, users_read, audit_read,
          compliance_read}},
    }};
    return roles;
}
}  // namespace

std::string_view permission_name(Permission permission) {
    return names.at(static_cast<std::size_t>(permission));
}

std::optional<Permission> permission_by_name(std::string_view name) {
    const auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end()) return std::nullopt;
    return static_cast<Permission>(found - names.begin());
}

std::vector<std::string_view> PermissionSet::names() const {
    std::vector<std::string_view> out;
    for (std::size_t i = 0; i < permission_count; ++i)
        if (bits_.test(i)) out.push_back(entrepot::names[i]);
    return out;
}

std::span<const Role> roles() {
    return table();
}

const Role* role_by_name(std::string_view name) {
    for (const Role& role : table())
        if (role.name == name) return &role;
    return nullptr;
}

bool ShopScope::allows(ShopId shop) const {
    return !shops || std::find(shops->begin(), shops->end(), shop) != shops->end();
}

bool ShopScope::covers(const ShopScope& other) const {
    if (!shops) return true;
    if (!other.shops) return false;
    return std::all_of(other.shops->begin(), other.shops->end(),
                       [&](ShopId shop) { return allows(shop); });
}

bool is_tenant_wide(Permission permission) {
    static const PermissionSet wide{rates_write,    users_read,      users_write,
                                    api_keys_write, tenant_write,    audit_read,
                                    jobs_write,     compliance_read, compliance_write};
    return wide.has(permission);
}

ShopScope AccessRights::scope_of(Permission p) const {
    if (grants.empty()) return permissions.has(p) ? scope : ShopScope::none();
    ShopScope out = ShopScope::none();
    for (const Grant& grant : grants) {
        if (!grant.permissions.has(p)) continue;
        if (!grant.scope.shops) return {};
        if (is_tenant_wide(p)) continue;
        for (const ShopId shop : *grant.scope.shops)
            if (!out.allows(shop)) out.shops->push_back(shop);
    }
    return out;
}

AccessRights AccessRights::of(std::vector<Grant> grants) {
    AccessRights out;
    out.grants = std::move(grants);
    for (Grant& grant : out.grants) {
        if (grant.scope.shops)
            for (std::size_t i = 0; i < permission_count; ++i)
                if (is_tenant_wide(static_cast<Permission>(i)))
                    grant.permissions.remove(static_cast<Permission>(i));
        out.permissions |= grant.permissions;
    }
    if (out.permissions.empty()) out.scope = ShopScope::none();
    for (std::size_t i = 0; i < permission_count; ++i) {
        const auto p = static_cast<Permission>(i);
        if (!out.permissions.has(p)) continue;
        const ShopScope reach = out.scope_of(p);
        if (reach.shops && !out.scope.shops)
            out.scope = reach;
        else if (reach.shops)
            std::erase_if(*out.scope.shops, [&](ShopId shop) { return !reach.allows(shop); });
    }
    return out;
}

void AccessRights::narrow_to(Permission p) {
    if (grants.empty()) return;
    scope = scope_of(p);
    for (std::size_t i = 0; i < permission_count; ++i) {
        const auto other = static_cast<Permission>(i);
        if (permissions.has(other) && !scope_of(other).covers(scope)) permissions.remove(other);
    }
}

bool AccessRights::covers(const AccessRights& other) const {
    for (std::size_t i = 0; i < permission_count; ++i) {
        const auto p = static_cast<Permission>(i);
        const ShopScope wanted = other.scope_of(p);
        const bool nowhere = wanted.shops && wanted.shops->empty();
        if (!nowhere && !scope_of(p).covers(wanted)) return false;
    }
    return true;
}

}  // namespace entrepot
