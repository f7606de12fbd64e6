// Runs the rules over one common view of the catalogue and sorts out the exceptions.
#include "platform/migrate/lint.hpp"

#include <algorithm>
#include <tuple>

#include "platform/migrate/lint_rules.hpp"
#include "platform/pgserver/session.hpp"

namespace entrepot::migrate {
namespace {

using pgserver::Session;

// pg_depend type 'e' = made by an extension.
constexpr std::string_view common = R"sql(
with recursive our_schema as (
    select n.oid, n.nspname, n.nspowner, n.nspacl from pg_namespace n
    where n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')
      and n.nspname !~ '^pg_(temp|toast_temp)_'
      and not exists (select from pg_depend d where d.classid = 'pg_namespace'::regclass
                      and d.objid = n.oid and d.deptype = 'e')
), our_relation as (
    select c.*, s.nspname, format('%s.%s', s.nspname, c.relname) as name,
        coalesce(obj_description(c.oid, 'pg_class'),
                 obj_description(pg_partition_root(c.oid), 'pg_class'), '') as note
    from pg_class c join our_schema s on s.oid = c.relnamespace
    where not exists (select from pg_depend d where d.classid = 'pg_class'::regclass
                      and d.objid = c.oid and d.deptype = 'e')
), our_table as (
    select r.*, r.note ~ '\[global: *[^] ][^]]*\]' as is_global,
        (select a.attnum from pg_attribute a where a.attrelid = r.oid and a.attname = 'tenant_id'
         and a.atttypid = 'uuid'::regtype and a.attnotnull and not a.attisdropped) as tenant_column
    from our_relation r where r.relkind in ('r', 'p')
), our_function as (
    select p.*, format('%s.%s(%s)', s.nspname, p.proname, pg_get_function_identity_arguments(p.oid))
        as name
    from pg_proc p join our_schema s on s.oid = p.pronamespace
    where not exists (select from pg_depend d where d.classid = 'pg_proc'::regclass
                      and d.objid = p.oid and d.deptype = 'e')
), exact_policy as (
    select p.oid, p.polrelid from pg_policy p,
        (select '(tenant_id = (NULLIF(current_setting(''app.tenant''::text, true), '
                '''''::text))::uuid)' as form) exact
    where p.polcmd = '*' and p.polpermissive
      and pg_get_expr(p.polqual, p.polrelid) = exact.form
      and pg_get_expr(p.polwithcheck, p.polrelid) = exact.form
), app_role as (
    select r.* from pg_roles r
    where r.rolname in ('entrepot_app', 'entrepot_insight', 'entrepot_jobs', 'entrepot_sealer',
                        'entrepot_monitor', 'entrepot_backup')
), relation_right as (
    select r.oid, r.name, r.note, r.nspname, null::name as attname, x.grantee, x.privilege_type,
        x.is_grantable
    from our_relation r, aclexplode(r.relacl) x
    union all
    select r.oid, r.name, r.note, r.nspname, a.attname, x.grantee, x.privilege_type, x.is_grantable
    from our_relation r join pg_attribute a on a.attrelid = r.oid, aclexplode(a.attacl) x
), base_type as (
    select t.oid, t.oid as base, t.typtype, t.typbasetype, t.typelem from pg_type t
    union all
    select b.oid, t.oid, t.typtype, t.typbasetype, t.typelem from base_type b join pg_type t
        on t.oid = case when b.typtype = 'd' then b.typbasetype
                        when b.typelem <> 0 and b.typtype = 'b' then b.typelem end
)
)sql";

std::vector<Breach> run_rules(Session& session, Profile profile) {
    std::vector<Breach> breaches;
    for (const auto& rules : {tenant_rules(), rights_rules(), shape_rules()}) {
        for (const LintRule& rule : rules) {
            if (profile == Profile::citus && rule.name == force_rule) continue;
            std::string sql(common);
            sql += rule.sql;
            for (const pgserver::Row& row : session.rows(sql)) {
                breaches.push_back({std::string(rule.name), row.at(0), row.at(1)});
            }
        }
    }
    return breaches;
}

}  // namespace

std::vector<Breach> lint(Session& session, const std::vector<Exception>& exceptions,
                         Profile profile) {
    // The server prints policies with the names that the path needs; a fixed path, a fixed text.
    const std::string path = session.value("select current_setting('search_path')");
    session.rows("select set_config('search_path', 'pg_catalog', false)");
    std::vector<Breach> breaches = run_rules(session, profile);
    session.rows("select set_config('search_path', $1, false)", {path});
    for (const Exception& exception : exceptions) {
        const auto used = std::erase_if(breaches, [&exception](const Breach& breach) {
            return breach.rule == exception.rule && breach.object == exception.object;
        });
        if (used == 0) {
            breaches.push_back({"unused_exception", exception.object,
                                "the exception from rule " + exception.rule + " for " +
                                    exception.object + " excuses nothing; remove it"});
        }
    }
    std::ranges::sort(breaches, {}, [](const Breach& breach) {
        return std::tie(breach.rule, breach.object, breach.text);
    });
    return breaches;
}

std::vector<Breach> lint(const std::string& conninfo, const std::vector<Exception>& exceptions,
                         Profile profile) {
    Session session(conninfo);
    return lint(session, exceptions, profile);
}

}  // namespace entrepot::migrate
