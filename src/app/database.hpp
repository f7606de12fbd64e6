// Where the process's PostgreSQL is: a private cluster in the data directory, or a given one.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "platform/pgserver/cluster.hpp"

namespace entrepot::app {

struct DatabaseOptions {
    std::string data_dir;
    std::string url;  ///< empty = private cluster; else the owner's connection (PostgreSQL ≥ 15)
    bool archive = false;      ///< changes go to the backup's archive, also before it is set up
    std::string app_password;  ///< of entrepot_app, entrepot_jobs … in a given database
};

/// An opened, migrated and checked database. Throws with the remedy in words. A command joins the
/// private cluster of a server that is running on the same data directory; `serve` does not (join =
/// false).
class DatabasePlace {
public:
    explicit DatabasePlace(const DatabaseOptions& options, bool join = true);
    std::string conninfo(std::string_view role) const;
    /// Applies pending migrations; returns their names.
    std::vector<std::string> migrate();
    /// Every way in which engine and roles are not as they must be.
    std::vector<std::string> faults() const;
    /// Starts a private server again that has died.
    void ensure_running();
    /// Of the private cluster that this process started.
    std::filesystem::path socket_directory() const { return cluster_->socket_directory(); }
    /// This process started the private cluster (it is not another process's, and not a given
    /// server).
    bool is_private() const { return cluster_ != nullptr; }

private:
    DatabaseOptions options_;
    std::unique_ptr<pgserver::Cluster> cluster_;
    std::string joined_;  ///< connection of a running server's cluster, without a role
};

}  // namespace entrepot::app
