// Tests of the roles: what they may and may not do, and what the engine check says when bent.
#include <gtest/gtest.h>

#include <algorithm>

#include "platform/migrate/test_cluster.hpp"
#include "platform/pgserver/roles.hpp"
#include "platform/pgserver/session.hpp"

namespace entrepot::pgserver {
namespace {

using migrate::admin_of;
using migrate::new_database;
using migrate::owner_of;
using migrate::test_cluster;

std::string as(std::string_view role, const std::string& database) {
    return conninfo_as(admin_of(database), role, "");
}

std::string state_of_failure(const std::string& conninfo, const std::string& sql) {
    try {
        Session(conninfo).run(sql);
    } catch (const DatabaseError& problem) {
        return problem.sqlstate();
    }
    return "(done)";
}

TEST(Roles, AreMadeOnceAndPassTheCheck) {
    const std::string database = new_database();
    EXPECT_TRUE(ensure_roles(admin_of(database)).empty());
    EXPECT_EQ(check_engine(admin_of(database)), std::vector<std::string>{});
    EXPECT_EQ(check_engine(as("entrepot_app", database), "entrepot_app"),
              std::vector<std::string>{});
    const auto wrong = check_engine(admin_of(database), "entrepot_app");
    ASSERT_EQ(wrong.size(), 1U);
    EXPECT_EQ(wrong[0], "this connection logs in as postgres, not as entrepot_app");
}

TEST(Roles, HaveTimeoutsAndTheCitusMode) {
    Session app(as("entrepot_app", new_database()));
    EXPECT_EQ(app.value("show statement_timeout"), "30s");
    EXPECT_EQ(app.value("show idle_in_transaction_session_timeout"), "30s");
    EXPECT_EQ(app.value("select current_setting('citus.propagate_set_commands')"), "local");
}

TEST(Roles, ApplicationCannotDefineAnything) {
    const std::string database = new_database();
    Session(owner_of(database))
        .run("create schema shop; grant usage on schema shop to entrepot_app");
    for (const std::string_view role : application_roles) {
        const std::string conninfo = as(role, database);
        EXPECT_EQ(state_of_failure(conninfo, "create schema mine"), "42501") << role;
        EXPECT_EQ(state_of_failure(conninfo, "create table public.mine (x int)"), "42501") << role;
        EXPECT_EQ(state_of_failure(conninfo, "create table shop.mine (x int)"), "42501") << role;
        EXPECT_EQ(state_of_failure(conninfo, "set role entrepot_owner"), "42501") << role;
        EXPECT_EQ(state_of_failure(conninfo, "set session authorization postgres"), "42501")
            << role;
    }
    EXPECT_EQ(state_of_failure(as("entrepot_app", database), "create temporary table t (x int)"),
              "(done)");
    EXPECT_EQ(state_of_failure(as("entrepot_jobs", database), "create temporary table t (x int)"),
              "42501");
}

TEST(Roles, OwnerCannotLogIn) {
    EXPECT_NE(state_of_failure(as("entrepot_owner", new_database()), "select 1"), "(done)");
}

TEST(Roles, BackupMayStartABackupAndReadNoRow) {
    const std::string database = new_database();
    Session(owner_of(database)).run("create schema shop; create table shop.a (x int)");
    EXPECT_EQ(
        state_of_failure(as("entrepot_backup", database), "select pg_backup_start('t', true)"),
        "(done)");
    EXPECT_EQ(state_of_failure(as("entrepot_backup", database), "select x from shop.a"), "42501");
}

TEST(Roles, PasswordsAreStoredAsVerifiers) {
    const std::string database = new_database();
    ensure_roles(admin_of(database), {.passwords = {{"entrepot_app", "c0rrect horse' battery"}}});
    Session session(admin_of(database));
    EXPECT_EQ(
        session.value("select left(rolpassword, 14) from pg_authid where rolname = 'entrepot_app'"),
        "SCRAM-SHA-256$");
    session.run("alter role entrepot_app password null");
}

TEST(Roles, ARoleThatMayNotDoAllDoesWhatItMayAndTellsTheRest) {
    Session admin(test_cluster().admin_conninfo());
    admin.run("create role landlord login createrole");
    admin.run("create database let owner landlord");
    const auto skipped = ensure_roles(as("landlord", "let"));
    EXPECT_EQ(skipped.size(), 4U);
    for (const std::string& text : skipped) {
        EXPECT_TRUE(text.starts_with("not allowed: grant execute on function pg_catalog.pg_"))
            << text;
    }
    EXPECT_EQ(check_engine(as("landlord", "let")), std::vector<std::string>{});
    Session(as("landlord", "let")).run("set role entrepot_owner; create schema shop");
    admin.run("drop database let");
    admin.run("drop owned by landlord; drop role landlord");
}

struct Bend {
    const char* sql;
    const char* undo;
    const char* expected;
};

TEST(EngineCheck, NamesEveryFault) {
    const std::string database = new_database();
    const Bend bends[] = {
        {"alter role entrepot_app superuser", "alter role entrepot_app nosuperuser",
         "role entrepot_app is a superuser"},
        {"alter role entrepot_insight bypassrls", "alter role entrepot_insight nobypassrls",
         "role entrepot_insight bypasses row security"},
        {"alter role entrepot_jobs createrole", "alter role entrepot_jobs nocreaterole",
         "role entrepot_jobs may create roles"},
        {"alter role entrepot_jobs createdb", "alter role entrepot_jobs nocreatedb",
         "role entrepot_jobs may create databases"},
        {"grant entrepot_owner to entrepot_app", "revoke entrepot_owner from entrepot_app",
         "role entrepot_app is a member of entrepot_owner"},
        {"create table public.t (); alter table public.t owner to entrepot_app",
         "drop table public.t", "role entrepot_app owns table t"},
        {"grant create on schema public to entrepot_app",
         "revoke create on schema public from entrepot_app",
         "role entrepot_app may create objects in schema public"},
        {"alter role entrepot_app set row_security = off",
         "alter role entrepot_app reset row_security", "row_security is not on for entrepot_app"},
        {"alter role entrepot_backup rename to entrepot_gone",
         "alter role entrepot_gone rename to entrepot_backup",
         "role entrepot_backup does not exist"},
    };
    for (const Bend& bend : bends) {
        Session(admin_of(database)).run(bend.sql);
        const auto faults = check_engine(admin_of(database));
        Session(admin_of(database)).run(bend.undo);
        EXPECT_EQ(faults, std::vector<std::string>{bend.expected}) << bend.sql;
    }
    EXPECT_EQ(check_engine(admin_of(database)), std::vector<std::string>{});
}

TEST(EngineCheck, MakingTheRolesAgainTakesAwayWhatTheyMustNotHave) {
    const std::string database = new_database();
    Session(admin_of(database)).run("alter role entrepot_app superuser bypassrls");
    ensure_roles(admin_of(database));
    EXPECT_EQ(check_engine(admin_of(database)), std::vector<std::string>{});
}

TEST(Conninfo, ChangesTheRoleAndKeepsTheRest) {
    EXPECT_EQ(conninfo_as("postgresql://boss:secret@db.example:6432/shop?sslmode=verify-full",
                          "entrepot_app", "it's"),
              "dbname='shop' host='db.example' port='6432' sslmode='verify-full' "
              "user='entrepot_app' password='it\\'s'");
    EXPECT_THROW(conninfo_as("no such thing", "x", ""), DatabaseError);
}

}  // namespace
}  // namespace entrepot::pgserver
