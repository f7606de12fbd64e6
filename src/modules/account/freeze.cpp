// Freezing after an alarm.
#include "modules/account/freeze.hpp"

#include <algorithm>
#include <boost/describe/enum_to_string.hpp>
#include <map>

#include "modules/account/account.hpp"
#include "modules/account/identity.hpp"
#include "modules/account/rights.hpp"
#include "modules/account/store.hpp"
#include "platform/audit/audit.hpp"
#include "platform/json/reader.hpp"
#include "platform/json/writer.hpp"

namespace entrepot::account {
namespace {
struct FrozenDetail {
    std::string what;
    bool frozen;
};
BOOST_DESCRIBE_STRUCT(FrozenDetail, (), (what, frozen))

struct Raised {
    std::string what;
    Instant at;  ///< the first one
};

bool is_owner(const store::UserRow& user) {
    return std::ranges::any_of(grants_from_json(user.roles),
                               [](const RoleGrant& grant) { return grant.role == "owner"; });
}

/// Ends what the user has open and what would let them in by another door.
void end_everything(Context& ctx, pg::Transaction& tx, UserId id) {
    tx.defer(store::delete_sessions_but, ctx.tenant, id, std::nullopt);
    tx.defer(store::delete_invitations_by, ctx.tenant, id);
    tx.defer(store::delete_password_resets, ctx.tenant, id);
}

/// Nothing when there is no such user. Otherwise whether they are frozen now.
Awaitable<std::optional<bool>> contain_user(Context& ctx, pg::Transaction& tx, UserId id,
                                            const std::string& what) {
    // One at a time a tenant: of two owners in alarm at once, the second is the last one.
    if (!co_await tx.maybe(store::lock_tenant, ctx.tenant)) co_return std::nullopt;
    const auto user = co_await tx.maybe(store::user_by_id, ctx.tenant, id);
    if (!user) co_return std::nullopt;
    end_everything(ctx, tx, id);
    bool frozen = true;
    if (user->state == "active") {
        frozen = !is_owner(*user) || co_await tx.one(store::count_active_owners, ctx.tenant) > 1;
        if (frozen)
            tx.defer(store::set_user_state, ctx.tenant, id, "frozen", what);
        else
            tx.defer(store::revoke_keys_of, ctx.tenant, id, ctx.now());
        audit::done(
            tx, ctx,
            {"account.user_frozen", "user", id.text(), json::to_json(FrozenDetail{what, frozen})});
    }
    co_return frozen;
}

Awaitable<std::optional<bool>> contain_key(Context& ctx, pg::Transaction& tx, ApiKeyId id,
                                           const std::string& what) {
    if (co_await tx.maybe(store::revoke_key, ctx.tenant, id, ctx.now()))
        audit::done(tx, ctx,
                    {"account.api_key_revoked", "api_key", id.text(),
                     json::to_json(FrozenDetail{what, true})});
    co_return true;
}
}  // namespace

Awaitable<void> freeze(Context& ctx, pg::Transaction& tx, const std::vector<jobs::Job>& work) {
    std::map<std::pair<vault::AlarmActor, Uuid>, Raised> actors;
    for (const jobs::Job& job : work) {
        const auto alarm = json::read_document<vault::Alarm>(job.payload);
        ensure(alarm.has_value(), "payload of vault.alarm");
        // Where a tenant as a whole has read too much, the one who comes next has done nothing.
        if (alarm->what == vault::AlarmKind::tenant_over_budget) continue;
        if (alarm->actor_kind == vault::AlarmActor::system) continue;
        Raised& raised =
            actors.try_emplace({alarm->actor_kind, alarm->actor_id}, Raised{"", alarm->at})
                .first->second;
        raised.at = std::min(raised.at, alarm->at);
        if (raised.what != "honeytoken")
            raised.what = boost::describe::enum_to_string(alarm->what, "");
    }
    for (const auto& [actor, raised] : actors) {
        const bool is_user = actor.first == vault::AlarmActor::user;
        const auto frozen =
            is_user ? co_await contain_user(ctx, tx, UserId{actor.second}, raised.what)
                    : co_await contain_key(ctx, tx, ApiKeyId{actor.second}, raised.what);
        if (!frozen) continue;
        jobs::emit(tx, ctx, alarm_contained,
                   json::to_json(Contained{is_user ? "user" : "api_key", actor.second, raised.what,
                                           *frozen, raised.at, ctx.now()}));
    }
    tx.on_commit(&forget_identities);
}

}  // namespace entrepot::account
