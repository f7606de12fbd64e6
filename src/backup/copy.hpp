// A backup restored into a scratch directory and started there: a private socket, no network, no
// archiving, nothing of the application connected to it. Its life is this object's.
#pragma once

#include <memory>
#include <optional>

#include "backup/tool.hpp"
#include "platform/pgserver/cluster.hpp"

namespace entrepot::backup {

struct Wanted {
    int repository = 1;
    std::optional<std::string> set;    ///< this backup as it was, else the newest
    std::optional<std::string> until;  ///< a moment, as PostgreSQL reads it
    std::string scratch;               ///< missing or empty; `<data-dir>.drill` when not given
    bool keep = false;
};

/// A backup could not be restored or its database did not come up; the text says why.
class NotRestored : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

class Copy {
public:
    /// Blocks until the restored database has replayed what there is and takes part in nothing
    /// else. Throws NotRestored.
    Copy(const Tool& tool, const Wanted& wanted);
    /// Stops it and destroys the scratch directory, unless it is to be kept.
    ~Copy();
    Copy(const Copy&) = delete;
    Copy& operator=(const Copy&) = delete;

    std::string conninfo(std::string_view role) const { return cluster_->conninfo(role); }
    const std::string& directory() const { return directory_; }

private:
    void restore(const Wanted& wanted);
    void start();
    void clear() const;

    const Tool& tool_;
    std::string directory_;
    bool keep_;
    std::unique_ptr<pgserver::Cluster> cluster_;
};

}  // namespace entrepot::backup
