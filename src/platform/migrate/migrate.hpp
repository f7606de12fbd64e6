// Schema migrations: forward only, numbered through the whole repository, recorded with a digest.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace entrepot::migrate {

/// One file schema/NNNN_name.sql. The texts live as long as the program.
struct Migration {
    int number;
    std::string_view name;
    std::string_view module;
    std::string_view sql;
};

/// The migrations that entrepot_embed_schema(target DIRS …) compiled into the program.
std::vector<Migration> embedded_schema();

/// The database and the program do not fit together; the text names the migration and says why.
class Refused : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// A migration's SQL failed; nothing of it stayed. The text names it and gives the server's words.
class Failed : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

struct Options {
    std::string by_version;               ///< recorded with each migration: the program's version
    std::string role = "entrepot_owner";  ///< taken by `set local role`; empty = stay who we are
    int lock_timeout_ms = 10'000;         ///< for one statement of a migration; 0 = no limit
};

enum class State { applied, pending, changed, missing };

/// One line of status(). `missing`: applied to the database, but the program does not have it.
struct StatusLine {
    int number;
    std::string name;
    std::string module;  ///< empty when missing
    State state;
    std::string applied_at;  ///< RFC 3339, UTC; empty when pending
    std::string by_version;
};

/// What apply() would do, in order. Throws Refused when an applied migration was changed or is
/// missing, when numbers have a gap or come twice, or when a new one is older than an applied one.
std::vector<Migration> plan(const std::string& conninfo, const std::vector<Migration>& known);

/// Applies what is pending, each in a transaction of its own, under an advisory lock that makes a
/// second caller wait and then find nothing to do. Returns what it applied. Throws as plan() does,
/// and Failed.
std::vector<Migration> apply(const std::string& conninfo, const std::vector<Migration>& known,
                             const Options& options);

/// The state of every migration that the program or the database knows. Refuses nothing.
std::vector<StatusLine> status(const std::string& conninfo, const std::vector<Migration>& known);

/// The digest that is recorded: SHA-256 of the SQL in hexadecimal.
std::string digest(std::string_view sql);

}  // namespace entrepot::migrate
