// Use cases on API keys.
#include "base/text.hpp"
#include "modules/account/identity.hpp"
#include "modules/account/people.hpp"
#include "modules/account/rights.hpp"
#include "modules/account/store.hpp"
#include "platform/audit/audit.hpp"

namespace entrepot::account {
namespace {
/// What only a person decides: who else may act, and on what terms.
bool is_for_keys(Permission permission) {
    return permission != Permission::users_write && permission != Permission::api_keys_write &&
           permission != Permission::tenant_write;
}

/// Reads the permissions of a new key and reports what is wrong with it.
PermissionSet check_key(const NewKey& in, Instant now, std::vector<FieldError>& problems) {
    PermissionSet out;
    check_text(problems, "/name", in.name, 100);
    if (in.permissions.empty())
        problems.push_back({"/permissions", "required", "at least one permission"});
    for (std::size_t i = 0; i < in.permissions.size() && i <= permission_count; ++i) {
        const std::string at = "/permissions/" + std::to_string(i);
        const auto permission = permission_by_name(in.permissions[i]);
        if (!permission)
            problems.push_back({at, "unknown_permission", "there is no such permission"});
        else if (!is_for_keys(*permission))
            problems.push_back({at, "not_for_keys", "this needs a person"});
        else if (in.shops && is_tenant_wide(*permission))
            problems.push_back({at, "needs_all_shops", "this does not go by shop"});
        else
            out.add(*permission);
    }
    if (in.shops && in.shops->size() > shops_max)
        problems.push_back({"/shops", "too_many", "at most 500 shops"});
    if (in.expires_at && *in.expires_at <= now)
        problems.push_back({"/expires_at", "in_the_past", "the end must lie ahead"});
    if (in.expires_at && *in.expires_at > now + api_key_age_max)
        problems.push_back(
            {"/expires_at", "too_far", "keys live for twelve months at most (DPP 1.4.2)"});
    return out;
}
}  // namespace

Awaitable<Result<http::Page<KeyEntry>>> api_keys(Context& ctx, const http::Nothing&) {
    const auto rows = co_await ctx.db().read(ctx.tenant, store::api_keys, ctx.tenant);
    http::Page<KeyEntry> page;
    for (const store::KeyLine& row : rows)
        page.items.push_back({row.id, row.name, row.prefix, row.permissions, row.shops, row.user_id,
                              row.user_name, row.created_at, row.expires_at, row.last_used_at});
    co_return page;
}

Awaitable<Result<CreatedKey>> create_api_key(Context& ctx, const NewKey& in) {
    if (ctx.actor.kind != ActorKind::user)
        co_return make_error(errors::person_needed, "a person makes keys, not an API key");
    std::vector<FieldError> problems;
    const PermissionSet permissions = check_key(in, ctx.now(), problems);
    if (!problems.empty()) co_return fields_error(std::move(problems));
    if (!ctx.rights.covers(AccessRights::of({{permissions, {in.shops}}})))
        co_return make_error(errors::rights_exceeded, "a key may do no more than its maker");
    const ApiKeyText key = ApiKeyText::make(ctx.tenant);
    const auto id = ctx.new_id<ApiKeyId>();
    const Instant expires_at = in.expires_at.value_or(ctx.now() + api_key_age_max);
    std::vector<std::string> names;
    for (const std::string_view name : permissions.names()) names.emplace_back(name);
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<CreatedKey>> {
        if (in.shops) {
            CO_TRY_VOID(co_await check_shops(tx, shops_named(*in.shops, "/shops")));
        }
        co_await tx.exec(store::insert_key, ctx.tenant, id, UserId{ctx.actor.id},
                         std::string(text::trim(in.name)), key.prefix, key.credential.hash(), names,
                         in.shops, ctx.now(), expires_at);
        audit::done(tx, ctx,
                    {"account.api_key_created", "api_key", id.text(),
                     R"({"permissions":)" + json::to_json(names) + "}"});
        co_return CreatedKey{id, key.text(), expires_at};
    };
    co_return co_await ctx.db().transaction(ctx.tenant, body);
}

Awaitable<Result<http::NoContent>> revoke_api_key(Context& ctx, const KeyKey& in) {
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<http::NoContent>> {
        if (!co_await tx.maybe(store::revoke_key, ctx.tenant, in.id, ctx.now()))
            co_return make_error(entrepot::errors::not_found);
        audit::done(tx, ctx, {"account.api_key_revoked", "api_key", in.id.text()});
        tx.on_commit(&forget_identities);
        co_return http::NoContent{};
    };
    co_return co_await ctx.db().transaction(ctx.tenant, body);
}

}  // namespace entrepot::account
