// The restore gate: an old key database, a lost or forged mark, missing roots.
#include <libpq-fe.h>

#include <fstream>

#include "keyd/files.hpp"
#include "keyd/fixture.hpp"

namespace entrepot::keyd::test {
namespace {

class Gate : public KeyringTest {
protected:
    /// Replaces the database with a copy, as a restore does.
    std::string copy() {
        stop();
        const std::string name = database_ + "_copy";
        admin("drop database if exists " + name);
        admin("create database " + name + " template " + database_);
        return name;
    }
    void put_back(const std::string& name) {
        stop();
        admin("drop database " + database_);
        admin("create database " + database_ + " template " + name);
    }
    static void admin(const std::string& sql) {
        PGconn* connection = PQconnectdb(migrate::admin_of("postgres").c_str());
        PGresult* result = PQexec(connection, sql.c_str());
        EXPECT_EQ(PQresultStatus(result), PGRES_COMMAND_OK) << PQerrorMessage(connection);
        PQclear(result);
        PQfinish(connection);
    }
};

TEST_F(Gate, an_old_database_of_the_same_epoch_replays_what_was_destroyed_since) {
    const Uuid early = new_id(), late = new_id();
    const auto made = make({early, late});
    destroy({early});
    const std::string backup = copy();
    restart();
    destroy({late});
    put_back(backup);
    restart();
    EXPECT_EQ(keyring_->shut(), "");
    EXPECT_EQ(open(late).outcome, Outcome::destroyed);
    EXPECT_EQ(open(early).outcome, Outcome::destroyed);
}

TEST_F(Gate, an_old_database_and_a_clock_set_back_bring_no_ended_hold_back) {
    const Uuid hold = new_id(), permit = new_id();
    const auto about = [&](Operation operation, std::vector<Uuid> ids, std::string text,
                           UserId who) {
        keys::Request out =
            request(operation, Purpose::legal_claim, std::move(ids), std::move(text));
        out.key_class = KeyClass::hold;
        out.caller.user = who;
        return ask(out).keys.at(0).outcome;
    };
    const Instant before = clock_.now();
    const UserId second{new_id()};
    about(Operation::make, {hold}, format_instant(before + std::chrono::minutes(10)), user_);
    about(Operation::hold_ask, {hold, permit}, "open", user_);
    EXPECT_EQ(about(Operation::hold_approve, {hold, permit}, "", second), Outcome::ok);
    const std::string backup = copy();
    restart();
    clock_.advance(std::chrono::minutes(10));
    EXPECT_EQ(about(Operation::destroy, {hold}, "hold_ended", {}), Outcome::destroyed);
    put_back(backup);
    restart();
    EXPECT_EQ(keyring_->shut(), "");
    clock_.set(before);
    EXPECT_EQ(about(Operation::open, {hold, permit}, "", user_), Outcome::destroyed)
        << "the ledger's copy knows better than the database and the clock";
}

TEST_F(Gate, an_old_database_of_an_earlier_epoch_stays_shut) {
    const Uuid id = new_id();
    make({id});
    const std::string backup = copy();
    restart();
    turn();
    put_back(backup);
    restart();
    EXPECT_NE(keyring_->shut().find("old copy"), std::string::npos) << keyring_->shut();
    EXPECT_EQ(ask(request(Operation::open, Purpose::fulfilment, {id})).kind,
              keys::ReplyKind::failed);
    EXPECT_NE(ask(request(Operation::status, Purpose::store, {})).text.find("old copy"),
              std::string::npos);
}

TEST_F(Gate, a_lost_copy_of_the_ledger_stays_shut_only_when_the_database_is_behind_too) {
    const Uuid id = new_id();
    make({id});
    const std::string backup = copy();
    restart();
    destroy({id});
    stop();
    std::filesystem::remove(directory_ + "/erasures.jsonl");
    restart();  // the database has all of it
    EXPECT_EQ(keyring_->shut(), "");
    EXPECT_EQ(open(id).outcome, Outcome::destroyed);
    put_back(backup);
    std::filesystem::remove(directory_ + "/erasures.jsonl");
    restart();
    EXPECT_NE(keyring_->shut().find("erasures.jsonl"), std::string::npos) << keyring_->shut();
}

TEST_F(Gate, a_changed_mark_or_copy_does_not_open) {
    make({new_id()});
    destroy({new_id()});
    stop();
    auto mark = *read_small_file(directory_ + "/high_water");
    mark[20] = static_cast<char>(mark[20] ^ 1);
    write_durably(directory_ + "/high_water", mark);
    EXPECT_THROW(restart(), std::runtime_error);
}

TEST_F(Gate, an_edited_line_of_the_copy_is_named) {
    const Uuid id = new_id();
    make({id});
    destroy({id});
    stop();
    auto copy = *read_small_file(directory_ + "/erasures.jsonl");
    copy.replace(copy.find("retention"), 9, "Retention");
    write_durably(directory_ + "/erasures.jsonl", copy);
    try {
        restart();
        FAIL() << "opened";
    } catch (const std::runtime_error& error) {
        EXPECT_NE(std::string(error.what()).find("line 2"), std::string::npos) << error.what();
    }
}

TEST_F(Gate, a_torn_last_line_of_the_copy_is_written_again) {
    const Uuid id = new_id(), other = new_id();
    make({id, other});
    destroy({id});
    stop();
    auto copy = *read_small_file(directory_ + "/erasures.jsonl");
    write_durably(directory_ + "/erasures.jsonl", copy.substr(0, copy.size() - 20));
    restart();
    EXPECT_EQ(keyring_->shut(), "");
    destroy({other});
    restart();
    EXPECT_EQ(keyring_->shut(), "");
    EXPECT_EQ(offsite_->last_position(), 3);
}

TEST_F(Gate, missing_roots_and_a_missing_mark_stay_shut) {
    make({new_id()});
    stop();
    std::filesystem::rename(directory_ + "/root-1.key", directory_ + "/away");
    restart();
    EXPECT_NE(keyring_->shut().find("root of epoch 1 is missing"), std::string::npos)
        << keyring_->shut();
    stop();
    std::filesystem::rename(directory_ + "/away", directory_ + "/root-1.key");
    std::filesystem::remove(directory_ + "/high_water");
    restart();
    EXPECT_NE(keyring_->shut().find("mark is missing"), std::string::npos) << keyring_->shut();
}

TEST_F(Gate, the_keyring_keeps_its_id_and_answers_no_request_for_another) {
    const Uuid id = new_id();
    const auto made = make({id});
    const Uuid ours = keyring_->id();
    EXPECT_FALSE(ours.is_nil());
    turn();
    put_back(copy());
    restart();
    EXPECT_EQ(keyring_->shut(), "");
    EXPECT_EQ(keyring_->id(), ours);
    EXPECT_EQ(offsite_->mark()->keyring, ours);
    EXPECT_NE(ask(request(Operation::status, Purpose::store, {})).text.find(ours.text()),
              std::string::npos);
    auto who = request(Operation::identity, Purpose::store, {});
    who.keyring = {};
    EXPECT_EQ(ask(who).text, ours.text());
    for (const Uuid& other : {Uuid{}, new_id()}) {
        for (const Operation operation : {Operation::make, Operation::open, Operation::destroy}) {
            auto asked = request(operation, Purpose::store, {id}, "retention");
            asked.keyring = other;
            const auto reply = ask(asked);
            EXPECT_EQ(reply.kind, keys::ReplyKind::foreign);
            EXPECT_EQ(reply.text, ours.text());
            EXPECT_TRUE(reply.keys.empty());
        }
    }
    EXPECT_EQ(open(id).key->view(), made[0]);
}

TEST_F(Gate, the_database_of_another_keyring_stays_shut) {
    const std::string first = copy();
    directory_ += "-of-another";
    database_ = migrate::new_database();
    migrate::apply(migrate::owner_of(database_), migrate::keyring_schema(), {.by_version = "t"});
    restart();
    EXPECT_EQ(keyring_->shut(), "");
    put_back(first);
    restart();
    EXPECT_NE(keyring_->shut().find("that of the keyring"), std::string::npos) << keyring_->shut();
}

TEST_F(Gate, an_empty_database_beside_old_roots_stays_shut) {
    make({new_id()});
    stop();
    database_ = migrate::new_database();
    migrate::apply(migrate::owner_of(database_), migrate::keyring_schema(), {.by_version = "t"});
    restart();
    EXPECT_NE(keyring_->shut().find("put the key database back"), std::string::npos)
        << keyring_->shut();
}

}  // namespace
}  // namespace entrepot::keyd::test
