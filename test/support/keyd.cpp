// keyd on a thread.
#include "support/keyd.hpp"

#include <unistd.h>

#include <future>
#include <thread>

#include "keyd/server.hpp"
#include "platform/migrate/migrate.hpp"
#include "platform/pgserver/roles.hpp"
#include "platform/pgserver/session.hpp"

namespace entrepot::migrate {
std::vector<Migration> keyring_schema();
}

namespace entrepot::test {
namespace {
constexpr std::chrono::hours never{1};
std::string in_database(const std::string& conninfo, const std::string& name) {
    return conninfo + " dbname='" + name + "'";
}
}  // namespace

/// One life of keyd.
struct Life {
    Runtime runtime{{.loops = 1, .cpu_threads = 1, .blocking_threads = 1}};
    pg::Database db;
    std::unique_ptr<keyd::Roots> roots;
    keyd::OffsiteLedger offsite;
    keyd::Keyring keyring;
    std::optional<keyd::Server> server;
    std::thread thread;

    Life(const std::string& conninfo, const std::string& dir, const std::string& socket,
         Clock& clock)
        : db(runtime, {.conninfo = conninfo, .connections_per_loop = 4}),
          roots(keyd::file_roots({dir + "/roots"})),
          offsite(dir + "/roots"),
          keyring(db, *roots, offsite, clock,
                  {.limits = {.user = {300, 600}, .tenant = {5000, 10'000}}}) {
        run_to_end(runtime, [&] { return keyring.open_up(); });
        ensure(keyring.shut().empty(), "the keyd of the tests is shut");
        server.emplace(runtime, keyring, socket, std::vector<uid_t>{::geteuid()});
        server->start(never);
        thread = std::thread([this] { runtime.run(); });
    }
    ~Life() {
        runtime.stop();
        thread.join();
        db.close();
    }
};

struct TestKeyd::State {
    std::string owner, keyd, dir, socket;
    Clock& clock;
    std::unique_ptr<Life> life;
};

TestKeyd::TestKeyd(const std::string& admin, const std::string& owner, const std::string& keyd,
                   std::string dir, Clock& clock, const std::string& name, std::string socket)
    : state_(new State{in_database(owner, name), in_database(keyd, name), std::move(dir),
                       std::move(socket), clock, nullptr}) {
    if (state_->socket.empty()) state_->socket = state_->dir + "/keyd.sock";
    pgserver::Session(admin).run("create database " + name);
    pgserver::ensure_roles(in_database(admin, name));
    migrate::apply(state_->owner, migrate::keyring_schema(), {.by_version = "test"});
    start();
}
TestKeyd::~TestKeyd() = default;

std::string TestKeyd::socket() const {
    return state_->socket;
}
std::string TestKeyd::owner_conninfo() const {
    return state_->owner;
}
void TestKeyd::stop() {
    state_->life.reset();
}
void TestKeyd::start() {
    state_->life = std::make_unique<Life>(state_->keyd, state_->dir, socket(), state_->clock);
}
void TestKeyd::tick() {
    std::promise<void> done;
    state_->life->runtime.spawn(
        0,
        [&]() -> Awaitable<void> {
            co_await state_->life->keyring.tick();
            done.set_value();
        },
        "tick");
    done.get_future().wait();
}

}  // namespace entrepot::test
