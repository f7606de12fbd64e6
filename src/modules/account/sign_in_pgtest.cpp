// Sign-up, sign-in, lock-out, second factors and recovery codes through the real dispatcher.
#include "modules/account/browser_pgtest.hpp"
#include "modules/account/store.hpp"
#include "modules/account/totp.hpp"

namespace entrepot::account {
namespace {
using http::Method;

class AccountSignIn : public AccountTest {
protected:
    std::string sign_up_body() {
        return R"({"company":{"legal_name":"杭州某某网络有限公司","country":"CN",
            "registration_number":"91330100799655058B","registered_address":"Hangzhou",
            "billing_email":"billing@account.example"},"contact":{"name":"Olga Tarn","title":"CEO",
            "email":")" +
               email("Owner") + R"(","phone":"+86 571 1234567"},
            "password":"rT7;vQ2_kW9x","book_currency":"CNY","time_zone":"Asia/Shanghai",
            "language":"zh-CN","accept_terms":true})";
    }
};

TEST_F(AccountSignIn, sign_up_then_second_factor_then_everything) {
    Browser browser;
    const auto up = post(browser, "/sign-up", sign_up_body());
    ASSERT_EQ(up.status, 201) << up.body;
    EXPECT_EQ(text_at(up, "/next"), "enrol_mfa");
    const std::string first_session = browser.session;
    EXPECT_EQ(text_at(get(browser, "/session"), "/level"), "password");
    EXPECT_EQ(code_of(get(browser, "/users")), "second_factor_needed");
    const auto enrolment = post(browser, "/mfa/enrol");
    ASSERT_EQ(enrolment.status, 200) << enrolment.body;
    const std::string seed = text_at(enrolment, "/secret_base32");
    EXPECT_EQ(seed.size(), 32U);
    EXPECT_NE(text_at(enrolment, "/otpauth_uri").find("secret=" + seed), std::string::npos);
    EXPECT_EQ(code_of(post(browser, "/mfa/confirm", code_body("000000"))), "account.code_wrong");
    const auto confirmed = post(browser, "/mfa/confirm", code_body(totp_code(seed, clock().now())));
    ASSERT_EQ(confirmed.status, 200) << confirmed.body;
    EXPECT_EQ(json_of(confirmed).at("recovery_codes").as_array().size(), 10U);
    EXPECT_EQ(text_at(confirmed, "/next"), "done");
    EXPECT_NE(browser.session, first_session) << "a new id at step-up";
    const auto state = get(browser, "/session");
    EXPECT_EQ(text_at(state, "/level"), "full");
    EXPECT_EQ(text_at(state, "/tenant/book_currency"), "CNY");
    EXPECT_EQ(text_at(state, "/user/email"), email("owner")) << "the canonical form is stored";
    EXPECT_EQ(json_of(state).at("permissions").as_array().size(), permission_count);
    EXPECT_TRUE(json_of(state).at("shop_scope").is_null());
    EXPECT_EQ(json_of(state).at_pointer("/user/recovery_codes_left"), 10);
    EXPECT_EQ(get(browser, "/users").status, 200);
    Browser old;
    old.session = first_session;
    EXPECT_EQ(text_at(get(old, "/session"), "/level"), "none") << "session fixation";
    EXPECT_EQ(old.session, "") << "a dead cookie is taken back";
}

TEST_F(AccountSignIn, a_second_factor_waits_for_keyd_and_a_recovery_code_does_not) {
    Browser browser;
    ASSERT_EQ(post(browser, "/sign-up", sign_up_body()).status, 201);
    const std::string seed = text_at(post(browser, "/mfa/enrol"), "/secret_base32");
    const auto confirmed = post(browser, "/mfa/confirm", code_body(totp_code(seed, clock().now())));
    const std::string recovery(
        json_of(confirmed).at("recovery_codes").as_array().front().as_string());
    clock().advance(std::chrono::seconds(60));
    test::Environment::get().keyd().stop();
    Browser again;
    EXPECT_EQ(post(again, "/sign-in", sign_in_body("owner")).status, 200);
    const auto refused = post(again, "/sign-in/totp", code_body(totp_code(seed, clock().now())));
    EXPECT_EQ(refused.status, 503);
    EXPECT_EQ(code_of(refused), "keys.unavailable");
    EXPECT_EQ(post(again, "/sign-in/recovery-code", code_body(recovery)).status, 200)
        << "who can do without the keys is not kept out";
    test::Environment::get().keyd().start();
    Browser later;
    EXPECT_EQ(post(later, "/sign-in", sign_in_body("owner")).status, 200);
    EXPECT_EQ(post(later, "/sign-in/totp", code_body(totp_code(seed, clock().now()))).status, 200);
}

