// Colleagues, roles, invitations, API keys, tenant settings and the audit search.
#include "modules/account/browser_pgtest.hpp"

namespace entrepot::account {
namespace {
using http::Method;

class AccountPeople : public AccountTest {
protected:
    std::string level(Browser& browser) { return text_at(get(browser, "/session"), "/level"); }
    std::string disable(Browser& by, UserId user) {
        return code_of(post(by, "/users/" + user.text() + "/disable", R"({"reason":"left"})"));
    }
    std::string set_roles(Browser& by, UserId user, const std::string& roles) {
        return code_of(
            ask(by, Method::put, "/users/" + user.text() + "/roles", R"({"roles":)" + roles + "}"));
    }
    http::Response get_with_key(const std::string& key, const std::string& target) {
        Browser browser;
        http::Request sent = request(browser, Method::get, target, "");
        sent.headers.emplace_back("authorization", "Bearer " + key);
        return run([&] { return send(sent); });
    }
    std::string new_key(Browser& by, const std::string& body) {
        const auto answer = post(by, "/api-keys", body);
        EXPECT_EQ(answer.status, 201) << answer.body;
        return answer.status == 201 ? text_at(answer, "/key") : "";
    }
};

TEST_F(AccountPeople, a_disabled_user_is_out_at_once_with_sessions_keys_and_invitations) {
    const NewAccount account = make_tenant();
    const UserId second = make_user(account.tenant, "second", {{"owner", std::nullopt}});
    Browser owner = signed_in("owner");
    Browser other = signed_in("second");
    Browser half;
    post(half, "/sign-in", sign_in_body("second"));
    const std::string key = new_key(other, R"({"name":"k","permissions":["users.read"]})");
    EXPECT_EQ(get_with_key(key, "/users").status, 200);
    const auto invited = post(other, "/users/invitations",
                              R"({"email":")" + email("guest") +
                                  R"(","name":"G","roles":[{"role":"buyer","shops":null}]})");
    ASSERT_EQ(invited.status, 201) << invited.body;
    EXPECT_EQ(level(other), "full");
    EXPECT_EQ(disable(owner, second), "200");
    Browser copy = other;
    EXPECT_EQ(level(copy), "none");
    EXPECT_EQ(level(half), "none");
    EXPECT_EQ(code_of(get_with_key(key, "/users")), "account.key_refused");
    Browser guest;
    EXPECT_EQ(code_of(get(guest, "/invitations/" + text_at(invited, "/link_token"))), "not_found");
    Browser again;
    EXPECT_EQ(code_of(post(again, "/sign-in", sign_in_body("second"))), "account.sign_in_failed");
    EXPECT_EQ(code_of(post(owner, "/users/" + second.text() + "/enable")), "200");
    EXPECT_EQ(post(again, "/sign-in", sign_in_body("second")).status, 200);
    EXPECT_EQ(code_of(get_with_key(key, "/users")), "200") << "enabled again, the key lives on";
    EXPECT_EQ(audit_count(account.tenant, "account.user_disabled", ""), "1");
}

TEST_F(AccountPeople, what_is_left_of_a_disabled_user_opens_nothing) {
    const NewAccount account = make_tenant();
    make_user(account.tenant, "ben", {{"owner", std::nullopt}});
    Browser his = signed_in("ben");
    const std::string key = new_key(his, R"({"name":"k","permissions":["users.read"]})");
    EXPECT_EQ(get_with_key(key, "/users").status, 200);
    // Neither session nor key is touched: the state alone must do.
    sql("update account.user_account set state = 'disabled' where tenant_id = '" +
        account.tenant.text() + "' and email = '" + email("ben") + "'");
    clock().advance(std::chrono::minutes(2));
    EXPECT_EQ(level(his), "none");
    EXPECT_EQ(code_of(get_with_key(key, "/users")), "account.key_refused");
}

