// Names of permissions and what each shipped role may do.
#include "platform/auth/permission.hpp"

#include <algorithm>
#include <array>

namespace entrepot {
namespace {
using enum Permission;

constexpr std::array<std::string_view, permission_count> names{
    "orders.read",   "orders.write", "orders.export", "money.read",     "catalog.read",
    "catalog.write", "shops.read",   "shops.write",   "imports.run",    "insight.read",
    "rates.write",   "users.read",   "users.write",   "api_keys.write", "tenant.write",
    "audit.read",    "jobs.write"};

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
          shops_read, shops_write, imports_run, insight_read, jobs_write}},
        {"buyer", {orders_read, money_read, catalog_read, catalog_write, shops_read, insight_read}},
        {"warehouse", {orders_read, orders_write, catalog_read, shops_read}},
        {"accountant",
         {orders_read, orders_export, money_read, catalog_read, shops_read, imports_run,
          insight_read, rates_write}},
        {"customer_service", {orders_read, orders_write, money_read, catalog_read, shops_read}},
        {"compliance", {orders_read, catalog_read, shops_read, users_read, audit_read}},
        {"auditor",
         {orders_read, money_read, catalog_read, shops_read, insight_read, users_read, audit_read}},
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

}  // namespace entrepot