TEST_F(AccountSignIn, a_seed_opens_for_its_own_user_alone_and_after_a_turn) {
    const NewAccount account = make_tenant();
    make_user(account.tenant, "other", {{"operator", std::nullopt}});
    test::Environment::get().keyd().tick();
    clock().advance(std::chrono::hours(25));
    test::Environment::get().keyd().tick();
    Browser owner;
    EXPECT_EQ(post(owner, "/sign-in", sign_in_body("owner")).status, 200);
    EXPECT_EQ(post(owner, "/sign-in/totp", code_body(present_code())).status, 200);
    sql("update account.totp set seed = (select seed from account.totp where user_id = '" +
        account.user.text() + "') where tenant_id = '" + account.tenant.text() + "'");
    clock().advance(std::chrono::seconds(60));
    Browser moved;
    EXPECT_EQ(post(moved, "/sign-in", sign_in_body("other")).status, 200);
    EXPECT_EQ(post(moved, "/sign-in/totp", code_body(present_code())).status, 500);
}

TEST_F(AccountSignIn, sign_up_names_every_wrong_field) {
    Browser browser;
    const auto refused = post(browser, "/sign-up", R"({"company":{"legal_name":" ","country":"CN",
        "registration_number":"91330100799655058C","registered_address":"x","billing_email":"x"},
        "contact":{"name":"","title":"","email":"nobody","phone":"?"},"password":"short",
        "book_currency":"XXZ","time_zone":"Mars/Base","language":"tlh","accept_terms":false})");
    ASSERT_EQ(refused.status, 400);
    std::set<std::string> pointers;
    const auto problems = json_of(refused).at("errors").as_array();
    for (const auto& problem : problems)
        pointers.insert(std::string(problem.at("pointer").as_string()));
    for (const char* expected :
         {"/company/legal_name", "/company/registration_number", "/company/billing_email",
          "/contact/name", "/contact/title", "/contact/email", "/contact/phone", "/password",
          "/book_currency", "/language", "/accept_terms"})
        EXPECT_TRUE(pointers.contains(expected)) << expected << ' ' << refused.body;
    std::string body = sign_up_body();
    body.replace(body.find("Asia/Shanghai"), 13, "Asia/Shanghei");
    const auto zone = post(browser, "/sign-up", body);
    EXPECT_EQ(text_at(zone, "/errors/0/pointer"), "/time_zone") << zone.body;
}

TEST_F(AccountSignIn, one_email_has_one_account_in_any_spelling) {
    make_tenant();
    Browser browser;
    EXPECT_EQ(code_of(post(browser, "/sign-up", sign_up_body())), "account.email_taken");
    EXPECT_EQ(post(browser, "/sign-in", sign_in_body(" OWNER")).status, 200);
}

TEST_F(AccountSignIn, unknown_and_known_answer_alike_and_take_the_same_way) {
    const NewAccount account = make_tenant();
    const auto outcome = [&](const std::string& body) {
        Browser browser;
        const auto checks = hash_checks();
        auto response = post(browser, "/sign-in", body);
        EXPECT_EQ(hash_checks() - checks, 1U) << "one hash is checked, whoever asks";
        auto value = json_of(response).as_object();
        value.erase("request_id");
        std::erase_if(response.headers, [](const auto& h) { return h.first == "x-request-id"; });
        std::string out = std::to_string(response.status) + boost::json::serialize(value);
        for (const auto& [name, text] : response.headers) out += '\n' + name + ": " + text;
        return out;
    };
    const std::string known = outcome(sign_in_body("owner", "Wrong;7_password"));
    EXPECT_NE(known.find("account.sign_in_failed"), std::string::npos);
    EXPECT_EQ(outcome(sign_in_body("nobody")), known);
    EXPECT_EQ(outcome(R"({"email":"not an e-mail","password":"x"})"), known);
    EXPECT_EQ(outcome(sign_in_body("owner", std::string(5000, 'x'))), known);
    sql("update account.user_account set state = 'disabled' where tenant_id = '" +
        account.tenant.text() + "'");
    EXPECT_EQ(outcome(sign_in_body("owner")), known) << "a disabled user, the right password";
    EXPECT_EQ(audit_count(account.tenant, "account.sign_in", "account.sign_in_failed"), "3");
}