TEST_F(AccountPeople, a_role_that_is_taken_away_is_gone_at_once) {
    const NewAccount account = make_tenant();
    const UserId ben = make_user(account.tenant, "ben", {{"owner", std::nullopt}});
    Browser owner = signed_in("owner");
    Browser his = signed_in("ben");
    const std::string key = new_key(his, R"({"name":"k","permissions":["users.read"]})");
    EXPECT_EQ(get_with_key(key, "/users").status, 200);
    EXPECT_EQ(set_roles(owner, ben, R"([{"role":"warehouse","shops":null}])"), "200");
    Browser copy = his;
    EXPECT_EQ(level(copy), "none") << "sessions end with the roles they began with";
    EXPECT_EQ(code_of(get_with_key(key, "/users")), "forbidden") << "a key follows its user";
    Browser again = signed_in("ben");
    EXPECT_EQ(code_of(get(again, "/users")), "forbidden");
    EXPECT_EQ(json_of(get(again, "/session")).at("roles").as_array().at(0), "warehouse");
}

TEST_F(AccountPeople, somebody_must_own_the_account) {
    const NewAccount account = make_tenant();
    Browser owner = signed_in("owner");
    EXPECT_EQ(set_roles(owner, account.user, R"([{"role":"buyer","shops":null}])"),
              "account.last_owner");
    EXPECT_EQ(disable(owner, account.user), "account.not_yourself");
    const UserId second = make_user(account.tenant, "second", {{"owner", std::nullopt}});
    Browser other = signed_in("second");
    // Each disables the other at the same moment: one of them must stay.
    std::vector<http::Request> requests{
        request(owner, Method::post, "/users/" + second.text() + "/disable", R"({"reason":"x"})"),
        request(other, Method::post, "/users/" + account.user.text() + "/disable",
                R"({"reason":"x"})")};
    int good = 0;
    for (const auto& answer : at_once(std::move(requests))) good += answer.status == 200 ? 1 : 0;
    EXPECT_LE(good, 1);
    EXPECT_NE(sql("select count(1) from account.user_account where state = 'active' and "
                  "tenant_id = '" +
                  account.tenant.text() + "'"),
              "0");
}

TEST_F(AccountPeople, nobody_gives_more_than_they_have) {
    const NewAccount account = make_tenant();
    const UserId ben = make_user(account.tenant, "ben", {{"buyer", std::nullopt}});
    // No shipped role but the owner's may write users, so the rule is asked through a context.
    Context manager = test::DatabaseTest::tenant_context();
    manager.tenant = account.tenant;
    PermissionSet rights{
        Permission::users_write,    Permission::users_read,      Permission::orders_read,
        Permission::orders_write,   Permission::catalog_read,    Permission::shops_read,
        Permission::shipments_read, Permission::shipments_write, Permission::buyers_reveal};
    manager.rights = AccessRights::of({{rights, {}}});
    const auto put = [&](UserId user, const std::string& role) {
        return code_of(call(manager, Method::put, "/users/" + user.text() + "/roles",
                            R"({"roles":[{"role":")" + role + R"(","shops":null}]})"));
    };
    EXPECT_EQ(put(ben, "warehouse"), "account.rights_exceeded")
        << "ben sees money, the manager not";
    const UserId eve = make_user(account.tenant, "eve", {{"warehouse", std::nullopt}});
    EXPECT_EQ(put(eve, "warehouse"), "200");
    EXPECT_EQ(put(eve, "owner"), "account.rights_exceeded");
    EXPECT_EQ(put(account.user, "warehouse"), "account.rights_exceeded");
}

TEST_F(AccountPeople, a_second_factor_is_reset_by_somebody_else) {
    const NewAccount account = make_tenant();
    const UserId ben = make_user(account.tenant, "ben", {{"buyer", std::nullopt}});
    Browser owner = signed_in("owner");
    Browser his = signed_in("ben");
    EXPECT_EQ(code_of(post(owner, "/users/" + account.user.text() + "/reset-mfa")),
              "account.not_yourself");
    EXPECT_EQ(code_of(post(owner, "/users/" + ben.text() + "/reset-mfa")), "200");
    EXPECT_EQ(level(his), "none");
    Browser again;
    EXPECT_EQ(text_at(post(again, "/sign-in", sign_in_body("ben")), "/next"), "enrol_mfa");
    EXPECT_EQ(audit_count(account.tenant, "account.mfa_reset", ""), "1");
}

