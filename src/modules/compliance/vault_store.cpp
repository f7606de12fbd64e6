// SQL of what the vault keeps, counted.
#include "modules/compliance/vault_store.hpp"

namespace entrepot::compliance::store {

const pg::Statement<CellsRow(TenantId)> vault_cells{"compliance.vault_cells", R"sql(
    select (select count(*) from vault.capsule c
            where c.tenant_id = $1 and c.state in ('held', 'restricted')) as capsules,
        count(*) as cells,
        count(*) filter (where octet_length(sealed) < 33 or get_byte(sealed, 0) <> 2) as plain
    from (select sealed from vault.cell where tenant_id = $1
        union all select sealed from vault.held_cell where tenant_id = $1) as everything
)sql"};

const pg::Statement<EarlyRow(TenantId, Instant)> fetched_early{"compliance.fetched_early", R"sql(
    select count(*) as capsules,
        count(*) filter (where o.fulfilled_by <> 'merchant') as not_ours,
        count(*) filter (where not exists (
            select from fulfil.shipment s where s.tenant_id = $1 and s.order_id = c.order_id
                and s.released_at <= c.sealed_at)) as early
    from vault.capsule c
    join orders.sales_order o on o.tenant_id = $1 and o.id = c.order_id
    where c.tenant_id = $1 and c.origin = 'amazon' and c.sealed_at >= $2
)sql"};

const pg::Statement<ClockRow(TenantId, Instant, std::int64_t, std::int64_t)> pii_clock{
    "compliance.pii_clock", R"sql(
    select count(*) as held,
        count(*) filter (where destroy_at < $2) as overdue,
        count(*) filter (where destroy_at > delivered_at + $3 * interval '1 second'
            or destroy_at > shipped_at + $4 * interval '1 second') as too_long,
        (select count(*) from platform.job j
         where j.tenant_id = $1 and j.kind = 'vault.sweep' and j.state in ('ready', 'leased'))
            as sweepers,
        exists (select from vault.clock k where k.tenant_id = $1 and k.stopped_at is not null)
            as stopped
    from vault.capsule
    where tenant_id = $1 and state in ('held', 'restricted', 'erasing')
)sql"};

const pg::Statement<ErasedRow(TenantId)> erased_capsules{"compliance.erased_capsules", R"sql(
    select count(*) as erased,
        count(*) filter (where exists (select from vault.cell l
                where l.tenant_id = $1 and l.capsule_id = c.id)
            or exists (select from vault.blind_index b
                where b.tenant_id = $1 and b.capsule_id = c.id)) as left_over,
        count(*) filter (where coalesce(receipt, '') = '') as without_receipt,
        (select count(*) from vault.fence f where f.tenant_id = $1) as barred,
        (select count(*) from vault.fence f
            join vault.capsule k on k.tenant_id = $1 and k.order_id = f.order_id
            where f.tenant_id = $1) as brought_back
    from vault.capsule c where tenant_id = $1 and state = 'erased'
)sql"};

const pg::Statement<Uuid(TenantId, std::int64_t)> erased_ids{"compliance.erased_ids", R"sql(
    select id from vault.capsule where tenant_id = $1 and state = 'erased'
    order by erased_at desc, id limit $2
)sql"};

const pg::Statement<ReadingsRow(TenantId, AuditId, std::vector<std::string>)> readings{
    "compliance.readings", R"sql(
    select count(*) filter (where result = 'done') as readings,
        count(*) filter (where result = 'refused') as refused,
        count(*) filter (where coalesce(detail ->> 'purpose', '') <> all($3)
            or coalesce(detail ->> 'serves_kind', '') = ''
            or coalesce(detail ->> 'serves_id', '') = '') as aimless
    from platform.audit_entry
    where tenant_id = $1 and id >= $2 and act = 'vault.revealed'
)sql"};

const pg::Statement<DecoysRow(TenantId, Instant, Instant, AuditId)> decoys{"compliance.decoys",
                                                                           R"sql(
    select (select count(*) from fulfil.shipment s
            where s.tenant_id = $1 and s.shipped_at >= $2 and s.shipped_at < $3) as shipped,
        (select count(*) from fulfil.decoy d
            join vault.capsule c on c.tenant_id = $1 and c.order_id = d.order_id
            where d.tenant_id = $1 and c.state = 'held') as decoys,
        (select count(*) from platform.audit_entry e
            where e.tenant_id = $1 and e.id >= $4 and e.act = 'vault.revealed'
                and e.detail ->> 'alarm' = 'true' and not exists (select from orders.sales_order o
                    where o.tenant_id = $1 and o.id = e.object_id::uuid)) as audited
)sql"};

const pg::Statement<SealRow(TenantId, AuditId, AuditId)> audit_seal{"compliance.audit_seal", R"sql(
    select count(*) as rows,
        count(*) filter (where not exists (select from platform.audit_leaf l
            where l.tenant_id = $1 and l.entry_id = e.id)) as unsealed,
        (select max(at) from platform.audit_checkpoint) as checkpoint_at
    from platform.audit_entry e where tenant_id = $1 and id >= $2 and id < $3
)sql"};

}  // namespace entrepot::compliance::store
