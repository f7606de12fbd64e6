// The keyd process: its own user, its own PostgreSQL, its socket.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace entrepot::keyd {

struct ProcessOptions {
    /// Holds roots, mark, ledger copy, the private cluster and the socket; never inside the data
    /// directory of the server, and in none of its backups.
    std::string keys_dir;
    std::string second_site;        ///< another place for the roots; empty = none
    std::string database_url;       ///< owner's connection; empty = a private cluster in keys_dir
    std::string database_password;  ///< of entrepot_keyd in a given database
    std::string socket;             ///< empty = socket_of(keys_dir)
    std::string token_library, token_label, token_pin;  ///< PKCS#11 instead of files
    std::vector<uid_t> allow_uids;  ///< who may connect, besides our own user and root
    bool with_parent = false;       ///< end when the process that started us does
};

/// Where keyd listens for a directory of keys: in it, or under /tmp when that would be longer than
/// the kernel takes.
std::string socket_of(const std::string& keys_dir);

/// The user that keyd becomes when root starts it and the machine has it (`adduser --system
/// entrepot-keyd`).
inline constexpr const char* os_user = "entrepot-keyd";

/// Runs until SIGINT or SIGTERM, which the caller has blocked. Prints one line when it listens.
/// Throws with the remedy in words.
void run_process(const ProcessOptions& options);

}  // namespace entrepot::keyd
