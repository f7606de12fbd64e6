// Statements that count how the accounts of a tenant stand.
#include "modules/account/store.hpp"

namespace entrepot::account::store {

// A session is touched once a minute, so a minute more is no breach.
const pg::Statement<PostureRow(TenantId, std::vector<std::string>, Instant, std::int64_t,
                               std::int64_t, std::int64_t, Instant, Instant)>
    posture{"account.posture", R"sql(
    with person as (
        select u.id, u.email, u.password_hash, u.password_changed_at,
            exists (select 1 from account.totp t
                    where t.tenant_id = $1 and t.user_id = u.id and t.seed is not null) as proven,
            exists (select 1 from account.role_grant g
                    where g.tenant_id = $1 and g.user_id = u.id) as granted
        from account.user_account u where u.tenant_id = $1 and u.state = 'active'
    ), key as (
        select created_at, expires_at from account.api_key
        where tenant_id = $1 and revoked_at is null and expires_at > $7
    )
    select
        (select count(*) from person) as active_users,
        (select count(*) from person where not proven) as without_second_factor,
        (select count(*) from person where not granted) as without_role,
        (select count(*) - count(distinct lower(email)) from account.user_account
         where tenant_id = $1) as shared_emails,
        (select count(*) from account.role_grant where tenant_id = $1) as grants,
        (select count(*) from account.role_grant where tenant_id = $1 and role <> all($2))
            as grants_of_unknown_roles,
        (select count(*) from person where password_changed_at < $3) as passwords_expired,
        (select count(*) from person where not starts_with(password_hash, '$argon2id$'))
            as passwords_not_argon2id,
        (select count(*) from account.session where tenant_id = $1) as sessions,
        (select count(*) from account.session where tenant_id = $1
            and extract(epoch from last_seen_at - created_at)
                > case when second_factor_at is null then $5 else $4 end + 60)
            as sessions_served_past_end,
        (select count(*) from key) as api_keys,
        (select count(*) from key where not isfinite(expires_at)) as api_keys_without_end,
        (select count(*) from key where isfinite(expires_at)
            and extract(epoch from expires_at - created_at) > $6) as api_keys_too_long,
        (select count(*) from key where expires_at < $8) as api_keys_ending_soon
)sql"};

const pg::Statement<SeedRow(TenantId)> confirmed_seeds{"account.confirmed_seeds", R"sql(
    select user_id, seed from account.totp where tenant_id = $1 and seed is not null
    order by user_id limit 10000
)sql"};

}  // namespace entrepot::account::store
