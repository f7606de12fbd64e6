// Runs pgBackRest as the cluster's user and reads what it says.
#pragma once

#include <boost/describe/class.hpp>
#include <functional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "platform/pgserver/process.hpp"

namespace entrepot::backup {

/// What one call of pgBackRest came to.
struct Said {
    int code = 0;
    std::string output;  ///< the end of it
    /// Its error lines in one, or the end of what it said.
    std::string trouble() const;
};

/// One backup as `pgbackrest info` lists it.
struct Listed {
    std::int64_t repository = 0;
    std::string label, kind;  ///< full, diff, incr
    Instant started_at{}, finished_at{};
    std::int64_t original_bytes = 0;  ///< of the database
    std::int64_t stored_bytes = 0;    ///< that this backup added to its repository
};

/// Starts the command and waits; asks it to end when `stopping` says so. Its exit code.
int run_program(const pgserver::Command& command, const std::function<bool()>& stopping);

class Tool {
public:
    /// `stopping` is asked while a call runs: true ends the call.
    Tool(std::string data_dir, pgserver::OsUser user, std::function<bool()> stopping = {});

    /// Blocks until it has ended. `command` also names the file of its output.
    Said run(const std::string& command, const std::vector<std::string>& options = {}) const;

    /// Every backup, oldest first in each repository. Throws std::runtime_error.
    std::vector<Listed> list() const;

    const std::string& data_dir() const { return data_dir_; }
    const pgserver::OsUser& user() const { return user_; }

private:
    std::string data_dir_;
    pgserver::OsUser user_;
    std::function<bool()> stopping_;
};

}  // namespace entrepot::backup
