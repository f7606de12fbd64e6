// The configuration files of a private cluster, as text.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace entrepot::pgserver {

/// Whether a power cut may cost the cluster. `throwaway` is for tests only.
enum class Durability { full, throwaway };

/// How much of the machine the cluster may plan with; zero = find out.
struct Sizing {
    std::uint64_t memory_bytes = 0;  ///< default: the machine's, or the control group's limit
    int max_connections = 100;
};

/// Continuous archiving of the log of changes; no command = none.
struct Archiving {
    std::string command;  ///< as PostgreSQL takes it: %p is the file
};

/// A segment leaves for the archive so soon at the latest: with the push itself the most that a
/// lost machine can cost (promised: 60 s).
inline constexpr int archive_timeout_seconds = 30;

/// Memory that this process may use: the smaller of the machine's and the control group's.
std::uint64_t machine_memory();

/// The text of entrepot.conf.
std::string server_config(const Sizing& sizing, Durability durability, bool with_lz4,
                          const Archiving& archiving = {});

/// The text of postgresql.conf: ours first, then the operator's local.conf if there is one.
std::string root_config();

/// The text of pg_hba.conf.
std::string access_config();

}  // namespace entrepot::pgserver
