// Finds orphans by what they are (a postgres whose working directory is ours), never by name alone.
#include "platform/pgserver/leftovers.hpp"

#include <signal.h>
#include <unistd.h>

#include <charconv>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace entrepot::pgserver {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;

struct Orphan {
    pid_t process;
    bool leader;  ///< the postmaster: its session is its own
};

std::string link_of(const fs::path& link) {
    std::error_code failed;
    const fs::path target = fs::read_symlink(link, failed);
    return failed ? std::string() : target.string();
}

bool is_within(std::string_view path, std::string_view directory) {
    return path.starts_with(directory) &&
           (path.size() == directory.size() || path[directory.size()] == '/');
}

pid_t parent_of(pid_t process) {
    std::error_code failed;
    const fs::path proc = "/proc/" + std::to_string(process);
    FILE* file = std::fopen((proc / "stat").c_str(), "re");
    if (file == nullptr) return 0;
    char line[512] = {};
    const std::size_t got = std::fread(line, 1, sizeof line - 1, file);
    std::fclose(file);
    const std::string_view text(line, got);
    const auto end = text.rfind(')');
    if (end == std::string_view::npos || end + 4 >= text.size()) return 0;
    pid_t parent = 0;
    std::from_chars(text.data() + end + 4, text.data() + text.size(), parent);
    return parent;
}

bool works_in(pid_t process, const std::string& directory) {
    const fs::path proc = "/proc/" + std::to_string(process);
    const std::string program = fs::path(link_of(proc / "exe")).filename().string();
    return program.starts_with("postgres") && is_within(link_of(proc / "cwd"), directory);
}

std::vector<Orphan> orphans_in(const std::string& directory) {
    std::vector<Orphan> found;
    std::error_code failed;
    for (const auto& entry : fs::directory_iterator("/proc", failed)) {
        const std::string name = entry.path().filename().string();
        pid_t process = 0;
        const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), process);
        if (error != std::errc() || end != name.data() + name.size()) continue;
        if (works_in(process, directory)) {
            found.push_back({process, !works_in(parent_of(process), directory)});
        }
    }
    return found;
}

bool gone_within(const std::string& directory, milliseconds patience) {
    const auto deadline = std::chrono::steady_clock::now() + patience;
    while (!orphans_in(directory).empty()) {
        if (std::chrono::steady_clock::now() > deadline) return false;
        std::this_thread::sleep_for(milliseconds(10));
    }
    return true;
}

}  // namespace

void end_leftovers(const fs::path& directory, const OsUser& user, milliseconds patience) {
    const std::string real = fs::canonical(directory).string();
    if (!orphans_in(real).empty()) {
        // A backend whose postmaster was killed is a leader here too: SIGINT only cancels its
        // statement, and it ends by itself once it sees that the postmaster is gone.
        for (const Orphan& orphan : orphans_in(real)) {
            if (orphan.leader) kill(orphan.process, SIGINT);
        }
        if (!gone_within(real, patience)) {
            for (const Orphan& orphan : orphans_in(real)) kill(orphan.process, SIGQUIT);
        }
        if (!gone_within(real, patience)) {
            for (const Orphan& orphan : orphans_in(real)) kill(orphan.process, SIGKILL);
        }
        if (!gone_within(real, patience)) {
            throw std::runtime_error("a PostgreSQL process of an earlier run still works in " +
                                     real + " and does not end, even when killed");
        }
    }
    // PostgreSQL takes any living process with the recorded number for a running server; after a
    // restart of the machine that can be anybody. None of ours lives, so the file is stale.
    const std::string stale = (directory / "data" / "postmaster.pid").string();
    run_as(user, [&stale] { return unlink(stale.c_str()) == 0 ? 0 : 1; });
}

}  // namespace entrepot::pgserver
