// The start probe of the database engine: reads the catalogue, changes nothing.
#include "platform/pgserver/binaries.hpp"
#include "platform/pgserver/roles.hpp"
#include "platform/pgserver/session.hpp"

namespace entrepot::pgserver {
namespace {

constexpr const char* role_faults = R"sql(
    with app as (
        select r.* from pg_roles r
        where r.rolname = any(string_to_array($1, ','))
    ), fault(place, text) as (
        select 1, format('role %s does not exist', wanted)
        from unnest(string_to_array($1 || ',entrepot_owner', ',')) wanted
        where not exists (select from pg_roles where rolname = wanted)
        union all select 2, format('role %s is a superuser', rolname) from app where rolsuper
        union all select 3, format('role %s bypasses row security', rolname) from app
            where rolbypassrls
        union all select 4, format('role %s may create roles', rolname) from app where rolcreaterole
        union all select 5, format('role %s may create databases', rolname) from app
            where rolcreatedb
        union all select 6, format('role %s is a member of %s', a.rolname, m.rolname)
        from app a join pg_auth_members g on g.member = a.oid join pg_roles m on m.oid = g.roleid
        where (a.rolname, m.rolname) not in (('entrepot_monitor', 'pg_monitor'),
                                             ('entrepot_backup', 'pg_read_all_settings'))
        union all select distinct 7,
            case when d.dbid = 0 or d.dbid = (select oid from pg_database
                where datname = current_database())
                 then format('role %s owns %s', a.rolname, pg_describe_object(d.classid, d.objid,
                     d.objsubid))
                 else format('role %s owns an object in another database', a.rolname) end
        from app a join pg_shdepend d
            on d.refclassid = 'pg_authid'::regclass and d.refobjid = a.oid and d.deptype = 'o'
        union all select 8, format('role %s may create objects in schema %s', a.rolname, n.nspname)
        from app a, pg_namespace n, aclexplode(n.nspacl) x
        where x.grantee in (a.oid, 0) and x.privilege_type = 'CREATE'
          and n.nspname !~ '^pg_(temp|toast_temp)_'
        union all select 9, format('role %s may create schemas in this database', a.rolname)
        from app a, pg_database d, aclexplode(d.datacl) x
        where d.datname = current_database() and x.grantee in (a.oid, 0)
          and x.privilege_type = 'CREATE'
        union all select 10, format('row_security is not on for %s', coalesce(r.rolname,
            'everybody'))
        from pg_db_role_setting s left join pg_roles r on r.oid = s.setrole,
             unnest(s.setconfig) setting
        where setting ~* '^row_security=(off|false|no|0)'
    )
    select text from fault order by place, text
)sql";

}  // namespace

std::vector<std::string> check_engine(const std::string& conninfo, std::string_view expected_role) {
    std::vector<std::string> faults;
    Session session(conninfo);
    const std::string version = session.value("show server_version_num");
    if (std::stoi(version) / 10000 < oldest_major) {
        faults.push_back("PostgreSQL " + std::to_string(oldest_major) +
                         " or later is needed, this is " + session.value("show server_version"));
    }
    if (session.value("show row_security") != "on") faults.emplace_back("row_security is off");
    if (session.value("show server_encoding") != "UTF8") {
        faults.emplace_back("the database's encoding is not UTF8");
    }
    const std::string self = session.value("select session_user");
    if (!expected_role.empty() && self != expected_role) {
        faults.push_back("this connection logs in as " + self + ", not as " +
                         std::string(expected_role));
    }
    std::string roles;
    for (const std::string_view role : application_roles) {
        roles += (roles.empty() ? "" : ",") + std::string(role);
    }
    for (const Row& row : session.rows(role_faults, {roles})) faults.push_back(row.front());
    return faults;
}

}  // namespace entrepot::pgserver
