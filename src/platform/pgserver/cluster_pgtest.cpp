// Tests of the private cluster's life: start, stop, kill -9 of either side, orphans, refusals.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <fstream>
#include <thread>

#include "platform/migrate/test_cluster.hpp"
#include "platform/pgserver/binaries.hpp"
#include "platform/pgserver/cluster.hpp"
#include "platform/pgserver/process.hpp"
#include "platform/pgserver/session.hpp"

namespace entrepot::pgserver {
namespace {

namespace fs = std::filesystem;
using migrate::ScratchDir;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

ClusterOptions options_for(const fs::path& directory) {
    return {.data_dir = directory, .sizing = {.memory_bytes = 256U << 20}};
}

bool gone(pid_t process) {
    return kill(process, 0) != 0 && errno == ESRCH;
}

template <class Condition>
bool within(milliseconds patience, Condition condition) {
    const auto deadline = steady_clock::now() + patience;
    while (!condition()) {
        if (steady_clock::now() > deadline) return false;
        std::this_thread::sleep_for(milliseconds(10));
    }
    return true;
}

template <class Act>
std::string complaint(Act act) {
    try {
        act();
    } catch (const ClusterError& problem) {
        return problem.what();
    }
    return "(no complaint)";
}

TEST(Cluster, StartsAnswersStopsAndStartsAgainQuickly) {
    const ScratchDir scratch;
    pid_t first = 0;
    {
        Cluster cluster = Cluster::open(options_for(scratch.path() / "data"));
        first = cluster.process();
        Session session(cluster.admin_conninfo());
        session.run("create table public.kept (x bigint); insert into public.kept values (42)");
        EXPECT_EQ(session.value("show listen_addresses"), "");
        EXPECT_EQ(session.value("show data_checksums"), "on");
        EXPECT_EQ(session.value("show server_encoding"), "UTF8");
        EXPECT_EQ(session.value("show jit"), "off");
        EXPECT_EQ(session.value("show synchronous_commit"), "on");
        EXPECT_EQ(session.value("show fsync"), "on");
        EXPECT_TRUE(cluster.alive());
    }
    EXPECT_TRUE(gone(first));
    const auto start = steady_clock::now();
    Cluster cluster = Cluster::open(options_for(scratch.path() / "data"));
    const auto took = std::chrono::duration_cast<milliseconds>(steady_clock::now() - start);
    RecordProperty("cold_start_ms", static_cast<int>(took.count()));
    EXPECT_LT(took, milliseconds(1500));
    EXPECT_EQ(Session(cluster.admin_conninfo()).value("select x from public.kept"), "42");
    const auto stop_start = steady_clock::now();
    cluster.stop();
    cluster.stop();
    EXPECT_FALSE(cluster.alive());
    EXPECT_LT(steady_clock::now() - stop_start, milliseconds(3000));
}

TEST(Cluster, KeepsOthersOut) {
    const ScratchDir scratch;
    const Cluster cluster = Cluster::open(options_for(scratch.path() / "data"));
    struct stat found{};
    ASSERT_EQ(stat((scratch.path() / "data/pg").c_str(), &found), 0);
    EXPECT_EQ(found.st_mode & 0777U, 0700U);
    ASSERT_EQ(stat(cluster.socket_directory().c_str(), &found), 0);
    EXPECT_EQ(found.st_mode & 0777U, 0700U);
    if (geteuid() != 0) GTEST_SKIP() << "the rest needs root";
    ASSERT_EQ(stat(("/proc/" + std::to_string(cluster.process())).c_str(), &found), 0);
    EXPECT_NE(found.st_uid, 0U);
    const OsUser other = *find_os_user("daemon");
    const std::string socket = (cluster.socket_directory() / ".s.PGSQL.5432").string();
    EXPECT_NE(run_as(other, [&socket] { return access(socket.c_str(), F_OK) == 0 ? 0 : 1; }), 0);
}

TEST(Cluster, RefusesASecondOpener) {
    const ScratchDir scratch;
    const Cluster cluster = Cluster::open(options_for(scratch.path()));
    try {
        Cluster::open(options_for(scratch.path()));
        FAIL() << "opened twice";
    } catch (const ClusterBusy& problem) {
        EXPECT_NE(std::string(problem.what()).find("in use by process " + std::to_string(getpid())),
                  std::string::npos)
            << problem.what();
    }
    EXPECT_TRUE(cluster.alive());
}

TEST(Cluster, ComesBackAfterTheServerWasKilled) {
    const ScratchDir scratch;
    Cluster cluster = Cluster::open(options_for(scratch.path()));
    Session(cluster.admin_conninfo())
        .run("create table public.kept (x bigint); insert into public.kept values (42)");
    const pid_t killed = cluster.process();
    kill(killed, SIGKILL);
    EXPECT_TRUE(within(milliseconds(5000), [&] { return !cluster.alive(); }));
    cluster.ensure_running();
    EXPECT_NE(cluster.process(), killed);
    EXPECT_EQ(Session(cluster.admin_conninfo()).value("select x from public.kept"), "42");
}

TEST(Cluster, ComesBackAfterTheServerWasKilledWithABusyBackend) {
    const ScratchDir scratch;
    Cluster cluster = Cluster::open(options_for(scratch.path()));
    std::thread busy([conninfo = cluster.admin_conninfo()] {
        Session session(conninfo);
        EXPECT_THROW(session.run("select count(*) from generate_series(1, 10000000000)"),
                     DatabaseError);
    });
    Session watcher(cluster.admin_conninfo());
    EXPECT_TRUE(within(milliseconds(5000), [&] {
        return watcher.value(
                   "select count(*) from pg_stat_activity where state = 'active'"
                   " and query like '%generate_series%' and pid <> pg_backend_pid()") == "1";
    }));
    kill(cluster.process(), SIGKILL);
    EXPECT_TRUE(within(milliseconds(5000), [&] { return !cluster.alive(); }));
    cluster.ensure_running();
    busy.join();
    EXPECT_EQ(Session(cluster.admin_conninfo()).value("select 1"), "1");
}

/// Opens the cluster in a child process that is then killed; returns the server's process.
pid_t server_of_killed_owner(const ClusterOptions& options) {
    std::array<int, 2> pipe_ends{};
    EXPECT_EQ(pipe(pipe_ends.data()), 0);
    const pid_t owner = fork();
    if (owner == 0) {
        Cluster cluster = Cluster::open(options);
        Session(cluster.admin_conninfo())
            .run("create table public.kept (x bigint); insert into public.kept values (42)");
        const pid_t server = cluster.process();
        if (write(pipe_ends[1], &server, sizeof server) < 0) _exit(1);
        for (;;) pause();
    }
    close(pipe_ends[1]);
    pid_t server = 0;
    EXPECT_EQ(read(pipe_ends[0], &server, sizeof server), static_cast<ssize_t>(sizeof server));
    close(pipe_ends[0]);
    kill(owner, SIGKILL);
    waitpid(owner, nullptr, 0);
    return server;
}

TEST(Cluster, EndsWithItsKilledOwner) {
    const ScratchDir scratch;
    const pid_t server = server_of_killed_owner(options_for(scratch.path()));
    ASSERT_GT(server, 0);
    EXPECT_TRUE(within(milliseconds(5000), [&] { return gone(server); }));
    EXPECT_FALSE(fs::exists(scratch.path() / "pg/data/postmaster.pid"));
}

TEST(Cluster, OpensRightAfterItsOwnerWasKilled) {
    const ScratchDir scratch;
    const pid_t server = server_of_killed_owner(options_for(scratch.path()));
    Cluster cluster = Cluster::open(options_for(scratch.path()));
    EXPECT_NE(cluster.process(), server);
    EXPECT_EQ(Session(cluster.admin_conninfo()).value("select x from public.kept"), "42");
}

TEST(Cluster, StopsAnOrphanThatWouldNotEnd) {
    const ScratchDir scratch;
    {
        Cluster::open(options_for(scratch.path()));
    }
    const fs::path pg = scratch.path() / "pg";
    struct stat found{};
    ASSERT_EQ(stat(pg.c_str(), &found), 0);
    const Binaries binaries = find_binaries({}, {});
    const pid_t orphan =
        spawn({{(binaries.directory / "postgres").string(), "-D", (pg / "data").string(), "-k",
                (pg / "run").string(), "-c", "listen_addresses="},
               os_user_of(found.st_uid),
               pg / "log/start.log",
               0});
    // Nobody's child but ours: reaped as it ends, as init would.
    std::thread reaper([orphan] { wait_for(orphan); });
    EXPECT_TRUE(within(milliseconds(10000), [&] { return fs::exists(pg / "run/.s.PGSQL.5432"); }));
    {
        Cluster cluster = Cluster::open(options_for(scratch.path()));
        EXPECT_TRUE(gone(orphan));
        EXPECT_NE(cluster.process(), orphan);
        EXPECT_EQ(Session(cluster.admin_conninfo()).value("select 1"), "1");
    }
    reaper.join();
}

TEST(Cluster, IsNotFooledByAStalePidFile) {
    const ScratchDir scratch;
    {
        Cluster::open(options_for(scratch.path()));
    }
    // The number of a living process that is no server, as after a restart of the machine.
    std::ofstream(scratch.path() / "pg/data/postmaster.pid")
        << getppid() << '\n'
        << (scratch.path() / "pg/data").string() << "\n0\n5432\n/tmp\n\n\n";
    Cluster cluster = Cluster::open(options_for(scratch.path()));
    EXPECT_EQ(Session(cluster.admin_conninfo()).value("select 1"), "1");
}

TEST(Cluster, MakesTheClusterAnewAfterAnInterruptedFirstStart) {
    const ScratchDir scratch;
    {
        Cluster::open(options_for(scratch.path()));
    }
    fs::rename(scratch.path() / "pg/data", scratch.path() / "pg/data.new");
    fs::remove(scratch.path() / "pg/data.new/PG_VERSION");
    Cluster cluster = Cluster::open(options_for(scratch.path()));
    EXPECT_EQ(Session(cluster.admin_conninfo()).value("select 1"), "1");
}

TEST(Cluster, TakesAShortSocketDirectoryForALongPath) {
    const ScratchDir scratch;
    const fs::path deep = scratch.path() / std::string(100, 'd');
    ASSERT_TRUE(fs::create_directory(deep));
    chmod(deep.c_str(), 0711);
    fs::path socket;
    {
        Cluster cluster = Cluster::open(options_for(deep / "it's data"));
        socket = cluster.socket_directory();
        EXPECT_LT(socket.string().size(), 60U);
        struct stat found{};
        ASSERT_EQ(lstat(socket.c_str(), &found), 0);
        EXPECT_EQ(found.st_mode & 0777U, 0700U);
        EXPECT_EQ(Session(cluster.admin_conninfo()).value("select 1"), "1");
    }
    EXPECT_FALSE(fs::exists(socket));
}

TEST(Cluster, RefusesADirectoryThatTheUserCannotEnter) {
    if (geteuid() != 0) GTEST_SKIP() << "needs root";
    const ScratchDir scratch;
    const fs::path closed = scratch.path() / "closed";
    ASSERT_TRUE(fs::create_directory(closed));
    chmod(closed.c_str(), 0700);
    const std::string text = complaint([&] { Cluster::open(options_for(closed / "data")); });
    EXPECT_NE(text.find("cannot enter " + closed.string() + ";"), std::string::npos) << text;
    EXPECT_NE(text.find("chmod o+x " + closed.string()), std::string::npos) << text;
}

TEST(Cluster, SaysWhatIsMissing) {
    const ScratchDir scratch;
    ClusterOptions options = options_for(scratch.path());
    options.bin_dir = "/nonexistent";
    EXPECT_NE(complaint([&] { Cluster::open(options); }).find("no programs postgres and initdb in"),
              std::string::npos);
    const ScratchDir other;
    options = options_for(other.path());
    options.os_user = "nobody-has-this-name";
    EXPECT_NE(complaint([&] { Cluster::open(options); }).find("nobody-has-this-name"),
              std::string::npos);
    try {
        find_binaries({}, 12);
        FAIL() << "found a version that is not here";
    } catch (const std::runtime_error& problem) {
        EXPECT_NE(std::string(problem.what()).find("postgresql-12"), std::string::npos);
    }
}

TEST(Cluster, ShowsTheServersWordsWhenItDoesNotStart) {
    const ScratchDir scratch;
    {
        Cluster::open(options_for(scratch.path()));
    }
    std::ofstream(scratch.path() / "pg/data/local.conf") << "no_such_setting = 1\n";
    const std::string text = complaint([&] { Cluster::open(options_for(scratch.path())); });
    EXPECT_NE(text.find("no_such_setting"), std::string::npos) << text;
}

TEST(Cluster, CtrlCOfTheTerminalDoesNotReachTheServer) {
    const ScratchDir scratch;
    const Cluster cluster = Cluster::open(options_for(scratch.path()));
    EXPECT_NE(getpgid(cluster.process()), getpgrp());
    EXPECT_EQ(getpgid(cluster.process()), cluster.process());
}

TEST(Cluster, WritesNoRowContentIntoItsLog) {
    const ScratchDir scratch;
    Cluster cluster = Cluster::open(options_for(scratch.path()));
    Session session(cluster.admin_conninfo());
    session.run(
        "create table public.t (mail text unique); insert into public.t values "
        "('ann@example.com')");
    EXPECT_THROW(session.rows("insert into public.t values ($1)", {"ann@example.com"}),
                 DatabaseError);
    cluster.stop();
    std::size_t lines = 0;
    for (const auto& entry : fs::directory_iterator(scratch.path() / "pg/log")) {
        const std::string text = tail(entry.path(), 1U << 20);
        EXPECT_EQ(text.find("ann@example.com"), std::string::npos) << entry.path();
        if (text.find("duplicate key") != std::string::npos) ++lines;
    }
    EXPECT_EQ(lines, 1U);
}

}  // namespace
}  // namespace entrepot::pgserver
