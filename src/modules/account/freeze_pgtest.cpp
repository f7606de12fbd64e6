// Who reads too much: real sessions, real keyd, real budgets.
#include "modules/account/browser_pgtest.hpp"
#include "support/reader.hpp"

namespace entrepot::account {
namespace {
using http::Method;

class Freeze : public AccountTest {
protected:
    Context acting_as(TenantId tenant, ActorKind kind, const Uuid& id) {
        Context ctx = tenant_context();
        ctx.tenant = tenant;
        ctx.actor = {kind, id, "reader"};
        return ctx;
    }
    OrderId put(TenantId tenant) {
        Context ctx = acting_as(tenant, ActorKind::system, {});
        return run([&] { return test::put_capsule(ctx, ctx.new_id<ShopId>()); });
    }
    /// Reads until the budget ends, and lets the alarm do its work. Answers how many were shown.
    int read_too_much(TenantId tenant, ActorKind kind, const Uuid& id) {
        Context ctx = acting_as(tenant, kind, id);
        const OrderId order = put(tenant);
        const int shown = run([&] { return test::read_in_masses(ctx, order); });
        const auto begun = std::chrono::steady_clock::now();
        drain_jobs();
        EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(5));
        return shown;
    }
    std::string level(Browser& browser) { return text_at(get(browser, "/session"), "/level"); }
    std::string state_of(UserId user) {
        return sql("select state from account.user_account where id = '" + user.text() + "'");
    }
    /// An API key of whoever the browser is; answers the text that a program carries.
    std::pair<std::string, std::string> make_key(Browser& browser) {
        const auto made =
            post(browser, "/api-keys", R"({"name":"robot","permissions":["users.read"]})");
        EXPECT_EQ(made.status, 201) << made.body;
        return {text_at(made, "/key"), text_at(made, "/id")};
    }
    std::string ask_with_key(const std::string& key) {
        Browser nobody;
        http::Request sent = request(nobody, Method::get, "/users", "");
        sent.headers.emplace_back("authorization", "Bearer " + key);
        return code_of(run([&] { return send(sent); }));
    }
};

TEST_F(Freeze, a_mass_read_ends_every_session_and_the_user_stays_out_until_released) {
    const NewAccount made = make_tenant();
    const UserId clerk = make_user(made.tenant, "clerk", {{"warehouse", {}}});
    const UserId officer = make_user(made.tenant, "officer", {{"compliance", {}}});
    Browser one = signed_in("clerk"), two = signed_in("clerk");
    Browser compliance = signed_in("officer");
    EXPECT_EQ(level(one), "full");
    EXPECT_LE(read_too_much(made.tenant, ActorKind::user, clerk.value), 300);
    EXPECT_EQ(level(one), "none");
    EXPECT_EQ(level(two), "none");
    EXPECT_EQ(level(compliance), "full") << "another person goes on";
    EXPECT_EQ(state_of(clerk), "frozen");
    Browser again;
    EXPECT_EQ(code_of(post(again, "/sign-in", sign_in_body("clerk"))), "account.frozen");
    EXPECT_EQ(audit_count(made.tenant, "account.sign_in", "account.frozen"), "1");
    EXPECT_EQ(code_of(post(again, "/sign-in", sign_in_body("clerk", "not the password"))),
              "account.sign_in_failed")
        << "who does not know the password learns nothing";
    const std::string path = "/users/" + clerk.text();
    EXPECT_EQ(text_at(get(compliance, path), "/state"), "frozen");
    EXPECT_EQ(code_of(post(compliance, path + "/enable")), "forbidden");
    EXPECT_EQ(code_of(post(compliance, "/users/" + officer.text() + "/release")),
              "account.not_yourself");
    EXPECT_EQ(text_at(post(compliance, path + "/release"), "/state"), "active");
    EXPECT_EQ(code_of(post(compliance, path + "/release")), "account.not_frozen");
    EXPECT_EQ(level(one), "none") << "a released user signs in anew";
    Browser back = signed_in("clerk");
    EXPECT_EQ(level(back), "full");
}

TEST_F(Freeze, opening_a_trap_once_is_enough) {
    const NewAccount made = make_tenant();
    const UserId clerk = make_user(made.tenant, "clerk", {{"warehouse", {}}});
    Browser browser = signed_in("clerk");
    const OrderId order = put(made.tenant), trap = put(made.tenant);
    Context ctx = acting_as(made.tenant, ActorKind::user, clerk.value);
    run([&] { return test::make_honeytoken(ctx, trap); });
    EXPECT_EQ(run([&] { return test::read_in_masses(ctx, order, 1); }), 1);
    drain_jobs();
    EXPECT_EQ(level(browser), "full") << "an ordinary reading freezes nobody";
    EXPECT_EQ(run([&] { return test::read_in_masses(ctx, trap, 1); }), 1);
    drain_jobs();
    EXPECT_EQ(level(browser), "none");
    EXPECT_EQ(state_of(clerk), "frozen");
    EXPECT_EQ(
        sql("select disabled_reason from account.user_account where id = '" + clerk.text() + "'"),
        "honeytoken");
}

TEST_F(Freeze, a_key_that_reads_too_much_is_dead_and_its_maker_is_not) {
    const NewAccount made = make_tenant();
    Browser owner = signed_in("owner");
    const auto [key, id] = make_key(owner);
    const auto other = make_key(owner);
    EXPECT_EQ(ask_with_key(key), "200");
    read_too_much(made.tenant, ActorKind::api_key, *Uuid::parse(id));
    EXPECT_EQ(ask_with_key(key), "account.key_refused");
    EXPECT_EQ(ask_with_key(other.first), "200");
    EXPECT_EQ(level(owner), "full");
}

TEST_F(Freeze, keys_of_a_frozen_user_are_dead_with_them) {
    const NewAccount made = make_tenant();
    const UserId second = make_user(made.tenant, "second", {{"owner", {}}});
    Browser browser = signed_in("second");
    const auto [key, id] = make_key(browser);
    read_too_much(made.tenant, ActorKind::user, second.value);
    EXPECT_EQ(state_of(second), "frozen") << "an owner is left";
    EXPECT_EQ(ask_with_key(key), "account.key_refused");
}

TEST_F(Freeze, the_last_owner_is_thrown_out_and_comes_back_with_both_factors) {
    const NewAccount made = make_tenant();
    Browser owner = signed_in("owner");
    const auto [key, id] = make_key(owner);
    read_too_much(made.tenant, ActorKind::user, made.user.value);
    EXPECT_EQ(level(owner), "none");
    EXPECT_EQ(ask_with_key(key), "account.key_refused");
    EXPECT_EQ(state_of(made.user), "active");
    Browser back;
    EXPECT_EQ(code_of(post(back, "/sign-in", sign_in_body("owner"))), "200");
    EXPECT_EQ(level(back), "password");
    EXPECT_EQ(code_of(post(back, "/sign-in/totp", code_body(present_code()))), "200");
    EXPECT_EQ(level(back), "full");
}

TEST_F(Freeze, of_two_owners_in_alarm_at_once_one_remains) {
    const NewAccount made = make_tenant();
    const UserId second = make_user(made.tenant, "second", {{"owner", {}}});
    const OrderId order = put(made.tenant);
    for (const Uuid& id : {made.user.value, second.value}) {
        Context ctx = acting_as(made.tenant, ActorKind::user, id);
        run([&] { return test::read_in_masses(ctx, order); });
    }
    drain_jobs();
    EXPECT_EQ(sql("select count(*) from account.user_account where state = 'active' and tenant_id "
                  "= '" +
                  made.tenant.text() + "'"),
              "1");
}

TEST_F(Freeze, when_the_tenant_as_a_whole_reads_too_much_nobody_is_thrown_out) {
    const NewAccount made = make_tenant();
    const UserId clerk = make_user(made.tenant, "clerk", {{"warehouse", {}}});
    const OrderId order = put(made.tenant);
    Browser browser = signed_in("clerk");
    for (int i = 0; i < 17; ++i) {
        Context ctx = acting_as(made.tenant, ActorKind::user, crypto::new_uuid(clock().now()));
        if (run([&] { return test::read_in_masses(ctx, order, 299); }) < 299) break;
    }
    drain_jobs();
    Context ctx = acting_as(made.tenant, ActorKind::user, clerk.value);
    EXPECT_EQ(run([&] { return test::read_in_masses(ctx, order, 1); }), 0);
    drain_jobs();
    EXPECT_EQ(level(browser), "full");
}

}  // namespace
}  // namespace entrepot::account
