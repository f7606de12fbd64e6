// Lines of a file, read and examined on other threads, handed out in their order.
#pragma once

#include <deque>
#include <future>
#include <variant>

#include "audit_verify/findings.hpp"

namespace entrepot::audit_verify {

/// A row without its texts: what the tree needs to know of it.
struct RowFacts {
    Uuid tenant;
    std::uint64_t position, number;
    audit::Hash leaf;  ///< as the file says
    bool genuine;      ///< the row's content has this leaf
    std::vector<audit::Hash> path;
};

enum class Signed { well, badly, by_another_key };
struct CheckpointFacts {
    audit::Checkpoint checkpoint;
    Signed how;
};

/// std::monostate: a line that the reader does not take.
using Examined = std::variant<std::monostate, RowFacts, CheckpointFacts, audit::Header,
                              audit::Consistency, audit::Ending, audit::Seen>;

using Keys = std::vector<audit::PublicKey>;

/// Everything about one line that needs no other line.
Examined examine(std::string_view line, const Keys& keys);
Signed how_signed(const audit::Checkpoint& checkpoint, const Keys& keys);

class LineStream {
public:
    /// `threads`: pieces that are worked on at the same time.
    LineStream(Input input, const Keys& keys, unsigned threads);
    /// The next line and its number; nothing at the end. Valid until the next call.
    const Examined* next();
    std::uint64_t line() const { return line_; }
    const std::string& name() const { return input_.name; }

private:
    bool fill();
    Input input_;
    const Keys& keys_;
    unsigned threads_;
    bool ended_ = false;
    std::deque<std::future<std::vector<Examined>>> coming_;
    std::vector<Examined> present_;
    std::size_t at_ = 0;
    std::uint64_t line_ = 0;
};

}  // namespace entrepot::audit_verify