TEST_F(AccountPeople, an_invitation_works_once_and_for_a_week) {
    make_tenant();
    Browser owner = signed_in("owner");
    const auto invite = [&](const std::string& name) {
        return post(owner, "/users/invitations",
                    R"({"email":")" + email(name) +
                        R"(","name":"New Colleague","roles":[{"role":"operator","shops":null}]})");
    };
    const auto first = invite("ann");
    ASSERT_EQ(first.status, 201) << first.body;
    const std::string token = text_at(first, "/link_token");
    EXPECT_NE(text_at(first, "/link").find(token), std::string::npos);
    EXPECT_EQ(code_of(invite("ann")), "account.invitation_exists");
    EXPECT_EQ(code_of(invite("owner")), "account.email_taken");
    Browser guest;
    EXPECT_EQ(text_at(get(guest, "/invitations/" + token), "/email"), email("ann"));
    EXPECT_EQ(sql("select count(1) from account.invitation i where i::text like '%" + token + "%'"),
              "0")
        << "the token itself is not stored";
    const std::string accept = "/invitations/" + token + "/accept";
    EXPECT_EQ(code_of(post(guest, accept, R"({"name":"Ann Lee","password":"short"})")),
              "invalid_fields");
    std::vector<http::Request> requests;
    for (int i = 0; i < 3; ++i) {
        Browser each;
        requests.push_back(
            request(each, Method::post, accept, R"({"name":"Ann Lee","password":"rT7;vQ2_kW9x"})"));
    }
    int good = 0;
    for (const auto& answer : at_once(std::move(requests))) good += answer.status == 200 ? 1 : 0;
    EXPECT_EQ(good, 1);
    EXPECT_EQ(code_of(get(guest, "/invitations/" + token)), "not_found");
    EXPECT_EQ(text_at(post(guest, "/sign-in", sign_in_body("ann")), "/next"), "enrol_mfa");
    const std::string late = text_at(invite("bob"), "/link_token");
    clock().advance(invitation_age_max);
    EXPECT_EQ(code_of(get(guest, "/invitations/" + late)), "not_found");
    EXPECT_EQ(code_of(post(guest, "/invitations/" + late + "/accept",
                           R"({"name":"Bob Ray","password":"rT7;vQ2_kW9x"})")),
              "not_found");
    owner = signed_in("owner");
    EXPECT_EQ(invite("bob").status, 201) << "an expired one gives way";
}

TEST_F(AccountPeople, a_withdrawn_invitation_is_dead) {
    make_tenant();
    Browser owner = signed_in("owner");
    const auto made = post(owner, "/users/invitations",
                           R"({"email":")" + email("cat") +
                               R"(","name":"C","roles":[{"role":"buyer","shops":null}]})");
    const std::string id = text_at(made, "/invitation_id");
    EXPECT_EQ(json_of(get(owner, "/users/invitations")).at("items").as_array().size(), 1U);
    EXPECT_EQ(ask(owner, Method::del, "/users/invitations/" + id).status, 204);
    EXPECT_EQ(code_of(ask(owner, Method::del, "/users/invitations/" + id)), "not_found");
    Browser guest;
    EXPECT_EQ(code_of(get(guest, "/invitations/" + text_at(made, "/link_token"))), "not_found");
}

