// Starting a program as another user, bound to the life of the thread that starts it.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

#include "platform/pgserver/os_user.hpp"

namespace entrepot::pgserver {

/// What to start. The child gets a small fixed environment and none of our descriptors.
struct Command {
    std::vector<std::string> arguments;  ///< the program's absolute path first
    OsUser user;
    std::filesystem::path output;  ///< stdout and stderr; written anew, opened as `user`
    /// Sent to the child when the *thread* that called spawn() ends; 0 = none.
    int death_signal = 0;
};

/// Starts the command in a session of its own, so that a terminal's Ctrl-C does not reach it.
/// Throws std::system_error when the program cannot be executed.
pid_t spawn(const Command& command);

/// Waits for the end of a child; 0 is success, signals count as 128 + signal.
int wait_for(pid_t child);

/// The end of a text file (at most `bytes`), empty when it cannot be read. Follows no link.
std::string tail(const std::filesystem::path& file, std::size_t bytes = 4096);

}  // namespace entrepot::pgserver
