// Server processes that a dead owner left behind in a cluster's directory.
#pragma once

#include <chrono>
#include <filesystem>

#include "platform/pgserver/os_user.hpp"

namespace entrepot::pgserver {

/// Ends every PostgreSQL process that works inside `directory` (a fast shutdown first, then harder)
/// and removes a postmaster.pid whose process is gone or is another program by now. The caller
/// holds the directory's lock. Throws std::runtime_error if something cannot be ended.
void end_leftovers(const std::filesystem::path& directory, const OsUser& user,
                   std::chrono::milliseconds patience);

}  // namespace entrepot::pgserver