TEST_F(AccountPeople, a_forgotten_password_is_set_anew_by_a_link_that_works_once) {
    const NewAccount account = make_tenant();
    const UserId ben = make_user(account.tenant, "ben", {{"buyer", std::nullopt}});
    Browser owner = signed_in("owner");
    Browser his = signed_in("ben");
    const auto reset = [&](UserId user) {
        return post(owner, "/users/" + user.text() + "/reset-password");
    };
    EXPECT_EQ(code_of(reset(account.user)), "account.not_yourself");
    const std::string first = text_at(reset(ben), "/link_token");
    const std::string token = text_at(reset(ben), "/link_token");
    Browser guest;
    EXPECT_EQ(code_of(get(guest, "/password-resets/" + first)), "not_found") << "replaced";
    EXPECT_EQ(text_at(get(guest, "/password-resets/" + token), "/email"), email("ben"));
    const std::string accept = "/password-resets/" + token + "/accept";
    const auto body = [](const std::string& text) { return R"({"password":")" + text + "\"}"; };
    EXPECT_EQ(code_of(post(guest, accept, body("Password2026!"))), "invalid_fields");
    EXPECT_EQ(code_of(post(guest, accept, body(good_password))), "account.password_used_before");
    EXPECT_EQ(level(his), "full") << "nothing has happened yet";
    const std::string next = "hJ5)bN4&mZ8(cX";
    const auto set = post(guest, accept, body(next));
    ASSERT_EQ(set.status, 200) << set.body;
    EXPECT_EQ(text_at(set, "/next"), "verify_mfa") << "the link does not replace the factor";
    EXPECT_EQ(code_of(get(guest, "/sessions")), "second_factor_needed");
    EXPECT_EQ(level(his), "none");
    EXPECT_EQ(code_of(post(guest, accept, body("vB3%nM7^tY1&"))), "not_found");
    Browser again = signed_in("ben", next);
    EXPECT_EQ(level(again), "full");
    const std::string late = text_at(reset(ben), "/link_token");
    clock().advance(password_reset_age_max);
    EXPECT_EQ(code_of(get(guest, "/password-resets/" + late)), "not_found");
    EXPECT_EQ(code_of(post(guest, "/password-resets/" + late + "/accept", body("vB3%nM7^tY1&"))),
              "not_found");
    EXPECT_EQ(audit_count(account.tenant, "account.password_reset", ""), "1");
}

TEST_F(AccountPeople, a_shop_that_is_named_must_exist) {
    const NewAccount account = make_tenant();
    const UserId ben = make_user(account.tenant, "ben", {{"buyer", std::nullopt}});
    Browser owner = signed_in("owner");
    const auto add_shop = [&](TenantId tenant) {
        Context ctx = test::DatabaseTest::tenant_context();
        ctx.tenant = tenant;
        return text_at(call(ctx, Method::post, "/shops/file",
                            R"({"name":"A","country":"GB","currency":"GBP","time_zone":"UTC"})"),
                       "/id");
    };
    const std::string mine = add_shop(account.tenant);
    const std::string theirs = add_shop(TenantId{crypto::new_uuid(clock().now())});
    const std::string none = crypto::new_id<ShopId>(clock().now()).text();
    const auto wrong_of = [&](const http::Response& response) {
        std::string out = std::to_string(response.status);
        if (response.status != 400) return out;
        const auto body = json_of(response);
        for (const auto& field : body.at("errors").as_array())
            out += " " + std::string(field.at("pointer").as_string()) + " " +
                   std::string(field.at("code").as_string());
        return out;
    };
    const auto roles = [&](const std::string& shops) {
        return R"("roles":[{"role":"warehouse","shops":null},{"role":"buyer","shops":[)" + shops +
               "]}]";
    };
    const auto list = [](const std::string& a, const std::string& b) {
        return '"' + a + "\",\"" + b + '"';
    };
    const auto invite = [&](const std::string& name, const std::string& shops) {
        return wrong_of(
            post(owner, "/users/invitations",
                 R"({"email":")" + email(name) + R"(","name":"G",)" + roles(shops) + "}"));
    };
    const auto grant = [&](const std::string& shops) {
        return wrong_of(
            ask(owner, Method::put, "/users/" + ben.text() + "/roles", "{" + roles(shops) + "}"));
    };
    const auto key = [&](const std::string& shops) {
        return wrong_of(
            post(owner, "/api-keys",
                 R"({"name":"k","permissions":["orders.read"],"shops":[)" + shops + "]}"));
    };
    for (const std::string& wrong : {none, theirs}) {
        EXPECT_EQ(invite("guest", list(mine, wrong)), "400 /roles/1/shops/1 unknown_shop");
        EXPECT_EQ(grant(list(mine, wrong)), "400 /roles/1/shops/1 unknown_shop");
        EXPECT_EQ(key(list(wrong, mine)), "400 /shops/0 unknown_shop");
    }
    EXPECT_EQ(invite("guest", '"' + mine + '"'), "201");
    EXPECT_EQ(grant('"' + mine + '"'), "200");
    EXPECT_EQ(key('"' + mine + '"'), "201");
}

