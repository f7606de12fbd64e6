// Lint rules about who may do what: attributes, memberships, ownership, grants.
#include <array>

#include "platform/migrate/lint_rules.hpp"

namespace entrepot::migrate {
namespace {

constexpr std::array<LintRule, 8> rules = {{
    {"role_attribute", R"sql(
        select rolname::text, format('role %s has %s', rolname, attribute)
        from app_role, lateral (values ('SUPERUSER', rolsuper), ('BYPASSRLS', rolbypassrls),
            ('CREATEROLE', rolcreaterole), ('CREATEDB', rolcreatedb),
            ('REPLICATION', rolreplication)) a(attribute, has)
        where has
    )sql"},
    {"role_member", R"sql(
        select r.rolname::text, format('role %s is a member of %s', r.rolname, m.rolname)
        from app_role r join pg_auth_members g on g.member = r.oid
            join pg_roles m on m.oid = g.roleid
        where (r.rolname, m.rolname) not in (('entrepot_monitor', 'pg_monitor'),
                                             ('entrepot_backup', 'pg_read_all_settings'))
    )sql"},
    {"ownership", R"sql(
        select distinct pg_describe_object(d.classid, d.objid, d.objsubid),
            format('role %s owns %s', r.rolname, pg_describe_object(d.classid, d.objid, d.objsubid))
        from app_role r join pg_shdepend d
            on d.refclassid = 'pg_authid'::regclass and d.refobjid = r.oid and d.deptype = 'o'
        where d.dbid in (0, (select oid from pg_database where datname = current_database()))
    )sql"},
    {"privilege", R"sql(
        select coalesce(g.name || '.' || g.attname, g.name),
            format('role %s has %s on %s', r.rolname, g.privilege_type, g.name)
        from relation_right g join app_role r on r.oid = g.grantee
        where g.privilege_type in ('TRUNCATE', 'REFERENCES', 'TRIGGER', 'MAINTAIN')
        union all
        select coalesce(g.name || '.' || g.attname, g.name),
            format('role %s may pass on %s on %s', r.rolname, g.privilege_type, g.name)
        from relation_right g join app_role r on r.oid = g.grantee where g.is_grantable
        union all
        select s.nspname::text, format('role %s may create objects in schema %s', r.rolname,
            s.nspname)
        from our_schema s, aclexplode(s.nspacl) x join app_role r on r.oid = x.grantee
        where x.privilege_type = 'CREATE'
        union all
        select d.datname::text, format('role %s may create schemas in database %s', r.rolname,
            d.datname)
        from pg_database d, aclexplode(d.datacl) x join app_role r on r.oid = x.grantee
        where d.datname = current_database() and x.privilege_type = 'CREATE'
    )sql"},
    {"public_grant", R"sql(
        select coalesce(name || '.' || attname, name), format('everybody (PUBLIC) has %s on %s',
            privilege_type, name)
        from relation_right where grantee = 0
        union all
        select nspname::text, format('everybody (PUBLIC) has %s on schema %s', x.privilege_type,
            nspname)
        from our_schema s, aclexplode(coalesce(s.nspacl, acldefault('n', s.nspowner))) x
        where x.grantee = 0
        union all
        select f.name, format('everybody (PUBLIC) has %s on function %s', x.privilege_type, f.name)
        from our_function f, aclexplode(coalesce(f.proacl, acldefault('f', f.proowner))) x
        where x.grantee = 0
        union all
        select format('default privileges of %s', r.rolname),
            format('what %s makes is granted to everybody (PUBLIC): %s', r.rolname,
                x.privilege_type)
        from pg_default_acl d join pg_roles r on r.oid = d.defaclrole, aclexplode(d.defaclacl) x
        where x.grantee = 0 and d.defaclobjtype <> 'T'
    )sql"},
    {"append_only", R"sql(
        select coalesce(g.name || '.' || g.attname, g.name),
            format('role %s has %s on %s, which is append-only', r.rolname, g.privilege_type,
                g.name)
        from relation_right g join app_role r on r.oid = g.grantee
        where g.note like '%[append-only]%' and g.privilege_type in ('UPDATE', 'DELETE')
        union all
        select format('%s.%s', t.nspname, k.conname),
            format('foreign key %s changes rows of %s, which is append-only', k.conname, t.name)
        from our_table t join pg_constraint k on k.conrelid = t.oid and k.contype = 'f'
        where k.conparentid = 0 and t.note like '%[append-only]%'
          and (k.confdeltype in ('c', 'd') or k.confupdtype in ('c', 'd'))
    )sql"},
    {"insight_vault", R"sql(
        select coalesce(g.name || '.' || g.attname, g.name),
            format('role entrepot_insight has %s on %s', g.privilege_type, g.name)
        from relation_right g join app_role r on r.oid = g.grantee
        where r.rolname = 'entrepot_insight' and g.nspname = 'vault'
        union all
        select 'vault', format('role entrepot_insight has %s on schema vault', x.privilege_type)
        from our_schema s, aclexplode(s.nspacl) x join app_role r on r.oid = x.grantee
        where r.rolname = 'entrepot_insight' and s.nspname = 'vault'
        union all
        select f.name, format('role entrepot_insight has %s on function %s', x.privilege_type,
            f.name)
        from our_function f, aclexplode(f.proacl) x join app_role r on r.oid = x.grantee
        where r.rolname = 'entrepot_insight' and f.name like 'vault.%'
    )sql"},
    {"row_security", R"sql(
        select coalesce(r.rolname, 'everybody')::text,
            format('row_security is switched off for %s', coalesce(r.rolname, 'everybody'))
        from pg_db_role_setting s left join pg_roles r on r.oid = s.setrole,
            unnest(s.setconfig) setting
        where setting ~* '^row_security=(off|false|no|0)'
    )sql"},
}};

}  // namespace

std::span<const LintRule> rights_rules() {
    return rules;
}

}  // namespace entrepot::migrate
