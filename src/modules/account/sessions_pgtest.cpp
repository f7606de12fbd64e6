// Sessions, passwords and their ages, preferences.
#include <thread>

#include "modules/account/browser_pgtest.hpp"

namespace entrepot::account {
namespace {
using http::Method;

class AccountSessions : public AccountTest {
protected:
    std::string level(Browser& browser) { return text_at(get(browser, "/session"), "/level"); }
    static std::string change_body(const std::string& current, const std::string& next) {
        return boost::json::serialize(
            boost::json::object{{"current", current}, {"new_password", next}});
    }
};

TEST_F(AccountSessions, end_when_idle_and_at_an_absolute_age) {
    make_tenant();
    Browser idle = signed_in("owner");
    clock().advance(std::chrono::minutes(28));
    EXPECT_EQ(level(idle), "full");
    clock().advance(std::chrono::minutes(29));
    EXPECT_EQ(level(idle), "full") << "use keeps it alive";
    clock().advance(std::chrono::minutes(30));
    EXPECT_EQ(level(idle), "none");
    Browser old = signed_in("owner");
    for (int i = 0; i < 35; ++i) {
        clock().advance(std::chrono::minutes(20));
        ASSERT_EQ(level(old), "full") << i;
    }
    clock().advance(std::chrono::minutes(20));
    EXPECT_EQ(level(old), "none") << "twelve hours";
    Browser unproven;
    post(unproven, "/sign-in", sign_in_body("owner"));
    EXPECT_EQ(level(unproven), "password");
    clock().advance(unproven_session_age_max);
    EXPECT_EQ(level(unproven), "none");
}

TEST_F(AccountSessions, are_listed_and_ended_by_their_owner_only) {
    const NewAccount account = make_tenant();
    make_user(account.tenant, "ben", {{"operator", std::nullopt}});
    Browser here = signed_in("owner");
    Browser there = signed_in("owner");
    Browser ben = signed_in("ben");
    const auto list = json_of(get(here, "/sessions")).at("items").as_array();
    ASSERT_EQ(list.size(), 2U);
    std::string other;
    for (const auto& entry : list)
        if (!entry.at("current").as_bool()) other = std::string(entry.at("id").as_string());
    EXPECT_EQ(code_of(ask(ben, Method::del, "/sessions/" + other)), "not_found");
    EXPECT_EQ(level(there), "full");
    EXPECT_EQ(ask(here, Method::del, "/sessions/" + other).status, 204);
    EXPECT_EQ(level(there), "none");
    EXPECT_EQ(level(here), "full");
}

TEST_F(AccountSessions, garbage_is_nobody_and_never_an_error) {
    Browser browser;
    for (const std::string& text : {std::string("x"), std::string(64, 'A'), std::string(5000, 'A'),
                                    std::string("'; drop table account.session; --")}) {
        browser.session = text;
        const auto answer = get(browser, "/session");
        EXPECT_EQ(answer.status, 200);
        EXPECT_EQ(text_at(answer, "/level"), "none");
    }
}

TEST_F(AccountSessions, another_process_believes_a_dead_session_for_less_than_a_second) {
    const NewAccount account = make_tenant();
    Browser browser = signed_in("owner");
    EXPECT_EQ(level(browser), "full");
    const auto begin = std::chrono::steady_clock::now();
    // Another process ends it: this one is told nothing.
    sql("delete from account.session where tenant_id = '" + account.tenant.text() + "'");
    std::string seen = "full";
    while (seen == "full" && std::chrono::steady_clock::now() - begin < std::chrono::seconds(2)) {
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
        Browser copy = browser;
        seen = level(copy);
    }
    EXPECT_EQ(seen, "none");
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(1));
}

TEST_F(AccountSessions, password_change_ends_the_others_and_renews_this_one) {
    make_tenant();
    clock().advance(std::chrono::hours(25));
    Browser here = signed_in("owner");
    Browser there = signed_in("owner");
    const std::string next = "hJ5)bN4&mZ8(cX";
    EXPECT_EQ(code_of(post(here, "/password", change_body("Wrong;7_password", next))),
              "account.current_password_wrong");
    EXPECT_EQ(code_of(post(here, "/password", change_body(good_password, "Password2026!"))),
              "invalid_fields");
    EXPECT_EQ(code_of(post(here, "/password", change_body(good_password, good_password))),
              "account.password_used_before");
    Browser before = here;
    const auto changed = post(here, "/password", change_body(good_password, next));
    ASSERT_EQ(changed.status, 200) << changed.body;
    EXPECT_EQ(level(before), "none") << "the old id of this session";
    EXPECT_EQ(level(there), "none") << "the other session";
    EXPECT_EQ(level(here), "full");
    EXPECT_EQ(code_of(post(here, "/password", change_body(next, "vB3%nM7^tY1&"))),
              "account.password_too_young");
    Browser again;
    EXPECT_EQ(code_of(post(again, "/sign-in", sign_in_body("owner"))), "account.sign_in_failed");
    EXPECT_EQ(post(again, "/sign-in", sign_in_body("owner", next)).status, 200);
}

TEST_F(AccountSessions, ten_passwords_are_remembered) {
    const NewAccount account = make_tenant();
    // Nine changes, without their ninety hash checks.
    for (int i = 0; i < 9; ++i) {
        clock().advance(std::chrono::hours(25));
        sql("insert into account.password_history (tenant_id, user_id, id, password_hash, set_at) "
            "values ('" +
            account.tenant.text() + "', '" + account.user.text() + "', '" +
            crypto::new_uuid(clock().now()).text() + "', '" + crypto::unmatchable_hash() + "', '" +
            format_instant(clock().now()) + "')");
    }
    clock().advance(std::chrono::hours(25));
    Browser browser = signed_in("owner");
    EXPECT_EQ(code_of(post(browser, "/password", change_body(good_password, good_password))),
              "account.password_used_before")
        << "the tenth back";
    const std::string next = "hJ5)bN4&mZ8(cX";
    ASSERT_EQ(post(browser, "/password", change_body(good_password, next)).status, 200);
    clock().advance(std::chrono::hours(25));
    browser = signed_in("owner", next);
    EXPECT_EQ(post(browser, "/password", change_body(next, good_password)).status, 200)
        << "the eleventh may come back";
    EXPECT_EQ(sql("select count(1) from account.password_history where user_id = '" +
                  account.user.text() + "'"),
              "10");
}

TEST_F(AccountSessions, an_old_password_must_be_changed_first) {
    make_tenant();
    clock().advance(std::chrono::hours(24 * 365) - std::chrono::minutes(5));
    Browser browser = signed_in("owner");
    EXPECT_EQ(level(browser), "full");
    clock().advance(std::chrono::minutes(10));
    const auto state = get(browser, "/session");
    EXPECT_EQ(text_at(state, "/level"), "password");
    EXPECT_EQ(text_at(state, "/next"), "change_password");
    EXPECT_EQ(code_of(get(browser, "/users")), "second_factor_needed");
    Browser fresh;
    post(fresh, "/sign-in", sign_in_body("owner"));
    EXPECT_EQ(text_at(post(fresh, "/sign-in/totp", code_body(present_code())), "/next"),
              "change_password");
    const std::string next = "hJ5)bN4&mZ8(cX";
    const auto changed = post(fresh, "/password", change_body(good_password, next));
    ASSERT_EQ(changed.status, 200) << changed.body;
    EXPECT_EQ(level(fresh), "full");
    EXPECT_EQ(get(fresh, "/users").status, 200);
}

TEST_F(AccountSessions, preferences_have_a_form_and_a_size) {
    make_tenant();
    Browser browser = signed_in("owner");
    const auto put = [&](const std::string& body) {
        return ask(browser, Method::put, "/me/preferences", body);
    };
    EXPECT_EQ(get(browser, "/me/preferences").body,
              R"({"language":null,"theme":null,"density":null,"layout":null})");
    const auto saved =
        put(R"({"language":"zh-CN","theme":"dark","density":"compact","layout":{"a":[1,"x"]}})");
    EXPECT_EQ(saved.status, 200) << saved.body;
    EXPECT_EQ(json_of(get(browser, "/me/preferences")), json_of(saved));
    EXPECT_EQ(text_at(get(browser, "/session"), "/user/language"), "zh-CN");
    EXPECT_EQ(code_of(put(R"({"theme":"pink"})")), "invalid_fields");
    EXPECT_EQ(code_of(put(R"({"language":"tlh"})")), "invalid_fields");
    EXPECT_EQ(code_of(put(R"({"colour":"red"})")), "invalid_fields");
    EXPECT_EQ(code_of(put(R"({"layout":"a\u0000b"})")), "invalid_fields");
    const std::string frame = R"({"layout":"","language":null,"theme":null,"density":null})";
    const std::size_t room = (std::size_t{16} << 10) - frame.size();
    EXPECT_EQ(put(R"({"layout":")" + std::string(room, 'x') + "\"}").status, 200);
    EXPECT_EQ(code_of(put(R"({"layout":")" + std::string(room + 1, 'x') + "\"}")),
              "account.preferences_too_large");
}

}  // namespace
}  // namespace entrepot::account
