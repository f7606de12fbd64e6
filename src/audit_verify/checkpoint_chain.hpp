// Checkpoints one after the other: signatures, numbers, links, times, sizes. Of the export, and of
// each copy.
#pragma once

#include "audit_verify/line_stream.hpp"

namespace entrepot::audit_verify {

struct Options {
    Keys keys;
    /// Checkpoints of the copies that are later than this are not compared: the export is older
    /// than they are, and the auditor says so.
    std::optional<Instant> copies_until;
    unsigned threads = 0;  ///< beside the caller's
};

/// The rules that two neighbouring checkpoints keep.
class Chain {
public:
    Chain(std::string file, Findings& findings) : file_(std::move(file)), findings_(findings) {}
    /// Compares with the one before; a chain `from_the_start` begins with number 1.
    void add(const CheckpointFacts& facts, std::uint64_t line, bool from_the_start);
    const std::optional<audit::Checkpoint>& last() const { return last_; }
    /// Positions that this checkpoint is the first to cover; the last one if it covers no more.
    Place covered(const audit::Checkpoint& checkpoint) const;

private:
    void say(Fault fault, std::uint64_t line, const audit::Checkpoint& checkpoint,
             std::string words);
    void compare_with_last(const audit::Checkpoint& checkpoint, std::uint64_t line);
    std::string file_;
    Findings& findings_;
    std::optional<audit::Checkpoint> last_;
};

/// A copy of the checkpoints, read as far as the export has come.
class Copy {
public:
    Copy(Input input, const Options& options, Findings& findings);
    /// The next checkpoint that was not taken yet; null at the end.
    const audit::Checkpoint* peek();
    void take() { next_.reset(); }
    const std::string& name() const { return stream_.name(); }
    std::uint64_t line() const { return stream_.line(); }

private:
    LineStream stream_;
    std::optional<Instant> until_;
    Findings& findings_;
    Chain chain_;
    bool began_ = false;
    std::optional<audit::Checkpoint> next_;
};

}  // namespace entrepot::audit_verify
