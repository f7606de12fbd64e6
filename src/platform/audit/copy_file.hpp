// The copy of the checkpoints off the database: one file that only grows, one line a checkpoint.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "platform/audit/checkpoint.hpp"

namespace entrepot::audit {

/// Blocking; every failure is a std::runtime_error in words. One process at a time holds a file.
class CopyFile {
public:
    /// Opened at the first use, its directory made when it is missing.
    explicit CopyFile(std::string path) : path_(std::move(path)) {}
    ~CopyFile();
    CopyFile(const CopyFile&) = delete;
    CopyFile& operator=(const CopyFile&) = delete;

    const std::string& path() const { return path_; }
    /// The last checkpoint in it; nothing when it is empty. A line that a crash has cut is removed:
    /// its checkpoint comes again.
    std::optional<Checkpoint> last();
    /// Returns when the disk has them.
    void append(std::span<const Checkpoint> checkpoints);

private:
    void open();
    void close();
    /// Somebody has moved the file away: a new one begins.
    bool is_gone() const;
    std::string path_;
    int file_ = -1;
};

}  // namespace entrepot::audit
