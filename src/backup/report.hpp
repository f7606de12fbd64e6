// A drill's report: one line of JSON, and one that signs it with the key of the audit.
#pragma once

#include <boost/describe/class.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "platform/audit/signer.hpp"
#include "platform/crypto/crypto.hpp"
#include "vault/vault.hpp"

namespace entrepot::backup {

/// A table of the backup beside the same table of now.
struct TableCount {
    std::string table;
    bool append_only;
    std::int64_t restored, live;
};
BOOST_DESCRIBE_STRUCT(TableCount, (), (table, append_only, restored, live))

struct Orders {
    std::int64_t compared = 0;  ///< orders of the backup
    std::int64_t same = 0;      ///< no change since, and money and lines are the same
    std::int64_t moved_on = 0;  ///< changed since
    std::int64_t differ = 0;    ///< claim to be unchanged, and are not the same
    std::int64_t gone = 0;      ///< not in the running database
};
BOOST_DESCRIBE_STRUCT(Orders, (), (compared, same, moved_on, differ, gone))

struct Trail {
    std::int64_t checkpoint = 0;  ///< last one of the backup
    std::int64_t size = 0;        ///< rows under it
    std::string root;             ///< hexadecimal
    bool signed_by_this_key = false;
    bool tree_is_whole = false;         ///< the backup's own tiles give that root
    bool begins_the_live_tree = false;  ///< the running tree's first rows give that root
};
BOOST_DESCRIBE_STRUCT(Trail, (),
                      (checkpoint, size, root, signed_by_this_key, tree_is_whole,
                       begins_the_live_tree))

struct Report {
    std::string program = "entrepot drill";
    Uuid id;
    std::string version;
    std::int64_t repository = 0;
    std::optional<std::string> label, kind;
    std::optional<Instant> backup_finished_at;
    std::string target;  ///< newest, set, or the moment
    Instant started_at{}, finished_at{};
    std::int64_t restore_ms = 0;  ///< files and recovery, until it answered
    std::int64_t rto_ms = 0;      ///< until every check was done
    std::optional<Instant> newest_in_backup, newest_live;
    std::optional<std::int64_t> rpo_ms;  ///< only of the newest state
    std::int64_t original_bytes = 0;
    vault::DrillTally buyers;
    std::int64_t ledger_lines = 0;
    bool keys_verified = false;
    std::vector<TableCount> tables;
    Orders orders;
    Trail trail;
    std::vector<std::string> faults;  ///< empty: passed
};
BOOST_DESCRIBE_STRUCT(Report, (),
                      (program, id, version, repository, label, kind, backup_finished_at, target,
                       started_at, finished_at, restore_ms, rto_ms, newest_in_backup, newest_live,
                       rpo_ms, original_bytes, buyers, ledger_lines, keys_verified, tables, orders,
                       trail, faults))

/// Promised: no more than this is lost, and it takes no longer (at 20 GB).
inline constexpr std::chrono::seconds rpo_max{60};
inline constexpr std::chrono::minutes rto_max{15};

/// Report and signature, two lines.
std::string signed_report(const Report& report, const audit::Signer& signer);

/// Why the two lines are not what was signed; empty when they are. `key`: who must have signed;
/// nothing takes the key that the file names.
std::string verify_report(const std::string& file, const std::optional<audit::PublicKey>& key);

/// For people.
std::string summary(const Report& report);

}  // namespace entrepot::backup
