// Accounts: tenants, the people and programs that act for them, how they prove who they are, and
// what they may do. Everything else in the server asks authenticate() once per request.
#pragma once

#include "platform/context.hpp"
#include "platform/module.hpp"

namespace entrepot::account {

namespace errors {
inline constexpr ErrorCode sign_in_failed{ErrorKind::unauthenticated, "account.sign_in_failed"};
/// Somebody read too much under this account; released by an owner or a compliance officer.
inline constexpr ErrorCode frozen{ErrorKind::forbidden, "account.frozen"};
inline constexpr ErrorCode not_frozen{ErrorKind::conflict, "account.not_frozen"};
inline constexpr ErrorCode locked_out{ErrorKind::rate_limited, "account.locked_out"};
inline constexpr ErrorCode busy{ErrorKind::rate_limited, "account.busy"};
inline constexpr ErrorCode code_wrong{ErrorKind::invalid, "account.code_wrong"};
inline constexpr ErrorCode second_factor_needed{ErrorKind::forbidden,
                                                "account.second_factor_needed"};
inline constexpr ErrorCode enrolment_missing{ErrorKind::conflict, "account.enrolment_missing"};
inline constexpr ErrorCode session_ended{ErrorKind::unauthenticated, "account.session_ended"};
inline constexpr ErrorCode key_refused{ErrorKind::unauthenticated, "account.key_refused"};
inline constexpr ErrorCode person_needed{ErrorKind::forbidden, "account.person_needed"};
inline constexpr ErrorCode not_yourself{ErrorKind::conflict, "account.not_yourself"};
inline constexpr ErrorCode email_taken{ErrorKind::conflict, "account.email_taken"};
inline constexpr ErrorCode invitation_exists{ErrorKind::conflict, "account.invitation_exists"};
inline constexpr ErrorCode password_too_young{ErrorKind::conflict, "account.password_too_young"};
inline constexpr ErrorCode password_used_before{ErrorKind::invalid, "account.password_used_before"};
inline constexpr ErrorCode current_password_wrong{ErrorKind::forbidden,
                                                  "account.current_password_wrong"};
inline constexpr ErrorCode last_owner{ErrorKind::conflict, "account.last_owner"};
inline constexpr ErrorCode rights_exceeded{ErrorKind::forbidden, "account.rights_exceeded"};
inline constexpr ErrorCode preferences_too_large{ErrorKind::too_large,
                                                 "account.preferences_too_large"};
}  // namespace errors

// How long things live. DPP 1.2 and 1.4 name the numbers of passwords, guesses and keys.
inline constexpr auto session_idle_max = std::chrono::minutes(30);
inline constexpr auto session_age_max = std::chrono::hours(12);
/// A session that has shown a password only.
inline constexpr auto unproven_session_age_max = std::chrono::minutes(10);
/// What another process may still believe of a session after it was ended.
inline constexpr auto session_cache_max = std::chrono::milliseconds(500);
inline constexpr auto invitation_age_max = std::chrono::days(7);
inline constexpr auto password_reset_age_max = std::chrono::hours(24);
inline constexpr auto api_key_age_max = std::chrono::days(365);
inline constexpr auto known_device_age_max = std::chrono::days(180);

inline constexpr std::string_view session_cookie = "__Host-entrepot";
inline constexpr std::string_view device_cookie = "__Host-entrepot-device";

/// Reads the session cookie or the API key of a request and fills tenant, actor, rights, level and
/// session. False when nobody is signed in (no cookie, or one whose session has ended). An API key
/// that is not good is an error: account.key_refused. One indexed read, or none when the same
/// credential was read within session_cache_max and nothing was revoked here since.
Awaitable<Result<bool>> authenticate(Context& ctx, const http::Request& request);

/// The X-CSRF-Token that belongs to a session cookie's value; empty when the value has not the form
/// of one. The caller compares in constant time.
std::string csrf_token_of(std::string_view session_cookie_value);

struct Contact {
    std::string name, title, email, phone;
};
BOOST_DESCRIBE_STRUCT(Contact, (), (name, title, email, phone))

/// A role on all shops (null) or on some.
struct RoleGrant {
    std::string role;
    std::optional<std::vector<ShopId>> shops;
};
BOOST_DESCRIBE_STRUCT(RoleGrant, (), (role, shops))

struct NewTenant {
    std::string legal_name;
    std::string country;
    std::string registration_number;
    std::string registered_address;
    std::string billing_email;
    Contact contact;
    std::string book_currency;
    std::string time_zone;
    std::string language;
};

struct NewUser {
    std::string email;
    std::string name;
    std::string password;
    std::string language;
    /// 160-bit seed in base32: the second factor is then enrolled already. For demo worlds, tests
    /// and the command line; people enrol theirs by themselves.
    std::optional<std::string> totp_seed = std::nullopt;
};

struct NewAccount {
    TenantId tenant;
    UserId user;
};

/// Makes a tenant and its first owner, checked like a sign-up. invalid_fields, account.email_taken.
Awaitable<Result<NewAccount>> create_tenant_with_owner(Services& services, const NewTenant& tenant,
                                                       const NewUser& owner);
/// Adds a user without an invitation, for demo worlds, tests and the command line. invalid_fields,
/// account.email_taken.
Awaitable<Result<UserId>> add_user(Services& services, TenantId tenant, const NewUser& user,
                                   const std::vector<RoleGrant>& roles);
/// The six digits that an authenticator shows for a base32 seed at a moment.
std::string totp_code(std::string_view seed_base32, Instant at);

/// ISO 4217 code of the currency in which the transaction's tenant keeps its books; nothing when
/// there is no such tenant.
Awaitable<std::optional<std::string>> book_currency(pg::Transaction& tx);
/// Emitted with the transaction that changes it: {}.
inline constexpr std::string_view book_currency_changed = "account.book_currency_changed";

/// How the tenant's accounts stand, in counts: what the proofs of compliance are made of.
struct Posture {
    std::int64_t active_users = 0, without_second_factor = 0, without_role = 0;
    std::int64_t shared_emails = 0;  ///< accounts beyond the first of an e-mail
    std::int64_t grants = 0, grants_of_unknown_roles = 0;
    std::int64_t seeds = 0, seeds_opened = 0;  ///< sealed second factors; those that our key opens
    std::int64_t passwords_expired = 0, passwords_not_argon2id = 0;
    std::int64_t sessions = 0, sessions_served_past_end = 0;
    std::int64_t api_keys = 0, api_keys_without_end = 0, api_keys_too_long = 0;
    std::int64_t api_keys_ending_soon = 0;  ///< within 30 days
    /// Probes that the password rules, as compiled, answer as DPP 1.2 asks; and all probes.
    std::int64_t password_probes = 0, password_probes_right = 0;
};
BOOST_DESCRIBE_STRUCT(Posture, (),
                      (active_users, without_second_factor, without_role, shared_emails, grants,
                       grants_of_unknown_roles, seeds, seeds_opened, passwords_expired,
                       passwords_not_argon2id, sessions, sessions_served_past_end, api_keys,
                       api_keys_without_end, api_keys_too_long, api_keys_ending_soon,
                       password_probes, password_probes_right))
Awaitable<Posture> posture(Context& ctx, pg::Transaction& tx);

/// Event, with a Contained: after an alarm, the sessions and keys of whoever raised it are dead.
inline constexpr std::string_view alarm_contained = "account.alarm_contained";
struct Contained {
    std::string subject_kind;  ///< "user", "api_key"
    Uuid subject_id;
    std::string what;  ///< the alarm's code
    /// False: the tenant's last active owner, whose sessions and keys ended, and who may sign in
    /// again.
    bool frozen;
    Instant alarm_at;  ///< the first of those that were answered together
    Instant at;
};
BOOST_DESCRIBE_STRUCT(Contained, (), (subject_kind, subject_id, what, frozen, alarm_at, at))

/// Emitted with the transaction that makes a tenant: {}.
inline constexpr std::string_view tenant_made = "account.tenant_made";

Module module();

}  // namespace entrepot::account
