// Walks everything that modules declare: statements against the schema, objects against the walls,
// routes and jobs against their own tables. A new module is tested by existing.
#include <libpq-fe.h>

#include <set>

#include "platform/migrate/lint.hpp"
#include "support/fixture.hpp"

namespace entrepot::test {
namespace {

class Catalogue : public DatabaseTest {};

struct Connection {
    explicit Connection(const std::string& conninfo) : pg(PQconnectdb(conninfo.c_str())) {}
    ~Connection() { PQfinish(pg); }
    Connection(const Connection&) = delete;
    PGconn* pg;
};

bool same_type(unsigned declared, unsigned actual) {
    // A text value may come from or go to any of PostgreSQL's string types.
    constexpr unsigned varchar = 1043, bpchar = 1042, name = 19;
    return declared == actual ||
           (declared == pg::oid::text && (actual == varchar || actual == bpchar || actual == name));
}

/// What is wrong with a statement when the server prepares it; empty = it fits.
std::string misfit(PGconn* connection, const pg::StatementInfo& statement) {
    const std::string name(statement.name);
    std::vector<Oid> types(statement.parameters.begin(), statement.parameters.end());
    PGresult* prepared = PQprepare(connection, name.c_str(), std::string(statement.sql).c_str(),
                                   static_cast<int>(types.size()), types.data());
    std::string wrong =
        PQresultStatus(prepared) == PGRES_COMMAND_OK ? "" : PQresultErrorMessage(prepared);
    PQclear(prepared);
    if (!wrong.empty()) return wrong;
    PGresult* shape = PQdescribePrepared(connection, name.c_str());
    const auto columns = static_cast<std::size_t>(PQnfields(shape));
    if (!statement.columns.empty() && columns != statement.columns.size())
        wrong = "has " + std::to_string(columns) + " columns";
    if (static_cast<std::size_t>(PQnparams(shape)) != types.size())
        wrong = "has " + std::to_string(PQnparams(shape)) + " parameters";
    for (std::size_t i = 0; wrong.empty() && i < statement.columns.size(); ++i) {
        const auto& declared = statement.columns[i];
        const std::string actual = PQfname(shape, static_cast<int>(i));
        if (!declared.name.empty() && declared.name != actual)
            wrong = "column " + std::to_string(i) + " is " + actual + ", the row says " +
                    std::string(declared.name);
        else if (!same_type(declared.oid, PQftype(shape, static_cast<int>(i))))
            wrong = "column " + actual + " has type " +
                    std::to_string(PQftype(shape, static_cast<int>(i))) + ", the row says " +
                    std::to_string(declared.oid);
    }
    PQclear(shape);
    return wrong;
}

TEST_F(Catalogue, every_statement_fits_the_schema) {
    services();
    Connection connection(conninfo("entrepot_owner"));
    ASSERT_EQ(PQstatus(connection.pg), CONNECTION_OK);
    ASSERT_GT(pg::all_statements().size(), 10U);
    // keyd's statements belong to its own database.
    Connection keyring(Environment::get().keyd().owner_conninfo());
    ASSERT_EQ(PQstatus(keyring.pg), CONNECTION_OK);
    for (const pg::StatementInfo* statement : pg::all_statements()) {
        const bool of_keyd = statement->name.starts_with("keyring.");
        const std::string wrong = misfit(of_keyd ? keyring.pg : connection.pg, *statement);
        EXPECT_TRUE(wrong.empty()) << statement->name << ": " << wrong;
    }
}

TEST_F(Catalogue, statement_names_are_unique_and_sql_keeps_the_rules) {
    std::set<std::string_view> names;
    for (const pg::StatementInfo* statement : pg::all_statements()) {
        EXPECT_TRUE(names.insert(statement->name).second) << statement->name << " is used twice";
        // It holds the database's clock against ours.
        if (statement->name == "vault.database_clock") continue;
        std::string sql(statement->sql);
        for (char& c : sql) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        for (const char* banned : {"select *", "set_config", "merge into", "set constraints",
                                   "clock_timestamp", "security definer"})
            EXPECT_EQ(sql.find(banned), std::string::npos) << statement->name << " uses " << banned;
    }
}

TEST_F(Catalogue, a_misfit_is_seen) {
    services();
    Connection connection(conninfo("entrepot_owner"));
    pg::StatementInfo swapped{"test.swapped",
                              "select act, id from platform.audit_entry where tenant_id = $1",
                              {pg::oid::uuid},
                              {{"id", pg::oid::uuid, false}, {"act", pg::oid::text, false}}};
    EXPECT_NE(misfit(connection.pg, swapped).find("column 0 is act"), std::string::npos);
    pg::StatementInfo renamed{"test.renamed",
                              "select actor from platform.audit_entry where tenant_id = $1",
                              {pg::oid::uuid},
                              {{"", pg::oid::text, false}}};
    EXPECT_NE(misfit(connection.pg, renamed).find("actor"), std::string::npos);
}

TEST_F(Catalogue, the_schema_keeps_the_carrying_walls) {
    services();
    for (const auto& breach : migrate::lint(Environment::get().admin_conninfo()))
        ADD_FAILURE() << breach.rule << ' ' << breach.object << ": " << breach.text;
}

TEST_F(Catalogue, routes_are_complete_and_unambiguous) {
    std::set<std::string> lines;
    std::size_t count = 0;
    for (const Module& module : Environment::get().instance().modules()) {
        for (const http::Route& route : module.routes) {
            ++count;
            const std::string line =
                std::string(http::method_name(route.method)) + ' ' + std::string(route.path);
            EXPECT_TRUE(lines.insert(line).second) << line << " stands twice";
            EXPECT_FALSE(route.summary.empty()) << line << " has no summary";
            EXPECT_NE(route.handler, nullptr) << line;
            EXPECT_TRUE(route.gate != http::Gate::permission ||
                        route.permission != Permission::count_)
                << line << " has no permission";
        }
    }
    EXPECT_FALSE(api::openapi_document(Environment::get().instance().modules()).empty());
    RecordProperty("routes", static_cast<int>(count));
}

TEST_F(Catalogue, every_subscription_has_its_handler) {
    services();
    const jobs::Registry& registry = jobs::registry();
    for (const jobs::Subscription& subscription : registry.subscriptions)
        EXPECT_NE(registry.find(subscription.kind), nullptr)
            << subscription.event << " → " << subscription.kind;
    for (const jobs::Kind& kind : registry.kinds)
        EXPECT_NE(static_cast<bool>(kind.transactional), static_cast<bool>(kind.leased))
            << kind.name << " needs exactly one handler";
}

}  // namespace
}  // namespace entrepot::test