TEST_F(AccountPeople, keys_are_scoped_and_end) {
    const NewAccount account = make_tenant();
    Browser owner = signed_in("owner");
    const auto code = [&](const std::string& body) {
        return code_of(post(owner, "/api-keys", body));
    };
    const auto at = [&](std::chrono::hours age) {
        return R"({"name":"k","permissions":["users.read"],"expires_at":")" +
               format_instant(clock().now() + age) + "\"}";
    };
    EXPECT_EQ(code(R"({"name":"k","permissions":[]})"), "invalid_fields");
    EXPECT_EQ(code(R"({"name":"k","permissions":["fly"]})"), "invalid_fields");
    EXPECT_EQ(code(R"({"name":"k","permissions":["users.write"]})"), "invalid_fields");
    EXPECT_EQ(code(R"({"name":"k","permissions":["api_keys.write"]})"), "invalid_fields");
    EXPECT_EQ(code(at(std::chrono::hours(24 * 365 + 1))), "invalid_fields");
    EXPECT_EQ(code(at(std::chrono::hours(0))), "invalid_fields");
    EXPECT_EQ(code(R"({"name":"k","permissions":["audit.read"],"shops":[]})"), "invalid_fields");
    const std::string key = new_key(owner, at(std::chrono::hours(48)));
    EXPECT_EQ(get_with_key(key, "/users").status, 200);
    EXPECT_EQ(code_of(get_with_key(key, "/audit")), "forbidden");
    EXPECT_EQ(code_of(get_with_key(key.substr(0, key.size() - 2) + "AA", "/users")),
              "account.key_refused");
    EXPECT_EQ(code_of(get_with_key("nonsense", "/users")), "account.key_refused");
    EXPECT_EQ(code_of(get_with_key(key, "/sessions")), "account.person_needed");
    const auto list = json_of(get(owner, "/api-keys")).at("items").as_array();
    ASSERT_EQ(list.size(), 1U);
    EXPECT_TRUE(list[0].at("last_used_at").is_string());
    EXPECT_EQ(key.find(std::string(list[0].at("prefix").as_string())), 0U);
    EXPECT_EQ(sql("select count(1) from account.api_key k where tenant_id = '" +
                  account.tenant.text() + "' and k::text like '%" + key.substr(12) + "%'"),
              "0");
    clock().advance(std::chrono::hours(48));
    EXPECT_EQ(code_of(get_with_key(key, "/users")), "account.key_refused");
    owner = signed_in("owner");
    const auto second = post(owner, "/api-keys", R"({"name":"k","permissions":["users.read"]})");
    EXPECT_EQ(text_at(second, "/expires_at"), format_instant(clock().now() + api_key_age_max));
    const std::string living = text_at(second, "/key");
    EXPECT_EQ(get_with_key(living, "/users").status, 200);
    EXPECT_EQ(ask(owner, Method::del, "/api-keys/" + text_at(second, "/id")).status, 204);
    EXPECT_EQ(code_of(get_with_key(living, "/users")), "account.key_refused") << "at once";
}

TEST_F(AccountPeople, a_key_beside_a_cookie_is_the_key_or_nobody) {
    make_tenant();
    Browser owner = signed_in("owner");
    http::Request sent = request(owner, Method::get, "/users", "");
    sent.headers.emplace_back("authorization", "Bearer nonsense");
    EXPECT_EQ(code_of(run([&] { return send(sent); })), "account.key_refused");
}

