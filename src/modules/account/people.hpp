// How a user comes to be, whoever makes it: checked, hashed, written with login and first grants.
#pragma once

#include "modules/account/account.hpp"
#include "modules/account/credential.hpp"
#include "modules/account/store.hpp"
#include "modules/account/use_cases.hpp"

namespace entrepot::account {

/// Where the fields stand in the caller's input.
struct UserPointers {
    std::string email = "/email";
    std::string name = "/name";
    std::string password = "/password";
};

/// A user that is ready to be written.
struct CheckedUser {
    UserId id;
    std::string email, name, language, password_hash;
    std::optional<std::string> totp_seed;
    std::optional<pg::Bytes> sealed_seed;  ///< by seal_seed
};

pg::Bytes login_hash_of(std::string_view canonical_email);

/// Violations of text fields: required, too_long, invalid_email, …
void check_text(std::vector<FieldError>& problems, const std::string& pointer,
                std::string_view value, std::size_t length_max);
Error fields_error(std::vector<FieldError> problems);

/// Checks and hashes; `problems` are those found before. invalid_fields, account.busy.
Awaitable<Result<CheckedUser>> check_user(Services& services, NewUser user, UserPointers pointers,
                                          std::vector<FieldError> problems);
/// Seals the second factor that the user comes with, if any. keys.unavailable.
Awaitable<Result<bool>> seal_seed(Services& services, TenantId tenant, CheckedUser& user);
/// Writes user, login, password history, grants and, when sealed, the second factor.
void write_user(pg::Transaction& tx, Services& services, const CheckedUser& user,
                const std::vector<RoleGrant>& grants, std::optional<UserId> granted_by);

/// Whether a password (in its form) is one of the user's last ten. account.busy.
Awaitable<Result<bool>> was_used_before(Services& services, TenantId tenant, UserId user,
                                        const std::string& password);
/// Replaces the password while it still is the one of `user`, and remembers it. False when
/// somebody else was faster.
Awaitable<bool> replace_password(pg::Transaction& tx, Services& services, UserId user,
                                 const std::string& old_hash, const std::string& new_hash);

/// A new session of the user that has shown a password; returns the cookie's value.
Credential open_session(Context& ctx, pg::Transaction& tx, UserId user);

/// The user that an act is about, with the tenant locked against changes of ownership meanwhile.
/// not_found; account.rights_exceeded when the user may do more than the actor.
Awaitable<Result<store::UserRow>> target_user(Context& ctx, pg::Transaction& tx, UserId id);

/// What a person in this state must do next.
NextStep next_step(bool mfa_enrolled, bool second_factor_shown, Instant password_changed_at,
                   Instant now);

/// Whether a session has shown its second factor, even if the password's age keeps it from more.
Awaitable<bool> has_shown_second_factor(pg::Transaction& tx, const Visitor& visitor);

/// Who a recovery code belongs to, as its hash is keyed.
std::string code_place(TenantId tenant, UserId user);

}  // namespace entrepot::account
