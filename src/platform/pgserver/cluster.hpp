// A private PostgreSQL cluster in the data directory: made, started, watched and stopped by us.
// Reached through a Unix socket only; see docs/decisions/0002-embedded-postgres.md.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include "platform/pgserver/config.hpp"

namespace entrepot::pgserver {

/// The cluster cannot be had as asked; the text says why and what to do.
class ClusterError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// Another process holds the data directory.
class ClusterBusy : public ClusterError {
public:
    using ClusterError::ClusterError;
};

struct ClusterOptions {
    std::filesystem::path data_dir;                ///< made if absent; the cluster is `pg` in it
    std::optional<std::filesystem::path> bin_dir;  ///< default: newest of /usr/lib/postgresql
    std::optional<std::string> os_user;  ///< when root; default entrepot, postgres, nobody
    std::string database = "entrepot";   ///< made if absent
    Sizing sizing;
    Durability durability = Durability::full;
    Archiving archiving;
    std::chrono::milliseconds start_patience = std::chrono::minutes(5);  ///< incl. crash recovery
    std::chrono::milliseconds stop_patience = std::chrono::seconds(20);  ///< then immediate
};

/// A running cluster. Its life is this object's, and this process's: when either ends, the server
/// shuts down. Safe to use from several threads.
class Cluster {
public:
    /// Starts the cluster in `options.data_dir`, making it at the first time, ending an orphan of a
    /// killed owner before. Throws ClusterBusy when another process has it, else ClusterError.
    static Cluster open(const ClusterOptions& options);

    ~Cluster();
    Cluster(Cluster&&) noexcept;
    Cluster& operator=(Cluster&&) noexcept;

    /// Connection string for a database role. "entrepot_owner" (migrations) enters as the cluster's
    /// administrator with its rights set down to the owner: the owner itself cannot log in.
    std::string conninfo(std::string_view role) const;

    /// Connection string of the cluster's superuser, for set-up only.
    std::string admin_conninfo() const;

    /// False once the server process has ended by itself.
    bool alive() const;

    /// Starts the server again if it has ended; does nothing otherwise.
    void ensure_running();

    /// Fast shutdown, waits, then immediate. May be called more than once.
    void stop();

    pid_t process() const;
    const std::filesystem::path& socket_directory() const;
    int major() const;

private:
    struct State;
    explicit Cluster(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace entrepot::pgserver
