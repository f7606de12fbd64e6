// The module's statements and their rows. Nothing decides here.
#pragma once

#include "platform/context.hpp"

namespace entrepot::account::store {

using OptionalText = std::optional<std::string>;
using OptionalInstant = std::optional<Instant>;
using OptionalShops = std::optional<std::vector<ShopId>>;

// --- before a tenant is known (login_store.cpp) ---------------------------------------------

struct LoginRow {
    TenantId tenant_id;
    UserId user_id;
};
BOOST_DESCRIBE_STRUCT(LoginRow, (), (tenant_id, user_id))
extern const pg::Statement<LoginRow(pg::Bytes)> login_by_hash;
extern const pg::Statement<void(pg::Bytes, TenantId, UserId)> insert_login;

/// key, now, limit, window in seconds, how often the window may double. Counts one guess and
/// returns the count, or no row when the budget is used up.
extern const pg::Statement<std::int64_t(pg::Bytes, Instant, std::int64_t, std::int64_t,
                                        std::int64_t)>
    take_guess;
struct GuessRow {
    Instant last_at;
    std::int64_t strikes;
};
BOOST_DESCRIBE_STRUCT(GuessRow, (), (last_at, strikes))
extern const pg::Statement<GuessRow(pg::Bytes)> guess_of;
extern const pg::Statement<void(pg::Bytes)> refund_guess;
extern const pg::Statement<void(pg::Bytes)> clear_guesses;
extern const pg::Statement<void(Instant)> sweep_guesses;

// --- tenants and users (user_store.cpp) -----------------------------------------------------

struct TenantRow {
    TenantId tenant_id;
    std::string legal_name, country, registration_number, registered_address, billing_email,
        contact_name, contact_title, contact_email, contact_phone, book_currency, time_zone,
        language;
    Instant created_at;
    std::int64_t version;
};
BOOST_DESCRIBE_STRUCT(TenantRow, (),
                      (tenant_id, legal_name, country, registration_number, registered_address,
                       billing_email, contact_name, contact_title, contact_email, contact_phone,
                       book_currency, time_zone, language, created_at, version))
extern const pg::Statement<TenantRow(TenantId)> tenant_by_id;
extern const pg::Statement<void(TenantId, std::string, std::string, std::string, std::string,
                                std::string, std::string, std::string, std::string, std::string,
                                std::string, std::string, std::string, Instant)>
    insert_tenant;
/// The last argument is the version that the caller has seen; null = any.
extern const pg::Statement<std::int64_t(TenantId, std::string, std::string, std::string,
                                        std::string, std::string, std::string, std::string,
                                        std::string, std::string, std::string, std::string,
                                        std::string, std::optional<std::int64_t>)>
    update_tenant;
extern const pg::Statement<bool(std::string)> is_time_zone;
/// Serialises changes of who owns the tenant.
extern const pg::Statement<TenantId(TenantId)> lock_tenant;
extern const pg::Statement<std::int64_t(TenantId)> count_active_owners;

struct UserRow {
    UserId id;
    std::string email, name, language, state;
    OptionalText disabled_reason;
    std::string password_hash;
    Instant password_changed_at;
    OptionalInstant last_sign_in_at;
    Instant created_at;
    std::int64_t version;
    bool mfa_enrolled;
    pg::Json roles;
};
BOOST_DESCRIBE_STRUCT(UserRow, (),
                      (id, email, name, language, state, disabled_reason, password_hash,
                       password_changed_at, last_sign_in_at, created_at, version, mfa_enrolled,
                       roles))
extern const pg::Statement<UserRow(TenantId, UserId)> user_by_id;
extern const pg::Statement<UserRow(TenantId, std::string)> user_by_email;
/// In order of e-mail, after that of the given user.
extern const pg::Statement<UserRow(TenantId, std::optional<UserId>, std::int64_t)> users_page;
extern const pg::Statement<void(TenantId, UserId, std::string, std::string, std::string,
                                std::string, Instant)>
    insert_user;
/// Whether the user is active and this still is the password; held so until the transaction ends.
extern const pg::Statement<UserId(TenantId, UserId, std::string)> hold_password;
extern const pg::Statement<void(TenantId, UserId, std::string, OptionalText)> set_user_state;
extern const pg::Statement<void(TenantId, UserId, Instant)> note_sign_in;
/// Only while the hash is still the one that was checked.
extern const pg::Statement<UserId(TenantId, UserId, std::string, std::string, Instant)>
    set_password;
extern const pg::Statement<void(TenantId, UserId, Uuid, std::string, Instant)>
    insert_password_history;
extern const pg::Statement<std::string(TenantId, UserId, std::int64_t)> password_history;
extern const pg::Statement<void(TenantId, UserId, std::int64_t)> trim_password_history;
extern const pg::Statement<pg::Json(TenantId, UserId)> preferences_of;
extern const pg::Statement<void(TenantId, UserId, pg::Json, OptionalText)> set_preferences;

extern const pg::Statement<void(TenantId, UserId, RoleGrantId, std::string, OptionalShops,
                                std::optional<UserId>, Instant)>
    insert_role_grant;
extern const pg::Statement<void(TenantId, UserId)> delete_role_grants;
/// Those of the ids that are no shop of the tenant.
extern const pg::Statement<ShopId(TenantId, std::vector<ShopId>)> unknown_shops;

struct InvitationRow {
    InvitationId id;
    std::string email, name;
    pg::Json roles;
    UserId invited_by;
    Instant created_at, expires_at;
};
BOOST_DESCRIBE_STRUCT(InvitationRow, (),
                      (id, email, name, roles, invited_by, created_at, expires_at))
extern const pg::Statement<void(TenantId, InvitationId, std::string, std::string, pg::Json,
                                pg::Bytes, UserId, Instant, Instant)>
    insert_invitation;
extern const pg::Statement<InvitationRow(TenantId)> invitations;
extern const pg::Statement<InvitationRow(TenantId, pg::Bytes, Instant)> invitation_by_token;
extern const pg::Statement<InvitationId(TenantId, pg::Bytes, Instant)> consume_invitation;
extern const pg::Statement<InvitationId(TenantId, InvitationId)> delete_invitation;
extern const pg::Statement<void(TenantId, std::string, Instant)> delete_expired_invitation;
extern const pg::Statement<void(TenantId, UserId)> delete_invitations_by;

struct ResetRow {
    UserId user_id;
    Instant expires_at;
};
BOOST_DESCRIBE_STRUCT(ResetRow, (), (user_id, expires_at))
/// Takes the place of an earlier link of that user.
extern const pg::Statement<void(TenantId, UserId, pg::Bytes, UserId, Instant, Instant)>
    put_password_reset;
extern const pg::Statement<ResetRow(TenantId, pg::Bytes, Instant)> password_reset_by_token;
extern const pg::Statement<UserId(TenantId, pg::Bytes, Instant)> consume_password_reset;
extern const pg::Statement<void(TenantId, UserId)> delete_password_resets;

// --- second factors (factor_store.cpp) ------------------------------------------------------

struct TotpRow {
    std::optional<pg::Bytes> seed, pending_seed;
    std::int64_t last_step;
};
BOOST_DESCRIBE_STRUCT(TotpRow, (), (seed, pending_seed, last_step))
extern const pg::Statement<TotpRow(TenantId, UserId)> totp_of;
extern const pg::Statement<void(TenantId, UserId, pg::Bytes)> set_pending_seed;
/// Only while that very seed is the pending one.
extern const pg::Statement<UserId(TenantId, UserId, pg::Bytes, Instant, std::int64_t)> confirm_seed;
/// The only way in: the step is remembered by the same statement that accepts it.
extern const pg::Statement<UserId(TenantId, UserId, std::int64_t)> use_step;
extern const pg::Statement<void(TenantId, UserId)> delete_totp;
extern const pg::Statement<void(TenantId, UserId, pg::Bytes, Instant)> insert_recovery_code;
extern const pg::Statement<void(TenantId, UserId)> delete_recovery_codes;
extern const pg::Statement<UserId(TenantId, UserId, pg::Bytes, Instant)> use_recovery_code;
extern const pg::Statement<std::int64_t(TenantId, UserId)> count_recovery_codes;

// --- sessions and API keys (session_store.cpp) ----------------------------------------------

struct SessionRow {
    SessionId id;
    UserId user_id;
    Instant created_at, last_seen_at;
    OptionalInstant second_factor_at;
    std::string user_name;
    Instant password_changed_at;
    pg::Json roles;
};
BOOST_DESCRIBE_STRUCT(SessionRow, (),
                      (id, user_id, created_at, last_seen_at, second_factor_at, user_name,
                       password_changed_at, roles))
/// Of an active user; whether it has ended by age is decided by the caller.
extern const pg::Statement<SessionRow(TenantId, pg::Bytes)> session_by_hash;
struct SessionLine {
    SessionId id;
    Instant created_at, last_seen_at;
    OptionalInstant second_factor_at;
    std::string ip, user_agent;
};
BOOST_DESCRIBE_STRUCT(SessionLine, (),
                      (id, created_at, last_seen_at, second_factor_at, ip, user_agent))
extern const pg::Statement<SessionLine(TenantId, UserId, Instant, Instant)> sessions_of;
extern const pg::Statement<void(TenantId, SessionId, UserId, pg::Bytes, Instant, std::string,
                                std::string)>
    insert_session;
/// New secret, second factor shown. No row when the old secret is no more.
extern const pg::Statement<SessionId(TenantId, SessionId, pg::Bytes, pg::Bytes, Instant)>
    promote_session;
/// New secret at a password change.
extern const pg::Statement<SessionId(TenantId, SessionId, pg::Bytes)> renew_session;
extern const pg::Statement<void(TenantId, SessionId, Instant, Instant)> touch_session;
extern const pg::Statement<SessionId(TenantId, UserId, SessionId)> delete_session;
extern const pg::Statement<void(TenantId, UserId, std::optional<SessionId>)> delete_sessions_but;
extern const pg::Statement<void(TenantId, UserId, Instant, Instant)> delete_ended_sessions;

struct KeyRow {
    ApiKeyId id;
    UserId user_id;
    std::string name;
    std::vector<std::string> permissions;
    OptionalShops shops;
    Instant expires_at;
    OptionalInstant last_used_at;
    pg::Json roles;
};
BOOST_DESCRIBE_STRUCT(KeyRow, (),
                      (id, user_id, name, permissions, shops, expires_at, last_used_at, roles))
/// Not revoked, of an active user.
extern const pg::Statement<KeyRow(TenantId, pg::Bytes)> key_by_hash;
struct KeyLine {
    ApiKeyId id;
    std::string name, prefix;
    std::vector<std::string> permissions;
    OptionalShops shops;
    UserId user_id;
    std::string user_name;
    Instant created_at;
    Instant expires_at;
    OptionalInstant last_used_at;
};
BOOST_DESCRIBE_STRUCT(KeyLine, (),
                      (id, name, prefix, permissions, shops, user_id, user_name, created_at,
                       expires_at, last_used_at))
extern const pg::Statement<KeyLine(TenantId)> api_keys;
extern const pg::Statement<void(TenantId, ApiKeyId, UserId, std::string, std::string, pg::Bytes,
                                std::vector<std::string>, OptionalShops, Instant, Instant)>
    insert_key;
extern const pg::Statement<ApiKeyId(TenantId, ApiKeyId, Instant)> revoke_key;
extern const pg::Statement<void(TenantId, UserId, Instant)> revoke_keys_of;
extern const pg::Statement<void(TenantId, ApiKeyId, Instant, Instant)> touch_key;

// --- how accounts stand (posture_store.cpp) --------------------------------------------------

struct PostureRow {
    std::int64_t active_users, without_second_factor, without_role, shared_emails, grants,
        grants_of_unknown_roles, passwords_expired, passwords_not_argon2id, sessions,
        sessions_served_past_end, api_keys, api_keys_without_end, api_keys_too_long,
        api_keys_ending_soon;
};
BOOST_DESCRIBE_STRUCT(PostureRow, (),
                      (active_users, without_second_factor, without_role, shared_emails, grants,
                       grants_of_unknown_roles, passwords_expired, passwords_not_argon2id, sessions,
                       sessions_served_past_end, api_keys, api_keys_without_end, api_keys_too_long,
                       api_keys_ending_soon))
/// tenant, shipped roles, passwords older than this, longest session and longest unproven session
/// in seconds, longest key in seconds, now, keys ending before this.
extern const pg::Statement<PostureRow(TenantId, std::vector<std::string>, Instant, std::int64_t,
                                      std::int64_t, std::int64_t, Instant, Instant)>
    posture;
struct SeedRow {
    UserId user_id;
    pg::Bytes seed;
};
BOOST_DESCRIBE_STRUCT(SeedRow, (), (user_id, seed))
extern const pg::Statement<SeedRow(TenantId)> confirmed_seeds;

// --- audit (audit_store.cpp) ----------------------------------------------------------------

struct AuditRow {
    AuditId id;
    Instant at;
    std::string actor_kind;
    std::optional<Uuid> actor_id;
    std::string actor_name, act, object_kind, object_id, result, code, ip, user_agent, request_id;
    std::string detail;
};
BOOST_DESCRIBE_STRUCT(AuditRow, (),
                      (id, at, actor_kind, actor_id, actor_name, act, object_kind, object_id,
                       result, code, ip, user_agent, request_id, detail))
/// Newest first: tenant, before (id), from (id), actor, act prefix, object kind, object id, result,
/// free text, limit.
extern const pg::Statement<AuditRow(TenantId, AuditId, AuditId, std::optional<Uuid>, OptionalText,
                                    OptionalText, OptionalText, OptionalText, OptionalText,
                                    std::int64_t)>
    audit_page;

}  // namespace entrepot::account::store
