// Choice of the operating-system account and the step down from root, safe after fork.
#include "platform/pgserver/os_user.hpp"

#include <grp.h>
#include <pwd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>
#include <system_error>

namespace entrepot::pgserver {
namespace {

OsUser from_entry(const passwd& entry) {
    OsUser user{entry.pw_name, entry.pw_uid, entry.pw_gid, {}};
    int count = 32;
    user.groups.resize(static_cast<std::size_t>(count));
    if (getgrouplist(entry.pw_name, entry.pw_gid, user.groups.data(), &count) < 0) {
        user.groups.resize(static_cast<std::size_t>(count));
        getgrouplist(entry.pw_name, entry.pw_gid, user.groups.data(), &count);
    }
    user.groups.resize(static_cast<std::size_t>(count));
    return user;
}

}  // namespace

std::optional<OsUser> find_os_user(const std::string& name) {
    passwd entry{};
    passwd* found = nullptr;
    std::vector<char> buffer(16384);
    getpwnam_r(name.c_str(), &entry, buffer.data(), buffer.size(), &found);
    if (found == nullptr) return std::nullopt;
    return from_entry(entry);
}

OsUser os_user_of(uid_t uid) {
    passwd entry{};
    passwd* found = nullptr;
    std::vector<char> buffer(16384);
    getpwuid_r(uid, &entry, buffer.data(), buffer.size(), &found);
    if (found != nullptr) return from_entry(entry);
    return OsUser{"uid " + std::to_string(uid), uid, uid, {}};
}

OsUser own_user() {
    return os_user_of(geteuid());
}

OsUser choose_os_user(const std::optional<std::string>& wanted) {
    if (geteuid() != 0) {
        const OsUser self = own_user();
        if (wanted && *wanted != self.name) {
            throw std::runtime_error("cannot run PostgreSQL as '" + *wanted +
                                     "': this process is '" + self.name +
                                     "' and only root may change user");
        }
        return self;
    }
    if (wanted) {
        const auto user = find_os_user(*wanted);
        if (!user) throw std::runtime_error("no operating-system user '" + *wanted + "'");
        if (user->uid == 0) {
            throw std::runtime_error("PostgreSQL does not run as root; name another user");
        }
        return *user;
    }
    for (const char* name : {"entrepot", "postgres", "nobody"}) {
        const auto user = find_os_user(name);
        if (user && user->uid != 0) return *user;
    }
    throw std::runtime_error(
        "PostgreSQL does not run as root and there is no user entrepot, postgres or nobody; "
        "create one: adduser --system --group --home /var/lib/entrepot entrepot");
}

bool become(const OsUser& user) noexcept {
    if (geteuid() != 0 || user.uid == 0) return true;
    // The raw calls: glibc's wrappers signal every thread, which a forked child must not do.
    return syscall(SYS_setgroups, user.groups.size(), user.groups.data()) == 0 &&
           syscall(SYS_setresgid, user.gid, user.gid, user.gid) == 0 &&
           syscall(SYS_setresuid, user.uid, user.uid, user.uid) == 0;
}

int run_as(const OsUser& user, const std::function<int()>& body) {
    const pid_t child = fork();
    if (child < 0) throw std::system_error(errno, std::generic_category(), "fork");
    if (child == 0) _exit(become(user) ? body() : 255);
    int status = 0;
    while (waitpid(child, &status, 0) < 0) {
        if (errno != EINTR) throw std::system_error(errno, std::generic_category(), "waitpid");
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 255;
}

}  // namespace entrepot::pgserver
