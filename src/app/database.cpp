// Opens the database, makes the roles, applies the schema.
#include "app/database.hpp"

#include <array>
#include <fstream>

#include "api/dispatcher.hpp"
#include "backup/setup.hpp"
#include "platform/migrate/migrate.hpp"
#include "platform/pgserver/roles.hpp"
#include "platform/pgserver/session.hpp"

namespace entrepot::app {

namespace {
/// PostgreSQL writes its port and the directory of its socket into lines 4 and 5 of this file.
std::string running_cluster(const std::string& data_dir) {
    std::ifstream file(data_dir + "/pg/data/postmaster.pid");
    std::array<std::string, 5> lines;
    for (std::string& line : lines) std::getline(file, line);
    if (lines[4].empty()) return {};
    return pgserver::conninfo_pair("host", lines[4]) + ' ' +
           pgserver::conninfo_pair("port", lines[3]) + " dbname='entrepot'";
}
}  // namespace

DatabasePlace::DatabasePlace(const DatabaseOptions& options, bool join) : options_(options) {
    pgserver::RoleOptions roles;
    if (!options_.url.empty()) {
        for (const std::string_view role : pgserver::application_roles)
            roles.passwords[std::string(role)] = options_.app_password;
        pgserver::ensure_roles(options_.url, roles);
        return;
    }
    pgserver::ClusterOptions cluster;
    cluster.data_dir = options_.data_dir;
    // Once set up, whoever starts this cluster goes on archiving: a gap would end every restore.
    if (options_.archive || backup::is_set_up(options_.data_dir))
        cluster.archiving.command = backup::archive_command(options_.data_dir);
    try {
        cluster_ = std::make_unique<pgserver::Cluster>(pgserver::Cluster::open(cluster));
    } catch (const pgserver::ClusterBusy&) {
        joined_ = running_cluster(options_.data_dir);
        if (!join || joined_.empty()) throw;
        return;
    }
    pgserver::ensure_roles(cluster_->admin_conninfo(), roles);
}

std::string DatabasePlace::conninfo(std::string_view role) const {
    if (cluster_) return cluster_->conninfo(role);
    if (!joined_.empty()) {
        const bool owner = role == pgserver::owner_role;
        return joined_ + ' ' + pgserver::conninfo_pair("user", owner ? "postgres" : role) +
               (owner ? " options='-c role=entrepot_owner'" : "");
    }
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
