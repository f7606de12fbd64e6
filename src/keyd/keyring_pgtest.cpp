// Keys are made, opened and destroyed; nothing opens that should not.
#include <unistd.h>

#include <set>

#include "keyd/fixture.hpp"
#include "keyd/server.hpp"
#include "platform/keys/client.hpp"

namespace entrepot::keyd::test {
namespace {

class Keys : public KeyringTest {};

TEST_F(Keys, open_to_what_was_made_after_a_restart_too) {
    const std::vector<Uuid> ids{new_id(), new_id(), new_id()};
    const auto made = make(ids);
    ASSERT_EQ(std::set<std::string>(made.begin(), made.end()).size(), 3U);
    for (std::size_t i = 0; i < ids.size(); ++i) EXPECT_EQ(open(ids[i]).key->view(), made[i]);
    restart();
    for (std::size_t i = 0; i < ids.size(); ++i) EXPECT_EQ(open(ids[i]).key->view(), made[i]);
}

TEST_F(Keys, are_made_once_only) {
    const Uuid id = new_id();
    const auto made = make({id, id});
    EXPECT_EQ(made[0].size(), 32U);
    EXPECT_TRUE(made[1].empty());
    EXPECT_EQ(ask(request(Operation::make, Purpose::store, {id})).keys[0].outcome, Outcome::exists);
    EXPECT_EQ(open(id).key->view(), made[0]);
}

TEST_F(Keys, of_another_tenant_are_unknown) {
    const Uuid id = new_id();
    make({id});
    tenant_ = TenantId{new_id()};
    const auto answer = open(id);
    EXPECT_EQ(answer.outcome, Outcome::unknown);
    EXPECT_FALSE(answer.key.has_value());
    EXPECT_EQ(open(new_id()).outcome, Outcome::unknown);
}

TEST_F(Keys, of_another_class_are_unknown) {
    const Uuid id = new_id();
    make({id});
    auto asked = request(Operation::open, Purpose::system, {id});
    asked.key_class = KeyClass::secret;
    EXPECT_EQ(ask(asked).keys[0].outcome, Outcome::unknown);
}

TEST_F(Keys, destroyed_stay_destroyed) {
    const Uuid id = new_id(), other = new_id();
    const auto made = make({id, other});
    destroy({id});
    EXPECT_EQ(open(id).outcome, Outcome::destroyed);
    EXPECT_EQ(ask(request(Operation::make, Purpose::store, {id})).keys[0].outcome, Outcome::exists);
    EXPECT_EQ(open(other).key->view(), made[1]);
    destroy({id, id});
    restart();
    EXPECT_EQ(open(id).outcome, Outcome::destroyed);
    const auto receipts = ask(request(Operation::receipts, Purpose::store, {id})).text;
    EXPECT_EQ(std::count(receipts.begin(), receipts.end(), '\n'), 1);
    EXPECT_NE(receipts.find(id.text()), std::string::npos);
}

TEST_F(Keys, a_probe_says_whether_a_field_opens_and_gives_nothing_away) {
    const Uuid id = new_id(), row = new_id();
    const auto made = make({id});
    crypto::CellCipher cipher(crypto::SecretKey::of(
        {reinterpret_cast<const std::uint8_t*>(made[0].data()), made[0].size()}));
    const std::string cell =
        cipher.seal("Ann Example", crypto::Place::field(tenant_, id, row, 10, 1), 1);
    const auto probe = [&](const Uuid& of_row, std::uint16_t field, const std::string& sealed) {
        auto asked = request(Operation::probe, Purpose::store, {id, of_row},
                             keys::encode_probe(field, 1, sealed));
        auto reply = ask(asked);
        EXPECT_FALSE(reply.keys.at(0).key.has_value());
        return std::pair(reply.keys[0].outcome, reply.text);
    };
    EXPECT_EQ(probe(row, 10, cell), std::pair(Outcome::ok, std::string(keys::probe_opens)));
    EXPECT_EQ(probe(row, 11, cell), std::pair(Outcome::ok, std::string(keys::probe_shut)));
    EXPECT_EQ(probe(new_id(), 10, cell).second, keys::probe_shut);
    std::string bent = cell;
    bent.back() = static_cast<char>(bent.back() ^ 1);
    EXPECT_EQ(probe(row, 10, bent).second, keys::probe_shut);
    destroy({id});
    EXPECT_EQ(probe(row, 10, cell), std::pair(Outcome::destroyed, std::string()));
    tenant_ = TenantId{new_id()};
    EXPECT_EQ(probe(row, 10, cell), std::pair(Outcome::unknown, std::string()));
}

TEST_F(Keys, a_probe_without_its_parts_is_refused) {
    const Uuid id = new_id();
    make({id});
    for (const auto& [ids, text] :
         std::vector<std::pair<std::vector<Uuid>, std::string>>{{{id}, "0123456789"},
                                                                {{id, id}, "0123"},
                                                                {{id, id, id}, "0123456789"},
                                                                {{id, id}, ""}})
        EXPECT_EQ(ask(request(Operation::probe, Purpose::store, ids, text)).kind,
                  keys::ReplyKind::refused);
}

TEST_F(Keys, restricted_open_for_storing_and_claims_only) {
    const Uuid id = new_id();
    make({id});
    auto on = request(Operation::restrict, Purpose::rights_request, {id});
    on.flag = true;
    ask(on);
    EXPECT_EQ(open(id).outcome, Outcome::restricted);
    EXPECT_TRUE(ask(request(Operation::open, Purpose::legal_claim, {id})).keys[0].key.has_value());
    on.flag = false;
    ask(on);
    EXPECT_TRUE(open(id).key.has_value());
}

TEST_F(Keys, read_in_masses_run_into_the_budget_and_raise_the_alarm) {
    options_.limits.user = {50, 10};
    restart();
    std::vector<Uuid> ids;
    for (int i = 0; i < 60; ++i) ids.push_back(new_id());
    make(ids);
    const auto reply = ask(request(Operation::open, Purpose::service, ids));
    const auto opened = std::count_if(reply.keys.begin(), reply.keys.end(),
                                      [](const auto& answer) { return answer.key.has_value(); });
    EXPECT_EQ(opened, 50);
    EXPECT_TRUE(reply.alarm);
    EXPECT_EQ(reply.keys.back().outcome, Outcome::over_budget);
}

TEST_F(Keys, a_restart_gives_no_fresh_budget) {
    options_.limits = {.user = {50, 10}, .tenant = {80, 10}};
    restart();
    std::vector<Uuid> ids;
    for (int i = 0; i < 60; ++i) ids.push_back(new_id());
    make(ids);
    const auto opened = [&](std::size_t count) {
        const auto reply =
            ask(request(Operation::open, Purpose::service,
                        {ids.begin(), ids.begin() + static_cast<std::ptrdiff_t>(count)}));
        return std::count_if(reply.keys.begin(), reply.keys.end(),
                             [](const auto& answer) { return answer.key.has_value(); });
    };
    auto all = opened(30);
    EXPECT_EQ(all, 30);
    // Not an orderly end: the reserve is lost, and nothing is won.
    restart();
    const auto more = opened(60);
    EXPECT_LE(more, 20);
    EXPECT_GE(more, 13);
    all += more;
    for (int i = 0; i < 5; ++i) {
        restart();
        all += opened(60);
    }
    EXPECT_LE(all, 50);
    // The tenant's own limit outlives keyd as well.
    user_ = UserId{new_id()};
    EXPECT_LE(opened(60), 30);
    // It fills again over time, and what is full is forgotten.
    clock_.advance(std::chrono::hours(9));
    restart();
    EXPECT_EQ(opened(50), 50);
}

TEST_F(Keys, a_honeytoken_opens_like_any_other_and_raises_the_alarm) {
    const Uuid honey = new_id(), plain = new_id();
    make({honey, plain});
    ask(request(Operation::mark, Purpose::store, {honey}));
    EXPECT_FALSE(ask(request(Operation::open, Purpose::service, {plain})).alarm);
    const auto reply = ask(request(Operation::open, Purpose::service, {honey}));
    EXPECT_TRUE(reply.alarm);
    EXPECT_TRUE(reply.keys[0].key.has_value());
}

TEST_F(Keys, travel_over_the_socket_and_strangers_get_nothing) {
    const std::string path = scratch_.path().string() + "/keyd.sock";
    const Uuid id = new_id();
    const auto made = make({id});
    const auto once = [&](std::vector<uid_t> allowed) {
        Server server(*runtime_, *keyring_, path, std::move(allowed));
        server.start();
        keys::Client client(*runtime_, path, std::chrono::seconds(3));
        std::string got;
        std::string why;
        runtime_->spawn(
            0,
            [&]() -> Awaitable<void> {
                try {
                    auto reply =
                        co_await client.call(request(Operation::open, Purpose::fulfilment, {id}));
                    got = std::string(reply.keys.at(0).key->view());
                } catch (const keys::Unavailable& error) {
                    why = error.what();
                }
                runtime_->stop();
            },
            "asker");
        runtime_->run();
        return std::pair(got, why);
    };
    EXPECT_EQ(once({::getuid()}).first, made[0]);
    restart();
    const auto [nothing, why] = once({::getuid() + 1});
    EXPECT_TRUE(nothing.empty());
    EXPECT_NE(why.find("cannot be reached"), std::string::npos) << why;
}

}  // namespace
}  // namespace entrepot::keyd::test
