// SQL of results.
#include "modules/compliance/store.hpp"

namespace entrepot::compliance::store {

const pg::Statement<void(TenantId, Uuid, std::string, State, std::string, pg::Json,
                         std::vector<std::string>, Instant)>
    insert_result{"compliance.insert_result", R"sql(
    insert into compliance.result (tenant_id, id, check_name, state, code, figures, items,
        checked_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8)
)sql"};

const pg::Statement<LatestRow(TenantId, std::vector<std::string>)> latest_results{
    "compliance.latest_results", R"sql(
    select n.name as check_name, r.state, r.code, r.figures, r.items, r.checked_at,
        (select max(g.checked_at) from compliance.result g
         where g.tenant_id = $1 and g.check_name = n.name and g.state = 'green') as green_at
    from unnest($2) n(name) cross join lateral (
        select state, code, figures, items, checked_at from compliance.result
        where tenant_id = $1 and check_name = n.name
        order by checked_at desc, id desc limit 1
    ) r
)sql"};

const pg::Statement<ResultRow(TenantId, std::vector<std::string>, std::int64_t)> history{
    "compliance.result_history", R"sql(
    select check_name, state, code, figures, items, checked_at from compliance.result
    where tenant_id = $1 and check_name = any($2)
    order by checked_at desc, id desc limit $3
)sql"};

}  // namespace entrepot::compliance::store
