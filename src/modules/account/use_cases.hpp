// What people and programs can do with accounts: the inputs, the answers and the use cases that
// routes.cpp binds. Use cases that read or set cookies take a Visitor and give a Reply.
#pragma once

#include "modules/account/account.hpp"
#include "platform/http/route.hpp"

namespace entrepot::account {

/// The cookies of a request.
struct Visitor {
    std::optional<std::string> session;
    std::optional<std::string> device;
};
/// An answer with the cookies that go with it. An empty session text ends the cookie.
template <class Out>
struct Reply {
    Out out;
    std::optional<std::string> session = std::nullopt;
    std::optional<std::string> device = std::nullopt;
};

/// What a session must do next before everything is open to it.
enum class NextStep { enrol_mfa, verify_mfa, change_password, done };
BOOST_DESCRIBE_ENUM(NextStep, enrol_mfa, verify_mfa, change_password, done)
enum class Level { none, password, full };
BOOST_DESCRIBE_ENUM(Level, none, password, full)

struct Company {
    std::string legal_name, country, registration_number, registered_address, billing_email;
};
BOOST_DESCRIBE_STRUCT(Company, (),
                      (legal_name, country, registration_number, registered_address, billing_email))
struct SignUp {
    Company company;
    Contact contact;
    std::string password, book_currency, time_zone, language;
    bool accept_terms;
};
BOOST_DESCRIBE_STRUCT(SignUp, (),
                      (company, contact, password, book_currency, time_zone, language,
                       accept_terms))
struct SignedUp {
    TenantId tenant_id;
    UserId user_id;
    NextStep next;
};
BOOST_DESCRIBE_STRUCT(SignedUp, (), (tenant_id, user_id, next))
struct SignIn {
    std::string email, password;
};
BOOST_DESCRIBE_STRUCT(SignIn, (), (email, password))
struct SignedIn {
    NextStep next;
};
BOOST_DESCRIBE_STRUCT(SignedIn, (), (next))
struct Code {
    std::string code;
};
BOOST_DESCRIBE_STRUCT(Code, (), (code))
struct ChangePassword {
    std::string current, new_password;
};
BOOST_DESCRIBE_STRUCT(ChangePassword, (), (current, new_password))
struct Enrolment {
    std::string secret_base32, otpauth_uri;
};
BOOST_DESCRIBE_STRUCT(Enrolment, (), (secret_base32, otpauth_uri))
struct Confirmed {
    std::vector<std::string> recovery_codes;
    NextStep next;
};
BOOST_DESCRIBE_STRUCT(Confirmed, (), (recovery_codes, next))

struct SessionUser {
    UserId id;
    std::string name, email, language;
    std::int64_t recovery_codes_left;
};
BOOST_DESCRIBE_STRUCT(SessionUser, (), (id, name, email, language, recovery_codes_left))
struct SessionTenant {
    TenantId id;
    std::string legal_name, book_currency, time_zone;
};
BOOST_DESCRIBE_STRUCT(SessionTenant, (), (id, legal_name, book_currency, time_zone))
struct SessionState {
    Level level = Level::none;
    std::string csrf_token;
    std::optional<SessionUser> user;
    std::optional<SessionTenant> tenant;
    std::vector<std::string> permissions;
    std::vector<std::string> roles;
    std::optional<std::vector<ShopId>> shop_scope;
    std::optional<NextStep> next;
};
BOOST_DESCRIBE_STRUCT(SessionState, (),
                      (level, csrf_token, user, tenant, permissions, roles, shop_scope, next))
struct SessionEntry {
    SessionId id;
    bool current;
    Instant created_at, last_seen_at;
    std::string ip, user_agent;
};
BOOST_DESCRIBE_STRUCT(SessionEntry, (), (id, current, created_at, last_seen_at, ip, user_agent))
struct SessionKey {
    SessionId id;
};
BOOST_DESCRIBE_STRUCT(SessionKey, (), (id))

Awaitable<Result<Reply<SignedUp>>> sign_up(Context& ctx, const Visitor& visitor, const SignUp& in);
Awaitable<Result<Reply<SignedIn>>> sign_in(Context& ctx, const Visitor& visitor, const SignIn& in);
Awaitable<Result<Reply<SignedIn>>> sign_in_with_totp(Context& ctx, const Visitor& visitor,
                                                     const Code& in);
Awaitable<Result<Reply<SignedIn>>> sign_in_with_recovery_code(Context& ctx, const Visitor& visitor,
                                                              const Code& in);
Awaitable<Result<Reply<http::NoContent>>> sign_out(Context& ctx, const Visitor& visitor,
                                                   const http::Nothing& in);
Awaitable<Result<Reply<SessionState>>> session_state(Context& ctx, const Visitor& visitor,
                                                     const http::Nothing& in);
Awaitable<Result<Enrolment>> enrol_mfa(Context& ctx, const http::Nothing& in);
Awaitable<Result<Reply<Confirmed>>> confirm_mfa(Context& ctx, const Visitor& visitor,
                                                const Code& in);
Awaitable<Result<Reply<SignedIn>>> change_password(Context& ctx, const Visitor& visitor,
                                                   const ChangePassword& in);
Awaitable<Result<http::Page<SessionEntry>>> my_sessions(Context& ctx, const http::Nothing& in);
Awaitable<Result<http::NoContent>> end_session(Context& ctx, const SessionKey& in);

struct UserKey {
    UserId id;
};
BOOST_DESCRIBE_STRUCT(UserKey, (), (id))
struct User {
    UserId id;
    std::string name, email, state;
    std::optional<std::string> disabled_reason;
    std::vector<RoleGrant> roles;
    bool mfa_enrolled;
    std::optional<Instant> last_sign_in_at;
    Instant created_at;
    std::int64_t version;
};
BOOST_DESCRIBE_STRUCT(User, (),
                      (id, name, email, state, disabled_reason, roles, mfa_enrolled,
                       last_sign_in_at, created_at, version))
struct UsersQuery {
    std::optional<std::int64_t> limit;
    std::optional<std::string> cursor;
};
BOOST_DESCRIBE_STRUCT(UsersQuery, (), (limit, cursor))
struct SetRoles {
    UserId id;
    std::vector<RoleGrant> roles;
};
BOOST_DESCRIBE_STRUCT(SetRoles, (), (id, roles))
struct DisableUser {
    UserId id;
    std::string reason;
};
BOOST_DESCRIBE_STRUCT(DisableUser, (), (id, reason))
Awaitable<Result<http::Page<User>>> users(Context& ctx, const UsersQuery& in);
Awaitable<Result<User>> user(Context& ctx, const UserKey& in);
Awaitable<Result<User>> set_roles(Context& ctx, const SetRoles& in);
Awaitable<Result<User>> disable_user(Context& ctx, const DisableUser& in);
Awaitable<Result<User>> enable_user(Context& ctx, const UserKey& in);
/// Gives a frozen user back what they had. Only a person, and not the frozen one.
Awaitable<Result<User>> release_user(Context& ctx, const UserKey& in);
Awaitable<Result<User>> reset_mfa(Context& ctx, const UserKey& in);

struct Invite {
    std::string email, name;
    std::vector<RoleGrant> roles;
};
BOOST_DESCRIBE_STRUCT(Invite, (), (email, name, roles))
struct Invited {
    InvitationId invitation_id;
    std::string link_token, link;
    Instant expires_at;
};
BOOST_DESCRIBE_STRUCT(Invited, (), (invitation_id, link_token, link, expires_at))
struct Invitation {
    InvitationId id;
    std::string email, name;
    std::vector<RoleGrant> roles;
    Instant created_at, expires_at;
};
BOOST_DESCRIBE_STRUCT(Invitation, (), (id, email, name, roles, created_at, expires_at))
struct InvitationKey {
    InvitationId id;
};
BOOST_DESCRIBE_STRUCT(InvitationKey, (), (id))
struct InvitationToken {
    std::string token;
};
BOOST_DESCRIBE_STRUCT(InvitationToken, (), (token))
struct OpenInvitation {
    std::string email, name, tenant_name;
    Instant expires_at;
};
BOOST_DESCRIBE_STRUCT(OpenInvitation, (), (email, name, tenant_name, expires_at))
struct AcceptInvitation {
    std::string token, name, password;
};
BOOST_DESCRIBE_STRUCT(AcceptInvitation, (), (token, name, password))
Awaitable<Result<Invited>> invite(Context& ctx, const Invite& in);
Awaitable<Result<http::Page<Invitation>>> invitations(Context& ctx, const http::Nothing& in);
Awaitable<Result<http::NoContent>> withdraw_invitation(Context& ctx, const InvitationKey& in);
Awaitable<Result<OpenInvitation>> open_invitation(Context& ctx, const InvitationToken& in);
Awaitable<Result<Reply<SignedIn>>> accept_invitation(Context& ctx, const Visitor& visitor,
                                                     const AcceptInvitation& in);

struct ResetLink {
    std::string link_token, link;
    Instant expires_at;
};
BOOST_DESCRIBE_STRUCT(ResetLink, (), (link_token, link, expires_at))
struct ResetToken {
    std::string token;
};
BOOST_DESCRIBE_STRUCT(ResetToken, (), (token))
struct OpenReset {
    std::string email, name, tenant_name;
    Instant expires_at;
};
BOOST_DESCRIBE_STRUCT(OpenReset, (), (email, name, tenant_name, expires_at))
struct AcceptReset {
    std::string token, password;
};
BOOST_DESCRIBE_STRUCT(AcceptReset, (), (token, password))
Awaitable<Result<ResetLink>> reset_password(Context& ctx, const UserKey& in);
Awaitable<Result<OpenReset>> open_password_reset(Context& ctx, const ResetToken& in);
Awaitable<Result<Reply<SignedIn>>> accept_password_reset(Context& ctx, const Visitor& visitor,
                                                         const AcceptReset& in);

struct RoleEntry {
    std::string name;
    std::vector<std::string> permissions;
};
BOOST_DESCRIBE_STRUCT(RoleEntry, (), (name, permissions))
Awaitable<Result<http::Page<RoleEntry>>> shipped_roles(Context& ctx, const http::Nothing& in);

struct NewKey {
    std::string name;
    std::vector<std::string> permissions;
    std::optional<std::vector<ShopId>> shops;
    std::optional<Instant> expires_at;
};
BOOST_DESCRIBE_STRUCT(NewKey, (), (name, permissions, shops, expires_at))
struct CreatedKey {
    ApiKeyId id;
    std::string key;
    Instant expires_at;
};
BOOST_DESCRIBE_STRUCT(CreatedKey, (), (id, key, expires_at))
struct KeyEntry {
    ApiKeyId id;
    std::string name, prefix;
    std::vector<std::string> permissions;
    std::optional<std::vector<ShopId>> shops;
    UserId user_id;
    std::string user_name;
    Instant created_at;
    Instant expires_at;
    std::optional<Instant> last_used_at;
};
BOOST_DESCRIBE_STRUCT(KeyEntry, (),
                      (id, name, prefix, permissions, shops, user_id, user_name, created_at,
                       expires_at, last_used_at))
struct KeyKey {
    ApiKeyId id;
};
BOOST_DESCRIBE_STRUCT(KeyKey, (), (id))
Awaitable<Result<http::Page<KeyEntry>>> api_keys(Context& ctx, const http::Nothing& in);
Awaitable<Result<CreatedKey>> create_api_key(Context& ctx, const NewKey& in);
Awaitable<Result<http::NoContent>> revoke_api_key(Context& ctx, const KeyKey& in);

struct Tenant {
    TenantId id;
    std::string legal_name, country, registration_number, registered_address, billing_email;
    Contact contact;
    std::string book_currency, time_zone, language;
    Instant created_at;
    std::int64_t version;
};
BOOST_DESCRIBE_STRUCT(Tenant, (),
                      (id, legal_name, country, registration_number, registered_address,
                       billing_email, contact, book_currency, time_zone, language, created_at,
                       version))
/// What is absent stays as it is.
struct ChangeTenant {
    std::optional<std::string> legal_name, country, registration_number, registered_address,
        billing_email, book_currency, time_zone, language;
    std::optional<Contact> contact;
    std::optional<std::int64_t> if_match;
};
BOOST_DESCRIBE_STRUCT(ChangeTenant, (),
                      (legal_name, country, registration_number, registered_address, billing_email,
                       book_currency, time_zone, language, contact, if_match))
Awaitable<Result<Tenant>> tenant(Context& ctx, const http::Nothing& in);
Awaitable<Result<Tenant>> change_tenant(Context& ctx, const ChangeTenant& in);

enum class Theme { light, dark, system };
BOOST_DESCRIBE_ENUM(Theme, light, dark, system)
enum class Density { compact, comfortable };
BOOST_DESCRIBE_ENUM(Density, compact, comfortable)
struct Preferences {
    std::optional<std::string> language;
    std::optional<Theme> theme;
    std::optional<Density> density;
    std::optional<json::RawJson> layout;  ///< the console's own: columns, widths, last filters
};
BOOST_DESCRIBE_STRUCT(Preferences, (), (language, theme, density, layout))
Awaitable<Result<Preferences>> preferences(Context& ctx, const http::Nothing& in);
/// Replaces all of them. account.preferences_too_large above 16 KiB.
Awaitable<Result<Preferences>> set_preferences(Context& ctx, const Preferences& in);

struct AuditQuery {
    std::optional<Uuid> actor_id;
    std::optional<std::string> act, object_kind, object_id, result, q, cursor;
    std::optional<Instant> from, to;
    std::optional<std::int64_t> limit;
};
BOOST_DESCRIBE_STRUCT(AuditQuery, (),
                      (actor_id, act, object_kind, object_id, result, q, cursor, from, to, limit))
struct AuditActor {
    std::string kind;
    std::optional<Uuid> id;
    std::string name;
};
BOOST_DESCRIBE_STRUCT(AuditActor, (), (kind, id, name))
struct AuditEntry {
    AuditId id;
    Instant at;
    AuditActor actor;
    std::string act, object_kind, object_id, result, code, ip, user_agent, request_id;
    json::RawJson detail;
};
BOOST_DESCRIBE_STRUCT(AuditEntry, (),
                      (id, at, actor, act, object_kind, object_id, result, code, ip, user_agent,
                       request_id, detail))
Awaitable<Result<http::Page<AuditEntry>>> audit_entries(Context& ctx, const AuditQuery& in);

}  // namespace entrepot::account
