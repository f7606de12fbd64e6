// Read from the global look-up of logins, the one table that knows more than one tenant.
#include "app/tenant_store.hpp"

#include "platform/pgserver/session.hpp"

namespace entrepot::app {

std::vector<TenantId> all_tenants(const std::string& app_conninfo) {
    pgserver::Session session(app_conninfo);
    std::vector<TenantId> out;
    for (const pgserver::Row& row :
         session.rows("select distinct tenant_id from account.login order by 1"))
        if (const auto id = TenantId::parse(row.at(0))) out.push_back(*id);
    return out;
}

}  // namespace entrepot::app
