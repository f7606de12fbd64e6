// Opens the database, makes the roles, applies the schema.
#include "app/database.hpp"

#include "api/dispatcher.hpp"
#include "platform/migrate/migrate.hpp"
#include "platform/pgserver/roles.hpp"
#include "platform/pgserver/session.hpp"

namespace entrepot::app {

DatabasePlace::DatabasePlace(const DatabaseOptions& options) : options_(options) {
    pgserver::RoleOptions roles;
    if (!options_.url.empty()) {
        for (const std::string_view role : pgserver::application_roles)
            roles.passwords[std::string(role)] = options_.app_password;
        pgserver::ensure_roles(options_.url, roles);
        return;
    }
    pgserver::ClusterOptions cluster;
    cluster.data_dir = options_.data_dir;
    cluster_ = std::make_unique<pgserver::Cluster>(pgserver::Cluster::open(cluster));
    pgserver::ensure_roles(cluster_->admin_conninfo(), roles);
}

std::string DatabasePlace::conninfo(std::string_view role) const {
    if (cluster_) return cluster_->conninfo(role);
    if (role == pgserver::owner_role) return options_.url;
    return pgserver::conninfo_as(options_.url, role, options_.app_password);
}

std::vector<std::string> DatabasePlace::migrate() {
    std::vector<std::string> names;
    const auto applied = migrate::apply(conninfo(pgserver::owner_role), migrate::embedded_schema(),
                                        {.by_version = std::string(api::version())});
    for (const migrate::Migration& migration : applied) names.emplace_back(migration.name);
    return names;
}

std::vector<std::string> DatabasePlace::faults() const {
    return pgserver::check_engine(conninfo("entrepot_app"), "entrepot_app");
}

void DatabasePlace::ensure_running() {
    if (cluster_) cluster_->ensure_running();
}

}  // namespace entrepot::app
