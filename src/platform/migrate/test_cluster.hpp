// One throw-away PostgreSQL for all tests of a test binary, and a fresh database for each that
// asks.
#pragma once

#include <filesystem>
#include <string>

#include "platform/pgserver/cluster.hpp"

namespace entrepot::migrate {

/// A directory that is removed with the object; as root, one that everybody may pass through.
class ScratchDir {
public:
    ScratchDir();
    ~ScratchDir();
    ScratchDir(const ScratchDir&) = delete;
    ScratchDir& operator=(const ScratchDir&) = delete;
    const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

/// The shared cluster, started at first use with the roles made.
pgserver::Cluster& test_cluster();

/// A new empty database in it with the rights of the roles set. Returns its name.
std::string new_database();

/// Connection strings into such a database: the superuser, and the owner of the schema.
std::string admin_of(const std::string& database);
std::string owner_of(const std::string& database);

}  // namespace entrepot::migrate
