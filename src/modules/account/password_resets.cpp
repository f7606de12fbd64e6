// Use cases of a forgotten password: a colleague makes a link, its holder sets a new one. The
// second factor stays, so the link alone opens nothing.
#include "modules/account/guesses.hpp"
#include "modules/account/hashing.hpp"
#include "modules/account/identity.hpp"
#include "modules/account/password_rules.hpp"
#include "modules/account/people.hpp"
#include "modules/account/rights.hpp"
#include "modules/account/store.hpp"
#include "platform/audit/audit.hpp"

namespace entrepot::account {

Awaitable<Result<ResetLink>> reset_password(Context& ctx, const UserKey& in) {
    if (ctx.actor.kind != ActorKind::user)
        co_return make_error(errors::person_needed, "a person makes links, not an API key");
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<ResetLink>> {
        CO_TRY_VOID(co_await target_user(ctx, tx, in.id));
        if (in.id.value == ctx.actor.id)
            co_return make_error(errors::not_yourself, "change your own by POST /password");
        const Credential token = Credential::make(ctx.tenant);
        const Instant expires_at = ctx.now() + password_reset_age_max;
        tx.defer(store::put_password_reset, ctx.tenant, in.id, token.hash(), UserId{ctx.actor.id},
                 ctx.now(), expires_at);
        audit::done(tx, ctx, {"account.password_reset_made", "user", in.id.text()});
        co_return ResetLink{token.text, ctx.services.public_url + "/password-reset/" + token.text,
                            expires_at};
    };
    co_return co_await ctx.db().transaction(ctx.tenant, body);
}

Awaitable<Result<OpenReset>> open_password_reset(Context& ctx, const ResetToken& in) {
    const auto token = Credential::parse(in.token);
    if (!token) co_return make_error(entrepot::errors::not_found);
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<OpenReset>> {
        const auto row = co_await tx.maybe(store::password_reset_by_token, token->tenant,
                                           token->hash(), ctx.now());
        if (!row) co_return make_error(entrepot::errors::not_found);
        const auto user = co_await tx.one(store::user_by_id, token->tenant, row->user_id);
        const auto company = co_await tx.one(store::tenant_by_id, token->tenant);
        co_return OpenReset{user.email, user.name, company.legal_name, row->expires_at};
    };
    co_return co_await ctx.db().transaction(token->tenant, body, pg::Access::read_only);
}

Awaitable<Result<Reply<SignedIn>>> accept_password_reset(Context& ctx, const Visitor&,
                                                         const AcceptReset& in) {
    const Attempt attempt =
        co_await count_guess(ctx.services, address_budget("password-reset", ctx.remote_ip));
    if (attempt.refused) co_return *attempt.refused;
    const auto token = Credential::parse(in.token);
    if (!token) co_return make_error(entrepot::errors::not_found);
    const TenantId tenant = token->tenant;
    const auto resets = co_await ctx.db().read(tenant, store::password_reset_by_token, tenant,
                                               token->hash(), ctx.now());
    if (resets.empty()) co_return make_error(entrepot::errors::not_found);
    const UserId id = resets.front().user_id;
    const auto user = (co_await ctx.db().read(tenant, store::user_by_id, tenant, id)).at(0);
    const std::string password = password_form(in.password);
    auto problems = password_problems(password, {user.name, user.email}, "/password");
    if (!problems.empty()) co_return fields_error(std::move(problems));
    CO_TRY(const bool used, co_await was_used_before(ctx.services, tenant, id, password));
    if (used)
        co_return field_error(errors::password_used_before, "/password", "used_before",
                              "one of the last ten passwords cannot come back");
    CO_TRY(const std::string hash, co_await hash_password(ctx.services.runtime, password));
    Context acting = ctx;
    acting.tenant = tenant;
    acting.actor = {ActorKind::user, id.value, user.name};
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<Reply<SignedIn>>> {
        if (!co_await tx.maybe(store::consume_password_reset, tenant, token->hash(), ctx.now()) ||
            !co_await replace_password(tx, ctx.services, id, user.password_hash, hash))
            co_return make_error(entrepot::errors::not_found);
        tx.defer(store::delete_sessions_but, tenant, id, std::nullopt);
        const Credential credential = open_session(acting, tx, id);
        audit::done(tx, acting, {"account.password_reset", "user", id.text()});
        tx.on_commit(&forget_identities);
        co_return Reply<SignedIn>{{next_step(user.mfa_enrolled, false, ctx.now(), ctx.now())},
                                  credential.text};
    };
    co_return co_await ctx.db().transaction(tenant, body);
}

}  // namespace entrepot::account
