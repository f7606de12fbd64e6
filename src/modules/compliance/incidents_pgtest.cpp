// Incidents from their alarm to their end.
#include <boost/json.hpp>

#include "modules/account/account.hpp"
#include "modules/compliance/run.hpp"
#include "support/reader.hpp"
#include "vault/clock_guard.hpp"

namespace entrepot::compliance {
namespace {
using http::Method;

class Incidents : public entrepot::test::DatabaseTest {
protected:
    Incidents() {
        static int count = 0;
        const std::string mark = std::to_string(++count) + "@incidents.example";
        const account::NewTenant company{"Company",
                                         "GB",
                                         "01234567",
                                         "1 Quay",
                                         "owner" + mark,
                                         {"Olga Tarn", "CEO", "owner" + mark, "+44 20 7946 0000"},
                                         "GBP",
                                         "Europe/London",
                                         "en"};
        const auto person = [](const std::string& email) {
            return account::NewUser{email, "Olga Tarn", "rT7;vQ2_kW9x", "en",
                                    "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"};
        };
        const auto first = person("owner" + mark), second = person("clerk" + mark);
        const std::vector<account::RoleGrant> roles{{"warehouse", {}}};
        const auto made =
            *run([&] { return account::create_tenant_with_owner(services(), company, first); });
        clerk = *run([&] { return account::add_user(services(), made.tenant, second, roles); });
        owner.tenant = made.tenant;
        owner.actor.id = made.user.value;
        order = run([&] { return entrepot::test::put_capsule(owner, owner.new_id<ShopId>()); });
    }
    Context as_user(UserId user) {
        Context out = owner;
        out.actor.id = user.value;
        return out;
    }
    void read_too_much(UserId user) {
        Context ctx = as_user(user);
        (void)run([&] { return entrepot::test::read_in_masses(ctx, order); });
    }
    boost::json::value ask(Context& ctx, Method method, const std::string& path, int status = 200,
                           const std::string& body = {}) {
        const auto response = call(ctx, method, path, body);
        EXPECT_EQ(response.status, status) << path << ' ' << response.body;
        return response.body.empty() ? boost::json::value() : boost::json::parse(response.body);
    }
    boost::json::array list(const std::string& query = {}) {
        return ask(owner, Method::get, "/incidents" + query).at("items").as_array();
    }
    static std::string id_of(const boost::json::value& incident) {
        return std::string(incident.at("id").as_string());
    }

