// The migrations' runner and its record, platform.migration.
#include "platform/migrate/migrate.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <set>

#include "platform/pgserver/session.hpp"

namespace entrepot::migrate {
namespace {

using pgserver::DatabaseError;
using pgserver::Session;

// One number for "the migrations of this program" among the database's advisory locks.
constexpr const char* lock_number = "4708210702";

constexpr const char* create_record = R"sql(
    create schema if not exists platform;
    create table if not exists platform.migration (
        number integer constraint migration_pkey primary key,
        name text not null,
        sha256 text not null,
        applied_at timestamp with time zone not null default clock_timestamp(),
        by_version text not null
    );
    comment on schema platform is 'What all modules stand on';
    comment on table platform.migration is
        'Schema migrations applied to this database [global: describes the database itself] '
        '[retention: global]';
    comment on column platform.migration.number is 'Position in the one sequence of the repository';
    comment on column platform.migration.name is 'Name from the file schema/NNNN_name.sql';
    comment on column platform.migration.sha256 is 'SHA-256 of the file as applied, hexadecimal';
    comment on column platform.migration.applied_at is 'When it was applied';
    comment on column platform.migration.by_version is 'Version of the program that applied it';
)sql";

struct Applied {
    std::string name;
    std::string sha256;
    std::string applied_at;
    std::string by_version;
};

using Record = std::map<int, Applied>;

std::string title(int number, std::string_view name) {
    std::string digits = std::to_string(number);
    digits.insert(0, digits.size() < 4 ? 4 - digits.size() : 0, '0');
    return digits + '_' + std::string(name);
}

Record read_record(Session& session) {
    Record record;
    if (session.value("select to_regclass('platform.migration')").empty()) return record;
    for (pgserver::Row& row :
         session.rows("select number, name, sha256, by_version,"
                      " to_char(applied_at at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"')"
                      " from platform.migration order by number")) {
        int number = 0;
        std::from_chars(row[0].data(), row[0].data() + row[0].size(), number);
        record[number] = {row[1], row[2], row[4], row[3]};
    }
    return record;
}

std::vector<Migration> sorted(std::vector<Migration> known) {
    std::ranges::sort(known, {}, &Migration::number);
    int expected = 1;
    for (const Migration& migration : known) {
        if (migration.number < expected) {
            throw Refused("migration number " + std::to_string(migration.number) +
                          " is used twice in this program (" +
                          title(migration.number, migration.name) + ")");
        }
        if (migration.number > expected) {
            throw Refused("migration number " + std::to_string(expected) +
                          " is missing in this program: the sequence jumps to " +
                          title(migration.number, migration.name));
        }
        ++expected;
    }
    return known;
}

void check_applied(const std::vector<Migration>& known, const Record& record) {
    for (const auto& [number, applied] : record) {
        const auto index = static_cast<std::size_t>(number) - 1;
        if (number < 1 || index >= known.size()) {
            throw Refused("migration " + title(number, applied.name) +
                          " was applied to this database by version " + applied.by_version +
                          ", but this program does not have it: the database is newer than the "
                          "program, or the file was deleted");
        }
        const Migration& migration = known[index];
        if (migration.name != applied.name) {
            throw Refused("migration " + title(number, applied.name) +
                          " was applied to this database, but in this program that number is " +
                          title(number, migration.name));
        }
        if (digest(migration.sql) != applied.sha256) {
            throw Refused("migration " + title(number, applied.name) +
                          " was changed after it was applied on " + applied.applied_at +
                          "; put the file back as it was and write a new migration instead");
        }
    }
}

std::vector<Migration> pending(const std::vector<Migration>& known, const Record& record) {
    check_applied(known, record);
    const int newest = record.empty() ? 0 : record.rbegin()->first;
    std::vector<Migration> out;
    for (const Migration& migration : known) {
        if (record.contains(migration.number)) continue;
        if (migration.number < newest) {
            throw Refused("migration " + title(migration.number, migration.name) +
                          " comes too late: the newer " +
                          title(newest, record.rbegin()->second.name) +
                          " has been applied to this database; give it the next free number");
        }
        out.push_back(migration);
    }
    return out;
}

class Applier {
public:
    Applier(Session& session, const Options& options) : session_(session), options_(options) {
        // Set anew in each transaction, so that no migration can leave a setting to the next. Only
        // names with their schema work: a migration must not depend on who runs it.
        opening_ = "begin; set local search_path = pg_catalog; set local statement_timeout = 0; ";
        if (!options.role.empty()) {
            opening_ += "set local role " + session.identifier(options.role) + "; ";
        }
    }

