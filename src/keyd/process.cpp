// Puts keyd together in the order in which its parts depend on each other.
#include "keyd/process.hpp"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <thread>

#include "base/text.hpp"
#include "keyd/server.hpp"
#include "platform/crypto/crypto.hpp"
#include "platform/migrate/migrate.hpp"
#include "platform/pgserver/cluster.hpp"
#include "platform/pgserver/os_user.hpp"
#include "platform/pgserver/roles.hpp"
#include "platform/pgserver/session.hpp"
#include "platform/telemetry/log.hpp"

namespace entrepot::migrate {
std::vector<Migration> keyring_schema();
}

namespace entrepot::keyd {
namespace fs = std::filesystem;

namespace {
constexpr std::size_t socket_path_max = 100;
constexpr std::uint64_t database_memory = std::uint64_t{128} << 20;
constexpr const char* role = "entrepot_keyd";

/// Nobody reads our memory from a core file or with a debugger of our own user.
void hide_memory() {
    const rlimit none{0, 0};
    ::setrlimit(RLIMIT_CORE, &none);
    ::prctl(PR_SET_DUMPABLE, 0);
}

/// A keyd whose parent was killed may be ending here still: what it removes meanwhile is left out,
/// and where that broke the walk off, the walk begins again.
void chown_all(const fs::path& directory, const pgserver::OsUser& user) {
    const auto give = [&](const fs::path& path) {
        if (::lchown(path.c_str(), user.uid, user.gid) != 0 && errno != ENOENT)
            throw std::runtime_error("cannot give " + path.string() + " to " + user.name);
    };
    give(directory);
    constexpr int walks = 20;
    std::error_code failure;
    for (int walk = 0; walk < walks; ++walk) {
        fs::recursive_directory_iterator at(directory, failure);
        for (; !failure && at != fs::recursive_directory_iterator(); at.increment(failure))
            give(at->path());
        if (!failure) return;
        if (failure != std::errc::no_such_file_or_directory) break;
    }
    throw std::runtime_error("cannot give " + directory.string() + " to " + user.name + ": " +
                             failure.message());
}

/// As root: becomes keyd's own user, whose files nobody else reads.
void drop_root(const ProcessOptions& options) {
    if (::geteuid() != 0) return;
    const auto user = pgserver::find_os_user(os_user);
    if (!user) {
        log::warning("keyd.runs_as_root", {{"remedy", "adduser --system --group entrepot-keyd"}});
        return;
    }
    for (const std::string& directory : {options.keys_dir, options.second_site})
        if (!directory.empty()) chown_all(directory, *user);
    if (!pgserver::become(*user)) throw std::runtime_error("cannot become " + user->name);
}

struct Database {
    std::unique_ptr<pgserver::Cluster> cluster;
    std::string conninfo;
};

/// A keyd whose parent was killed needs a moment to stop.
pgserver::Cluster open_cluster(const std::string& keys_dir) {
    for (int left = 60;; --left) {
        try {
            return pgserver::Cluster::open({.data_dir = keys_dir,
                                            .database = "keyring",
                                            .sizing = {.memory_bytes = database_memory}});
        } catch (const pgserver::ClusterBusy&) {
            if (left == 0) throw;
        }
        ::usleep(500'000);
    }
}

Database open_database(const ProcessOptions& options) {
    Database out;
    std::string owner;
    if (options.database_url.empty()) {
        out.cluster = std::make_unique<pgserver::Cluster>(open_cluster(options.keys_dir));
        pgserver::ensure_roles(out.cluster->admin_conninfo());
        owner = out.cluster->conninfo(pgserver::owner_role);
        out.conninfo = out.cluster->conninfo(role);
    } else {
        pgserver::RoleOptions roles;
        roles.passwords[role] = options.database_password;
        pgserver::ensure_roles(options.database_url, roles);
        owner = options.database_url;
        out.conninfo = pgserver::conninfo_as(options.database_url, role, options.database_password);
    }
    migrate::apply(owner, migrate::keyring_schema(), {.by_version = "keyd"});
    return out;
}

std::unique_ptr<Roots> open_roots(const ProcessOptions& options) {
    if (!options.token_library.empty())
        return token_roots({.library = options.token_library,
                            .token_label = options.token_label,
                            .pin = options.token_pin});
    std::vector<std::string> places{options.keys_dir + "/roots"};
    if (!options.second_site.empty()) places.push_back(options.second_site);
    return file_roots(places);
}

Awaitable<void> watch(pgserver::Cluster& cluster, Runtime& runtime) {
    for (;;) {
        co_await Runtime::sleep_for(std::chrono::seconds(1));
        std::function<void()> check = [&cluster] { cluster.ensure_running(); };
        co_await runtime.run_blocking(std::move(check));
    }
}

void run_until_signal(Runtime& runtime, bool with_parent, pid_t parent) {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    std::thread waiter([&] {
        while (!runtime.stopping()) {
            const timespec patience{0, 200'000'000};
            const bool orphaned = with_parent && ::getppid() != parent;
            if (sigtimedwait(&signals, nullptr, &patience) > 0 || orphaned) runtime.stop();
        }
    });
    runtime.run();
    runtime.stop();
    waiter.join();
}
}  // namespace

std::string socket_of(const std::string& keys_dir) {
    const std::string path = fs::absolute(keys_dir).lexically_normal().string() + "/keyd.sock";
    if (path.size() <= socket_path_max) return path;
    return "/tmp/entrepot-keyd-" + crypto::sha256_hex(path).substr(0, 16) + ".sock";
}

void run_process(const ProcessOptions& options) {
    const pid_t parent = ::getppid();
    std::vector<uid_t> allowed = options.allow_uids;
    allowed.push_back(::geteuid());
    fs::create_directories(options.keys_dir);
    // Others pass through to the socket and no further.
    fs::permissions(options.keys_dir,
                    fs::perms::owner_all | fs::perms::group_exec | fs::perms::others_exec);
    if (!options.second_site.empty()) fs::create_directories(options.second_site);
    drop_root(options);
    hide_memory();
    allowed.push_back(::geteuid());

    Database database = open_database(options);
    SystemClock clock;
    Runtime runtime({.loops = 1, .cpu_threads = 1, .blocking_threads = 2});
    pg::Database db(runtime, {.conninfo = database.conninfo, .connections_per_loop = 8});
    const auto roots = open_roots(options);
    OffsiteLedger offsite(options.keys_dir + "/roots");
    Keyring keyring(db, *roots, offsite, clock, {});
    run_to_end(runtime, [&] { return keyring.open_up(); });
    const std::string socket =
        options.socket.empty() ? socket_of(options.keys_dir) : options.socket;
    Server server(runtime, keyring, socket, allowed);
    server.start();
    if (database.cluster)
        runtime.spawn(0, [&] { return watch(*database.cluster, runtime); }, "watch_database");
    std::printf("keyd listening on %s\n", socket.c_str());
    std::fflush(stdout);
    run_until_signal(runtime, options.with_parent, parent);
    db.close();
}

}  // namespace entrepot::keyd
