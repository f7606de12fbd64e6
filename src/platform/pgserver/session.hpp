// A plain synchronous connection for work outside the pools: set-up, migrations, catalogue checks.
// Never used to serve a request.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

struct pg_conn;

namespace entrepot::pgserver {

/// What the server, or the way to it, said. `sqlstate()` is empty when no server answered.
class DatabaseError : public std::runtime_error {
public:
    DatabaseError(const std::string& text, std::string sqlstate)
        : std::runtime_error(text), sqlstate_(std::move(sqlstate)) {}
    const std::string& sqlstate() const { return sqlstate_; }

private:
    std::string sqlstate_;
};

/// One row as text; a NULL reads as an empty text.
using Row = std::vector<std::string>;

/// One open connection. Not for two threads at once. Every failure throws DatabaseError.
class Session {
public:
    explicit Session(const std::string& conninfo);
    ~Session();
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    /// Runs one or many statements and drops what they return.
    void run(const std::string& script);
    /// Runs one statement with text parameters $1, $2 …
    std::vector<Row> rows(const std::string& sql, const std::vector<std::string>& parameters = {});
    /// The first column of the first row; empty when there is none.
    std::string value(const std::string& sql, const std::vector<std::string>& parameters = {});

    /// True while a transaction is open and has not failed.
    bool in_transaction() const;
    std::string literal(std::string_view text) const;
    std::string identifier(std::string_view text) const;
    /// The SCRAM verifier of a password, made on this side so that the server never sees the text.
    std::string scram(const std::string& password, const std::string& role) const;

private:
    pg_conn* connection_;
};

/// `key='value'` with libpq's quoting, for building connection strings.
std::string conninfo_pair(std::string_view key, std::string_view value);

/// The same server and database as `conninfo` (key=value or URL), but another role.
std::string conninfo_as(const std::string& conninfo, std::string_view role,
                        std::string_view password);

}  // namespace entrepot::pgserver
