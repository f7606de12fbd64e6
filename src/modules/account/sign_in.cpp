// Use cases of proving who one is: password, second factor, recovery code, and leaving.
#include "base/text.hpp"
#include "modules/account/guesses.hpp"
#include "modules/account/hashing.hpp"
#include "modules/account/identity.hpp"
#include "modules/account/login_name.hpp"
#include "modules/account/password_rules.hpp"
#include "modules/account/people.hpp"
#include "modules/account/rights.hpp"
#include "modules/account/store.hpp"
#include "modules/account/totp.hpp"
#include "platform/audit/audit.hpp"
#include "platform/keys/secrets.hpp"

namespace entrepot::account {
namespace {
constexpr std::size_t typed_size_max = 1000;

std::string login_typed(std::string_view email) {
    if (auto canonical = canonical_email(email)) return *std::move(canonical);
    return "not an e-mail: " + folded(email.substr(0, typed_size_max));
}

std::optional<std::string> device_of(Context& ctx, const Visitor& visitor,
                                     const pg::Bytes& login_hash) {
    if (!visitor.device) return std::nullopt;
    return known_device(ctx.services.secrets_key, login_hash, *visitor.device, ctx.now());
}

/// Refusals are written for unknown logins too, under no tenant: the trace is kept, and the answer
/// takes the same way and time.
Awaitable<void> note_refusal(const Context& ctx, const Attempt& attempt, std::string_view code) {
    Context acting = ctx;
    acting.tenant = attempt.login ? attempt.login->tenant_id : TenantId{};
    acting.actor = {};
    const std::string object = attempt.login ? attempt.login->user_id.text() : std::string();
    co_await audit::refused(acting, {"account.sign_in", "user", object}, std::string(code));
}

Error failed() {
    return make_error(errors::sign_in_failed, "e-mail or password is not right");
}

Error wrong_code() {
    return field_error(errors::code_wrong, "/code", "wrong", "this code is not good, or was used");
}

Error session_gone() {
    return make_error(errors::session_ended, "this session has ended; sign in again");
}

/// What a second factor is checked for.
struct Factor {
    UserId user;
    pg::Bytes login_hash;
    Instant password_changed_at;
    Budget budget;
};

/// Counts a guess of the second factor of the person behind the session.
Awaitable<Result<Factor>> begin_factor(Context& ctx, const Visitor& visitor) {
    if (!ctx.session || !visitor.session)
        co_return make_error(errors::person_needed, "an API key has no second factor");
    const UserId user{ctx.actor.id};
    const auto rows = co_await ctx.db().read(ctx.tenant, store::user_by_id, ctx.tenant, user);
    if (rows.empty()) co_return session_gone();
    Factor factor{user, login_hash_of(rows.front().email), rows.front().password_changed_at, {}};
    factor.budget = factor_budget(ctx.tenant, user, device_of(ctx, visitor, factor.login_hash));
    const Attempt attempt = co_await count_guess(ctx.services, factor.budget);
    if (attempt.refused) co_return *attempt.refused;
    co_return factor;
}

/// The session gets a new secret and is full from now on; the old secret is dead with the commit.
Awaitable<Result<Reply<SignedIn>>> step_up(Context& ctx, pg::Transaction& tx,
                                           const Visitor& visitor, const Factor& factor,
                                           std::string_view act) {
    const auto old = Credential::parse(*visitor.session);
    if (!old) co_return session_gone();
    const Credential fresh = Credential::make(ctx.tenant);
    if (!co_await tx.maybe(store::promote_session, ctx.tenant, *ctx.session, old->hash(),
                           fresh.hash(), ctx.now()))
        co_return session_gone();
    tx.defer(store::note_sign_in, ctx.tenant, factor.user, ctx.now());
    audit::done(tx, ctx, {act, "user", factor.user.text()});
    tx.on_commit(&forget_identities);
    co_return Reply<SignedIn>{
        {next_step(true, true, factor.password_changed_at, ctx.now())},
        fresh.text,
        make_device_cookie(ctx.services.secrets_key, factor.login_hash, ctx.now())};
}
}  // namespace

Awaitable<Result<Reply<SignedIn>>> sign_in(Context& ctx, const Visitor& visitor, const SignIn& in) {
    const pg::Bytes login_hash = login_hash_of(login_typed(in.email));
    const auto device = device_of(ctx, visitor, login_hash);
    const std::vector<Budget> budgets{address_budget("sign-in", ctx.remote_ip),
                                      login_budget(login_hash, device)};
    const Attempt attempt = co_await count_guess(ctx.services, budgets, login_hash);
    if (attempt.refused) {
        co_await note_refusal(ctx, attempt, errors::locked_out.name);
        co_return *attempt.refused;
    }
    const store::LoginRow login = attempt.login.value_or(store::LoginRow{});
    const auto rows =
        co_await ctx.db().read(login.tenant_id, store::user_by_id, login.tenant_id, login.user_id);
    const bool frozen = !rows.empty() && rows.front().state == "frozen";
    const bool known = !rows.empty() && (frozen || rows.front().state == "active") &&
                       in.password.size() <= typed_size_max;
    const auto good = co_await verify_password(
        ctx.services.runtime, known ? rows.front().password_hash : dummy_hash(),
        password_form(std::string_view(in.password).substr(0, typed_size_max)));
    if (good.has_error()) {
        co_await refund_guess(ctx.services, budgets);
        co_return good.error();
    }
    if (!known || !*good) {
        co_await note_refusal(ctx, attempt, errors::sign_in_failed.name);
        co_return failed();
    }
    co_await refund_guess(ctx.services, budgets);
    if (frozen) {
        // Only who knows the password hears of it.
        co_await note_refusal(ctx, attempt, errors::frozen.name);
        co_return make_error(errors::frozen,
                             "this account is frozen after an alarm; an owner or a compliance "
                             "officer can release it");
    }
    const store::UserRow& user = rows.front();
    Context acting = ctx;
    acting.tenant = login.tenant_id;
    acting.actor = {ActorKind::user, user.id.value, user.name};
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<Reply<SignedIn>>> {
        // Disabling and a new password end sessions; one that opens meanwhile must not escape them.
        if (!co_await tx.maybe(store::hold_password, acting.tenant, user.id, user.password_hash))
            co_return failed();
        const Credential credential = open_session(acting, tx, user.id);
        audit::done(tx, acting, {"account.sign_in", "user", user.id.text()});
        const NextStep next =
            next_step(user.mfa_enrolled, false, user.password_changed_at, ctx.now());
        co_return Reply<SignedIn>{{next}, credential.text};
    };
    co_return co_await ctx.db().transaction(acting.tenant, body);
}

Awaitable<Result<Reply<SignedIn>>> sign_in_with_totp(Context& ctx, const Visitor& visitor,
                                                     const Code& in) {
    CO_TRY(const Factor factor, co_await begin_factor(ctx, visitor));
    CO_TRY(auto secrets, co_await keys::secrets_of(ctx.services, ctx.tenant));
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<Reply<SignedIn>>> {
        const auto totp = co_await tx.maybe(store::totp_of, ctx.tenant, factor.user);
        if (!totp || !totp->seed)
            co_return make_error(errors::enrolment_missing, "set up the second factor first");
        const auto seed =
            secrets.open(keys::Secret::totp_seed, factor.user.value, totp->seed->data);
        ensure(seed.has_value(), "a stored seed does not open: another keyring or a moved row");
        const auto step = matching_step(crypto::view(*seed), in.code, totp->last_step, ctx.now());
        if (!step || !co_await tx.maybe(store::use_step, ctx.tenant, factor.user, *step))
            co_return wrong_code();
        co_return co_await step_up(ctx, tx, visitor, factor, "account.second_factor");
    };
    auto reply = co_await ctx.db().transaction(ctx.tenant, body);
    if (reply.has_value()) co_await clear_guesses(ctx.services, factor.budget);
    co_return reply;
}

Awaitable<Result<Reply<SignedIn>>> sign_in_with_recovery_code(Context& ctx, const Visitor& visitor,
                                                              const Code& in) {
    CO_TRY(const Factor factor, co_await begin_factor(ctx, visitor));
    const auto code = recovery_code_form(in.code);
    if (!code) co_return wrong_code();
    const pg::Bytes hash = keyed_hash(ctx.services.secrets_key, "recovery code",
                                      code_place(ctx.tenant, factor.user) + *code);
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<Reply<SignedIn>>> {
        if (!co_await tx.maybe(store::use_recovery_code, ctx.tenant, factor.user, hash, ctx.now()))
            co_return wrong_code();
        co_return co_await step_up(ctx, tx, visitor, factor, "account.recovery_code_used");
    };
    auto reply = co_await ctx.db().transaction(ctx.tenant, body);
    if (reply.has_value()) co_await clear_guesses(ctx.services, factor.budget);
    co_return reply;
}

Awaitable<Result<Reply<http::NoContent>>> sign_out(Context& ctx, const Visitor&,
                                                   const http::Nothing&) {
    if (!ctx.session) co_return make_error(errors::person_needed, "an API key is not signed in");
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<bool>> {
        co_await tx.maybe(store::delete_session, ctx.tenant, UserId{ctx.actor.id}, *ctx.session);
        audit::done(tx, ctx, {"account.sign_out", "session", ctx.session->text()});
        tx.on_commit(&forget_identities);
        co_return true;
    };
    CO_TRY_VOID(co_await ctx.db().transaction(ctx.tenant, body));
    co_return Reply<http::NoContent>{{}, ""};
}

Awaitable<Result<Reply<SessionState>>> session_state(Context& ctx, const Visitor& visitor,
                                                     const http::Nothing&) {
    Reply<SessionState> reply;
    // A dead cookie is taken back, so that the browser stops sending it.
    if (visitor.session && ctx.level == SessionLevel::none) reply.session = "";
    if (ctx.level == SessionLevel::none) co_return reply;
    SessionState& state = reply.out;
    state.level = ctx.level == SessionLevel::full ? Level::full : Level::password;
    if (visitor.session) state.csrf_token = csrf_token_of(*visitor.session);
    for (const std::string_view name : ctx.rights.permissions.names())
        state.permissions.emplace_back(name);
    state.shop_scope = ctx.rights.scope_of(Permission::orders_read).shops;
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<bool>> {
        if (const auto row = co_await tx.maybe(store::tenant_by_id, ctx.tenant))
            state.tenant =
                SessionTenant{row->tenant_id, row->legal_name, row->book_currency, row->time_zone};
        if (!ctx.session) co_return true;
        const auto user = co_await tx.maybe(store::user_by_id, ctx.tenant, UserId{ctx.actor.id});
        if (!user) co_return true;
        const auto codes_left =
            co_await tx.one(store::count_recovery_codes, ctx.tenant, UserId{ctx.actor.id});
        state.user = SessionUser{user->id, user->name, user->email, user->language, codes_left};
        for (const RoleGrant& grant : grants_from_json(user->roles))
            state.roles.push_back(grant.role);
        const bool expired = is_password_expired(user->password_changed_at, ctx.now());
        const bool shown = ctx.level == SessionLevel::full ||
                           (expired && co_await has_shown_second_factor(tx, visitor));
        state.next = next_step(user->mfa_enrolled, shown, user->password_changed_at, ctx.now());
        co_return true;
    };
    CO_TRY_VOID(co_await ctx.db().transaction(ctx.tenant, body, pg::Access::read_only));
    co_return reply;
}

}  // namespace entrepot::account
