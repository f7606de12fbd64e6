// Life of the private cluster: lock, initdb, orphan, start, wait, watch, stop.
#include "platform/pgserver/cluster.hpp"

#include <libpq-fe.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>

#include "platform/pgserver/binaries.hpp"
#include "platform/pgserver/leftovers.hpp"
#include "platform/pgserver/places.hpp"
#include "platform/pgserver/process.hpp"
#include "platform/pgserver/session.hpp"

namespace entrepot::pgserver {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

/// Starts one child and waits for its end in a thread of its own. The kernel binds the death signal
/// to the thread that forked, not to the process: this thread lives as long as the child does.
class Keeper {
public:
    explicit Keeper(const Command& command) {
        thread_ = std::thread([this, command] { keep(command); });
        std::unique_lock guard(mutex_);
        changed_.wait(guard, [this] { return process_ != 0 || failure_; });
        if (failure_) {
            guard.unlock();
            thread_.join();
            std::rethrow_exception(failure_);
        }
    }
    ~Keeper() {
        if (!ended_within(milliseconds(0))) signal(SIGKILL);
        thread_.join();
    }
    Keeper(const Keeper&) = delete;
    Keeper& operator=(const Keeper&) = delete;

    pid_t process() const { return process_; }

    bool ended_within(milliseconds patience) {
        std::unique_lock guard(mutex_);
        return changed_.wait_for(guard, patience, [this] { return ended_; });
    }

    void signal(int number) {
        const std::scoped_lock guard(mutex_);
        if (!ended_) kill(process_, number);
    }

private:
    void keep(const Command& command) {
        pid_t started = 0;
        try {
            started = spawn(command);
        } catch (...) {
            const std::scoped_lock guard(mutex_);
            failure_ = std::current_exception();
            changed_.notify_all();
            return;
        }
        {
            const std::scoped_lock guard(mutex_);
            process_ = started;
        }
        changed_.notify_all();
        siginfo_t end{};
        // Left unreaped until nobody can signal it any more: its number is not given away before.
        while (waitid(P_PID, static_cast<id_t>(started), &end, WEXITED | WNOWAIT) != 0 &&
               errno == EINTR) {
        }
        const std::scoped_lock guard(mutex_);
        ended_ = true;
        waitpid(started, nullptr, 0);
        changed_.notify_all();
    }

    std::mutex mutex_;
    std::condition_variable changed_;
    pid_t process_ = 0;
    bool ended_ = false;
    std::exception_ptr failure_;
    std::thread thread_;
};

std::optional<int> major_on_disk(const Places& places) {
    const std::string text = tail(places.data / "PG_VERSION");
    int number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number == 0 ? std::nullopt : std::optional<int>(number);
}

void run_program(const Command& command, const std::string& purpose) {
    if (wait_for(spawn(command)) == 0) return;
    throw ClusterError(purpose + " failed: " + tail(command.output));
}

void init_cluster(const Places& places, const Binaries& binaries, const OsUser& user,
                  Durability durability) {
    // Made beside and renamed: a directory with the right name is a finished cluster.
    const fs::path fresh = places.root / "data.new";
    const fs::path output = places.log / "initdb.log";
    run_program({{"/bin/rm", "-rf", fresh.string()}, user, output, SIGKILL},
                "clearing " + fresh.string());
    std::vector<std::string> arguments = {(binaries.directory / "initdb").string(),
                                          "--pgdata=" + fresh.string(),
                                          "--username=postgres",
                                          "--encoding=UTF8",
                                          "--locale=C.UTF-8",
                                          "--auth=trust",
                                          "--data-checksums",
                                          "--no-instructions"};
    if (durability == Durability::throwaway) arguments.emplace_back("--no-sync");
    run_program({arguments, user, output, SIGKILL}, "making the PostgreSQL cluster (initdb)");
    const std::string from = fresh.string();
    const std::string to = places.data.string();
    if (run_as(user, [&from, &to] { return rename(from.c_str(), to.c_str()) == 0 ? 0 : 1; }) != 0) {
        throw ClusterError("cannot move " + from + " to " + to);
    }
}

}  // namespace

struct Cluster::State {
    ClusterOptions options;
    int lock = -1;
    OsUser user;
    Places places;
    Binaries binaries;
    std::mutex mutex;
    std::unique_ptr<Keeper> keeper;
    bool stopped = false;

    ~State() {
        stop();
        if (places.socket.parent_path() != places.root && !places.socket.empty()) {
            rmdir(places.socket.c_str());
        }
        if (lock >= 0) close(lock);
    }

    std::string conninfo(std::string_view role, std::string_view database) const {
        return conninfo_pair("host", places.socket.string()) + " port='5432' " +
               conninfo_pair("user", role) + ' ' + conninfo_pair("dbname", database);
    }

