// Legal holds as keyd keeps them: two people, one opening, and an end.
#include "keyd/fixture.hpp"
#include "keyd/permit.hpp"

namespace entrepot::keyd {
namespace {
using namespace test;

class Holds : public KeyringTest {
protected:
    const UserId ann{new_id()}, bob{new_id()}, cleo{new_id()};
    Uuid hold_ = new_id();

    keys::Request about(Operation operation, UserId who, std::vector<Uuid> ids,
                        std::string text = {}) const {
        keys::Request out =
            request(operation, Purpose::legal_claim, std::move(ids), std::move(text));
        out.key_class = KeyClass::hold;
        out.caller.user = who;
        return out;
    }
    Outcome outcome_of(const keys::Request& request) {
        const auto reply = ask(request);
        EXPECT_EQ(reply.kind, keys::ReplyKind::answered) << reply.text;
        return reply.keys.empty() ? Outcome::unknown : reply.keys[0].outcome;
    }
    std::string place(std::chrono::hours life = std::chrono::hours(24 * 30)) {
        auto reply = ask(about(Operation::make, ann, {hold_}, format_instant(clock_.now() + life)));
        EXPECT_EQ(reply.keys.at(0).outcome, Outcome::ok);
        return std::string(reply.keys[0].key->view());
    }
    Uuid asked(UserId who, const std::string& what = "open") {
        const Uuid id = new_id();
        EXPECT_EQ(outcome_of(about(Operation::hold_ask, who, {hold_, id}, what)), Outcome::ok);
        return id;
    }
    Outcome approve(UserId who, const Uuid& id) {
        return outcome_of(about(Operation::hold_approve, who, {hold_, id}));
    }
    Outcome open_as(UserId who, const Uuid& id) {
        return outcome_of(about(Operation::open, who, {hold_, id}));
    }
    Outcome destroy_hold(const std::string& why = "hold_ended") {
        return outcome_of(about(Operation::destroy, {}, {hold_}, why));
    }
};

TEST_F(Holds, two_people_open_once) {
    const std::string key = place();
    const Uuid id = asked(ann);
    EXPECT_EQ(open_as(ann, id), Outcome::not_permitted) << "nobody said yes yet";
    EXPECT_EQ(approve(ann, id), Outcome::not_permitted) << "one's own yes is none";
    EXPECT_EQ(open_as(ann, id), Outcome::not_permitted);
    EXPECT_EQ(approve(bob, id), Outcome::ok);
    EXPECT_EQ(approve(bob, id), Outcome::ok) << "the same yes, said again";
    EXPECT_EQ(approve(cleo, id), Outcome::not_permitted);
    EXPECT_EQ(open_as(bob, id), Outcome::not_permitted) << "who asked opens, nobody else";
    const auto reply = ask(about(Operation::open, ann, {hold_, id}));
    ASSERT_EQ(reply.keys.at(0).outcome, Outcome::ok);
    EXPECT_EQ(reply.keys[0].key->view(), key);
    EXPECT_EQ(open_as(ann, id), Outcome::not_permitted) << "once";
    EXPECT_EQ(open_as(ann, new_id()), Outcome::not_permitted) << "never asked";
}

TEST_F(Holds, a_yes_lasts_a_quarter_of_an_hour_and_a_question_a_day) {
    place();
    const Uuid late = asked(ann);
    ASSERT_EQ(approve(bob, late), Outcome::ok);
    clock_.advance(keys::hold_approval_life);
    EXPECT_EQ(open_as(ann, late), Outcome::not_permitted);
    EXPECT_EQ(approve(bob, late), Outcome::ok);
    EXPECT_EQ(open_as(ann, late), Outcome::not_permitted) << "said again, not given again";
    const Uuid old = asked(ann);
    clock_.advance(keys::hold_ask_life);
    EXPECT_EQ(approve(bob, old), Outcome::not_permitted);
}

TEST_F(Holds, ends_by_keyds_own_clock_and_goes_without_being_told) {
    place(std::chrono::hours(24 * 30));
    const Uuid id = asked(ann);
    clock_.advance(std::chrono::hours(24 * 30) - std::chrono::minutes(5));
    const Uuid again = asked(ann);
    ASSERT_EQ(approve(bob, again), Outcome::ok);
    EXPECT_EQ(destroy_hold(), Outcome::not_permitted) << "not before its end";
    clock_.advance(std::chrono::minutes(5));
    EXPECT_EQ(open_as(ann, again), Outcome::destroyed) << "at the end, to the second";
    EXPECT_EQ(approve(bob, id), Outcome::destroyed);
    EXPECT_EQ(outcome_of(about(Operation::hold_ask, ann, {hold_, new_id()},
                               "extend " + format_instant(clock_.now() + std::chrono::hours(1)))),
              Outcome::destroyed)
        << "what has ended is not brought back";
    tick();
    EXPECT_NE(ask(request(Operation::status, Purpose::store, {})).text.find("\"live_keys\":1"),
              std::string::npos);
    clock_.advance(hold_grace);
    tick();
    EXPECT_NE(ask(request(Operation::status, Purpose::store, {})).text.find("\"live_keys\":0"),
              std::string::npos)
        << "nobody told it to";
    const std::string lines = ask(request(Operation::receipts, Purpose::store, {hold_})).text;
    EXPECT_NE(lines.find("\"reason\":\"hold_ended\""), std::string::npos);
    EXPECT_EQ(open_as(ann, again), Outcome::destroyed);
}

TEST_F(Holds, are_released_and_extended_by_two) {
    place(std::chrono::hours(24));
    const Instant later = clock_.now() + std::chrono::hours(72);
    const Uuid longer = asked(ann, "extend " + format_instant(later));
    EXPECT_EQ(approve(ann, longer), Outcome::not_permitted);
    EXPECT_EQ(approve(bob, longer), Outcome::ok);
    clock_.advance(std::chrono::hours(48));
    const Uuid id = asked(ann);
    EXPECT_EQ(approve(bob, id), Outcome::ok) << "it lives on";
    const Uuid release = asked(bob, "release");
    EXPECT_EQ(destroy_hold("hold_released"), Outcome::not_permitted) << "asked by one alone";
    EXPECT_EQ(approve(bob, release), Outcome::not_permitted);
    EXPECT_EQ(destroy_hold("hold_released"), Outcome::not_permitted);
    EXPECT_EQ(approve(ann, release), Outcome::ok);
    EXPECT_EQ(destroy_hold("hold_released"), Outcome::destroyed);
    EXPECT_EQ(open_as(ann, id), Outcome::destroyed);
    EXPECT_EQ(destroy_hold(), Outcome::destroyed) << "again is harmless";
}

TEST_F(Holds, open_after_turns_and_never_for_another_tenant) {
    const std::string key = place();
    turn();
    restart();
    turn();
    const Uuid id = asked(ann);
    ASSERT_EQ(approve(bob, id), Outcome::ok);
    auto theirs = about(Operation::open, ann, {hold_, id});
    theirs.caller.tenant = TenantId{new_id()};
    EXPECT_EQ(outcome_of(theirs), Outcome::unknown);
    const auto reply = ask(about(Operation::open, ann, {hold_, id}));
    ASSERT_EQ(reply.keys.at(0).outcome, Outcome::ok);
    EXPECT_EQ(reply.keys[0].key->view(), key);
}

TEST_F(Holds, have_an_end_within_three_years) {
    for (const std::string& text :
         {std::string(), std::string("tomorrow"), format_instant(clock_.now()),
          format_instant(clock_.now() + keys::hold_life_max + std::chrono::seconds(1))})
        EXPECT_EQ(ask(about(Operation::make, ann, {new_id()}, text)).kind, keys::ReplyKind::refused)
            << text;
    place();
    EXPECT_EQ(ask(about(Operation::hold_ask, ann, {hold_, new_id()}, "look")).kind,
              keys::ReplyKind::refused);
    // A second making, even with a later end, neither gives the key nor moves the end.
    EXPECT_EQ(outcome_of(about(Operation::make, bob, {hold_},
                               format_instant(clock_.now() + std::chrono::hours(24 * 90)))),
              Outcome::exists);
    clock_.advance(std::chrono::hours(24 * 30));
    EXPECT_EQ(destroy_hold(), Outcome::destroyed);
}

}  // namespace
}  // namespace entrepot::keyd
