// Idempotent creation of the roles and of the few rights that are not a migration's business.
#include "platform/pgserver/roles.hpp"

#include <optional>

#include "platform/pgserver/session.hpp"

namespace entrepot::pgserver {
namespace {

struct RoleShape {
    std::string_view name;
    bool login;
    std::string_view statement_timeout;
    std::string_view idle_timeout;
    bool temporary_tables;
};

// Bulk loads go through temporary tables (COPY straight into a table under row-level security is
// refused), so the two roles that load may make them.
constexpr std::array<RoleShape, 7> shapes = {{
    {"entrepot_owner", false, "0", "0", true},
    {"entrepot_app", true, "30s", "30s", true},
    {"entrepot_insight", true, "2min", "30s", true},
    {"entrepot_jobs", true, "15s", "15s", false},
    {"entrepot_sealer", true, "30s", "15s", false},
    {"entrepot_monitor", true, "10s", "10s", false},
    {"entrepot_backup", true, "0", "10min", false},
}};

class RoleMaker {
public:
    explicit RoleMaker(const std::string& conninfo) : session_(conninfo) {
        session_.run("begin; select pg_catalog.pg_advisory_xact_lock(4708210701)");
        superuser_ =
            session_.value("select rolsuper from pg_roles where rolname = current_user") == "t";
        database_ = session_.identifier(session_.value("select current_database()"));
    }

    std::vector<std::string> make(const RoleOptions& options) {
        for (const RoleShape& shape : shapes) make_role(shape);
        for (const auto& [role, password] : options.passwords) {
            session_.run("alter role " + session_.identifier(role) + " password " +
                         session_.literal(session_.scram(password, role)));
        }
        set_citus_mode();
        grant_rights();
        session_.run("commit");
        return skipped_;
    }

private:
    void make_role(const RoleShape& shape) {
        const std::string name = session_.identifier(shape.name);
        const std::string login = shape.login ? "login" : "nologin";
        const std::vector<Row> found = session_.rows(
            "select rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication,"
            " rolcanlogin from pg_roles where rolname = $1",
            {std::string(shape.name)});
        if (found.empty()) {
            session_.run("create role " + name + ' ' + login +
                         " nosuperuser nobypassrls nocreaterole nocreatedb noreplication");
        } else {
            if (found[0][0] == "t") {
                session_.run("alter role " + name +
                             " nosuperuser nobypassrls nocreaterole nocreatedb noreplication");
            }
            if ((found[0][1] == "t") != shape.login)
                session_.run("alter role " + name + ' ' + login);
        }
        if (!shape.login) return;
        set(shape.name, "statement_timeout", shape.statement_timeout);
        set(shape.name, "idle_in_transaction_session_timeout", shape.idle_timeout);
    }

    void set(std::string_view role, std::string_view setting, std::string_view value) {
        const std::string wanted = std::string(setting) + '=' + std::string(value);
        const std::string has =
            session_.value("select 1 from pg_roles where rolname = $1 and $2 = any(rolconfig)",
                           {std::string(role), wanted});
        if (!has.empty()) return;
        session_.run("alter role " + session_.identifier(role) + " set " + std::string(setting) +
                     " = " + session_.literal(value));
    }

    // Without Citus the setting is a mere placeholder that only a superuser may store.
    void set_citus_mode() {
        const bool has_citus =
            !session_.value("select current_setting('citus.propagate_set_commands', true)").empty();
        if (superuser_ || has_citus) set("entrepot_app", "citus.propagate_set_commands", "local");
    }

    void attempt(const std::string& sql) {
        session_.run("savepoint attempt");
        try {
            session_.run(sql);
        } catch (const DatabaseError& problem) {
            session_.run("rollback to savepoint attempt");
            if (problem.sqlstate() != "42501" && problem.sqlstate() != "0LP01") throw;
            skipped_.push_back("not allowed: " + sql);
        }
        session_.run("release savepoint attempt");
    }

    // A statement is sent only where its condition finds work: a refused one is worth a word only
    // when it would have changed something.
    void attempt_if(const std::string& condition, const std::string& sql) {
        if (session_.value("select 1 where " + condition).empty()) return;
        attempt(sql);
    }

    void grant_rights() {
        if (!superuser_) {
            attempt_if("not pg_has_role(current_user, 'entrepot_owner', 'usage')",
                       "grant entrepot_owner to current_user");
        }
        attempt_if(
            "exists (select from pg_namespace n, aclexplode(coalesce(n.nspacl,"
            " acldefault('n', n.nspowner))) a where n.nspname = 'public' and a.grantee = 0)",
            "revoke all on schema public from public");
        attempt_if(
            "exists (select from pg_database d, aclexplode(coalesce(d.datacl,"
            " acldefault('d', d.datdba))) a where d.datname = current_database()"
            " and a.grantee = 0)",
            "revoke all on database " + database_ + " from public");
        for (const RoleShape& shape : shapes) {
            const std::string role = session_.literal(shape.name);
            const std::string name = session_.identifier(shape.name);
            const std::string test =
                "not has_database_privilege(" + role + ", current_database(), ";
            attempt_if(test + "'connect')",
                       "grant connect on database " + database_ + " to " + name);
            if (shape.temporary_tables) {
                attempt_if(test + "'temporary')",
                           "grant temporary on database " + database_ + " to " + name);
            }
        }
        attempt_if("not has_database_privilege('entrepot_owner', current_database(), 'create')",
                   "grant create on database " + database_ + " to entrepot_owner");
        attempt_if(
            "not exists (select from pg_default_acl d join pg_roles r on r.oid = d.defaclrole"
            " where r.rolname = 'entrepot_owner' and d.defaclobjtype = 'f'"
            " and d.defaclnamespace = 0)",
            "alter default privileges for role entrepot_owner revoke execute on functions"
            " from public");
        grant_watch_rights();
    }

    void grant_watch_rights() {
        attempt_if("not pg_has_role('entrepot_monitor', 'pg_monitor', 'member')",
                   "grant pg_monitor to entrepot_monitor");
        attempt_if("not pg_has_role('entrepot_backup', 'pg_read_all_settings', 'member')",
                   "grant pg_read_all_settings to entrepot_backup");
        for (const char* function : {"pg_backup_start(text, boolean)", "pg_backup_stop(boolean)",
                                     "pg_switch_wal()", "pg_create_restore_point(text)"}) {
            attempt_if("not has_function_privilege('entrepot_backup', 'pg_catalog." +
                           std::string(function) + "', 'execute')",
                       "grant execute on function pg_catalog." + std::string(function) +
                           " to entrepot_backup");
        }
    }

    Session session_;
    bool superuser_ = false;
    std::string database_;
    std::vector<std::string> skipped_;
};

}  // namespace

std::vector<std::string> ensure_roles(const std::string& admin_conninfo,
                                      const RoleOptions& options) {
    return RoleMaker(admin_conninfo).make(options);
}

}  // namespace entrepot::pgserver
