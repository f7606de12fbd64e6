// Use cases on colleagues: roles, disabling, second factors, invitations.
#include "base/text.hpp"
#include "modules/account/guesses.hpp"
#include "modules/account/hashing.hpp"
#include "modules/account/identity.hpp"
#include "modules/account/login_name.hpp"
#include "modules/account/people.hpp"
#include "modules/account/rights.hpp"
#include "modules/account/store.hpp"
#include "platform/audit/audit.hpp"
#include "platform/http/cursor.hpp"

namespace entrepot::account {
namespace {
constexpr std::int64_t page_limit_default = 50;
constexpr std::int64_t page_limit_max = 500;
constexpr std::size_t reason_length_max = 300;

User user_of(const store::UserRow& row) {
    return {row.id,
            row.name,
            row.email,
            row.state,
            row.disabled_reason,
            grants_from_json(row.roles),
            row.mfa_enrolled,
            row.last_sign_in_at,
            row.created_at,
            row.version};
}

Error exceeded() {
    return make_error(errors::rights_exceeded,
                      "nobody gives or takes away more than they may do themselves");
}

Awaitable<Result<bool>> keep_an_owner(Context& ctx, pg::Transaction& tx) {
    if (co_await tx.one(store::count_active_owners, ctx.tenant) == 0)
        co_return make_error(errors::last_owner, "somebody must own the account");
    co_return true;
}

void end_everything(Context& ctx, pg::Transaction& tx, UserId id) {
    tx.defer(store::delete_sessions_but, ctx.tenant, id, std::nullopt);
    tx.on_commit(&forget_identities);
}
}  // namespace

Awaitable<Result<store::UserRow>> target_user(Context& ctx, pg::Transaction& tx, UserId id) {
    if (!co_await tx.maybe(store::lock_tenant, ctx.tenant))
        co_return make_error(entrepot::errors::not_found);
    auto row = co_await tx.maybe(store::user_by_id, ctx.tenant, id);
    if (!row) co_return make_error(entrepot::errors::not_found);
    if (!ctx.rights.covers(rights_of(grants_from_json(row->roles)))) co_return exceeded();
    co_return *std::move(row);
}

Awaitable<Result<http::Page<User>>> users(Context& ctx, const UsersQuery& in) {
    const std::int64_t limit =
        std::clamp<std::int64_t>(in.limit.value_or(page_limit_default), 1, page_limit_max);
    // A user's id and not the e-mail, which must not stand in an address.
    std::optional<UserId> after;
    if (in.cursor) {
        CO_TRY(const std::string place, http::read_cursor(ctx, "users", *in.cursor));
        after = UserId::parse(place);
    }
    const auto rows =
        co_await ctx.db().read(ctx.tenant, store::users_page, ctx.tenant, after, limit + 1);
    http::Page<User> page;
    for (const store::UserRow& row : rows) {
        if (static_cast<std::int64_t>(page.items.size()) == limit) {
            page.next_cursor = http::write_cursor(ctx, "users", page.items.back().id.text());
            break;
        }
        page.items.push_back(user_of(row));
    }
    co_return page;
}

Awaitable<Result<User>> user(Context& ctx, const UserKey& in) {
    const auto rows = co_await ctx.db().read(ctx.tenant, store::user_by_id, ctx.tenant, in.id);
    if (rows.empty()) co_return make_error(entrepot::errors::not_found);
    co_return user_of(rows.front());
}

Awaitable<Result<User>> set_roles(Context& ctx, const SetRoles& in) {
    auto problems = grant_problems(in.roles, "/roles");
    if (!problems.empty()) co_return fields_error(std::move(problems));
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<User>> {
        CO_TRY_VOID(co_await target_user(ctx, tx, in.id));
        if (!ctx.rights.covers(rights_of(in.roles))) co_return exceeded();
        CO_TRY_VOID(co_await check_shops(tx, shops_named(in.roles, "/roles")));
        tx.defer(store::delete_role_grants, ctx.tenant, in.id);
        const std::optional<UserId> by =
            ctx.actor.kind == ActorKind::user ? std::optional(UserId{ctx.actor.id}) : std::nullopt;
        for (const RoleGrant& grant : in.roles)
            tx.defer(store::insert_role_grant, ctx.tenant, in.id, ctx.new_id<RoleGrantId>(),
                     grant.role, grant.shops, by, ctx.now());
        CO_TRY_VOID(co_await keep_an_owner(ctx, tx));
        end_everything(ctx, tx, in.id);
        audit::done(tx, ctx,
                    {"account.roles_changed", "user", in.id.text(),
                     R"({"roles":)" + grants_to_json(in.roles).text + "}"});
        co_return user_of(co_await tx.one(store::user_by_id, ctx.tenant, in.id));
    };
    co_return co_await ctx.db().transaction(ctx.tenant, body);
}

Awaitable<Result<User>> disable_user(Context& ctx, const DisableUser& in) {
    std::vector<FieldError> problems;
    check_text(problems, "/reason", in.reason, reason_length_max);
    if (!problems.empty()) co_return fields_error(std::move(problems));
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<User>> {
        CO_TRY_VOID(co_await target_user(ctx, tx, in.id));
        if (in.id.value == ctx.actor.id)
            co_return make_error(errors::not_yourself, "somebody else must do that");
        tx.defer(store::set_user_state, ctx.tenant, in.id, "disabled", in.reason);
        tx.defer(store::delete_invitations_by, ctx.tenant, in.id);
        tx.defer(store::delete_password_resets, ctx.tenant, in.id);
        CO_TRY_VOID(co_await keep_an_owner(ctx, tx));
        end_everything(ctx, tx, in.id);
        audit::done(tx, ctx, {"account.user_disabled", "user", in.id.text()});
        co_return user_of(co_await tx.one(store::user_by_id, ctx.tenant, in.id));
    };
    co_return co_await ctx.db().transaction(ctx.tenant, body);
}

Awaitable<Result<User>> enable_user(Context& ctx, const UserKey& in) {
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<User>> {
        CO_TRY(const auto row, co_await target_user(ctx, tx, in.id));
        if (row.state == "frozen")
            co_return make_error(errors::frozen, "an alarm froze this account; release it instead");
        tx.defer(store::set_user_state, ctx.tenant, in.id, "active", std::nullopt);
        audit::done(tx, ctx, {"account.user_enabled", "user", in.id.text()});
        co_return user_of(co_await tx.one(store::user_by_id, ctx.tenant, in.id));
    };
    co_return co_await ctx.db().transaction(ctx.tenant, body);
}

Awaitable<Result<User>> release_user(Context& ctx, const UserKey& in) {
    if (ctx.actor.kind != ActorKind::user)
        co_return make_error(errors::person_needed, "a person releases, not an API key");
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<User>> {
        // Not target_user(): a compliance officer releases people who may do what they may not.
        if (!co_await tx.maybe(store::lock_tenant, ctx.tenant))
            co_return make_error(entrepot::errors::not_found);
        const auto row = co_await tx.maybe(store::user_by_id, ctx.tenant, in.id);
        if (!row) co_return make_error(entrepot::errors::not_found);
        if (in.id.value == ctx.actor.id)
            co_return make_error(errors::not_yourself, "somebody else must do that");
        if (row->state != "frozen")
            co_return make_error(errors::not_frozen, "this account is not frozen");
        tx.defer(store::set_user_state, ctx.tenant, in.id, "active", std::nullopt);
        audit::done(tx, ctx, {"account.user_released", "user", in.id.text()});
        co_return user_of(co_await tx.one(store::user_by_id, ctx.tenant, in.id));
    };
    co_return co_await ctx.db().transaction(ctx.tenant, body);
}

Awaitable<Result<User>> reset_mfa(Context& ctx, const UserKey& in) {
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<User>> {
        CO_TRY_VOID(co_await target_user(ctx, tx, in.id));
        if (in.id.value == ctx.actor.id)
            co_return make_error(errors::not_yourself, "somebody else must do that");
        tx.defer(store::delete_totp, ctx.tenant, in.id);
        tx.defer(store::delete_recovery_codes, ctx.tenant, in.id);
        end_everything(ctx, tx, in.id);
        audit::done(tx, ctx, {"account.mfa_reset", "user", in.id.text()});
        co_return user_of(co_await tx.one(store::user_by_id, ctx.tenant, in.id));
    };
    co_return co_await ctx.db().transaction(ctx.tenant, body);
}

Awaitable<Result<Invited>> invite(Context& ctx, const Invite& in) {
    auto problems = grant_problems(in.roles, "/roles");
    check_text(problems, "/name", in.name, 100);
    const auto email = canonical_email(in.email);
    if (!email) problems.push_back({"/email", "invalid_email", "an e-mail is expected here"});
    if (in.roles.empty()) problems.push_back({"/roles", "required", "at least one role"});
    if (!problems.empty()) co_return fields_error(std::move(problems));
    if (ctx.actor.kind != ActorKind::user)
        co_return make_error(errors::person_needed, "a person invites, not an API key");
    if (!ctx.rights.covers(rights_of(in.roles))) co_return exceeded();
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<Invited>> {
        CO_TRY_VOID(co_await check_shops(tx, shops_named(in.roles, "/roles")));
        if (co_await tx.maybe(store::user_by_email, ctx.tenant, *email))
            co_return make_error(errors::email_taken, "this e-mail has an account already");
        const Credential token = Credential::make(ctx.tenant);
        const auto id = ctx.new_id<InvitationId>();
        const Instant expires_at = ctx.now() + invitation_age_max;
        tx.defer(store::delete_expired_invitation, ctx.tenant, *email, ctx.now());
        tx.defer(store::insert_invitation, ctx.tenant, id, *email, std::string(text::trim(in.name)),
                 grants_to_json(in.roles), token.hash(), UserId{ctx.actor.id}, ctx.now(),
                 expires_at);
        audit::done(tx, ctx,
                    {"account.user_invited", "invitation", id.text(),
                     R"({"roles":)" + grants_to_json(in.roles).text + "}"});
        co_return Invited{id, token.text, ctx.services.public_url + "/invitation/" + token.text,
                          expires_at};
    };
    co_return co_await ctx.db().transaction(ctx.tenant, body);
}

Awaitable<Result<http::Page<Invitation>>> invitations(Context& ctx, const http::Nothing&) {
    const auto rows = co_await ctx.db().read(ctx.tenant, store::invitations, ctx.tenant);
    http::Page<Invitation> page;
    for (const store::InvitationRow& row : rows)
        page.items.push_back({row.id, row.email, row.name, grants_from_json(row.roles),
                              row.created_at, row.expires_at});
    co_return page;
}

Awaitable<Result<http::NoContent>> withdraw_invitation(Context& ctx, const InvitationKey& in) {
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<http::NoContent>> {
        if (!co_await tx.maybe(store::delete_invitation, ctx.tenant, in.id))
            co_return make_error(entrepot::errors::not_found);
        audit::done(tx, ctx, {"account.invitation_withdrawn", "invitation", in.id.text()});
        co_return http::NoContent{};
    };
    co_return co_await ctx.db().transaction(ctx.tenant, body);
}

Awaitable<Result<OpenInvitation>> open_invitation(Context& ctx, const InvitationToken& in) {
    const auto token = Credential::parse(in.token);
    if (!token) co_return make_error(entrepot::errors::not_found);
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<OpenInvitation>> {
        const auto row =
            co_await tx.maybe(store::invitation_by_token, token->tenant, token->hash(), ctx.now());
        if (!row) co_return make_error(entrepot::errors::not_found);
        const auto company = co_await tx.one(store::tenant_by_id, token->tenant);
        co_return OpenInvitation{row->email, row->name, company.legal_name, row->expires_at};
    };
    co_return co_await ctx.db().transaction(token->tenant, body, pg::Access::read_only);
}

Awaitable<Result<Reply<SignedIn>>> accept_invitation(Context& ctx, const Visitor&,
                                                     const AcceptInvitation& in) {
    const Attempt attempt =
        co_await count_guess(ctx.services, address_budget("invitation", ctx.remote_ip));
    if (attempt.refused) co_return *attempt.refused;
    const auto token = Credential::parse(in.token);
    if (!token) co_return make_error(entrepot::errors::not_found);
    const auto rows = co_await ctx.db().read(token->tenant, store::invitation_by_token,
                                             token->tenant, token->hash(), ctx.now());
    if (rows.empty()) co_return make_error(entrepot::errors::not_found);
    const auto companies =
        co_await ctx.db().read(token->tenant, store::tenant_by_id, token->tenant);
    const NewUser person{rows.front().email, in.name, in.password, companies.at(0).language};
    CO_TRY(const CheckedUser user, co_await check_user(ctx.services, person, {}, {}));
    Context acting = ctx;
    acting.tenant = token->tenant;
    acting.actor = {ActorKind::user, user.id.value, user.name};
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<Reply<SignedIn>>> {
        if (!co_await tx.maybe(store::consume_invitation, token->tenant, token->hash(), ctx.now()))
            co_return make_error(entrepot::errors::not_found);
        write_user(tx, ctx.services, user, grants_from_json(rows.front().roles),
                   rows.front().invited_by);
        const Credential credential = open_session(acting, tx, user.id);
        audit::done(tx, acting, {"account.invitation_accepted", "user", user.id.text()});
        co_return Reply<SignedIn>{{NextStep::enrol_mfa}, credential.text};
    };
    co_return co_await ctx.db().transaction(token->tenant, body);
}

Awaitable<Result<http::Page<RoleEntry>>> shipped_roles(Context&, const http::Nothing&) {
    http::Page<RoleEntry> page;
    for (const Role& role : roles()) {
        RoleEntry entry;
        entry.name = role.name;
        for (const std::string_view name : role.permissions.names())
            entry.permissions.emplace_back(name);
        page.items.push_back(std::move(entry));
    }
    co_return page;
}

}  // namespace entrepot::account
