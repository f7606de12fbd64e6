// Use cases on one's own account: second factor, password, sessions, preferences.
#include "modules/account/company.hpp"
#include "modules/account/guesses.hpp"
#include "modules/account/hashing.hpp"
#include "modules/account/identity.hpp"
#include "modules/account/password_rules.hpp"
#include "modules/account/people.hpp"
#include "modules/account/store.hpp"
#include "modules/account/totp.hpp"
#include "platform/audit/audit.hpp"
#include "platform/keys/secrets.hpp"

namespace entrepot::account {
namespace {
constexpr std::size_t preferences_size_max = std::size_t{16} << 10;

Error needs_person() {
    return make_error(errors::person_needed, "this needs a signed-in person, not an API key");
}
Error session_gone() {
    return make_error(errors::session_ended, "this session has ended; sign in again");
}

/// Who replaces a second factor shows the present one first.
bool may_enrol(const Context& ctx, const std::optional<store::TotpRow>& totp) {
    return !totp || !totp->seed || ctx.level == SessionLevel::full;
}

std::vector<std::string> write_recovery_codes(Context& ctx, pg::Transaction& tx, UserId user) {
    tx.defer(store::delete_recovery_codes, ctx.tenant, user);
    std::vector<std::string> codes;
    while (codes.size() < recovery_code_count) {
        codes.push_back(new_recovery_code());
        tx.defer(store::insert_recovery_code, ctx.tenant, user,
                 keyed_hash(ctx.services.secrets_key, "recovery code",
                            code_place(ctx.tenant, user) + *recovery_code_form(codes.back())),
                 ctx.now());
    }
    return codes;
}

/// Counts, checks the present password, and gives the guess back when it was right.
Awaitable<Result<bool>> check_current(Context& ctx, const store::UserRow& user,
                                      std::string_view typed) {
    const std::vector<Budget> budgets{current_password_budget(ctx.tenant, user.id)};
    const Attempt attempt = co_await count_guess(ctx.services, budgets);
    if (attempt.refused) co_return *attempt.refused;
    const auto right =
        co_await verify_password(ctx.services.runtime, user.password_hash, password_form(typed));
    if (right.has_error() || *right) co_await refund_guess(ctx.services, budgets);
    if (right.has_error()) co_return right.error();
    if (!*right)
        co_return field_error(errors::current_password_wrong, "/current", "wrong",
                              "the present password is not right");
    co_return true;
}

/// What speaks against the change, apart from the present password.
Awaitable<Result<bool>> check_new(Context& ctx, const store::UserRow& user,
                                  const std::string& password) {
    const Instant now = ctx.now();
    if (now < password_changeable_at(user.password_changed_at))
        co_return make_error(errors::password_too_young,
                             "a password stays for a day at least (DPP 1.4)");
    auto problems = password_problems(password, {user.name, user.email}, "/new_password");
    if (!problems.empty()) co_return fields_error(std::move(problems));
    CO_TRY(const bool used, co_await was_used_before(ctx.services, ctx.tenant, user.id, password));
    if (used)
        co_return field_error(errors::password_used_before, "/new_password", "used_before",
                              "one of the last ten passwords cannot come back");
    co_return true;
}
}  // namespace

Awaitable<Result<Enrolment>> enrol_mfa(Context& ctx, const http::Nothing&) {
    if (!ctx.session) co_return needs_person();
    const UserId user{ctx.actor.id};
    CO_TRY(auto secrets, co_await keys::secrets_of(ctx.services, ctx.tenant));
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<Enrolment>> {
        const auto totp = co_await tx.maybe(store::totp_of, ctx.tenant, user);
        if (!may_enrol(ctx, totp))
            co_return make_error(errors::second_factor_needed, "show the present factor first");
        const auto row = co_await tx.one(store::user_by_id, ctx.tenant, user);
        const auto company = co_await tx.one(store::tenant_by_id, ctx.tenant);
        const std::string seed = new_totp_seed();
        tx.defer(store::set_pending_seed, ctx.tenant, user,
                 pg::Bytes{secrets.seal(keys::Secret::totp_seed, user.value, seed)});
        audit::done(tx, ctx, {"account.mfa_begun", "user", user.text()});
        co_return Enrolment{seed_to_base32(seed), otpauth_uri(seed, row.email, company.legal_name)};
    };
    co_return co_await ctx.db().transaction(ctx.tenant, body);
}

Awaitable<Result<Reply<Confirmed>>> confirm_mfa(Context& ctx, const Visitor& visitor,
                                                const Code& in) {
    if (!ctx.session || !visitor.session) co_return needs_person();
    const UserId user{ctx.actor.id};
    const Budget budget = factor_budget(ctx.tenant, user, "confirm");
    const Attempt attempt = co_await count_guess(ctx.services, budget);
    if (attempt.refused) co_return *attempt.refused;
    CO_TRY(auto secrets, co_await keys::secrets_of(ctx.services, ctx.tenant));
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<Reply<Confirmed>>> {
        const auto totp = co_await tx.maybe(store::totp_of, ctx.tenant, user);
        if (!may_enrol(ctx, totp))
            co_return make_error(errors::second_factor_needed, "show the present factor first");
        if (!totp || !totp->pending_seed)
            co_return make_error(errors::enrolment_missing, "begin with POST /mfa/enrol");
        const auto seed =
            secrets.open(keys::Secret::totp_seed, user.value, totp->pending_seed->data);
        ensure(seed.has_value(), "a stored seed does not open: another keyring or a moved row");
        const auto step = matching_step(crypto::view(*seed), in.code, 0, ctx.now());
        if (!step || !co_await tx.maybe(store::confirm_seed, ctx.tenant, user, *totp->pending_seed,
                                        ctx.now(), *step))
            co_return field_error(errors::code_wrong, "/code", "wrong", "this code is not good");
        const Credential fresh = Credential::make(ctx.tenant);
        const auto old = Credential::parse(*visitor.session);
        if (!old || !co_await tx.maybe(store::promote_session, ctx.tenant, *ctx.session,
                                       old->hash(), fresh.hash(), ctx.now()))
            co_return session_gone();
        tx.defer(store::delete_sessions_but, ctx.tenant, user, *ctx.session);
        tx.defer(store::note_sign_in, ctx.tenant, user, ctx.now());
        const auto row = co_await tx.one(store::user_by_id, ctx.tenant, user);
        Reply<Confirmed> reply;
        reply.out.recovery_codes = write_recovery_codes(ctx, tx, user);
        reply.out.next = next_step(true, true, row.password_changed_at, ctx.now());
        reply.session = fresh.text;
        reply.device =
            make_device_cookie(ctx.services.secrets_key, login_hash_of(row.email), ctx.now());
        audit::done(tx, ctx, {"account.mfa_enrolled", "user", user.text()});
        tx.on_commit(&forget_identities);
        co_return reply;
    };
    auto reply = co_await ctx.db().transaction(ctx.tenant, body);
    if (reply.has_value()) co_await clear_guesses(ctx.services, budget);
    co_return reply;
}

Awaitable<Result<Reply<SignedIn>>> change_password(Context& ctx, const Visitor& visitor,
                                                   const ChangePassword& in) {
    if (!ctx.session || !visitor.session) co_return needs_person();
    const UserId id{ctx.actor.id};
    std::optional<store::UserRow> user;
    auto look = [&](pg::Transaction& tx) -> Awaitable<Result<bool>> {
        user = co_await tx.maybe(store::user_by_id, ctx.tenant, id);
        co_return co_await has_shown_second_factor(tx, visitor);
    };
    CO_TRY(const bool shown,
           co_await ctx.db().transaction(ctx.tenant, look, pg::Access::read_only));
    if (!user) co_return session_gone();
    if (!shown) co_return make_error(errors::second_factor_needed, "show the second factor first");
    CO_TRY_VOID(co_await check_current(ctx, *user, in.current));
    const std::string password = password_form(in.new_password);
    CO_TRY_VOID(co_await check_new(ctx, *user, password));
    CO_TRY(const std::string hash, co_await hash_password(ctx.services.runtime, password));
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<Reply<SignedIn>>> {
        const Credential fresh = Credential::make(ctx.tenant);
        if (!co_await replace_password(tx, ctx.services, id, user->password_hash, hash) ||
            !co_await tx.maybe(store::renew_session, ctx.tenant, *ctx.session, fresh.hash()))
            co_return session_gone();
        tx.defer(store::delete_sessions_but, ctx.tenant, id, *ctx.session);
        audit::done(tx, ctx, {"account.password_changed", "user", id.text()});
        tx.on_commit(&forget_identities);
        co_return Reply<SignedIn>{{NextStep::done}, fresh.text};
    };
    co_return co_await ctx.db().transaction(ctx.tenant, body);
}

Awaitable<Result<http::Page<SessionEntry>>> my_sessions(Context& ctx, const http::Nothing&) {
    if (!ctx.session) co_return needs_person();
    const auto rows =
        co_await ctx.db().read(ctx.tenant, store::sessions_of, ctx.tenant, UserId{ctx.actor.id},
                               ctx.now() - session_age_max, ctx.now() - session_idle_max);
    http::Page<SessionEntry> page;
    for (const store::SessionLine& row : rows) {
        if (!row.second_factor_at && ctx.now() - row.created_at >= unproven_session_age_max)
            continue;
        page.items.push_back({row.id, row.id == *ctx.session, row.created_at, row.last_seen_at,
                              row.ip, row.user_agent});
    }
    co_return page;
}

Awaitable<Result<http::NoContent>> end_session(Context& ctx, const SessionKey& in) {
    if (!ctx.session) co_return needs_person();
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<http::NoContent>> {
        if (!co_await tx.maybe(store::delete_session, ctx.tenant, UserId{ctx.actor.id}, in.id))
            co_return make_error(entrepot::errors::not_found);
        audit::done(tx, ctx, {"account.session_ended", "session", in.id.text()});
        tx.on_commit(&forget_identities);
        co_return http::NoContent{};
    };
    co_return co_await ctx.db().transaction(ctx.tenant, body);
}

Awaitable<Result<Preferences>> preferences(Context& ctx, const http::Nothing&) {
    if (ctx.actor.kind != ActorKind::user) co_return needs_person();
    const auto rows =
        co_await ctx.db().read(ctx.tenant, store::preferences_of, ctx.tenant, UserId{ctx.actor.id});
    if (rows.empty()) co_return Preferences{};
    auto stored = json::read_document<Preferences>(rows.front().text);
    ensure(stored.has_value(), "stored preferences are not readable");
    co_return *std::move(stored);
}

Awaitable<Result<Preferences>> set_preferences(Context& ctx, const Preferences& in) {
    if (ctx.actor.kind != ActorKind::user) co_return needs_person();
    if (in.language && !is_language(*in.language))
        co_return fields_error({{"/language", "unknown_language", "en or zh-CN"}});
    const std::string text = json::to_json(in);
    if (text.size() > preferences_size_max)
        co_return make_error(errors::preferences_too_large, "at most 16 KiB");
    // PostgreSQL keeps no NUL in jsonb.
    if (in.layout && in.layout->text.find("\\u0000") != std::string::npos)
        co_return fields_error({{"/layout", "invalid_text", "U+0000 cannot be kept"}});
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<Preferences>> {
        co_await tx.exec(store::set_preferences, ctx.tenant, UserId{ctx.actor.id}, pg::Json{text},
                         in.language);
        audit::done(tx, ctx, {"account.preferences_changed", "user", ctx.actor.id.text()});
        co_return in;
    };
    co_return co_await ctx.db().transaction(ctx.tenant, body);
}

}  // namespace entrepot::account