    void start() {
        end_leftovers(places.root, user, options.stop_patience);
        write_as(user, places.data / "postgresql.conf", root_config());
        write_as(
            user, places.data / "entrepot.conf",
            server_config(options.sizing, options.durability, !options.bin_dir, options.archiving));
        write_as(user, places.data / "pg_hba.conf", access_config());
        // On the command line stands what no file, and no ALTER SYSTEM, may change.
        const std::vector<std::string> arguments = {
            (binaries.directory / "postgres").string(),
            "-D",
            places.data.string(),
            "-c",
            "listen_addresses=",
            "-c",
            "port=5432",
            "-c",
            "unix_socket_directories=" + places.socket.string(),
            "-c",
            "unix_socket_permissions=0700",
            "-c",
            "hba_file=" + (places.data / "pg_hba.conf").string()};
        keeper =
            std::make_unique<Keeper>(Command{arguments, user, places.log / "start.log", SIGINT});
        wait_until_ready();
    }

    void wait_until_ready() {
        const std::string target = conninfo("postgres", "postgres");
        const auto deadline = steady_clock::now() + options.start_patience;
        while (PQping(target.c_str()) != PQPING_OK) {
            if (keeper->ended_within(milliseconds(10))) {
                throw ClusterError("PostgreSQL did not start: " + tail(places.log / "start.log") +
                                   " (more in " + places.log.string() + ")");
            }
            if (steady_clock::now() > deadline) {
                throw ClusterError("PostgreSQL does not answer; see " + places.log.string());
            }
        }
    }

    void ensure_database() const {
        Session session(conninfo("postgres", "postgres"));
        if (!session.value("select 1 from pg_database where datname = $1", {options.database})
                 .empty()) {
            return;
        }
        session.run("create database " + session.identifier(options.database));
    }

    void stop() {
        const std::scoped_lock guard(mutex);
        stopped = true;
        if (!keeper) return;
        keeper->signal(SIGINT);
        if (!keeper->ended_within(options.stop_patience)) {
            keeper->signal(SIGQUIT);
            keeper->ended_within(milliseconds(5000));
        }
        keeper.reset();
    }
};

Cluster::Cluster(std::unique_ptr<State> state) : state_(std::move(state)) {}
Cluster::~Cluster() = default;
Cluster::Cluster(Cluster&&) noexcept = default;
Cluster& Cluster::operator=(Cluster&&) noexcept = default;

Cluster Cluster::open(const ClusterOptions& options) {
    auto state = std::make_unique<State>();
    state->options = options;
    fs::path& data_dir = state->options.data_dir;
    data_dir = fs::weakly_canonical(fs::absolute(data_dir));
    if (!data_dir.has_filename()) data_dir = data_dir.parent_path();
    state->lock = lock_data_dir(data_dir);
    try {
        state->user = user_for(data_dir, options.os_user);
        state->places = make_places(data_dir, state->user);
        const std::optional<int> major = major_on_disk(state->places);
        state->binaries = find_binaries(options.bin_dir, major);
        if (!major) {
            init_cluster(state->places, state->binaries, state->user, options.durability);
        }
        state->start();
        state->ensure_database();
    } catch (const ClusterError&) {
        throw;
    } catch (const std::exception& problem) {
        throw ClusterError(std::string("embedded PostgreSQL: ") + problem.what());
    }
    return Cluster(std::move(state));
}

std::string Cluster::conninfo(std::string_view role) const {
    if (role != "entrepot_owner") return state_->conninfo(role, state_->options.database);
    return admin_conninfo() + ' ' + conninfo_pair("options", "-c role=entrepot_owner");
}

std::string Cluster::admin_conninfo() const {
    return state_->conninfo("postgres", state_->options.database);
}

bool Cluster::alive() const {
    const std::scoped_lock guard(state_->mutex);
    return state_->keeper && !state_->keeper->ended_within(milliseconds(0));
}

void Cluster::ensure_running() {
    const std::scoped_lock guard(state_->mutex);
    if (state_->stopped) throw ClusterError("the cluster has been stopped");
    if (state_->keeper && !state_->keeper->ended_within(milliseconds(0))) return;
    state_->keeper.reset();
    state_->start();
}

void Cluster::stop() {
    state_->stop();
}

pid_t Cluster::process() const {
    const std::scoped_lock guard(state_->mutex);
    return state_->keeper ? state_->keeper->process() : 0;
}

const fs::path& Cluster::socket_directory() const {
    return state_->places.socket;
}

int Cluster::major() const {
    return state_->binaries.major;
}

}  // namespace entrepot::pgserver
