// Lint rules that keep tenants apart: keys, row-level security, foreign keys, and the objects that
// would look past a policy.
#include <array>

#include "platform/migrate/lint_rules.hpp"

namespace entrepot::migrate {
namespace {

constexpr std::array<LintRule, 16> rules = {{
    {"tenant_column", R"sql(
        select name, format('table %s has no column "tenant_id uuid not null"', name)
        from our_table where not is_global and tenant_column is null
    )sql"},
    {"primary_key", R"sql(
        select t.name, format('table %s has no primary key', t.name) from our_table t
        where not exists (select from pg_index i where i.indrelid = t.oid and i.indisprimary)
    )sql"},
    {"tenant_key", R"sql(
        select format('%s.%s', t.nspname, c.relname),
            format('unique index %s of table %s does not begin with tenant_id: it tells one tenant '
                   'what another has', c.relname, t.name)
        from our_table t join pg_index i on i.indrelid = t.oid
            join pg_class c on c.oid = i.indexrelid
        where not t.is_global and i.indisunique and t.tenant_column is not null
          and i.indkey[0] <> t.tenant_column
        union all
        select format('%s.%s', t.nspname, k.conname),
            format('exclusion %s of table %s does not compare tenant_id with "="', k.conname,
                t.name)
        from our_table t join pg_constraint k on k.conrelid = t.oid and k.contype = 'x'
        where not t.is_global and t.tenant_column is not null and not exists (
            select from unnest(k.conkey, k.conexclop) x(part, operator)
            join pg_operator o on o.oid = x.operator
            where x.part = t.tenant_column and o.oprname = '=')
    )sql"},
    {"rls_enabled", R"sql(
        select name, format('table %s has row-level security switched off', name)
        from our_table where not is_global and not relrowsecurity
    )sql"},
    {force_rule, R"sql(
        select name,
            format('table %s does not FORCE row-level security: its owner sees every tenant', name)
        from our_table where not is_global and relrowsecurity and not relforcerowsecurity
    )sql"},
    {"policy", R"sql(
        select t.name,
            format('table %s has no policy FOR ALL with USING and WITH CHECK both exactly '
            '(tenant_id = nullif(current_setting(''app.tenant'', true), '''')::uuid)', t.name)
        from our_table t
        where not t.is_global and not exists (select from exact_policy p where p.polrelid = t.oid)
    )sql"},
    {"other_policy", R"sql(
        select format('%s.%s', t.name, p.polname),
            format('policy %s on table %s lets rows through beside the tenant policy; only '
                   'SELECT for entrepot_jobs alone is allowed, on a table marked [jobs-visible], '
                   'and any for entrepot_sealer alone, on one marked [sealer-visible]',
                   p.polname, t.name)
        from our_table t join pg_policy p on p.polrelid = t.oid
        where not t.is_global and p.polpermissive
          and p.oid not in (select oid from exact_policy)
          and not (p.polcmd = 'r' and t.note like '%[jobs-visible]%' and p.polroles =
                   array(select oid from pg_roles where rolname = 'entrepot_jobs'))
          and not (t.note like '%[sealer-visible]%' and p.polroles =
                   array(select oid from pg_roles where rolname = 'entrepot_sealer'))
          and exists (select from exact_policy good where good.polrelid = t.oid)
    )sql"},
    {"foreign_key", R"sql(
        select format('%s.%s', t.nspname, k.conname),
            format('foreign key %s of table %s does not begin with tenant_id on both sides: it can '
                   'point at another tenant''s row', k.conname, t.name)
        from our_table t join pg_constraint k on k.conrelid = t.oid and k.contype = 'f'
        join our_table other on other.oid = k.confrelid
        where k.conparentid = 0 and not t.is_global and not other.is_global
          and (k.conkey[1] is distinct from t.tenant_column
               or k.confkey[1] is distinct from other.tenant_column)
        union all
        select format('%s.%s', t.nspname, k.conname),
            format('foreign key %s points from the global table %s at the tenants'' table %s',
                   k.conname, t.name, other.name)
        from our_table t join pg_constraint k on k.conrelid = t.oid and k.contype = 'f'
        join our_table other on other.oid = k.confrelid
        where k.conparentid = 0 and t.is_global and not other.is_global
    )sql"},
    {"set_null", R"sql(
        select format('%s.%s', t.nspname, k.conname),
            format('foreign key %s of table %s sets columns to null', k.conname, t.name)
        from our_table t join pg_constraint k on k.conrelid = t.oid and k.contype = 'f'
        where k.conparentid = 0 and (k.confdeltype = 'n' or k.confupdtype = 'n')
    )sql"},
    {"view", R"sql(
        select name, format('view %s is not security_invoker: it reads with its owner''s eyes',
            name)
        from our_relation r where relkind = 'v' and not exists (
            select from pg_options_to_table(r.reloptions) o where o.option_name = 'security_invoker'
              and lower(o.option_value) in ('true', 'on', 'yes', '1'))
    )sql"},
    {"materialised_view", R"sql(
        select name, format('%s is a materialised view: its copy of the rows has no policy', name)
        from our_relation where relkind = 'm'
    )sql"},
    {"foreign_table", R"sql(
        select name, format('%s is a foreign table: row-level security does not reach it', name)
        from our_relation where relkind = 'f'
    )sql"},
    {"security_definer", R"sql(
        select name, format('function %s is SECURITY DEFINER', name) from our_function
            where prosecdef
    )sql"},
    {"leakproof", R"sql(
        select name, format('function %s is LEAKPROOF: it may run before a policy has filtered',
            name)
        from our_function where proleakproof
    )sql"},
    {"rule", R"sql(
        select format('%s.%s', r.name, w.rulename), format('rule %s on %s', w.rulename, r.name)
        from our_relation r join pg_rewrite w on w.ev_class = r.oid where w.rulename <> '_RETURN'
    )sql"},
    {"trigger", R"sql(
        select format('%s.%s', r.name, g.tgname),
            format('trigger %s on %s, whose comment has no mark [trigger: reason]', g.tgname,
                r.name)
        from our_relation r join pg_trigger g on g.tgrelid = r.oid
        where not g.tgisinternal and g.tgparentid = 0 and r.note !~ '\[trigger: *[^] ][^]]*\]'
        union all
        select evtname::text, format('event trigger %s', evtname) from pg_event_trigger e
        where not exists (select from pg_depend d where d.classid = 'pg_event_trigger'::regclass
                          and d.objid = e.oid and d.deptype = 'e')
    )sql"},
}};

}  // namespace

std::span<const LintRule> tenant_rules() {
    return rules;
}

}  // namespace entrepot::migrate
