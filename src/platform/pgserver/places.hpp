// The directories of a private cluster: who may enter, who owns what, where the socket stands.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "platform/pgserver/os_user.hpp"

namespace entrepot::pgserver {

/// Where the parts of one cluster are.
struct Places {
    std::filesystem::path root;    ///< <data_dir>/pg, mode 0700, given to the user
    std::filesystem::path data;    ///< <root>/data, PostgreSQL's own
    std::filesystem::path log;     ///< <root>/log
    std::filesystem::path socket;  ///< <root>/run, or a short private directory
};

/// Takes the lock of a data directory, making the directory if needed. The descriptor is the lock.
/// Throws ClusterBusy when another process has it.
int lock_data_dir(const std::filesystem::path& data_dir);

/// The user that shall run the cluster: the owner of an existing one, else the wanted or default.
OsUser user_for(const std::filesystem::path& data_dir, const std::optional<std::string>& wanted);

/// Makes the directories and checks that the user can enter them. Throws ClusterError with remedy.
Places make_places(const std::filesystem::path& data_dir, const OsUser& user);

/// Writes a file as the user, whole or not at all. Throws ClusterError.
void write_as(const OsUser& user, const std::filesystem::path& file, const std::string& text);

}  // namespace entrepot::pgserver
