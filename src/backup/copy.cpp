// pgBackRest restores, the cluster's own code starts.
#include "backup/copy.hpp"

#include <sys/stat.h>

#include <filesystem>
#include <thread>

#include "backup/setup.hpp"
#include "backup/store.hpp"
#include "platform/pgserver/places.hpp"
#include "platform/pgserver/process.hpp"
#include "platform/pgserver/session.hpp"

namespace entrepot::backup {
namespace fs = std::filesystem;

namespace {
constexpr std::chrono::hours recovery_max{4};
constexpr std::chrono::milliseconds look_again{50};
/// Beside a running server: the copy must not take its memory.
constexpr std::uint64_t copy_memory = 1ULL << 30;

bool is_empty_or_missing(const fs::path& path) {
    std::error_code ignored;
    return !fs::exists(path, ignored) || fs::is_empty(path, ignored);
}
}  // namespace

Copy::Copy(const Tool& tool, const Wanted& wanted)
    : tool_(tool), directory_(wanted.scratch), keep_(wanted.keep) {
    if (directory_.empty()) {
        directory_ = config_dir(tool.data_dir()).replace_extension(".drill").string();
        clear();
    }
    directory_ = fs::weakly_canonical(fs::absolute(directory_)).string();
    if (!is_empty_or_missing(directory_))
        throw NotRestored("the scratch directory " + directory_ +
                          " is not empty: a drill destroys what is in it, so name another");
    try {
        restore(wanted);
        start();
    } catch (...) {
        cluster_.reset();
        if (!keep_) clear();
        throw;
    }
}

Copy::~Copy() {
    cluster_.reset();
    if (!keep_) clear();
}

void Copy::clear() const {
    // As the cluster's user, to whom it belongs: root follows no link that somebody planted there.
    const auto output = config_dir(tool_.data_dir()) / "said-clear.txt";
    pgserver::wait_for(pgserver::spawn(
        {{"/bin/rm", "-rf", (fs::path(directory_) / "pg").string()}, tool_.user(), output, 0}));
    std::error_code ignored;
    for (const char* name : {"pg", "pg.lock"}) fs::remove(fs::path(directory_) / name, ignored);
    fs::remove(directory_, ignored);
}

void Copy::restore(const Wanted& wanted) {
    fs::create_directories(directory_);
    // Others may pass through, not list: the cluster's user must get to its own part inside.
    ::chmod(directory_.c_str(), 0711);
    const pgserver::Places places = pgserver::make_places(directory_, tool_.user());
    std::vector<std::string> options = {"--repo=" + std::to_string(wanted.repository),
                                        "--pg1-path=" + places.data.string(), "--archive-mode=off",
                                        "--log-level-console=info"};
    if (wanted.set) options.push_back("--set=" + *wanted.set);
    if (wanted.until) {
        options.insert(options.end(), {"--type=time", "--target=" + *wanted.until});
    } else if (wanted.set) {
        options.emplace_back("--type=immediate");
    }
    if (wanted.set || wanted.until) options.emplace_back("--target-action=promote");
    const Said said = tool_.run("restore", options);
    if (said.code != 0)
        throw NotRestored("the backup in repository " + std::to_string(wanted.repository) +
                          " cannot be restored: " + said.trouble());
}

void Copy::start() {
    pgserver::ClusterOptions options;
    options.data_dir = directory_;
    options.sizing.memory_bytes = copy_memory;
    options.start_patience = recovery_max;
    try {
        cluster_ = std::make_unique<pgserver::Cluster>(pgserver::Cluster::open(options));
        pgserver::Session session(cluster_->conninfo("postgres"));
        const auto deadline = std::chrono::steady_clock::now() + recovery_max;
        while (store::in_recovery(session)) {
            if (!cluster_->alive() || std::chrono::steady_clock::now() > deadline)
                throw NotRestored("its database does not come out of recovery");
            std::this_thread::sleep_for(look_again);
        }
    } catch (const NotRestored&) {
        throw;
    } catch (const std::exception& error) {
        throw NotRestored("the restored database does not start: " + std::string(error.what()));
    }
}

}  // namespace entrepot::backup
