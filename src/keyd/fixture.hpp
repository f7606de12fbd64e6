// A keyring on a real database, with roots in a scratch directory and a clock that tests move.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>

#include "keyd/keyring.hpp"
#include "platform/crypto/crypto.hpp"
#include "platform/migrate/migrate.hpp"
#include "platform/migrate/test_cluster.hpp"
#include "platform/runtime/runtime.hpp"

namespace entrepot::migrate {
std::vector<Migration> keyring_schema();
}

namespace entrepot::keyd::test {

using keys::KeyClass;
using keys::Operation;
using keys::Outcome;
using keys::Purpose;

class KeyringTest : public ::testing::Test {
protected:
    KeyringTest()
        : database_(migrate::new_database()),
          clock_(Instant{std::chrono::microseconds{1'790'000'000'000'000}}),
          directory_(scratch_.path().string() + "/roots") {
        migrate::apply(migrate::owner_of(database_), migrate::keyring_schema(),
                       {.by_version = "test"});
        restart();
    }
    ~KeyringTest() override { stop(); }

    void stop() {
        keyring_.reset();
        if (db_) db_->close();
        db_.reset();
        runtime_.reset();
        offsite_.reset();
        roots_.reset();
    }
    /// A new process on the same database and directory.
    virtual std::unique_ptr<Roots> open_roots() { return file_roots({directory_}); }
    void restart() {
        stop();
        runtime_ = std::make_unique<Runtime>(Runtime::Options{.loops = 1});
        db_ = std::make_unique<pg::Database>(
            *runtime_,
            pg::Database::Options{.conninfo = migrate::test_cluster().conninfo("entrepot_keyd") +
                                              " dbname=" + database_});
        roots_ = open_roots();
        offsite_ = std::make_unique<OffsiteLedger>(directory_);
        keyring_ = std::make_unique<Keyring>(*db_, *roots_, *offsite_, clock_, options_);
        run([&] { return keyring_->open_up(); });
    }

    template <class Body>
    void run(Body body) {
        run_to_end(*runtime_, [&]() -> Awaitable<void> { co_await body(); });
    }
    keys::Reply ask(const keys::Request& request) {
        keys::Reply out;
        run([&]() -> Awaitable<void> { out = co_await keyring_->answer(request); });
        return out;
    }
    static Uuid new_id() {
        return uuid_v7(1'790'000'000'000, crypto::random_u64(), crypto::random_u64());
    }
    keys::Request request(Operation operation, Purpose purpose, std::vector<Uuid> ids,
                          std::string text = {}) const {
        keys::Request out;
        out.operation = operation;
        out.keyring = keyring_->id();
        out.caller = {tenant_, user_, purpose, "test"};
        out.text = std::move(text);
        out.ids = std::move(ids);
        return out;
    }
    std::vector<std::string> make(const std::vector<Uuid>& ids) {
        std::vector<std::string> out;
        for (const auto& answer : ask(request(Operation::make, Purpose::store, ids)).keys)
            out.push_back(answer.key ? std::string(answer.key->view()) : std::string());
        return out;
    }
    keys::KeyAnswer open(const Uuid& id) {
        auto reply = ask(request(Operation::open, Purpose::fulfilment, {id}));
        return std::move(reply.keys.at(0));
    }
    void destroy(const std::vector<Uuid>& ids) {
        ask(request(Operation::destroy, Purpose::store, ids, "retention"));
    }
    void turn() {
        run([&] { return keyring_->turn(); });
    }
    void tick() {
        run([&] { return keyring_->tick(); });
    }

    migrate::ScratchDir scratch_;
    std::string database_;
    ManualClock clock_;
    std::string directory_;
    Keyring::Options options_;
    TenantId tenant_{new_id()};
    UserId user_{new_id()};
    std::unique_ptr<Runtime> runtime_;
    std::unique_ptr<pg::Database> db_;
    std::unique_ptr<Roots> roots_;
    std::unique_ptr<OffsiteLedger> offsite_;
    std::unique_ptr<Keyring> keyring_;
};

}  // namespace entrepot::keyd::test