TEST_F(AccountSignIn, a_session_that_opens_while_its_password_ends_is_not_opened) {
    const NewAccount account = make_tenant();
    const std::string stale = sql("select password_hash from account.user_account where id = '" +
                                  account.user.text() + "'");
    const auto held = [&] {
        auto body = [&](pg::Transaction& tx) -> Awaitable<Result<bool>> {
            co_return (co_await tx.maybe(store::hold_password, account.tenant, account.user, stale))
                .has_value();
        };
        return *run([&] { return services().db.transaction(account.tenant, body); });
    };
    EXPECT_TRUE(held());
    // The password changes while a sign-in with the old one is being checked.
    Browser browser;
    http::Request sent = request(browser, Method::post, "/sign-in", sign_in_body("owner"));
    http::Response answer;
    auto body = [&]() -> Awaitable<void> {
        bool finished = false;
        services().runtime.spawn(
            0,
            [&]() -> Awaitable<void> {
                answer = co_await send(sent);
                finished = true;
            },
            "test_request");
        const auto before = hash_checks();
        while (hash_checks() == before) co_await Runtime::sleep_for(std::chrono::milliseconds(1));
        sql("update account.user_account set password_hash = 'x' where id = '" +
            account.user.text() + "'");
        while (!finished) co_await Runtime::sleep_for(std::chrono::milliseconds(5));
    };
    test::Environment::get().instance().run_once(body);
    EXPECT_EQ(code_of(answer), "account.sign_in_failed");
    EXPECT_FALSE(held());
    EXPECT_EQ(sql("select count(1) from account.session where tenant_id = '" +
                  account.tenant.text() + "'"),
              "0");
}

TEST_F(AccountSignIn, five_hundred_guesses_at_once_check_ten_hashes_at_most) {
    const NewAccount account = make_tenant();
    std::vector<http::Request> guesses;
    const auto spellings = {"owner", " OWNER", "Owner", "oWner"};
    for (int i = 0; i < 500; ++i) {
        Browser browser;
        browser.ip = "198.51." + std::to_string(i / 250) + "." + std::to_string(i % 250);
        const std::string name = *(spellings.begin() + i % 4);
        guesses.push_back(request(browser, Method::post, "/sign-in",
                                  sign_in_body(name, "Wrong;7_password" + std::to_string(i))));
    }
    const auto checks = hash_checks();
    const auto answers = at_once(std::move(guesses));
    EXPECT_LE(hash_checks() - checks, 10U);
    EXPECT_GE(hash_checks() - checks, 1U);
    std::map<std::string, int> codes;
    for (const auto& answer : answers) ++codes[code_of(answer)];
    EXPECT_EQ(codes["account.sign_in_failed"], 10);
    EXPECT_EQ(codes["account.locked_out"], 490);
    // The right password does not help now, from a device that is not known …
    Browser stranger;
    const auto locked = post(stranger, "/sign-in", sign_in_body("owner"));
    EXPECT_EQ(code_of(locked), "account.locked_out");
    // … and fifteen quiet minutes later it does.
    clock().advance(std::chrono::minutes(15));
    EXPECT_EQ(post(stranger, "/sign-in", sign_in_body("owner")).status, 200);
    EXPECT_EQ(audit_count(account.tenant, "account.sign_in", "account.locked_out"), "491");
}

TEST_F(AccountSignIn, a_window_that_slides_gives_no_more_than_ten) {
    make_tenant();
    Browser browser;
    int checked = 0;
    // A guess every two minutes: the budget comes back only after a quiet quarter of an hour.
    for (int i = 0; i < 30; ++i) {
        browser.ip = "198.51.100." + std::to_string(i);
        if (code_of(post(browser, "/sign-in", sign_in_body("owner", "Wrong;7_password"))) ==
            "account.sign_in_failed")
            ++checked;
        clock().advance(std::chrono::minutes(2));
    }
    EXPECT_LE(checked, 20) << "an hour holds at most two budgets at this pace";
    EXPECT_GE(checked, 10);
}

