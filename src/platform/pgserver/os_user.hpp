// Which operating-system user the cluster runs as, and how a child process becomes that user.
#pragma once

#include <sys/types.h>

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace entrepot::pgserver {

/// An operating-system account with all that a child needs to become it without a look-up.
struct OsUser {
    std::string name;
    uid_t uid = 0;
    gid_t gid = 0;
    std::vector<gid_t> groups;
};

/// The account of this process.
OsUser own_user();

/// The account with this name, if the machine has it.
std::optional<OsUser> find_os_user(const std::string& name);

/// The account with this id; a bare id without a name is served too.
OsUser os_user_of(uid_t uid);

/// Who runs PostgreSQL: ourselves, or (as root, which PostgreSQL refuses) the first of `wanted`,
/// entrepot, postgres, nobody. Throws std::runtime_error with the remedy when nobody is suitable.
OsUser choose_os_user(const std::optional<std::string>& wanted);

/// Becomes `user` for good. Only for a child between fork and exec: no allocation, no locks.
bool become(const OsUser& user) noexcept;

/// Runs `body` in a forked child that is `user`, and returns its result (0..255). The body may only
/// make system calls on memory prepared before: this process can have other threads.
int run_as(const OsUser& user, const std::function<int()>& body);

}  // namespace entrepot::pgserver
