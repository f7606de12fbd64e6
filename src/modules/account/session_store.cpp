// Statements on sessions and API keys.
#include "modules/account/store.hpp"

namespace entrepot::account::store {

const pg::Statement<SessionRow(TenantId, pg::Bytes)> session_by_hash{"account.session_by_hash",
                                                                     R"sql(
    select s.id, s.user_id, s.created_at, s.last_seen_at, s.second_factor_at, u.name as user_name,
        u.password_changed_at,
        (select coalesce(jsonb_agg(jsonb_build_object('role', g.role, 'shops', g.shops)), '[]')
         from account.role_grant g where g.tenant_id = $1 and g.user_id = s.user_id) as roles
    from account.session s
    join account.user_account u on u.tenant_id = $1 and u.id = s.user_id and u.state = 'active'
    where s.tenant_id = $1 and s.secret_hash = $2
)sql"};

const pg::Statement<SessionLine(TenantId, UserId, Instant, Instant)> sessions_of{
    "account.sessions_of", R"sql(
    select id, created_at, last_seen_at, second_factor_at, ip, user_agent from account.session
    where tenant_id = $1 and user_id = $2 and created_at > $3 and last_seen_at > $4
    order by last_seen_at desc, id limit 200
)sql"};

const pg::Statement<void(TenantId, SessionId, UserId, pg::Bytes, Instant, std::string, std::string)>
    insert_session{"account.insert_session", R"sql(
    insert into account.session (tenant_id, id, user_id, secret_hash, created_at, last_seen_at, ip,
        user_agent)
    values ($1, $2, $3, $4, $5, $5, $6, $7)
)sql"};

const pg::Statement<SessionId(TenantId, SessionId, pg::Bytes, pg::Bytes, Instant)> promote_session{
    "account.promote_session", R"sql(
    update account.session set secret_hash = $4, second_factor_at = $5, last_seen_at = $5
    where tenant_id = $1 and id = $2 and secret_hash = $3
    returning id
)sql"};

const pg::Statement<SessionId(TenantId, SessionId, pg::Bytes)> renew_session{
    "account.renew_session", R"sql(
    update account.session set secret_hash = $3 where tenant_id = $1 and id = $2 returning id
)sql"};

const pg::Statement<void(TenantId, SessionId, Instant, Instant)> touch_session{
    "account.touch_session", R"sql(
    update account.session set last_seen_at = $3
    where tenant_id = $1 and id = $2 and last_seen_at < $4
)sql"};

const pg::Statement<SessionId(TenantId, UserId, SessionId)> delete_session{"account.delete_session",
                                                                           R"sql(
    delete from account.session where tenant_id = $1 and user_id = $2 and id = $3 returning id
)sql"};

const pg::Statement<void(TenantId, UserId, std::optional<SessionId>)> delete_sessions_but{
    "account.delete_sessions_but", R"sql(
    delete from account.session
    where tenant_id = $1 and user_id = $2 and id is distinct from $3::uuid
)sql"};

const pg::Statement<void(TenantId, UserId, Instant, Instant)> delete_ended_sessions{
    "account.delete_ended_sessions", R"sql(
    delete from account.session
    where tenant_id = $1 and user_id = $2 and (created_at <= $3 or last_seen_at <= $4)
)sql"};

const pg::Statement<KeyRow(TenantId, pg::Bytes)> key_by_hash{"account.key_by_hash", R"sql(
    select k.id, k.user_id, k.name, k.permissions, k.shops, k.expires_at, k.last_used_at,
        (select coalesce(jsonb_agg(jsonb_build_object('role', g.role, 'shops', g.shops)), '[]')
         from account.role_grant g where g.tenant_id = $1 and g.user_id = k.user_id) as roles
    from account.api_key k
    join account.user_account u on u.tenant_id = $1 and u.id = k.user_id and u.state = 'active'
    where k.tenant_id = $1 and k.secret_hash = $2 and k.revoked_at is null
)sql"};

const pg::Statement<KeyLine(TenantId)> api_keys{"account.api_keys", R"sql(
    select k.id, k.name, k.prefix, k.permissions, k.shops, k.user_id, u.name as user_name,
        k.created_at, k.expires_at, k.last_used_at
    from account.api_key k join account.user_account u on u.tenant_id = $1 and u.id = k.user_id
    where k.tenant_id = $1 and k.revoked_at is null
    order by k.id desc limit 500
)sql"};

const pg::Statement<void(TenantId, ApiKeyId, UserId, std::string, std::string, pg::Bytes,
                         std::vector<std::string>, OptionalShops, Instant, Instant)>
    insert_key{"account.insert_key", R"sql(
    insert into account.api_key (tenant_id, id, user_id, name, prefix, secret_hash, permissions,
        shops, created_at, expires_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
)sql"};

const pg::Statement<ApiKeyId(TenantId, ApiKeyId, Instant)> revoke_key{"account.revoke_key", R"sql(
    update account.api_key set revoked_at = $3
    where tenant_id = $1 and id = $2 and revoked_at is null
    returning id
)sql"};

const pg::Statement<void(TenantId, UserId, Instant)> revoke_keys_of{"account.revoke_keys_of", R"sql(
    update account.api_key set revoked_at = $3
    where tenant_id = $1 and user_id = $2 and revoked_at is null
)sql"};

const pg::Statement<void(TenantId, ApiKeyId, Instant, Instant)> touch_key{"account.touch_key",
                                                                          R"sql(
    update account.api_key set last_used_at = $3
    where tenant_id = $1 and id = $2 and (last_used_at is null or last_used_at < $4)
)sql"};

}  // namespace entrepot::account::store
