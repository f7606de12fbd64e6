// The plain synchronous connection: thin cover over libpq with exceptions and text rows.
#include "platform/pgserver/session.hpp"

#include <libpq-fe.h>

#include <memory>
#include <utility>

namespace entrepot::pgserver {
namespace {

using Reply = std::unique_ptr<PGresult, decltype(&PQclear)>;

std::string without_newline(const char* text) {
    std::string out = text == nullptr ? "" : text;
    while (!out.empty() && out.back() == '\n') out.pop_back();
    return out;
}

void discard_notice(void*, const PGresult*) {}

Reply checked(PGconn* connection, PGresult* raw) {
    Reply reply(raw, &PQclear);
    const ExecStatusType status = PQresultStatus(reply.get());
    if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY) {
        return reply;
    }
    const char* code = PQresultErrorField(reply.get(), PG_DIAG_SQLSTATE);
    throw DatabaseError(without_newline(PQerrorMessage(connection)), code == nullptr ? "" : code);
}

std::string owned(PGconn* connection, char* text) {
    if (text == nullptr) throw DatabaseError(without_newline(PQerrorMessage(connection)), "");
    std::string out = text;
    PQfreemem(text);
    return out;
}

}  // namespace

Session::Session(const std::string& conninfo) : connection_(PQconnectdb(conninfo.c_str())) {
    if (connection_ == nullptr) throw std::bad_alloc();
    if (PQstatus(connection_) != CONNECTION_OK) {
        const std::string text = without_newline(PQerrorMessage(connection_));
        PQfinish(connection_);
        throw DatabaseError(text, "");
    }
    PQsetNoticeReceiver(connection_, discard_notice, nullptr);
}

Session::~Session() {
    PQfinish(connection_);
}

void Session::run(const std::string& script) {
    checked(connection_, PQexec(connection_, script.c_str()));
}

std::vector<Row> Session::rows(const std::string& sql, const std::vector<std::string>& parameters) {
    std::vector<const char*> values;
    values.reserve(parameters.size());
    for (const std::string& parameter : parameters) values.push_back(parameter.c_str());
    const Reply reply =
        checked(connection_, PQexecParams(connection_, sql.c_str(), static_cast<int>(values.size()),
                                          nullptr, values.data(), nullptr, nullptr, 0));
    std::vector<Row> out(static_cast<std::size_t>(PQntuples(reply.get())));
    const int columns = PQnfields(reply.get());
    for (std::size_t line = 0; line < out.size(); ++line) {
        for (int column = 0; column < columns; ++column) {
            out[line].emplace_back(PQgetvalue(reply.get(), static_cast<int>(line), column));
        }
    }
    return out;
}

std::string Session::value(const std::string& sql, const std::vector<std::string>& parameters) {
    const std::vector<Row> found = rows(sql, parameters);
    return found.empty() || found.front().empty() ? std::string() : found.front().front();
}

bool Session::in_transaction() const {
    return PQtransactionStatus(connection_) == PQTRANS_INTRANS;
}

std::string Session::literal(std::string_view text) const {
    return owned(connection_, PQescapeLiteral(connection_, text.data(), text.size()));
}

std::string Session::identifier(std::string_view text) const {
    return owned(connection_, PQescapeIdentifier(connection_, text.data(), text.size()));
}

std::string Session::scram(const std::string& password, const std::string& role) const {
    return owned(connection_, PQencryptPasswordConn(connection_, password.c_str(), role.c_str(),
                                                    "scram-sha-256"));
}

std::string conninfo_pair(std::string_view key, std::string_view value) {
    std::string out(key);
    out += "='";
    for (const char letter : value) {
        if (letter == '\'' || letter == '\\') out += '\\';
        out += letter;
    }
    out += '\'';
    return out;
}

std::string conninfo_as(const std::string& conninfo, std::string_view role,
                        std::string_view password) {
    char* complaint = nullptr;
    PQconninfoOption* options = PQconninfoParse(conninfo.c_str(), &complaint);
    if (options == nullptr) {
        const std::string text = without_newline(complaint);
        PQfreemem(complaint);
        throw DatabaseError("connection string: " + text, "");
    }
    std::string out;
    for (const PQconninfoOption* option = options; option->keyword != nullptr; ++option) {
        const std::string_view key = option->keyword;
        if (option->val == nullptr || key == "user" || key == "password" || key == "options") {
            continue;
        }
        out += conninfo_pair(key, option->val) + ' ';
    }
    PQconninfoFree(options);
    out += conninfo_pair("user", role);
    if (!password.empty()) out += ' ' + conninfo_pair("password", password);
    return out;
}

}  // namespace entrepot::pgserver
