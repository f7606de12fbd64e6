// Where the backups of a data directory's cluster are and how pgBackRest is told of it.
//   <data-dir>.pgbackrest  configuration, logs, spool, locks; of the cluster's user
//   <data-dir>.backup.key  what the repositories' passphrases are made from; in no backup
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "platform/pgserver/os_user.hpp"

namespace entrepot::backup {

/// pgBackRest's name for what it backs up.
inline constexpr const char* stanza = "entrepot";
inline constexpr const char* program = "/usr/bin/pgbackrest";
/// How long full backups and what hangs on them are kept. Longer than any buyer's data lives: what
/// was erased is noise in them, because its key is gone (docs/operators/backup.md).
inline constexpr int kept_days = 35;

std::filesystem::path config_dir(const std::string& data_dir);
std::filesystem::path config_file(const std::string& data_dir);
std::filesystem::path key_file(const std::string& data_dir);
/// What the operator adds, a repository in an object store say: `*.conf` in here.
std::filesystem::path extra_dir(const std::string& data_dir);

bool is_set_up(const std::string& data_dir);

/// For archive_command: pushes %p.
std::string archive_command(const std::string& data_dir);

/// Refuses, in words, what cannot work: no program, a repository inside the data directory, two
/// that are one.
void check_directories(const std::string& data_dir, const std::vector<std::string>& directories);

/// Makes directories, key and configuration. The cluster runs and belongs to `user`.
void write_setup(const std::string& data_dir, const std::vector<std::string>& directories,
                 const std::filesystem::path& socket, const pgserver::OsUser& user);

/// Numbers of the repositories in the configuration, the operator's own among them.
std::vector<int> repositories(const std::string& data_dir);

}  // namespace entrepot::backup
