// The one table of permissions and shipped roles, compiled into the binary (deny by default,
// privacy-design P06).
#pragma once

#include <bitset>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/id.hpp"

namespace entrepot {

enum class Permission : unsigned char {
    orders_read,
    orders_write,
    orders_export,
    money_read,  ///< amounts on orders and in reports
    catalog_read,
    catalog_write,
    shops_read,
    shops_write,
    imports_run,
    insight_read,
    rates_write,
    users_read,
    users_write,
    api_keys_write,
    tenant_write,
    audit_read,
    jobs_write,
    shipments_read,
    shipments_write,
    buyers_reveal,     ///< a buyer's name and address, for a shipment that is being sent
    compliance_read,   ///< promises, their proofs, the evidence
    compliance_write,  ///< prove them now
    buyers_rights,     ///< find a buyer who asks what is held, and erase it
    buyers_search,     ///< find the orders of a buyer who writes, without seeing who it is
    buyers_hold,       ///< place a legal hold; with a second person open, extend or release it
    count_
};
inline constexpr std::size_t permission_count = static_cast<std::size_t>(Permission::count_);

/// "orders.read"; the name used in the API, in API keys and in the console.
std::string_view permission_name(Permission permission);
std::optional<Permission> permission_by_name(std::string_view name);

class PermissionSet {
public:
    PermissionSet() = default;
    PermissionSet(std::initializer_list<Permission> list) {
        for (const Permission p : list) add(p);
    }
    void add(Permission p) { bits_.set(static_cast<std::size_t>(p)); }
    bool has(Permission p) const { return bits_.test(static_cast<std::size_t>(p)); }
    PermissionSet& operator|=(const PermissionSet& other) {
        bits_ |= other.bits_;
        return *this;
    }
    PermissionSet& operator&=(const PermissionSet& other) {
        bits_ &= other.bits_;
        return *this;
    }
    void remove(Permission p) { bits_.reset(static_cast<std::size_t>(p)); }
    bool empty() const { return bits_.none(); }
    std::vector<std::string_view> names() const;
    bool operator==(const PermissionSet&) const = default;

private:
    std::bitset<permission_count> bits_;
};

/// A shipped role: owner, operator, buyer, warehouse, accountant, customer_service, compliance,
/// auditor.
struct Role {
    std::string_view name;
    PermissionSet permissions;
};
std::span<const Role> roles();
const Role* role_by_name(std::string_view name);

/// Which shops an actor may see and act on. A null list means every shop of the tenant.
struct ShopScope {
    std::optional<std::vector<ShopId>> shops;
    bool allows(ShopId shop) const;
    /// Whether every shop of `other` is in here.
    bool covers(const ShopScope& other) const;
    static ShopScope none() { return {std::vector<ShopId>{}}; }
};

/// Rights that concern the tenant as a whole and mean nothing for one shop (users, settings,
/// audit). A grant that is limited to some shops does not carry them.
bool is_tenant_wide(Permission permission);

/// One role or key as granted: these permissions on these shops.
struct Grant {
    PermissionSet permissions;
    ShopScope scope;
};

/// What one request may do. "Operator of shop 1 and accountant of all" may read orders of all
/// shops and change those of shop 1 only: a scope belongs to a permission. The choke point calls
/// narrow_to(the route's permission), and from then on `permissions` and `scope` are true together:
/// what is in `permissions` is held for every shop of `scope`.
struct AccessRights {
    PermissionSet permissions;
    ShopScope scope;
    /// What the two above were computed from; empty for rights that are made by hand.
    std::vector<Grant> grants;

    /// Before narrowing: all permissions held anywhere, and only the shops on which all of them
    /// are held.
    static AccessRights of(std::vector<Grant> grants);
    bool has(Permission p) const { return permissions.has(p); }
    /// Shops on which `p` is held; none when it is held nowhere.
    ShopScope scope_of(Permission p) const;
    /// Scope becomes that of `p`; permissions that do not reach as far are dropped.
    void narrow_to(Permission p);
    /// Whether these rights contain each right of `other`, shop by shop.
    bool covers(const AccessRights& other) const;
};

}  // namespace entrepot
