// Calls of pgBackRest in their order.
#include "backup/run.hpp"

#include <algorithm>
#include <thread>

#include "backup/setup.hpp"
#include "platform/crypto/crypto.hpp"

namespace entrepot::backup {
namespace {
/// pgBackRest's exit code for a lock that another of its processes has: a push, for moments.
constexpr int lock_is_held = 50;
constexpr int lock_tries = 5;
constexpr std::chrono::seconds lock_again{1};

std::string in_mebibytes(std::int64_t bytes) {
    constexpr std::int64_t tenth = (1 << 20) / 10;
    const std::int64_t tenths = bytes / tenth;
    return std::to_string(tenths / 10) + '.' + std::to_string(tenths % 10) + " MiB";
}
}  // namespace

std::string prepare(const Tool& tool) {
    // Checked first: making what is there already would only contend with a push for its lock.
    if (tool.run("check").code == 0) return {};
    for (const char* command : {"stanza-create", "check"}) {
        Said said = tool.run(command);
        for (int tries = 0; said.code == lock_is_held && tries < lock_tries; ++tries) {
            std::this_thread::sleep_for(lock_again);
            said = tool.run(command);
        }
        if (said.code != 0) return std::string(command) + ": " + said.trouble();
    }
    return {};
}

store::RunRow take(const Tool& tool, int repository, const std::string& kind, const Clock& clock) {
    store::RunRow row{};
    row.id = crypto::new_uuid(clock.now());
    row.repository = repository;
    row.kind = kind;
    row.started_at = clock.now();
    row.outcome = "failed";
    try {
        const Said said =
            tool.run("backup", {"--repo=" + std::to_string(repository), "--type=" + kind});
        if (said.code != 0) {
            row.trouble = said.trouble();
        } else {
            const auto all = tool.list();
            const auto newest = std::find_if(all.rbegin(), all.rend(), [&](const Listed& one) {
                return one.repository == repository;
            });
            if (newest == all.rend()) {
                row.trouble = "pgBackRest says it is done, and lists no backup";
            } else {
                // The first of a repository is a full one, whatever was asked for.
                row.kind = newest->kind;
                row.label = newest->label;
                row.original_bytes = newest->original_bytes;
                row.stored_bytes = newest->stored_bytes;
                row.outcome = "done";
            }
        }
    } catch (const std::exception& error) {
        row.trouble = error.what();
    }
    row.finished_at = clock.now();
    return row;
}

std::string line_of(const store::RunRow& row) {
    const auto took =
        std::chrono::duration_cast<std::chrono::milliseconds>(row.finished_at - row.started_at);
    std::string out = "repository " + std::to_string(row.repository) + ": ";
    if (row.outcome != "done") return out + row.kind + " backup failed: " + row.trouble;
    return out + row.kind + " backup " + row.label.value_or("") + ", " +
           in_mebibytes(row.original_bytes) + " in " + std::to_string(took.count()) +
           " ms, stored as " + in_mebibytes(row.stored_bytes);
}

}  // namespace entrepot::backup
