// SQL over pg_catalog: what is true of the database now, not what migrations meant.
#include "modules/compliance/catalogue_store.hpp"

namespace entrepot::compliance::store {

// Schemas of extensions and of the system are not ours; a partition stands for its root.
const pg::Statement<std::int64_t()> tenant_table_count{"compliance.tenant_table_count", R"sql(
    select count(*) as n from pg_class c join pg_namespace s on s.oid = c.relnamespace
    where c.relkind in ('r', 'p') and s.nspname not in ('pg_catalog', 'information_schema')
        and s.nspname !~ '^pg_' and coalesce(obj_description(c.oid, 'pg_class'),
            obj_description(pg_partition_root(c.oid), 'pg_class'), '') !~ '\[global: *[^] ]'
        and not exists (select 1 from pg_depend d where d.objid = c.oid and d.deptype = 'e')
)sql"};

// On Citus the walls are ENABLEd without FORCE, because a shard move under FORCE never ends; the
// owner is in no pool there.
const pg::Statement<ObjectRow()> tables_without_wall{"compliance.tables_without_wall", R"sql(
    select format('%s.%s', s.nspname, c.relname) as name
    from pg_class c join pg_namespace s on s.oid = c.relnamespace
    where c.relkind in ('r', 'p') and s.nspname not in ('pg_catalog', 'information_schema')
        and s.nspname !~ '^pg_' and coalesce(obj_description(c.oid, 'pg_class'),
            obj_description(pg_partition_root(c.oid), 'pg_class'), '') !~ '\[global: *[^] ]'
        and not exists (select 1 from pg_depend d where d.objid = c.oid and d.deptype = 'e')
        and (not c.relrowsecurity
            or (not c.relforcerowsecurity
                and not exists (select 1 from pg_extension where extname = 'citus'))
            or not exists (select 1 from pg_policy p where p.polrelid = c.oid and p.polcmd = '*'
                and p.polpermissive
                and pg_get_expr(p.polqual, p.polrelid) = '(tenant_id = (NULLIF(current_setting('
                    || '''app.tenant''::text, true), ''''::text))::uuid)'
                and pg_get_expr(p.polwithcheck, p.polrelid) = pg_get_expr(p.polqual, p.polrelid))
            or exists (select 1 from pg_policy p where p.polrelid = c.oid and p.polpermissive
                and (p.polroles @> array[0::oid]
                    or exists (select 1 from unnest(p.polroles) r(oid)
                               where r.oid <> 0 and pg_has_role(current_user, r.oid, 'USAGE')))
                and pg_get_expr(p.polqual, p.polrelid) <> '(tenant_id = (NULLIF(current_setting('
                    || '''app.tenant''::text, true), ''''::text))::uuid)'))
    order by 1 limit 50
)sql"};

const pg::Statement<ObjectRow()> powers_of_role{"compliance.powers_of_role", R"sql(
    select name from (
        select unnest(array_remove(array[
            case when rolsuper then 'superuser' end,
            case when rolbypassrls then 'bypasses row-level security' end,
            case when rolcreaterole then 'makes roles' end,
            case when rolcreatedb then 'makes databases' end,
            case when rolreplication then 'replicates' end], null)) as name
        from pg_roles where rolname = current_user
        union all
        select format('owns %s.%s', s.nspname, c.relname)
        from pg_class c join pg_namespace s on s.oid = c.relnamespace
        where pg_get_userbyid(c.relowner) = current_user and s.nspname !~ '^pg_'
        union all
        select format('creates in schema %s', nspname) from pg_namespace
        where nspname !~ '^pg_' and nspname <> 'information_schema'
            and has_schema_privilege(current_user, oid, 'CREATE')
        union all
        select format('truncates %s.%s', s.nspname, c.relname)
        from pg_class c join pg_namespace s on s.oid = c.relnamespace
        where c.relkind in ('r', 'p') and s.nspname !~ '^pg_' and s.nspname <> 'information_schema'
            and has_table_privilege(current_user, c.oid, 'TRUNCATE')
    ) power order by 1 limit 50
)sql"};

const pg::Statement<LinkRow()> link{"compliance.link", R"sql(
    select inet_server_addr() is null as is_local, coalesce(l.ssl, false) as is_encrypted,
        coalesce(l.version, '') as version
    from (select pg_backend_pid() as pid) own left join pg_stat_ssl l on l.pid = own.pid
)sql"};

const pg::Statement<SizeRow()> schema_size{"compliance.schema_size", R"sql(
    select count(distinct c.oid) as tables, count(a.attnum) as columns
    from pg_class c join pg_namespace s on s.oid = c.relnamespace
        left join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where c.relkind in ('r', 'p') and not c.relispartition
        and s.nspname !~ '^pg_' and s.nspname <> 'information_schema'
        and not exists (select 1 from pg_depend d where d.objid = c.oid and d.deptype = 'e')
)sql"};

const pg::Statement<ObjectRow()> unregistered{"compliance.unregistered", R"sql(
    with ours as (
        select c.oid, format('%s.%s', s.nspname, c.relname) as name
        from pg_class c join pg_namespace s on s.oid = c.relnamespace
        where c.relkind in ('r', 'p') and not c.relispartition
            and s.nspname !~ '^pg_' and s.nspname <> 'information_schema'
            and not exists (select 1 from pg_depend d where d.objid = c.oid and d.deptype = 'e')
    )
    select name from (
        select name from ours where coalesce(obj_description(oid, 'pg_class'), '') !~
            '\[retention: *(operational|books|security|session|raw|config|pii|global)\]'
        union all
        select format('%s.%s', o.name, a.attname)
        from ours o join pg_attribute a on a.attrelid = o.oid and a.attnum > 0
        where not a.attisdropped and coalesce(col_description(o.oid, a.attnum), '') = ''
    ) missing order by 1 limit 50
)sql"};

// The tenant's own people and company stand in account; buyers' particulars nowhere but in vault.
const pg::Statement<ObjectRow()> columns_for_buyers{"compliance.columns_for_buyers", R"sql(
    select format('%s.%s.%s', s.nspname, c.relname, a.attname) as name
    from pg_class c join pg_namespace s on s.oid = c.relnamespace
        join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where c.relkind in ('r', 'p', 'v', 'm') and not c.relispartition
        and s.nspname !~ '^pg_' and s.nspname not in ('information_schema', 'vault', 'account')
        and a.attname ~ ('(^|_)(buyer_name|buyer_email|buyer_phone|recipient|recipient_name|'
            || 'consignee|customer_name|full_name|first_name|last_name|address|address_line|'
            || 'address_line_[1-9]|street|phone|telephone|mobile|e_?mail|postal_code|postcode|'
            || 'zip_code|gift_message)(_|$)')
        and not exists (select 1 from pg_depend d where d.objid = c.oid and d.deptype = 'e')
    order by 1 limit 50
)sql"};

const pg::Statement<RetentionRow()> retention_register{"compliance.retention_register", R"sql(
    select format('%s.%s', s.nspname, c.relname) as name,
        coalesce(substring(obj_description(c.oid, 'pg_class') from '\[retention: *([a-z]+)\]'), '')
            as retention,
        (select count(*) from pg_attribute a
         where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns
    from pg_class c join pg_namespace s on s.oid = c.relnamespace
    where c.relkind in ('r', 'p') and not c.relispartition
        and s.nspname !~ '^pg_' and s.nspname <> 'information_schema'
        and not exists (select 1 from pg_depend d where d.objid = c.oid and d.deptype = 'e')
    order by 1 limit 2000
)sql"};

const pg::Statement<AuditSeenRow(TenantId, AuditId)> audit_seen{"compliance.audit_seen", R"sql(
    select count(*) as rows, count(*) filter (where result = 'refused') as refused,
        max(at) as last_at
    from platform.audit_entry where tenant_id = $1 and id >= $2
)sql"};

const pg::Statement<ObjectRow()> rights_on_audit{"compliance.rights_on_audit", R"sql(
    select p.name from unnest(array['UPDATE', 'DELETE', 'TRUNCATE']) p(name)
    where has_table_privilege(current_user, 'platform.audit_entry', p.name)
        or (p.name = 'UPDATE'
            and has_any_column_privilege(current_user, 'platform.audit_entry', 'UPDATE'))
    union all
    select 'no INSERT' where not has_table_privilege(current_user, 'platform.audit_entry', 'INSERT')
    order by 1
)sql"};

const pg::Statement<AuditCountRow(TenantId)> audit_counts{"compliance.audit_counts", R"sql(
    select act, result, count(*) as rows, min(at) as first_at, max(at) as last_at
    from platform.audit_entry where tenant_id = $1 group by act, result order by act, result
)sql"};

const pg::Statement<RawRepliesRow(TenantId)> raw_replies_kept{"compliance.raw_replies_kept",
                                                              R"sql(
    select count(*) as replies, min(received_at) as oldest_at
    from amazon.raw_reply where tenant_id = $1
)sql"};

const pg::Statement<TermRow(TenantId, Instant)> past_term{"compliance.past_term", R"sql(
    select (select count(*) from orders.package p
            join orders.sales_order o on o.tenant_id = p.tenant_id and o.id = p.order_id
            where p.tenant_id = $1 and o.source_channel = 'amazon' and o.source_received_at < $2)
            as packages,
        (select count(*) from orders.exception e
            join orders.sales_order o on o.tenant_id = e.tenant_id and o.id = e.order_id
            where e.tenant_id = $1 and o.source_channel = 'amazon' and e.first_seen_at < $2)
            as exceptions,
        (select count(*) from fulfil.shipment s
            join orders.sales_order o on o.tenant_id = s.tenant_id and o.id = s.order_id
            where s.tenant_id = $1 and o.source_channel = 'amazon' and s.updated_at < $2
                and (not s.counts
                    or o.state in ('shipped', 'delivered', 'cancelled', 'unfulfillable')))
            as shipments,
        (select count(*) from amazon.history_report r
            where r.tenant_id = $1 and r.ended_at < $2) as reports,
        (select count(*) from amazon.connection c where c.tenant_id = $1) as connections,
        (select count(distinct j.kind) from platform.job j
            where j.tenant_id = $1 and j.kind in ('orders.forget', 'fulfil.forget', 'amazon.purge')
                and j.state in ('ready', 'leased')) as jobs
)sql"};

const pg::Statement<ObjectRow(std::vector<std::string>)> without_basis{"compliance.without_basis",
                                                                       R"sql(
    select format('%s.%s', s.nspname, c.relname) as name
    from pg_class c join pg_namespace s on s.oid = c.relnamespace
    where c.relkind in ('r', 'p') and not c.relispartition
        and s.nspname in ('amazon', 'orders', 'fulfil', 'shops')
        and format('%s.%s', s.nspname, c.relname) <> all($1)
    order by 1
)sql"};

// A sealed cell: version 1, 12 bytes of nonce, 16 of tag.
const pg::Statement<SecretsRow(TenantId)> marketplace_secrets{"compliance.marketplace_secrets",
                                                              R"sql(
    select count(*) as secrets,
        count(*) filter (where length(cell) < 33 or get_byte(cell, 0) <> 2) as unsealed
    from amazon.connection c,
        unnest(array[c.client_id_sealed, c.client_secret_sealed, c.refresh_token_sealed]) k(cell)
    where c.tenant_id = $1
)sql"};

const pg::Statement<BackupRow()> newest_backups{"compliance.newest_backups", R"sql(
    select repository, max(started_at) filter (where outcome = 'done') as done_at,
        (array_agg(outcome order by started_at desc))[1] as newest_outcome
    from backup.run
    group by repository
    order by repository
)sql"};

const pg::Statement<DrillRow()> newest_drill{"compliance.newest_drill", R"sql(
    select started_at, outcome
    from backup.drill
    order by started_at desc
    limit 1
)sql"};

}  // namespace entrepot::compliance::store
