// Plans of registered statements as the application's role meets them, under row-level security.
#pragma once

#include <libpq-fe.h>

#include <string>

#include "support/fixture.hpp"

namespace entrepot::test {

/// One connection as `entrepot_app` in a transaction that is rolled back.
class PlanReader {
public:
    PlanReader(const std::string& conninfo, TenantId tenant)
        : connection_(PQconnectdb(conninfo.c_str())) {
        run("begin");
        run("set local app.tenant = '" + tenant.text() + "'");
    }
    ~PlanReader() { PQfinish(connection_); }
    PlanReader(const PlanReader&) = delete;
    PlanReader& operator=(const PlanReader&) = delete;

    /// First column of every row, a line each.
    std::string run(const std::string& text) {
        PGresult* result = PQexec(connection_, text.c_str());
        std::string out;
        EXPECT_TRUE(PQresultStatus(result) == PGRES_COMMAND_OK ||
                    PQresultStatus(result) == PGRES_TUPLES_OK)
            << text << PQresultErrorMessage(result);
        for (int i = 0; i < PQntuples(result); ++i)
            out += std::string(PQgetvalue(result, i, 0)) + '\n';
        PQclear(result);
        return out;
    }

    /// The plan of the statement `name` with these arguments, written as SQL.
    std::string plan(const std::string& name, const std::string& arguments) {
        const pg::StatementInfo* found = nullptr;
        for (const auto* statement : pg::all_statements())
            if (statement->name == name) found = statement;
        EXPECT_NE(found, nullptr) << name;
        if (found == nullptr) return {};
        std::string types;
        for (const unsigned type : found->parameters)
            types += (types.empty() ? "" : ", ") +
                     run("select format_type(" + std::to_string(type) + ", null)");
        run("deallocate all");
        run("prepare planned(" + types + ") as " + std::string(found->sql));
        return run("explain execute planned(" + arguments + ")");
    }

private:
    PGconn* connection_;
};

}  // namespace entrepot::test