TEST_F(AccountSignIn, nobody_can_lock_the_owner_out_of_a_known_device) {
    make_tenant();
    Browser owner = signed_in("owner");
    ASSERT_FALSE(owner.device.empty());
    Browser stranger;
    for (int i = 0; i < 12; ++i) {
        stranger.ip = "203.0.113." + std::to_string(i);
        post(stranger, "/sign-in", sign_in_body("owner", "Wrong;7_password"));
    }
    EXPECT_EQ(code_of(post(stranger, "/sign-in", sign_in_body("owner"))), "account.locked_out");
    Browser known;
    known.device = owner.device;
    EXPECT_EQ(post(known, "/sign-in", sign_in_body("owner")).status, 200);
    Browser forged;
    forged.device =
        owner.device.substr(0, owner.device.size() - 1) + (owner.device.back() == 'A' ? 'B' : 'A');
    EXPECT_EQ(code_of(post(forged, "/sign-in", sign_in_body("owner"))), "account.locked_out");
    for (int i = 0; i < 10; ++i)
        EXPECT_EQ(code_of(post(known, "/sign-in", sign_in_body("owner", "Wrong;7_password"))),
                  "account.sign_in_failed");
    EXPECT_EQ(code_of(post(known, "/sign-in", sign_in_body("owner"))), "account.locked_out")
        << "a stolen device has its budget too";
}

TEST_F(AccountSignIn, one_address_has_a_budget_over_all_logins) {
    Browser browser;
    browser.ip = "2001:db8:7:7::1";
    // What 100 guesses of one address leave behind, without their 100 hashes.
    sql("delete from account.guess_budget");
    EXPECT_EQ(code_of(post(browser, "/sign-in", sign_in_body("nobody"))), "account.sign_in_failed");
    sql("update account.guess_budget set guesses = 100 where guesses = 1");
    browser.ip = "2001:db8:7:7::2";
    EXPECT_EQ(code_of(post(browser, "/sign-in", sign_in_body("else"))), "account.locked_out")
        << "neighbours in a /64 are one subscriber";
    browser.ip = "2001:db8:7:8::1";
    EXPECT_EQ(code_of(post(browser, "/sign-in", sign_in_body("else"))), "account.sign_in_failed");
}

TEST_F(AccountSignIn, a_flood_is_told_to_wait_and_nobody_is_locked_by_it) {
    std::vector<http::Request> requests;
    for (int i = 0; i < 60; ++i) {
        Browser browser;
        browser.ip = "198.51.100." + std::to_string(i);
        requests.push_back(
            request(browser, Method::post, "/sign-in", sign_in_body("u" + std::to_string(i))));
    }
    const auto checks = hash_checks();
    std::map<std::string, int> codes;
    for (const auto& answer : at_once(std::move(requests))) ++codes[code_of(answer)];
    EXPECT_GE(codes["account.sign_in_failed"], 34);
    EXPECT_GE(codes["account.busy"], 1);
    EXPECT_EQ(codes["account.sign_in_failed"] + codes["account.busy"], 60);
    EXPECT_EQ(hash_checks() - checks, static_cast<std::uint64_t>(codes["account.sign_in_failed"]));
}

TEST_F(AccountSignIn, a_code_works_once) {
    make_tenant();
    Browser browser;
    post(browser, "/sign-in", sign_in_body("owner"));
    const std::string code = present_code();
    const std::string before = totp_code(owner_seed, clock().now() - std::chrono::seconds(30));
    const std::string after = totp_code(owner_seed, clock().now() + std::chrono::seconds(30));
    Browser fixed = browser;
    EXPECT_EQ(code_of(post(browser, "/sign-in/totp", code_body(code))), "200");
    EXPECT_NE(browser.session, fixed.session) << "a new id at step-up";
    EXPECT_EQ(text_at(get(fixed, "/session"), "/level"), "none") << "the id from before is dead";
    Browser again;
    post(again, "/sign-in", sign_in_body("owner"));
    again.device = browser.device;
    EXPECT_EQ(code_of(post(again, "/sign-in/totp", code_body(code))), "account.code_wrong");
    EXPECT_EQ(code_of(post(again, "/sign-in/totp", code_body(before))), "account.code_wrong")
        << "step -1 after step 0";
    EXPECT_EQ(code_of(post(again, "/sign-in/totp", code_body(' ' + after))), "account.code_wrong");
    EXPECT_EQ(code_of(post(again, "/sign-in/totp", code_body(after))), "200");
}

