// Route lines, and the adapter of use cases that read and set cookies.
#include "modules/account/routes.hpp"

#include "modules/account/use_cases.hpp"

namespace entrepot::account {
namespace {
using http::Gate;
using http::Method;

std::string cookie_text(std::string_view name, const std::string& value, std::int64_t age_s) {
    std::string out =
        std::string(name) + '=' + value + "; Path=/; Secure; HttpOnly; SameSite=Strict";
    if (value.empty() || age_s > 0) out += "; Max-Age=" + std::to_string(value.empty() ? 0 : age_s);
    return out;
}

template <class Out>
struct ReplyTo;
template <class Result, class Input>
struct ReplyTo<Awaitable<entrepot::Result<Reply<Result>>> (*)(Context&, const Visitor&,
                                                              const Input&)> {
    using In = Input;
    using Out = Result;
};

template <auto Function>
Awaitable<http::Response> adapt_visit(Context& ctx, const http::Request& request) {
    using Case = ReplyTo<decltype(Function)>;
    const Visitor visitor{request.cookie(session_cookie), request.cookie(device_cookie)};
    auto in = http::read_input<typename Case::In>(request);
    if (in.has_error()) co_return http::problem(in.error(), ctx.request_id);
    auto reply = co_await Function(ctx, visitor, *in);
    if (reply.has_error()) co_return http::problem(reply.error(), ctx.request_id);
    http::Response response;
    if constexpr (std::is_same_v<typename Case::Out, http::NoContent>)
        response.status = 204;
    else
        response.body = json::to_json(reply->out);
    if (reply->session)
        response.headers.emplace_back("set-cookie",
                                      cookie_text(session_cookie, *reply->session, 0));
    if (reply->device) {
        const auto age = std::chrono::seconds(known_device_age_max).count();
        response.headers.emplace_back("set-cookie",
                                      cookie_text(device_cookie, *reply->device, age));
    }
    co_return response;
}

template <auto Function>
http::Route visit(Method method, std::string_view path, Gate gate, std::string_view act,
                  std::string_view summary) {
    using Case = ReplyTo<decltype(Function)>;
    http::Route route{};
    route.method = method;
    route.path = path;
    route.gate = gate;
    route.permission = Permission::count_;
    route.handler = &adapt_visit<Function>;
    route.summary = summary;
    route.act = act;
    route.input_schema = [] { return json::schema_of<typename Case::In>(json::Direction::input); };
    if constexpr (!std::is_same_v<typename Case::Out, http::NoContent>)
        route.output_schema = [] {
            return json::schema_of<typename Case::Out>(json::Direction::output);
        };
    else
        route.success_status = 204;
    return route;
}

http::Route named(http::Route route, std::string_view act) {
    route.act = act;
    return route;
}
/// 201, but no Idempotency-Key: the answer holds a secret that is not kept.
http::Route created(http::Route route, std::string_view act) {
    route.success_status = 201;
    return named(route, act);
}
}  // namespace

namespace {
/// Sign-up, sign-in and one's own account.
std::vector<http::Route> own_lines() {
    return {
        created(visit<&sign_up>(Method::post, "/sign-up", Gate::open, "",
                                "Make a company account and its first owner."),
                "account.sign_up"),
        visit<&sign_in>(Method::post, "/sign-in", Gate::open, "account.sign_in",
                        "Sign in with e-mail and password; the answer says what comes next."),
        visit<&sign_in_with_totp>(Method::post, "/sign-in/totp", Gate::password,
                                  "account.second_factor", "Show the second factor."),
        visit<&sign_in_with_recovery_code>(Method::post, "/sign-in/recovery-code", Gate::password,
                                           "account.recovery_code_used",
                                           "Show a recovery code in place of the second factor."),
        visit<&sign_out>(Method::post, "/sign-out", Gate::password, "account.sign_out",
                         "End this session."),
        visit<&session_state>(Method::get, "/session", Gate::open, "",
                              "Who is signed in, with which rights, and what comes next."),
        named(http::post<&enrol_mfa>("/mfa/enrol", Gate::password,
                                     "Begin to set up an authenticator."),
              "account.mfa_begun"),
        visit<&confirm_mfa>(Method::post, "/mfa/confirm", Gate::password, "account.mfa_enrolled",
                            "Confirm the authenticator; gives ten recovery codes, once."),
        visit<&change_password>(Method::post, "/password", Gate::password,
                                "account.password_changed",
                                "Change one's own password; other sessions end."),
        http::get<&my_sessions>("/sessions", Gate::member, "One's own sessions."),
        named(http::del<&end_session>("/sessions/{id}", Gate::member, "End one of one's sessions."),
              "account.session_ended"),
        http::get<&open_password_reset>("/password-resets/{token}", Gate::open,
                                        "Whose password a link sets."),
        visit<&accept_password_reset>(Method::post, "/password-resets/{token}/accept", Gate::open,
                                      "account.password_reset",
                                      "Set a new password; the second factor stays."),
        http::get<&preferences>("/me/preferences", Gate::member, "One's own preferences."),
        named(http::put<&set_preferences>("/me/preferences", Gate::member,
                                          "Replace one's own preferences, at most 16 KiB."),
              "account.preferences_changed"),
    };
}

/// Colleagues, keys, the company and the audit.
std::vector<http::Route> tenant_lines() {
    using enum Permission;
    return {
        http::get<&users>("/users", users_read, "Users by e-mail."),
        http::get<&user>("/users/{id}", users_read, "One user."),
        named(http::put<&set_roles>("/users/{id}/roles", users_write,
                                    "Replace a user's roles; the user's sessions end."),
              "account.roles_changed"),
        named(http::post<&disable_user>("/users/{id}/disable", users_write,
                                        "Disable a user: sessions and keys are dead at once."),
              "account.user_disabled"),
        named(http::post<&enable_user>("/users/{id}/enable", users_write, "Enable a user again."),
              "account.user_enabled"),
        named(http::post<&release_user>("/users/{id}/release", compliance_write,
                                        "Release a user whom an alarm has frozen."),
              "account.user_released"),
        named(http::post<&reset_mfa>("/users/{id}/reset-mfa", users_write,
                                     "Take away a user's second factor, to be set up anew."),
              "account.mfa_reset"),
        created(http::post<&reset_password>("/users/{id}/reset-password", users_write,
                                            "Make a link that sets a new password; shown once."),
                "account.password_reset_made"),
        created(http::post<&invite>("/users/invitations", users_write,
                                    "Invite somebody; the link is shown once."),
                "account.user_invited"),
        http::get<&invitations>("/users/invitations", users_read, "Open invitations."),
        named(http::del<&withdraw_invitation>("/users/invitations/{id}", users_write,
                                              "Withdraw an invitation."),
              "account.invitation_withdrawn"),
        http::get<&open_invitation>("/invitations/{token}", Gate::open,
                                    "What an invitation link says."),
        visit<&accept_invitation>(Method::post, "/invitations/{token}/accept", Gate::open,
                                  "account.invitation_accepted",
                                  "Accept an invitation with a name and a password."),
        http::get<&shipped_roles>("/roles", Gate::member, "Roles and what they may do."),
        http::get<&api_keys>("/api-keys", api_keys_write, "API keys that are not withdrawn."),
        created(http::post<&create_api_key>("/api-keys", api_keys_write,
                                            "Make an API key; it is shown once."),
                "account.api_key_created"),
        named(http::del<&revoke_api_key>("/api-keys/{id}", api_keys_write, "Withdraw an API key."),
              "account.api_key_revoked"),
        http::get<&tenant>("/tenant", Gate::member, "The company and its settings."),
        named(http::put<&change_tenant>("/tenant", tenant_write,
                                        "Change the company's settings; what is absent stays."),
              "account.tenant_changed"),
        http::get<&audit_entries>("/audit", audit_read, "Acts and refused acts, newest first."),
    };
}
}  // namespace

std::vector<http::Route> route_lines() {
    std::vector<http::Route> lines = own_lines();
    for (http::Route& line : tenant_lines()) lines.push_back(line);
    return lines;
}

}  // namespace entrepot::account
