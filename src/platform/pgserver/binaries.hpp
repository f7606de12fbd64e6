// Where the PostgreSQL programs are.
#pragma once

#include <filesystem>
#include <optional>

namespace entrepot::pgserver {

/// The oldest major version that we run on: views with security_invoker came with it.
inline constexpr int oldest_major = 15;

/// A directory with `postgres` and `initdb` of one major version.
struct Binaries {
    std::filesystem::path directory;
    int major = 0;
};

/// Finds the programs: in `directory` when given, else the newest under /usr/lib/postgresql.
/// With `major`, exactly that version (a cluster on disk fits no other). Throws std::runtime_error
/// that names the Debian package to install.
Binaries find_binaries(const std::optional<std::filesystem::path>& directory,
                       std::optional<int> major);

}  // namespace entrepot::pgserver