TEST_F(AccountSignIn, a_code_used_twice_at_once_works_once) {
    make_tenant();
    std::vector<http::Request> requests;
    for (int i = 0; i < 4; ++i) {
        Browser browser;
        post(browser, "/sign-in", sign_in_body("owner"));
        requests.push_back(
            request(browser, Method::post, "/sign-in/totp", code_body(present_code())));
    }
    int good = 0;
    for (const auto& answer : at_once(std::move(requests))) good += answer.status == 200 ? 1 : 0;
    EXPECT_EQ(good, 1);
}

TEST_F(AccountSignIn, the_statement_that_accepts_a_code_remembers_it) {
    const NewAccount account = make_tenant();
    const TenantId tenant = account.tenant;
    const std::int64_t step = totp_step(clock().now());
    // Both have read the same last step; only then does each try to use it.
    auto slow = [&](pg::Transaction& tx) -> Awaitable<Result<bool>> {
        const auto seen = co_await tx.one(store::totp_of, tenant, account.user);
        EXPECT_LT(seen.last_step, step);
        auto fast = [&](pg::Transaction& other) -> Awaitable<Result<bool>> {
            co_return (co_await other.maybe(store::use_step, tenant, account.user, step))
                .has_value();
        };
        const auto first = co_await services().db.transaction(tenant, fast);
        EXPECT_TRUE(*first);
        co_return (co_await tx.maybe(store::use_step, tenant, account.user, step)).has_value();
    };
    const auto second = run([&] { return services().db.transaction(tenant, slow); });
    EXPECT_FALSE(*second);
}

TEST_F(AccountSignIn, five_wrong_codes_then_back_off_that_grows) {
    const NewAccount account = make_tenant();
    Browser browser;
    post(browser, "/sign-in", sign_in_body("owner"));
    const auto guess = [&] { return code_of(post(browser, "/sign-in/totp", code_body("000000"))); };
    for (int i = 0; i < 5; ++i) EXPECT_EQ(guess(), "account.code_wrong") << i;
    EXPECT_EQ(guess(), "account.locked_out");
    EXPECT_EQ(code_of(post(browser, "/sign-in/totp", code_body(present_code()))),
              "account.locked_out");
    EXPECT_EQ(code_of(post(browser, "/sign-in/recovery-code", code_body("aaaa-aaaa-aaaa-aaaa"))),
              "account.locked_out")
        << "both ways share one budget";
    clock().advance(std::chrono::minutes(15));
    post(browser, "/sign-in", sign_in_body("owner"));
    for (int i = 0; i < 5; ++i) EXPECT_EQ(guess(), "account.code_wrong") << i;
    clock().advance(std::chrono::minutes(15));
    post(browser, "/sign-in", sign_in_body("owner"));
    EXPECT_EQ(guess(), "account.locked_out") << "the second time the wait is half an hour";
    clock().advance(std::chrono::minutes(15));
    post(browser, "/sign-in", sign_in_body("owner"));
    EXPECT_EQ(code_of(post(browser, "/sign-in/totp", code_body(present_code()))), "200");
    EXPECT_EQ(audit_count(account.tenant, "account.second_factor", "account.code_wrong"), "10");
}

TEST_F(AccountSignIn, parallel_code_guesses_are_five) {
    make_tenant();
    Browser browser;
    post(browser, "/sign-in", sign_in_body("owner"));
    std::vector<http::Request> requests;
    for (int i = 0; i < 100; ++i)
        requests.push_back(request(browser, Method::post, "/sign-in/totp", code_body("000000")));
    std::map<std::string, int> codes;
    for (const auto& answer : at_once(std::move(requests))) ++codes[code_of(answer)];
    EXPECT_EQ(codes["account.code_wrong"], 5);
    EXPECT_EQ(codes["account.locked_out"], 95);
}

