// Reads the database's catalogue and names every object that breaks a carrying wall: tenant keys,
// row-level security, rights, append-only ledgers, names, comments, column types.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace entrepot::pgserver {
class Session;
}

namespace entrepot::migrate {

/// One broken rule.
struct Breach {
    std::string rule;    ///< stable word, e.g. "tenant_key"
    std::string object;  ///< e.g. "orders.sales_order.note"
    std::string text;    ///< a sentence for a person
    bool operator==(const Breach&) const = default;
};

/// A breach that somebody decided to live with, and why.
struct Exception {
    std::string rule;
    std::string object;
    std::string reason;
};

/// On Citus, tables have row-level security ENABLEd but not FORCEd: a shard move under FORCE never
/// ends, and the owner is in no pool.
enum class Profile { plain, citus };

/// Every breach in the database, by rule, then object; empty = good. Objects of extensions are not
/// ours. An exception that no breach needs is a breach itself ("unused_exception").
///
/// Marks in a table's comment:
///   [retention: operational|books|security|session|raw|config|pii|global]   needed on each table
///   [global: reason]   not of one tenant, so free of the tenant rules
///   [append-only]      no application role may update or delete
///   [jobs-visible]     may have a SELECT policy for entrepot_jobs
///   [sealer-visible]   may have a policy for entrepot_sealer
///   [trigger: reason]  may have triggers
/// A partition has the marks of its partitioned table.
std::vector<Breach> lint(const std::string& conninfo, const std::vector<Exception>& exceptions = {},
                         Profile profile = Profile::plain);

/// The same on an open connection, inside its open transaction if there is one.
std::vector<Breach> lint(pgserver::Session& session, const std::vector<Exception>& exceptions = {},
                         Profile profile = Profile::plain);

}  // namespace entrepot::migrate
