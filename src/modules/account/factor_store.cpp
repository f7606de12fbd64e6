// Statements on second factors. Acceptance and memory are one statement, so no code works twice.
#include "modules/account/store.hpp"

namespace entrepot::account::store {

const pg::Statement<TotpRow(TenantId, UserId)> totp_of{"account.totp_of", R"sql(
    select seed, pending_seed, last_step from account.totp where tenant_id = $1 and user_id = $2
)sql"};

const pg::Statement<void(TenantId, UserId, pg::Bytes)> set_pending_seed{"account.set_pending_seed",
                                                                        R"sql(
    insert into account.totp (tenant_id, user_id, pending_seed) values ($1, $2, $3)
    on conflict (tenant_id, user_id) do update set pending_seed = $3
)sql"};

const pg::Statement<UserId(TenantId, UserId, pg::Bytes, Instant, std::int64_t)> confirm_seed{
    "account.confirm_seed", R"sql(
    update account.totp set seed = pending_seed, pending_seed = null, confirmed_at = $4,
        last_step = $5
    where tenant_id = $1 and user_id = $2 and pending_seed = $3
    returning user_id
)sql"};

const pg::Statement<UserId(TenantId, UserId, std::int64_t)> use_step{"account.use_step", R"sql(
    update account.totp set last_step = $3
    where tenant_id = $1 and user_id = $2 and seed is not null and last_step < $3
    returning user_id
)sql"};

const pg::Statement<void(TenantId, UserId)> delete_totp{"account.delete_totp", R"sql(
    delete from account.totp where tenant_id = $1 and user_id = $2
)sql"};

const pg::Statement<void(TenantId, UserId, pg::Bytes, Instant)> insert_recovery_code{
    "account.insert_recovery_code", R"sql(
    insert into account.recovery_code (tenant_id, user_id, code_hash, created_at)
    values ($1, $2, $3, $4)
)sql"};

const pg::Statement<void(TenantId, UserId)> delete_recovery_codes{"account.delete_recovery_codes",
                                                                  R"sql(
    delete from account.recovery_code where tenant_id = $1 and user_id = $2
)sql"};

const pg::Statement<UserId(TenantId, UserId, pg::Bytes, Instant)> use_recovery_code{
    "account.use_recovery_code", R"sql(
    update account.recovery_code set used_at = $4
    where tenant_id = $1 and user_id = $2 and code_hash = $3 and used_at is null
    returning user_id
)sql"};

const pg::Statement<std::int64_t(TenantId, UserId)> count_recovery_codes{
    "account.count_recovery_codes", R"sql(
    select count(1) from account.recovery_code
    where tenant_id = $1 and user_id = $2 and used_at is null
)sql"};

}  // namespace entrepot::account::store