TEST_F(AccountSignIn, recovery_codes_work_once_each_even_at_once) {
    make_tenant();
    Browser browser = signed_in("owner");
    const auto enrolment = post(browser, "/mfa/enrol");
    const auto confirmed =
        post(browser, "/mfa/confirm",
             code_body(totp_code(text_at(enrolment, "/secret_base32"), clock().now())));
    ASSERT_EQ(confirmed.status, 200) << confirmed.body;
    const std::string code = text_at(confirmed, "/recovery_codes/0");
    const std::string other = text_at(confirmed, "/recovery_codes/1");
    std::vector<http::Request> requests;
    // With the two wrong ones below fewer than what makes the account wait.
    for (int i = 0; i < 3; ++i) {
        Browser each;
        post(each, "/sign-in", sign_in_body("owner"));
        requests.push_back(request(each, Method::post, "/sign-in/recovery-code", code_body(code)));
    }
    int good = 0;
    for (const auto& answer : at_once(std::move(requests))) good += answer.status == 200 ? 1 : 0;
    EXPECT_EQ(good, 1);
    Browser late;
    post(late, "/sign-in", sign_in_body("owner"));
    EXPECT_EQ(code_of(post(late, "/sign-in/recovery-code", code_body(code))), "account.code_wrong");
    EXPECT_EQ(code_of(post(late, "/sign-in/recovery-code", code_body("zzz"))),
              "account.code_wrong");
    EXPECT_EQ(post(late, "/sign-in/recovery-code", code_body(text::to_upper_ascii(other))).status,
              200);
}

TEST_F(AccountSignIn, a_password_alone_cannot_replace_the_second_factor) {
    make_tenant();
    Browser thief;
    post(thief, "/sign-in", sign_in_body("owner"));
    EXPECT_EQ(code_of(post(thief, "/mfa/enrol")), "account.second_factor_needed");
    EXPECT_EQ(code_of(post(thief, "/mfa/confirm", code_body("123456"))),
              "account.second_factor_needed");
}

TEST_F(AccountSignIn, a_password_only_session_reaches_its_gates_and_nothing_else) {
    make_tenant();
    Browser thief;
    post(thief, "/sign-in", sign_in_body("owner"));
    const std::set<std::string_view> open{"/mfa/enrol", "/mfa/confirm", "/sign-in/totp",
                                          "/sign-in/recovery-code", "/sign-out"};
    int closed = 0;
    const Module lines = module();
    for (const http::Route& route : lines.routes) {
        if (route.gate == http::Gate::open || open.contains(route.path)) continue;
        std::string path(route.path);
        for (auto at = path.find('{'); at != std::string::npos; at = path.find('{'))
            path.replace(at, path.find('}') - at + 1, "0190b8a0-0000-7000-8000-000000000000");
        const bool reads = route.method == Method::get;
        const std::string body = path == "/password" ? R"({"current":"x","new_password":"y"})"
                                 : reads             ? ""
                                                     : "{}";
        const auto answer = ask(thief, route.method, path, body);
        EXPECT_TRUE(code_of(answer) == "second_factor_needed" ||
                    code_of(answer) == "account.second_factor_needed")
            << path << ' ' << answer.body;
        ++closed;
    }
    EXPECT_GE(closed, 20);
    EXPECT_EQ(post(thief, "/sign-out").status, 204);
    EXPECT_EQ(thief.session, "");
}

TEST_F(AccountSignIn, a_forged_request_is_refused) {
    make_tenant();
    Browser owner = signed_in("owner");
    Browser victim = owner;
    victim.csrf = "";
    EXPECT_EQ(code_of(post(victim, "/sign-out")), "csrf");
    victim.csrf = csrf_token_of(Browser{}.session);
    EXPECT_EQ(code_of(post(victim, "/sign-out")), "csrf");
    // With a good token, and on a route that needs none: the browser says where it comes from.
    const std::vector<std::pair<std::string, std::string>> foreign{
        {"origin", "https://evil.example"},
        {"origin", "null"},
        {"origin", "https://localhost.evil"},
        {"sec-fetch-site", "cross-site"},
        {"sec-fetch-site", "same-site"}};
    const auto from = [&](const std::string& target, const std::string& name,
                          const std::string& value) {
        http::Request sent = request(owner, Method::post, target, sign_in_body("owner"));
        sent.headers.emplace_back("host", "localhost");
        sent.headers.emplace_back(name, value);
        return code_of(run([&] { return send(sent); }));
    };
    for (const auto& [name, value] : foreign) {
        EXPECT_EQ(from("/sign-out", name, value), "csrf") << name << ' ' << value;
        EXPECT_EQ(from("/sign-in", name, value), "csrf") << name << ' ' << value;
    }
    EXPECT_EQ(from("/sign-in", "origin", "https://localhost"), "200");
    EXPECT_EQ(post(owner, "/sign-out").status, 204);
    Browser gone = owner;
    EXPECT_EQ(text_at(get(gone, "/session"), "/level"), "none");
}

}  // namespace
}  // namespace entrepot::account