    void prepare() {
        session_.run(opening_ + create_record + "commit");
        opening_ += "set local lock_timeout = " + std::to_string(options_.lock_timeout_ms);
    }

    void apply(const Migration& migration) {
        try {
            session_.run(opening_);
            const std::string transaction = session_.value("select pg_current_xact_id()");
            session_.run(std::string(migration.sql));
            if (!session_.in_transaction() ||
                session_.value("select pg_current_xact_id()") != transaction) {
                throw Failed("migration " + title(migration.number, migration.name) +
                             " ends its transaction itself (commit or rollback); what it did "
                             "before that may have stayed, and it is not recorded");
            }
            session_.rows(
                "insert into platform.migration (number, name, sha256, by_version)"
                " values ($1, $2, $3, $4)",
                {std::to_string(migration.number), std::string(migration.name),
                 digest(migration.sql), options_.by_version});
            session_.run("commit");
        } catch (const DatabaseError& problem) {
            throw Failed("migration " + title(migration.number, migration.name) +
                         " failed and left nothing behind: " + problem.what());
        }
    }

private:
    Session& session_;
    const Options& options_;
    std::string opening_;
};

}  // namespace

std::string digest(std::string_view sql) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
    unsigned size = 0;
    if (EVP_Digest(sql.data(), sql.size(), bytes.data(), &size, EVP_sha256(), nullptr) != 1) {
        throw std::runtime_error("SHA-256 is not available");
    }
    constexpr std::string_view letters = "0123456789abcdef";
    std::string out;
    for (unsigned i = 0; i < size; ++i) {
        out += letters[bytes[i] >> 4];
        out += letters[bytes[i] & 15];
    }
    return out;
}

std::vector<Migration> plan(const std::string& conninfo, const std::vector<Migration>& known) {
    Session session(conninfo);
    return pending(sorted(known), read_record(session));
}

std::vector<Migration> apply(const std::string& conninfo, const std::vector<Migration>& known,
                             const Options& options) {
    const std::vector<Migration> ordered = sorted(known);
    Session session(conninfo);
    // Held by the connection: it ends with it, also when this process is killed.
    session.run(std::string("set statement_timeout = 0; select pg_catalog.pg_advisory_lock(") +
                lock_number + ')');
    const std::vector<Migration> wanted = pending(ordered, read_record(session));
    if (wanted.empty()) return wanted;
    Applier applier(session, options);
    applier.prepare();
    for (const Migration& migration : wanted) applier.apply(migration);
    return wanted;
}

std::vector<StatusLine> status(const std::string& conninfo, const std::vector<Migration>& known) {
    Session session(conninfo);
    Record record = read_record(session);
    std::vector<StatusLine> lines;
    for (const Migration& migration : known) {
        const auto found = record.find(migration.number);
        StatusLine line{migration.number,
                        std::string(migration.name),
                        std::string(migration.module),
                        State::pending,
                        {},
                        {}};
        if (found != record.end() && found->second.name == migration.name) {
            const bool same = found->second.sha256 == digest(migration.sql);
            line.state = same ? State::applied : State::changed;
            line.applied_at = found->second.applied_at;
            line.by_version = found->second.by_version;
            record.erase(found);
        }
        lines.push_back(line);
    }
    for (const auto& [number, applied] : record) {
        lines.push_back(
            {number, applied.name, {}, State::missing, applied.applied_at, applied.by_version});
    }
    std::ranges::sort(lines, {}, &StatusLine::number);
    return lines;
}

}  // namespace entrepot::migrate