    Context owner = tenant_context();
    UserId clerk;
    OrderId order;
};

TEST_F(Incidents, a_mass_read_opens_one_and_the_freeze_contains_it) {
    EXPECT_TRUE(list().empty());
    read_too_much(clerk);
    read_too_much(clerk);
    drain_jobs();
    const auto all = list();
    ASSERT_EQ(all.size(), 1U) << "one open incident a subject";
    const auto& incident = all[0];
    EXPECT_EQ(incident.at("kind").as_string(), "reading");
    EXPECT_EQ(incident.at("what").as_string(), "over_budget");
    EXPECT_EQ(incident.at("state").as_string(), "contained");
    EXPECT_EQ(incident.at("subject_kind").as_string(), "user");
    EXPECT_EQ(incident.at("subject_id").as_string(), clerk.text());
    EXPECT_EQ(incident.at("alarms").as_int64(), 2);
    EXPECT_TRUE(incident.at("frozen").as_bool());
    ASSERT_EQ(incident.at("audit_ids").as_array().size(), 2U);
    EXPECT_EQ(sql("select act || ' ' || code from platform.audit_entry where id = '" +
                  std::string(incident.at("audit_ids").at(0).as_string()) + "'"),
              "vault.revealed vault.over_budget");
    EXPECT_EQ(ask(owner, Method::get, "/incidents/" + id_of(incident)), incident);
    EXPECT_EQ(list("?state=contained").size(), 1U);
    EXPECT_TRUE(list("?state=open").empty());
    Context strangers = tenant_context();
    EXPECT_TRUE(ask(strangers, Method::get, "/incidents").at("items").as_array().empty());
    ask(strangers, Method::get, "/incidents/" + id_of(incident), 404);
}

TEST_F(Incidents, an_alarm_after_the_containment_opens_it_again_and_a_trap_is_graver) {
    UserId owner_id{owner.actor.id};
    read_too_much(owner_id);
    drain_jobs();
    EXPECT_FALSE(list()[0].at("frozen").as_bool()) << "the last owner is not locked out";
    clock().advance(std::chrono::hours(2));
    run([&] { return entrepot::test::make_honeytoken(owner, order); });
    (void)run([&] { return entrepot::test::read_in_masses(owner, order, 1); });
    drain_jobs();
    const auto all = list();
    ASSERT_EQ(all.size(), 1U);
    EXPECT_EQ(all[0].at("what").as_string(), "honeytoken");
    EXPECT_EQ(all[0].at("state").as_string(), "contained");
    EXPECT_EQ(all[0].at("alarms").as_int64(), 2);
}

TEST_F(Incidents, is_closed_once_with_a_note_and_not_by_whom_it_is_about) {
    read_too_much(clerk);
    drain_jobs();
    const std::string path = "/incidents/" + id_of(list()[0]) + "/close";
    const std::string note = R"({"note":"  A script of the clerk; training was given.  "})";
    Context self = as_user(clerk);
    EXPECT_EQ(ask(self, Method::post, path, 403, note).at("code").as_string(),
              "compliance.own_incident");
    Context robot = owner;
    robot.actor.kind = ActorKind::api_key;
    EXPECT_EQ(ask(robot, Method::post, path, 403, note).at("code").as_string(),
              "compliance.person_needed");
    Context auditor = as(owner, role_by_name("auditor")->permissions);
    ask(auditor, Method::get, "/incidents");
    ask(auditor, Method::post, path, 403, note);
    ask(owner, Method::post, path, 400, R"({"note":"  "})");
    ask(owner, Method::post, path, 400, R"({"note":")" + std::string(2001, 'x') + "\"}");
    const auto closed = ask(owner, Method::post, path, 200, note);
    EXPECT_EQ(closed.at("state").as_string(), "closed");
    EXPECT_EQ(closed.at("closing_note").as_string(), "A script of the clerk; training was given.");
    EXPECT_EQ(closed.at("closed_by").as_string(), owner.actor.id.text());
    EXPECT_EQ(ask(owner, Method::post, path, 409, note).at("code").as_string(),
              "compliance.incident_closed");
    read_too_much(clerk);
    drain_jobs();
    EXPECT_EQ(list().size(), 2U) << "what comes after the end is a new one";
}

TEST_F(Incidents, pages_go_on_where_the_last_one_ended) {
    for (int i = 0; i < 3; ++i) {
        read_too_much(UserId{crypto::new_uuid(clock().now())});
        clock().advance(std::chrono::seconds(1));
    }
    drain_jobs();
    const auto first = ask(owner, Method::get, "/incidents?limit=2");
    EXPECT_EQ(first.at("items").as_array().size(), 2U);
    EXPECT_EQ(first.at("items").at(0).at("state").as_string(), "open") << "nobody to freeze";
    const auto rest = list("?limit=2&cursor=" + std::string(first.at("next_cursor").as_string()));
    ASSERT_EQ(rest.size(), 1U);
    EXPECT_NE(id_of(rest[0]), id_of(first.at("items").at(1)));
}

/// The witnesses stand where they are, whatever the tests' clock does; put back at the end.
class ClockIncidents : public Incidents {
protected:
    ClockIncidents() {
        vault::set_clock_witness([this] { return vault::Witness{witness_, "", 0}; });
        drain_jobs();
        wake();
        drain_jobs();
    }
    ~ClockIncidents() override {
        auto& real = clock();
        clock().set(std::max(begun_, clock().now()));
        vault::set_clock_witness([&real] { return vault::Witness{real.now(), "", 0}; });
    }
    void wake() {
        sql("update platform.job set run_at = now() - interval '10 years' where kind = "
            "'vault.sweep' and tenant_id = '" +
            owner.tenant.text() + "'");
    }
    std::string state_of_capsule() {
        return sql("select state from vault.capsule where order_id = '" + order.text() + "'");
    }
    std::string check_says() {
        return run([&] { return run_check(owner, *check_by_name("pii_clock")); }).code;
    }
    const Instant begun_ = clock().now();
    Instant witness_ = begun_;
};

TEST_F(ClockIncidents, a_clock_that_jumps_ahead_destroys_nothing_until_somebody_has_looked) {
    clock().advance(std::chrono::hours(24 * 40));
    drain_jobs();
    EXPECT_EQ(state_of_capsule(), "held");
    EXPECT_EQ(check_says(), "stopped");
    const auto all = list("?state=open");
    ASSERT_EQ(all.size(), 1U);
    EXPECT_EQ(all[0].at("kind").as_string(), "clock");
    EXPECT_EQ(all[0].at("what").as_string(), "clock_forward");
    // It goes on saying so, and one incident is enough.
    clock().advance(std::chrono::minutes(11));
    drain_jobs();
    EXPECT_EQ(list().size(), 1U);
    ask(owner, Method::post, "/incidents/" + id_of(all[0]) + "/close", 200,
        R"({"note":"The clock is right; the machine had been asleep."})");
    drain_jobs();
    EXPECT_EQ(state_of_capsule(), "erased");
    EXPECT_EQ(check_says(), "in_time");
}

TEST_F(ClockIncidents, a_clock_that_is_put_right_is_trusted_again_by_itself) {
    clock().advance(std::chrono::hours(24 * 40));
    drain_jobs();
    EXPECT_EQ(check_says(), "stopped");
    clock().set(begun_ + std::chrono::minutes(5));
    wake();
    drain_jobs();
    EXPECT_EQ(check_says(), "in_time");
    EXPECT_EQ(state_of_capsule(), "held");
    EXPECT_EQ(list()[0].at("state").as_string(), "contained");
}

TEST_F(ClockIncidents, an_erasure_that_somebody_asked_for_needs_no_clock) {
    clock().advance(std::chrono::hours(24 * 40));
    auto erase = [&](pg::Transaction& tx) -> Awaitable<Result<bool>> {
        co_return co_await vault::erase(tx, owner, order, "erasure_request") ==
            vault::Erasure::begun;
    };
    (void)run([&] { return owner.db().transaction(owner.tenant, erase); });
    drain_jobs();
    EXPECT_EQ(state_of_capsule(), "erased");
    EXPECT_EQ(check_says(), "stopped");
}

TEST_F(ClockIncidents, a_clock_that_steps_back_is_seen_at_the_next_reading) {
    clock().set(begun_ - std::chrono::hours(24 * 40));
    (void)run([&] { return entrepot::test::read_in_masses(owner, order, 1); });
    drain_jobs();
    EXPECT_EQ(check_says(), "stopped");
    EXPECT_EQ(list()[0].at("what").as_string(), "clock_back");
    clock().set(begun_ + std::chrono::seconds(1));
    wake();
    drain_jobs();
    EXPECT_EQ(check_says(), "in_time");
}

}  // namespace
}  // namespace entrepot::compliance