TEST_F(AccountPeople, ids_of_another_tenant_are_not_found_to_the_byte) {
    const NewAccount mine = make_tenant();
    Browser me = signed_in("owner");
    suffix_ += "x";
    const NewAccount theirs = make_tenant();
    Browser them = signed_in("owner");
    const auto invited = post(
        them, "/users/invitations",
        R"({"email":")" + email("i") + R"(","name":"I","roles":[{"role":"buyer","shops":null}]})");
    const auto key = post(them, "/api-keys", R"({"name":"k","permissions":["users.read"]})");
    const auto session = json_of(get(them, "/sessions")).at("items").as_array().at(0);
    const std::string nobody = crypto::new_uuid(clock().now()).text();
    const auto strip = [](http::Response response) {
        auto value = json_of(response).as_object();
        value.erase("request_id");
        std::string out = std::to_string(response.status) + boost::json::serialize(value);
        for (const auto& [name, text] : response.headers)
            if (name != "x-request-id") out += '\n' + name + ": " + text;
        return out;
    };
    struct Line {
        Method method;
        std::string before, id, after, body;
    };
    const std::string user = theirs.user.text();
    const std::vector<Line> lines{
        {Method::get, "/users/", user, "", ""},
        {Method::put, "/users/", user, "/roles", R"({"roles":[]})"},
        {Method::post, "/users/", user, "/disable", R"({"reason":"x"})"},
        {Method::post, "/users/", user, "/enable", "{}"},
        {Method::post, "/users/", user, "/reset-mfa", "{}"},
        {Method::post, "/users/", user, "/reset-password", "{}"},
        {Method::del, "/users/invitations/", text_at(invited, "/invitation_id"), "", ""},
        {Method::del, "/api-keys/", text_at(key, "/id"), "", ""},
        {Method::del, "/sessions/", std::string(session.at("id").as_string()), "", ""}};
    for (const Line& line : lines) {
        const auto foreign = ask(me, line.method, line.before + line.id + line.after, line.body);
        const auto absent = ask(me, line.method, line.before + nobody + line.after, line.body);
        EXPECT_EQ(foreign.status, 404) << line.before << ' ' << foreign.body;
        EXPECT_EQ(strip(foreign), strip(absent)) << line.before;
    }
    EXPECT_EQ(level(them), "full");
    const auto users = json_of(get(me, "/users")).at("items").as_array();
    ASSERT_EQ(users.size(), 1U);
    EXPECT_EQ(users[0].at("id"), boost::json::value(mine.user.text()));
    const auto audit = get(me, "/audit?object_id=" + user);
    EXPECT_EQ(json_of(audit).at("items").as_array().size(), 5U)
        << "only my own refused acts on that id";
}

TEST_F(AccountPeople, a_cookie_that_names_another_tenant_is_nobody) {
    const NewAccount mine = make_tenant();
    Browser me = signed_in("owner");
    auto raw = text::from_base64url(me.session);
    ASSERT_TRUE(raw);
    const TenantId other = crypto::new_id<TenantId>(clock().now());
    std::copy(other.value.bytes.begin(), other.value.bytes.end(), raw->begin());
    Browser moved;
    moved.session = text::to_base64url(*raw);
    EXPECT_EQ(level(moved), "none");
    EXPECT_FALSE(mine.tenant == other);
}

TEST_F(AccountPeople, tenant_settings_change_with_their_version) {
    make_tenant();
    Browser owner = signed_in("owner");
    const auto before = get(owner, "/tenant");
    EXPECT_EQ(text_at(before, "/contact/name"), "Olga Tarn");
    const auto put = [&](const std::string& body) {
        return ask(owner, Method::put, "/tenant", body);
    };
    const auto changed = put(R"({"legal_name":"New Name","book_currency":"EUR"})");
    EXPECT_EQ(text_at(changed, "/legal_name"), "New Name");
    EXPECT_EQ(text_at(changed, "/registration_number"), "91330100799655058B") << "absent stays";
    EXPECT_EQ(code_of(put(R"({"registration_number":"91330100799655058C"})")), "invalid_fields");
    EXPECT_EQ(code_of(put(R"({"time_zone":"Mars/Base"})")), "invalid_fields");
    EXPECT_EQ(code_of(put(R"({"country":"DE"})")), "200") << "18 characters are plausible there";
    http::Request stale = request(owner, Method::put, "/tenant", R"({"legal_name":"x"})");
    stale.headers.emplace_back("if-match", "\"1\"");
    EXPECT_EQ(code_of(run([&] { return send(stale); })), "version_conflict");
}

