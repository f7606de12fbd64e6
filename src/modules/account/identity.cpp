// Who is behind a request: one indexed read inside the tenant that the credential names, kept for
// at most session_cache_max on the loop that read it.
#include "modules/account/identity.hpp"

#include <atomic>
#include <unordered_map>

#include "base/text.hpp"
#include "modules/account/account.hpp"
#include "modules/account/credential.hpp"
#include "modules/account/password_rules.hpp"
#include "modules/account/rights.hpp"
#include "modules/account/store.hpp"
#include "platform/http/types.hpp"

namespace entrepot::account {
namespace {
constexpr std::size_t cache_entries_max = 4096;
constexpr auto touch_interval = std::chrono::minutes(1);
constexpr std::string_view bearer = "Bearer ";

struct Identity {
    TenantId tenant;
    Actor actor;
    AccessRights rights;
    SessionLevel level = SessionLevel::none;
    std::optional<SessionId> session;
    Instant ends_at;   ///< by the clock of the tenant's world
    Instant touch_at;  ///< when the next request is to be noted
};

struct Entry {
    Identity identity;
    std::uint64_t generation;
    std::chrono::steady_clock::time_point read_at;
};

std::atomic<std::uint64_t> generation{0};

/// One per loop, so that it needs no lock.
std::unordered_map<std::string, Entry>& cache() {
    static thread_local std::unordered_map<std::string, Entry> entries;
    return entries;
}

const Identity* cached(const std::string& text, Instant now) {
    const auto found = cache().find(text);
    if (found == cache().end()) return nullptr;
    const Entry& entry = found->second;
    const bool fresh = entry.generation == generation.load() &&
                       std::chrono::steady_clock::now() - entry.read_at < session_cache_max &&
                       now < entry.identity.ends_at && now < entry.identity.touch_at;
    return fresh ? &entry.identity : nullptr;
}

void keep(const std::string& text, std::uint64_t read_generation, Identity identity) {
    if (cache().size() >= cache_entries_max) cache().clear();
    cache().insert_or_assign(
        text, Entry{std::move(identity), read_generation, std::chrono::steady_clock::now()});
}

void become(Context& ctx, const Identity& identity) {
    ctx.tenant = identity.tenant;
    ctx.actor = identity.actor;
    ctx.rights = identity.rights;
    ctx.level = identity.level;
    ctx.session = identity.session;
}

/// Runs one statement that nobody waits to see the rows of.
template <class Statement, class... Args>
Awaitable<void> note(Context& ctx, TenantId tenant, const Statement& statement,
                     const Args&... args) {
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<bool>> {
        co_await tx.exec(statement, tenant, args...);
        co_return true;
    };
    (void)co_await ctx.db().transaction(tenant, body);
}

Identity identity_of_session(TenantId tenant, const store::SessionRow& row, Instant now) {
    Identity out;
    out.tenant = tenant;
    out.actor = {ActorKind::user, row.user_id.value, row.user_name};
    out.session = row.id;
    const bool proven = row.second_factor_at.has_value();
    const bool open = proven && !is_password_expired(row.password_changed_at, now);
    out.level = open ? SessionLevel::full : SessionLevel::password;
    if (open) out.rights = rights_of(grants_from_json(row.roles));
    const Instant absolute = row.created_at + (proven ? std::chrono::minutes(session_age_max)
                                                      : unproven_session_age_max);
    out.ends_at = std::min<Instant>(absolute, row.last_seen_at + session_idle_max);
    out.touch_at = row.last_seen_at + touch_interval;
    return out;
}

Awaitable<Result<bool>> by_session(Context& ctx, const std::string& cookie) {
    const Instant now = ctx.now();
    if (const Identity* known = cached(cookie, now)) {
        become(ctx, *known);
        co_return true;
    }
    const auto credential = Credential::parse(cookie);
    if (!credential) co_return false;
    const std::uint64_t read_generation = generation.load();
    const auto rows = co_await ctx.db().read(credential->tenant, store::session_by_hash,
                                             credential->tenant, credential->hash());
    if (rows.empty()) co_return false;
    store::SessionRow row = rows.front();
    Identity identity = identity_of_session(credential->tenant, row, now);
    if (now >= identity.ends_at) co_return false;
    if (now >= identity.touch_at) {
        co_await note(ctx, identity.tenant, store::touch_session, row.id, now,
                      now - touch_interval);
        row.last_seen_at = now;
        identity = identity_of_session(credential->tenant, row, now);
    }
    become(ctx, identity);
    keep(cookie, read_generation, std::move(identity));
    co_return true;
}

Awaitable<Result<bool>> by_key(Context& ctx, const std::string& text) {
    const Error refused = make_error(errors::key_refused, "this API key is not good");
    const Instant now = ctx.now();
    if (const Identity* known = cached(text, now)) {
        become(ctx, *known);
        co_return true;
    }
    const auto key = ApiKeyText::parse(text);
    if (!key) co_return refused;
    const std::uint64_t read_generation = generation.load();
    const TenantId tenant = key->credential.tenant;
    const auto rows =
        co_await ctx.db().read(tenant, store::key_by_hash, tenant, key->credential.hash());
    if (rows.empty() || now >= rows.front().expires_at) co_return refused;
    const store::KeyRow& row = rows.front();
    Grant limits;
    limits.scope.shops = row.shops;
    for (const std::string& name : row.permissions)
        if (const auto permission = permission_by_name(name)) limits.permissions.add(*permission);
    Identity identity;
    identity.tenant = tenant;
    identity.actor = {ActorKind::api_key, row.id.value, row.name};
    identity.rights = rights_of_key(grants_from_json(row.roles), limits);
    identity.level = SessionLevel::full;
    identity.ends_at = row.expires_at;
    identity.touch_at = row.last_used_at.value_or(Instant{}) + touch_interval;
    if (now >= identity.touch_at) {
        co_await note(ctx, tenant, store::touch_key, row.id, now, now - touch_interval);
        identity.touch_at = now + touch_interval;
    }
    become(ctx, identity);
    keep(text, read_generation, std::move(identity));
    co_return true;
}
}  // namespace

void forget_identities() {
    ++generation;
}

Awaitable<Result<bool>> authenticate(Context& ctx, const http::Request& request) {
    const std::string_view header = request.header("authorization");
    if (!header.empty()) {
        // A request that names a key is that key's or nobody's, whatever cookie it carries.
        if (!text::starts_with_ignore_case(header, bearer))
            co_return make_error(errors::key_refused, "only Bearer API keys are taken");
        const std::string key(text::trim(header.substr(bearer.size())));
        co_return co_await by_key(ctx, key);
    }
    const auto cookie = request.cookie(session_cookie);
    if (!cookie) co_return false;
    co_return co_await by_session(ctx, *cookie);
}

}  // namespace entrepot::account
