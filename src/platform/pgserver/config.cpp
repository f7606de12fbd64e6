// Settings of the private cluster, sized for the machine.
#include "platform/pgserver/config.hpp"

#include <unistd.h>

#include <algorithm>
#include <fstream>

namespace entrepot::pgserver {
namespace {

constexpr std::uint64_t mebibyte = 1024 * 1024;

std::string megabytes(std::uint64_t bytes, std::uint64_t least, std::uint64_t most) {
    return "'" + std::to_string(std::clamp(bytes / mebibyte, least, most)) + "MB'";
}

std::string quoted(const std::string& value) {
    std::string out = "'";
    for (const char letter : value) {
        if (letter == '\'') out += '\'';
        out += letter;
    }
    return out + '\'';
}

}  // namespace

std::uint64_t machine_memory() {
    const auto pages = static_cast<std::uint64_t>(sysconf(_SC_PHYS_PAGES));
    std::uint64_t memory = pages * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
    std::ifstream limit("/sys/fs/cgroup/memory.max");
    std::uint64_t bytes = 0;
    if (limit >> bytes) memory = std::min(memory, bytes);
    return memory;
}

std::string server_config(const Sizing& sizing, Durability durability, bool with_lz4,
                          const Archiving& archiving) {
    const std::uint64_t memory = sizing.memory_bytes == 0 ? machine_memory() : sizing.memory_bytes;
    std::string text =
        "# Written anew at each start. Your own settings belong into local.conf beside it.\n"
        "jit = off\n"
        "huge_pages = try\n"
        // Enough for plans here, and a fifth of the work when a history makes tables grow by the
        // second.
        "default_statistics_target = 30\n"
        "synchronous_commit = on\n"
        "random_page_cost = 1.1\n"
        "effective_io_concurrency = 100\n"
        "max_wal_size = '2GB'\n"
        "min_wal_size = '128MB'\n"
        "checkpoint_timeout = '15min'\n"
        "checkpoint_completion_target = 0.9\n"
        // A first import fills empty tables in seconds; plans need to know of it as soon.
        "autovacuum_naptime = '5s'\n"
        "password_encryption = 'scram-sha-256'\n"
        "timezone = 'UTC'\n"
        "log_timezone = 'UTC'\n"
        "lc_messages = 'C'\n"
        "row_security = on\n"
        "logging_collector = on\n"
        "log_directory = '../log'\n"
        "log_filename = 'postgres-%a.log'\n"
        "log_truncate_on_rotation = on\n"
        "log_rotation_age = '1d'\n"
        "log_rotation_size = 0\n"
        "log_line_prefix = '%m [%p] %q%u@%d '\n"
        // A DETAIL line or a failed statement would carry column values, so personal data, into
        // a file that no retention clock knows.
        "log_error_verbosity = terse\n"
        "log_min_error_statement = panic\n"
        "log_statement = 'none'\n"
        "log_min_duration_statement = -1\n"
        "log_parameter_max_length = 0\n"
        "log_parameter_max_length_on_error = 0\n";
    text += std::string("wal_compression = ") + (with_lz4 ? "lz4\n" : "on\n");
    text += "max_connections = " + std::to_string(sizing.max_connections) + '\n';
    text += "shared_buffers = " + megabytes(memory / 4, 32, 8192) + '\n';
    text += "effective_cache_size = " + megabytes(memory / 2, 64, 1U << 20) + '\n';
    text += "maintenance_work_mem = " + megabytes(memory / 16, 32, 1024) + '\n';
    text += "work_mem = " + megabytes(memory / 512, 4, 64) + '\n';
    if (!archiving.command.empty()) {
        // The time of the last commit: what a drill holds a restored copy against.
        text += "track_commit_timestamp = on\narchive_mode = on\n";
        text += "archive_timeout = '" + std::to_string(archive_timeout_seconds) + "s'\n";
        text += "archive_command = " + quoted(archiving.command) + '\n';
    }
    if (durability == Durability::throwaway) {
        text += "fsync = off\nfull_page_writes = off\n";
    }
    return text;
}

std::string root_config() {
    return "# Written anew at each start.\n"
           "include 'entrepot.conf'\n"
           "include_if_exists 'local.conf'\n";
}

std::string access_config() {
    return "# Written anew at each start. Only the owner of this directory and root can reach the\n"
           "# socket; see docs/decisions/0002-embedded-postgres.md.\n"
           "local all all trust\n";
}

}  // namespace entrepot::pgserver
