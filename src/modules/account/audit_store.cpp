// The statement that searches the audit.
#include "modules/account/store.hpp"

namespace entrepot::account::store {

const pg::Statement<AuditRow(TenantId, AuditId, AuditId, std::optional<Uuid>, OptionalText,
                             OptionalText, OptionalText, OptionalText, OptionalText, std::int64_t)>
    audit_page{"account.audit_page", R"sql(
    select id, at, actor_kind, actor_id, actor_name, act, object_kind, object_id, result, code, ip,
        user_agent, request_id, detail::text as detail
    from platform.audit_entry
    where tenant_id = $1 and id < $2 and id >= $3
        and ($4::uuid is null or actor_id = $4)
        and ($5::text is null or starts_with(act, $5))
        and ($6::text is null or object_kind = $6)
        and ($7::text is null or object_id = $7)
        and ($8::text is null or result = $8)
        and ($9::text is null or object_id = $9 or request_id = $9 or ip = $9 or code = $9
             or starts_with(act, $9) or starts_with(lower(actor_name), lower($9)))
    order by id desc limit $10
)sql"};

}  // namespace entrepot::account::store
