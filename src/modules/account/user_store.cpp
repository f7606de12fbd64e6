// Statements on tenants, users, role grants and invitations.
#include "modules/account/account.hpp"
#include "modules/account/store.hpp"

namespace entrepot::account::store {

namespace {
const pg::ConstraintMeaning email_known{
    "user_account_email_key",
    make_error(errors::email_taken, "this e-mail has an account already")};
const pg::ConstraintMeaning invited{
    "invitation_email_key",
    make_error(errors::invitation_exists, "an invitation for this e-mail is open already")};
}  // namespace

const pg::Statement<TenantRow(TenantId)> tenant_by_id{"account.tenant_by_id", R"sql(
    select tenant_id, legal_name, country, registration_number, registered_address, billing_email,
        contact_name, contact_title, contact_email, contact_phone, book_currency, time_zone,
        language, created_at, version
    from account.tenant where tenant_id = $1
)sql"};

const pg::Statement<void(TenantId, std::string, std::string, std::string, std::string, std::string,
                         std::string, std::string, std::string, std::string, std::string,
                         std::string, std::string, Instant)>
    insert_tenant{"account.insert_tenant", R"sql(
    insert into account.tenant (tenant_id, legal_name, country, registration_number,
        registered_address, billing_email, contact_name, contact_title, contact_email,
        contact_phone, book_currency, time_zone, language, terms_accepted_at, created_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $14)
)sql"};

const pg::Statement<std::int64_t(TenantId, std::string, std::string, std::string, std::string,
                                 std::string, std::string, std::string, std::string, std::string,
                                 std::string, std::string, std::string,
                                 std::optional<std::int64_t>)>
    update_tenant{"account.update_tenant", R"sql(
    update account.tenant set legal_name = $2, country = $3, registration_number = $4,
        registered_address = $5, billing_email = $6, contact_name = $7, contact_title = $8,
        contact_email = $9, contact_phone = $10, book_currency = $11, time_zone = $12,
        language = $13, version = version + 1
    where tenant_id = $1 and ($14::int8 is null or version = $14)
    returning version
)sql"};

const pg::Statement<bool(std::string)> is_time_zone{"account.is_time_zone", R"sql(
    select exists (select from pg_catalog.pg_timezone_names where name = $1)
)sql"};

const pg::Statement<TenantId(TenantId)> lock_tenant{"account.lock_tenant", R"sql(
    select tenant_id from account.tenant where tenant_id = $1 for update
)sql"};

const pg::Statement<std::int64_t(TenantId)> count_active_owners{"account.count_active_owners",
                                                                R"sql(
    select count(distinct u.id) from account.user_account u
    join account.role_grant g on g.tenant_id = $1 and g.user_id = u.id and g.role = 'owner'
    where u.tenant_id = $1 and u.state = 'active'
)sql"};

#define ENTREPOT_ROLES_OF_USER                                                        \
    "(select coalesce(jsonb_agg(jsonb_build_object('role', g.role, 'shops', g.shops)" \
    " order by g.id), '[]') from account.role_grant g"                                \
    " where g.tenant_id = $1 and g.user_id = u.id) as roles"
#define ENTREPOT_USER_COLUMNS                                                                \
    "select u.id, u.email, u.name, u.language, u.state, u.disabled_reason, u.password_hash," \
    " u.password_changed_at, u.last_sign_in_at, u.created_at, u.version,"                    \
    " exists (select from account.totp t where t.tenant_id = $1 and t.user_id = u.id"        \
    " and t.seed is not null) as mfa_enrolled, " ENTREPOT_ROLES_OF_USER                      \
    " from account.user_account u where u.tenant_id = $1 "

const pg::Statement<UserRow(TenantId, UserId)> user_by_id{"account.user_by_id",
                                                          ENTREPOT_USER_COLUMNS "and u.id = $2"};

const pg::Statement<UserRow(TenantId, std::string)> user_by_email{
    "account.user_by_email", ENTREPOT_USER_COLUMNS "and u.email = $2"};

const pg::Statement<UserRow(TenantId, std::optional<UserId>, std::int64_t)> users_page{
    "account.users_page", ENTREPOT_USER_COLUMNS
    "and u.email > coalesce((select l.email from account.user_account l where l.tenant_id = $1 and "
    "l.id = $2), '') order by u.email limit $3"};

const pg::Statement<void(TenantId, UserId, std::string, std::string, std::string, std::string,
                         Instant)>
    insert_user{"account.insert_user", R"sql(
    insert into account.user_account (tenant_id, id, email, name, language, state, password_hash,
        password_changed_at, created_at)
    values ($1, $2, $3, $4, $5, 'active', $6, $7, $7)
)sql"};

const pg::Statement<void(TenantId, UserId, std::string, OptionalText)> set_user_state{
    "account.set_user_state", R"sql(
    update account.user_account set state = $3, disabled_reason = $4, version = version + 1
    where tenant_id = $1 and id = $2
)sql"};

const pg::Statement<UserId(TenantId, UserId, std::string)> hold_password{"account.hold_password",
                                                                         R"sql(
    select id from account.user_account
    where tenant_id = $1 and id = $2 and password_hash = $3 and state = 'active'
    for share
)sql"};

const pg::Statement<void(TenantId, UserId, Instant)> note_sign_in{"account.note_sign_in", R"sql(
    update account.user_account set last_sign_in_at = $3 where tenant_id = $1 and id = $2
)sql"};

const pg::Statement<UserId(TenantId, UserId, std::string, std::string, Instant)> set_password{
    "account.set_password", R"sql(
    update account.user_account set password_hash = $4, password_changed_at = $5,
        version = version + 1
    where tenant_id = $1 and id = $2 and password_hash = $3
    returning id
)sql"};

const pg::Statement<void(TenantId, UserId, Uuid, std::string, Instant)> insert_password_history{
    "account.insert_password_history", R"sql(
    insert into account.password_history (tenant_id, user_id, id, password_hash, set_at)
    values ($1, $2, $3, $4, $5)
)sql"};

const pg::Statement<std::string(TenantId, UserId, std::int64_t)> password_history{
    "account.password_history", R"sql(
    select password_hash from account.password_history where tenant_id = $1 and user_id = $2
    order by id desc limit $3
)sql"};

const pg::Statement<void(TenantId, UserId, std::int64_t)> trim_password_history{
    "account.trim_password_history", R"sql(
    delete from account.password_history where tenant_id = $1 and user_id = $2 and id in (
        select id from account.password_history where tenant_id = $1 and user_id = $2
        order by id desc offset $3)
)sql"};

const pg::Statement<pg::Json(TenantId, UserId)> preferences_of{"account.preferences_of", R"sql(
    select preferences from account.user_account where tenant_id = $1 and id = $2
)sql"};

const pg::Statement<void(TenantId, UserId, pg::Json, OptionalText)> set_preferences{
    "account.set_preferences", R"sql(
    update account.user_account set preferences = $3, language = coalesce($4, language)
    where tenant_id = $1 and id = $2
)sql"};

const pg::Statement<void(TenantId, UserId, RoleGrantId, std::string, OptionalShops,
                         std::optional<UserId>, Instant)>
    insert_role_grant{"account.insert_role_grant", R"sql(
    insert into account.role_grant (tenant_id, user_id, id, role, shops, granted_by, granted_at)
    values ($1, $2, $3, $4, $5, $6, $7)
)sql"};

const pg::Statement<ShopId(TenantId, std::vector<ShopId>)> unknown_shops{"account.unknown_shops",
                                                                         R"sql(
    select n.id from unnest($2) as n(id)
    where not exists (select 1 from shops.shop s where s.tenant_id = $1 and s.id = n.id)
)sql"};

const pg::Statement<void(TenantId, UserId)> delete_role_grants{"account.delete_role_grants", R"sql(
    delete from account.role_grant where tenant_id = $1 and user_id = $2
)sql"};

const pg::Statement<void(TenantId, InvitationId, std::string, std::string, pg::Json, pg::Bytes,
                         UserId, Instant, Instant)>
    insert_invitation{"account.insert_invitation", R"sql(
    insert into account.invitation (tenant_id, id, email, name, roles, token_hash, invited_by,
        created_at, expires_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
)sql"};

const pg::Statement<InvitationRow(TenantId)> invitations{"account.invitations", R"sql(
    select id, email, name, roles, invited_by, created_at, expires_at
    from account.invitation where tenant_id = $1 order by id desc limit 500
)sql"};

const pg::Statement<InvitationRow(TenantId, pg::Bytes, Instant)> invitation_by_token{
    "account.invitation_by_token", R"sql(
    select id, email, name, roles, invited_by, created_at, expires_at
    from account.invitation where tenant_id = $1 and token_hash = $2 and expires_at > $3
)sql"};

const pg::Statement<InvitationId(TenantId, pg::Bytes, Instant)> consume_invitation{
    "account.consume_invitation", R"sql(
    delete from account.invitation where tenant_id = $1 and token_hash = $2 and expires_at > $3
    returning id
)sql"};

const pg::Statement<InvitationId(TenantId, InvitationId)> delete_invitation{
    "account.delete_invitation", R"sql(
    delete from account.invitation where tenant_id = $1 and id = $2 returning id
)sql"};

const pg::Statement<void(TenantId, std::string, Instant)> delete_expired_invitation{
    "account.delete_expired_invitation", R"sql(
    delete from account.invitation where tenant_id = $1 and email = $2 and expires_at <= $3
)sql"};

const pg::Statement<void(TenantId, UserId)> delete_invitations_by{"account.delete_invitations_by",
                                                                  R"sql(
    delete from account.invitation where tenant_id = $1 and invited_by = $2
)sql"};

const pg::Statement<void(TenantId, UserId, pg::Bytes, UserId, Instant, Instant)> put_password_reset{
    "account.put_password_reset", R"sql(
    insert into account.password_reset (tenant_id, user_id, token_hash, created_by, created_at,
        expires_at)
    values ($1, $2, $3, $4, $5, $6)
    on conflict (tenant_id, user_id) do update set token_hash = $3, created_by = $4,
        created_at = $5, expires_at = $6
)sql"};

const pg::Statement<ResetRow(TenantId, pg::Bytes, Instant)> password_reset_by_token{
    "account.password_reset_by_token", R"sql(
    select r.user_id, r.expires_at from account.password_reset r
    join account.user_account u on u.tenant_id = $1 and u.id = r.user_id and u.state = 'active'
    where r.tenant_id = $1 and r.token_hash = $2 and r.expires_at > $3
)sql"};

const pg::Statement<UserId(TenantId, pg::Bytes, Instant)> consume_password_reset{
    "account.consume_password_reset", R"sql(
    delete from account.password_reset
    where tenant_id = $1 and token_hash = $2 and expires_at > $3
    returning user_id
)sql"};

const pg::Statement<void(TenantId, UserId)> delete_password_resets{"account.delete_password_resets",
                                                                   R"sql(
    delete from account.password_reset
    where tenant_id = $1 and (user_id = $2 or created_by = $2)
)sql"};

}  // namespace entrepot::account::store
