// The one statement that writes audit rows.
#include "platform/audit/audit.hpp"

#include "platform/telemetry/log.hpp"

namespace entrepot::audit {
namespace {
const pg::Statement<void(TenantId, AuditId, Instant, std::string, std::optional<Uuid>, std::string,
                         std::string, std::string, std::string, std::string, std::string,
                         std::string, std::string, std::string, pg::Json)>
    insert_entry{"platform.insert_audit_entry", R"sql(
    insert into platform.audit_entry (tenant_id, id, at, actor_kind, actor_id, actor_name, act, object_kind, object_id,
        result, code, ip, user_agent, request_id, detail)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
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

void insert(pg::Transaction& tx, const Context& ctx, const Act& act, const std::string& result,
            const std::string& code) {
    const std::optional<Uuid> actor =
        ctx.actor.id.is_nil() ? std::nullopt : std::optional(ctx.actor.id);
    tx.defer(insert_entry, ctx.tenant, crypto::new_id<AuditId>(ctx.now()), ctx.now(),
             kind_name(ctx.actor.kind), actor, ctx.actor.name, std::string(act.act),
             std::string(act.object_kind), act.object_id, result, code, ctx.remote_ip,
             ctx.user_agent.substr(0, 300), ctx.request_id, pg::Json{act.detail});
}
}  // namespace

void done(pg::Transaction& tx, const Context& ctx, const Act& act) {
    insert(tx, ctx, act, "done", "");
}

Awaitable<void> refused(const Context& ctx, Act act, std::string code) {
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<bool>> {
        insert(tx, ctx, act, "refused", code);
        co_return true;
    };
    (void)co_await ctx.db().transaction(ctx.tenant, body);
}

}  // namespace entrepot::audit