TEST_F(AccountPeople, users_come_in_pages) {
    const NewAccount account = make_tenant();
    for (const char* name : {"ada", "bea", "cid", "dan"})
        make_user(account.tenant, name, {{"buyer", std::nullopt}});
    Browser owner = signed_in("owner");
    std::string target = "/users?limit=2";
    std::vector<std::string> seen;
    for (int page = 0; page < 5; ++page) {
        const auto answer = json_of(get(owner, target));
        for (const auto& user : answer.at("items").as_array())
            seen.emplace_back(user.at("email").as_string());
        if (answer.at("next_cursor").is_null()) break;
        target = "/users?limit=2&cursor=" +
                 text::percent_encode(std::string_view(answer.at("next_cursor").as_string()));
    }
    EXPECT_EQ(seen.size(), 5U);
    EXPECT_TRUE(std::is_sorted(seen.begin(), seen.end()));
}

TEST_F(AccountPeople, the_auditor_finds_acts_and_refusals) {
    const NewAccount account = make_tenant();
    const UserId ben = make_user(account.tenant, "ben", {{"auditor", std::nullopt}});
    Browser stranger;
    post(stranger, "/sign-in", sign_in_body("owner", "Wrong;7_password"));
    Browser owner = signed_in("owner");
    const Instant begin = clock().now();
    clock().advance(std::chrono::minutes(1));
    set_roles(owner, ben, R"([{"role":"auditor","shops":null}])");
    post(owner, "/users/" + ben.text() + "/disable", "{}");
    Browser auditor = signed_in("ben");
    const auto items = [&](const std::string& query) {
        const auto answer = get(auditor, "/audit?" + query);
        EXPECT_EQ(answer.status, 200) << answer.body;
        return json_of(answer).at("items").as_array();
    };
    const auto failed = items("act=account.sign_in&result=refused");
    ASSERT_EQ(failed.size(), 1U);
    EXPECT_EQ(failed[0].at("code"), "account.sign_in_failed");
    EXPECT_EQ(failed[0].at("object_id"), boost::json::value(account.user.text()));
    const auto on_ben = items("object_id=" + ben.text());
    EXPECT_GE(on_ben.size(), 3U);
    const auto refused = items("q=account.user_disabled");
    ASSERT_EQ(refused.size(), 1U);
    EXPECT_EQ(refused[0].at("result"), "refused");
    EXPECT_EQ(refused[0].at("actor").at("name"), "Olga Tarn");
    const auto late = items("from=" + format_instant(begin) + "&actor_id=" + account.user.text());
    EXPECT_EQ(late.size(), 2U);
    EXPECT_EQ(items("to=" + format_instant(begin) + "&act=account.roles_changed").size(), 0U);
    std::vector<std::string> paged;
    std::string cursor;
    for (int i = 0; i < 100; ++i) {
        const auto answer = json_of(get(auditor, "/audit?limit=2" + cursor));
        for (const auto& entry : answer.at("items").as_array())
            paged.emplace_back(entry.at("id").as_string());
        if (answer.at("next_cursor").is_null()) break;
        cursor = "&cursor=" + std::string(answer.at("next_cursor").as_string());
    }
    EXPECT_TRUE(std::is_sorted(paged.rbegin(), paged.rend()));
    EXPECT_EQ(std::set<std::string>(paged.begin(), paged.end()).size(), paged.size());
    EXPECT_EQ(std::to_string(paged.size()),
              sql("select count(1) from platform.audit_entry where tenant_id = '" +
                  account.tenant.text() + "'"));
    EXPECT_EQ(code_of(get(auditor, "/audit?cursor=zzz")), "invalid_cursor");
    EXPECT_EQ(code_of(get(auditor, "/audit?limit=1000")), "invalid_fields");
    EXPECT_EQ(code_of(get(owner, "/audit?limit=1")), "200");
}

}  // namespace
}  // namespace entrepot::account
