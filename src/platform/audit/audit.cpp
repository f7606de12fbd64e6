// The one statement that writes audit rows.
#include "platform/audit/audit.hpp"

#include <algorithm>

#include "platform/audit/entry.hpp"
#include "platform/audit/noted.hpp"

namespace entrepot::audit {
namespace {
constexpr std::size_t user_agent_bytes_max = 300;

/// The row and its place in the queue of the sealer, in one message.
const pg::Statement<void(TenantId, AuditId, Instant, std::string, std::optional<Uuid>, std::string,
                         std::string, std::string, std::string, std::string, std::string,
                         std::string, std::string, std::string, std::string, pg::Bytes)>
    insert_entry{"platform.insert_audit_entry", R"sql(
    with queued as (
        insert into platform.audit_unsealed (tenant_id, entry_id, digest) values ($1, $2, $16)
    )
    insert into platform.audit_entry (tenant_id, id, at, actor_kind, actor_id, actor_name, act, object_kind, object_id,
        result, code, ip, user_agent, request_id, detail, digest)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15::json, $16)
)sql"};

/// Rows of one act on several objects, in one message.
const pg::Statement<void(TenantId, std::vector<AuditId>, Instant, std::string, std::optional<Uuid>,
                         std::string, std::string, std::string, std::vector<std::string>,
                         std::string, std::string, std::string, std::string, std::string,
                         std::vector<std::string>, std::vector<pg::Bytes>)>
    insert_entries{"platform.insert_audit_entries", R"sql(
    with queued as (
        insert into platform.audit_unsealed (tenant_id, entry_id, digest)
        select $1, n.id, n.digest from unnest($2, $16) as n(id, digest)
        on conflict do nothing
    )
    insert into platform.audit_entry (tenant_id, id, at, actor_kind, actor_id, actor_name, act, object_kind, object_id,
        result, code, ip, user_agent, request_id, detail, digest)
    select $1, n.id, $3, $4, $5, $6, $7, $8, n.object_id, $10, $11, $12, $13, $14, n.detail::json, n.digest
    from unnest($2, $9, $15, $16) as n(id, object_id, detail, digest)
    on conflict (tenant_id, id) do nothing
)sql"};

std::string kind_name(ActorKind kind) {
    switch (kind) {
        case ActorKind::nobody:
            return "nobody";
        case ActorKind::user:
            return "user";
        case ActorKind::api_key:
            return "api_key";
        case ActorKind::system:
            return "system";
    }
    return "nobody";
}

/// At most so many bytes, and no half of a character.
std::string cut(std::string_view words, std::size_t bytes_max) {
    std::size_t end = std::min(words.size(), bytes_max);
    while (end > 0 && end < words.size() && (static_cast<unsigned char>(words[end]) & 0xC0) == 0x80)
        --end;
    return std::string(words.substr(0, end));
}

Entry entry_of(const Context& ctx, Instant at, const Act& act, const std::string& result,
               const std::string& code) {
    return {.tenant = ctx.tenant.value,
            .id = crypto::new_uuid(at),
            .at = at,
            .actor_kind = kind_name(ctx.actor.kind),
            .actor_id = ctx.actor.id.is_nil() ? std::nullopt : std::optional(ctx.actor.id),
            .actor_name = ctx.actor.name,
            .act = std::string(act.act),
            .object_kind = std::string(act.object_kind),
            .object_id = act.object_id,
            .result = result,
            .code = code,
            .ip = ctx.remote_ip,
            .user_agent = cut(ctx.user_agent, user_agent_bytes_max),
            .request_id = ctx.request_id,
            .detail = act.detail};
}

AuditId insert(pg::Transaction& tx, const Context& ctx, const Act& act, const std::string& result,
               const std::string& code) {
    const Entry e = entry_of(ctx, ctx.now(), act, result, code);
    tx.defer(insert_entry, ctx.tenant, AuditId{e.id}, e.at, e.actor_kind, e.actor_id, e.actor_name,
             e.act, e.object_kind, e.object_id, e.result, e.code, e.ip, e.user_agent, e.request_id,
             e.detail, pg::Bytes{bytes_of(digest_of(e))});
    return AuditId{e.id};
}
}  // namespace

void done(pg::Transaction& tx, const Context& ctx, const Act& act) {
    insert(tx, ctx, act, "done", "");
}

AuditId note(pg::Transaction& tx, const Context& ctx, const Act& act,
             const std::string& refused_with) {
    return insert(tx, ctx, act, refused_with.empty() ? "done" : "refused", refused_with);
}

std::vector<AuditId> note_all(pg::Transaction& tx, const Context& ctx, const std::vector<Act>& acts,
                              const std::string& refused_with) {
    const std::string result = refused_with.empty() ? "done" : "refused";
    const Instant at = ctx.now();
    std::vector<AuditId> ids;
    std::vector<std::string> objects, details;
    std::vector<pg::Bytes> digests;
    for (const Act& act : acts) {
        ensure(act.act == acts.front().act && act.object_kind == acts.front().object_kind,
               "one act on objects of one kind");
        const Entry e = entry_of(ctx, at, act, result, refused_with);
        ids.push_back(AuditId{e.id});
        objects.push_back(e.object_id);
        details.push_back(e.detail);
        digests.push_back({bytes_of(digest_of(e))});
    }
    if (acts.empty()) return ids;
    const Entry e = entry_of(ctx, at, acts.front(), result, refused_with);
    tx.defer(insert_entries, ctx.tenant, ids, e.at, e.actor_kind, e.actor_id, e.actor_name, e.act,
             e.object_kind, objects, e.result, e.code, e.ip, e.user_agent, e.request_id, details,
             digests);
    return ids;
}

Awaitable<void> refused(const Context& ctx, Act act, std::string code) {
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<bool>> {
        insert(tx, ctx, act, "refused", code);
        co_return true;
    };
    (void)co_await ctx.db().transaction(ctx.tenant, body);
}

}  // namespace entrepot::audit
