// A browser and a tenant for the tests of this module: real sessions through the real dispatcher.
#pragma once

#include <boost/json.hpp>

#include "base/text.hpp"
#include "modules/account/account.hpp"
#include "modules/account/hashing.hpp"
#include "platform/runtime/runtime.hpp"
#include "support/fixture.hpp"

namespace entrepot::account {

inline const std::string good_password = "rT7;vQ2_kW9x";
inline const std::string owner_seed = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";

/// Keeps cookies and the CSRF token as a browser does.
struct Browser {
    std::string session, device, csrf;
    std::string ip = "192.0.2.1";
};

class AccountTest : public test::DatabaseTest {
protected:
    AccountTest() : dispatcher_(services(), {module()}, identity()) {
        static int count = 0;
        suffix_ = std::to_string(++count) + "-" + std::to_string(::getpid());
    }

    std::string email(const std::string& name) { return name + suffix_ + "@account.example"; }

    NewTenant company() {
        NewTenant out;
        out.legal_name = "杭州某某网络有限公司";
        out.country = "CN";
        out.registration_number = "91330100799655058B";
        out.registered_address = "Hangzhou";
        out.billing_email = "billing@account.example";
        out.contact = {"Olga Tarn", "CEO", email("owner"), "+86 571 1234567"};
        out.book_currency = "CNY";
        out.time_zone = "Asia/Shanghai";
        out.language = "zh-CN";
        return out;
    }

    /// A tenant whose owner has the second factor already.
    NewAccount make_tenant() {
        auto made = run([&]() -> Awaitable<Result<NewAccount>> {
            const NewUser owner{email("owner"), "Olga Tarn", good_password, "en", owner_seed};
            co_return co_await create_tenant_with_owner(services(), company(), owner);
        });
        EXPECT_TRUE(made.has_value()) << (made.has_error() ? made.error().detail : "");
        return *made;
    }
    UserId make_user(TenantId tenant, const std::string& name,
                     const std::vector<RoleGrant>& roles) {
        auto made = run([&]() -> Awaitable<Result<UserId>> {
            const NewUser user{email(name), "Somebody Else", good_password, "en", owner_seed};
            co_return co_await add_user(services(), tenant, user, roles);
        });
        EXPECT_TRUE(made.has_value()) << (made.has_error() ? made.error().detail : "");
        return *made;
    }

    http::Request request(Browser& browser, http::Method method, const std::string& target,
                          const std::string& body) {
        http::Request out;
        out.method = method;
        const auto mark = target.find('?');
        out.path = std::string(api::prefix) + target.substr(0, mark);
        out.query = mark == std::string::npos ? "" : target.substr(mark + 1);
        EXPECT_TRUE(http::parse_query(out.query, out.query_values));
        out.body = body;
        out.remote_ip = browser.ip;
        out.headers = {{"content-type", "application/json"}, {"user-agent", "test browser"}};
        std::string cookies;
        if (!browser.session.empty())
            cookies += std::string(session_cookie) + '=' + browser.session + "; ";
        if (!browser.device.empty()) cookies += std::string(device_cookie) + '=' + browser.device;
        if (!cookies.empty()) out.headers.emplace_back("cookie", cookies);
        if (!browser.csrf.empty()) out.headers.emplace_back("x-csrf-token", browser.csrf);
        return out;
    }
    void keep_cookies(Browser& browser, const http::Response& response) {
        for (const auto& [name, value] : response.headers) {
            if (name != "set-cookie") continue;
            const auto equals = value.find('=');
            const std::string cookie = value.substr(0, equals);
            const std::string text = value.substr(equals + 1, value.find(';') - equals - 1);
            (cookie == session_cookie ? browser.session : browser.device) = text;
        }
        browser.csrf = csrf_token_of(browser.session);
    }
    Awaitable<http::Response> send(http::Request& request) {
        co_return co_await dispatcher_.dispatch(request);
    }
    http::Response ask(Browser& browser, http::Method method, const std::string& target,
                       const std::string& body = {}) {
        http::Request sent = request(browser, method, target, body);
        const http::Response response = run([&] { return send(sent); });
        keep_cookies(browser, response);
        return response;
    }
    http::Response get(Browser& browser, const std::string& target) {
        return ask(browser, http::Method::get, target);
    }
    http::Response post(Browser& browser, const std::string& target,
                        const std::string& body = "{}") {
        return ask(browser, http::Method::post, target, body);
    }

    static boost::json::value json_of(const http::Response& response) {
        return boost::json::parse(response.body.empty() ? "null" : response.body);
    }
    static std::string code_of(const http::Response& response) {
        if (response.status < 400) return std::to_string(response.status);
        return std::string(json_of(response).at("code").as_string());
    }
    static std::string text_at(const http::Response& response, const char* pointer) {
        return std::string(json_of(response).at_pointer(pointer).as_string());
    }

    std::string sign_in_body(const std::string& name, const std::string& password = good_password) {
        return boost::json::serialize(
            boost::json::object{{"email", email(name)}, {"password", password}});
    }
    static std::string code_body(const std::string& code) { return R"({"code":")" + code + "\"}"; }
    std::string present_code() { return totp_code(owner_seed, clock().now()); }

    /// Password and second factor. The clock moves on, so that the next code is a new one.
    Browser signed_in(const std::string& name, const std::string& password = good_password) {
        Browser browser;
        EXPECT_EQ(post(browser, "/sign-in", sign_in_body(name, password)).status, 200);
        EXPECT_EQ(code_of(post(browser, "/sign-in/totp", code_body(present_code()))), "200");
        clock().advance(std::chrono::seconds(60));
        return browser;
    }

    /// Runs all requests at the same time on one loop and returns their answers.
    std::vector<http::Response> at_once(std::vector<http::Request> requests) {
        std::vector<http::Response> out(requests.size());
        std::size_t left = requests.size();
        auto body = [&]() -> Awaitable<void> {
            for (std::size_t i = 0; i < requests.size(); ++i) {
                services().runtime.spawn(
                    0,
                    [&, i]() -> Awaitable<void> {
                        out[i] = co_await send(requests[i]);
                        --left;
                    },
                    "test_request");
            }
            while (left > 0) co_await Runtime::sleep_for(std::chrono::milliseconds(5));
        };
        test::Environment::get().instance().run_once(body);
        return out;
    }

    static std::string audit_count(TenantId tenant, const std::string& act,
                                   const std::string& code) {
        return sql("select count(1) from platform.audit_entry where tenant_id = '" + tenant.text() +
                   "' and act = '" + act + "' and code = '" + code + "'");
    }

    api::Dispatcher dispatcher_;
    std::string suffix_;

private:
    static api::Identity identity() {
        api::Identity out;
        out.authenticate = [](Context& ctx, const http::Request& request) {
            return authenticate(ctx, request);
        };
        out.csrf_token = [](std::string_view cookie) { return csrf_token_of(cookie); };
        out.session_cookie = session_cookie;
        return out;
    }
};

}  // namespace entrepot::account
