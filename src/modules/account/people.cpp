// Checks in one place, rows in one place.
#include "modules/account/people.hpp"

#include "base/text.hpp"
#include "modules/account/company.hpp"
#include "modules/account/hashing.hpp"
#include "modules/account/login_name.hpp"
#include "modules/account/password_rules.hpp"
#include "modules/account/store.hpp"
#include "modules/account/totp.hpp"
#include "platform/keys/secrets.hpp"

namespace entrepot::account {
namespace {
constexpr std::size_t name_length_max = 100;
constexpr std::size_t user_agent_size_max = 300;
}  // namespace

pg::Bytes login_hash_of(std::string_view canonical_email) {
    return named_hash("login", canonical_email);
}

void check_text(std::vector<FieldError>& problems, const std::string& pointer,
                std::string_view value, std::size_t length_max) {
    if (text::trim(value).empty())
        problems.push_back({pointer, "required", "this member is required"});
    else if (!text::is_utf8(value) || text::has_control(value))
        problems.push_back({pointer, "invalid_text", "this text cannot be kept"});
    else if (text::length(value) > length_max)
        problems.push_back(
            {pointer, "too_long", "at most " + std::to_string(length_max) + " characters"});
}

Error fields_error(std::vector<FieldError> problems) {
    return Error{entrepot::errors::invalid_fields,
                 "the request has fields that are not valid; see errors", std::move(problems), 0};
}

Awaitable<Result<CheckedUser>> check_user(Services& services, NewUser user, UserPointers pointers,
                                          std::vector<FieldError> problems) {
    CheckedUser out;
    const auto email = canonical_email(user.email);
    if (!email) problems.push_back({pointers.email, "invalid_email", "an e-mail is expected here"});
    check_text(problems, pointers.name, user.name, name_length_max);
    if (!is_language(user.language))
        problems.push_back({"/language", "unknown_language", "en or zh-CN"});
    const std::string password = password_form(user.password);
    for (FieldError& problem :
         password_problems(password, {user.name, email.value_or("")}, pointers.password))
        problems.push_back(std::move(problem));
    if (user.totp_seed) {
        out.totp_seed = seed_from_base32(*user.totp_seed);
        if (!out.totp_seed)
            problems.push_back({"/totp_seed", "invalid_seed", "32 characters of base32"});
    }
    if (!problems.empty()) co_return fields_error(std::move(problems));
    out.id = crypto::new_id<UserId>(services.clock.now());
    out.email = *email;
    out.name = std::string(text::trim(user.name));
    out.language = user.language;
    CO_TRY(out.password_hash, co_await hash_password(services.runtime, password));
    co_return out;
}

Awaitable<Result<bool>> seal_seed(Services& services, TenantId tenant, CheckedUser& user) {
    if (!user.totp_seed) co_return true;
    CO_TRY(auto secrets, co_await keys::secrets_of(services, tenant));
    user.sealed_seed =
        pg::Bytes{secrets.seal(keys::Secret::totp_seed, user.id.value, *user.totp_seed)};
    co_return true;
}

void write_user(pg::Transaction& tx, Services& services, const CheckedUser& user,
                const std::vector<RoleGrant>& grants, std::optional<UserId> granted_by) {
    const TenantId tenant = tx.tenant();
    const Instant now = services.clock.now();
    tx.defer(store::insert_user, tenant, user.id, user.email, user.name, user.language,
             user.password_hash, now);
    tx.defer(store::insert_login, login_hash_of(user.email), tenant, user.id);
    tx.defer(store::insert_password_history, tenant, user.id, crypto::new_uuid(now),
             user.password_hash, now);
    for (const RoleGrant& grant : grants)
        tx.defer(store::insert_role_grant, tenant, user.id, crypto::new_id<RoleGrantId>(now),
                 grant.role, grant.shops, granted_by, now);
    if (!user.sealed_seed) return;
    tx.defer(store::set_pending_seed, tenant, user.id, *user.sealed_seed);
    tx.defer(store::confirm_seed, tenant, user.id, *user.sealed_seed, now, 0);
}

Awaitable<Result<bool>> was_used_before(Services& services, TenantId tenant, UserId user,
                                        const std::string& password) {
    const auto hashes =
        co_await services.db.read(tenant, store::password_history, tenant, user,
                                  static_cast<std::int64_t>(password_history_length));
    for (const std::string& hash : hashes) {
        CO_TRY(const bool same, co_await verify_password(services.runtime, hash, password));
        if (same) co_return true;
    }
    co_return false;
}

Awaitable<bool> replace_password(pg::Transaction& tx, Services& services, UserId user,
                                 const std::string& old_hash, const std::string& new_hash) {
    const Instant now = services.clock.now();
    if (!co_await tx.maybe(store::set_password, tx.tenant(), user, old_hash, new_hash, now))
        co_return false;
    tx.defer(store::insert_password_history, tx.tenant(), user, crypto::new_uuid(now), new_hash,
             now);
    tx.defer(store::trim_password_history, tx.tenant(), user,
             static_cast<std::int64_t>(password_history_length));
    co_return true;
}

Credential open_session(Context& ctx, pg::Transaction& tx, UserId user) {
    const Credential credential = Credential::make(tx.tenant());
    const Instant now = ctx.now();
    tx.defer(store::delete_ended_sessions, tx.tenant(), user, now - session_age_max,
             now - session_idle_max);
    tx.defer(store::insert_session, tx.tenant(), ctx.new_id<SessionId>(), user, credential.hash(),
             now, ctx.remote_ip, ctx.user_agent.substr(0, user_agent_size_max));
    return credential;
}

NextStep next_step(bool mfa_enrolled, bool second_factor_shown, Instant password_changed_at,
                   Instant now) {
    if (!mfa_enrolled) return NextStep::enrol_mfa;
    if (!second_factor_shown) return NextStep::verify_mfa;
    return is_password_expired(password_changed_at, now) ? NextStep::change_password
                                                         : NextStep::done;
}

Awaitable<bool> has_shown_second_factor(pg::Transaction& tx, const Visitor& visitor) {
    const auto credential = Credential::parse(visitor.session.value_or(""));
    if (!credential) co_return false;
    const auto row = co_await tx.maybe(store::session_by_hash, tx.tenant(), credential->hash());
    co_return row && row->second_factor_at;
}

std::string code_place(TenantId tenant, UserId user) {
    return "recovery code|" + tenant.text() + '|' + user.text();
}

}  // namespace entrepot::account
