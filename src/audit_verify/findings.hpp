// What the verifier can find, and where.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "platform/audit/trail_file.hpp"

namespace entrepot::audit_verify {

enum class Fault {
    broken_line,     ///< a line that is not exactly what an export holds, or at a wrong place
    empty,           ///< nothing is there that could be verified
    edited,          ///< a row is not what was sealed
    missing,         ///< rows are not there
    out_of_order,    ///< rows are there, at another place
    unsealed,        ///< rows that no checkpoint covers
    truncated,       ///< the end is gone: a witness has seen more
    forked,          ///< another history than the one that a witness has seen
    root_differs,    ///< rows between two checkpoints are not those that were signed
    wrong_proof,     ///< a proof does not lead to the signed root
    no_proof,        ///< a proof that is needed is not in the file
    bad_signature,   ///< signed by the right key, but not this
    other_key,       ///< signed by a key that was not given
    broken_chain,    ///< a checkpoint does not follow the one before it
    time_backwards,  ///< a checkpoint is earlier than the one before it
};
std::string_view fault_name(Fault fault);

/// Positions first … last, both included.
struct Place {
    std::uint64_t first, last;
};

struct Finding {
    Fault fault;
    std::string file;
    std::uint64_t line = 0;  ///< in that file, from 1; 0 = the file as a whole
    std::optional<Place> positions;
    std::optional<std::uint64_t> checkpoint;  ///< its number
    std::string words;
};

/// Findings beyond the first hundred are counted only.
class Findings {
public:
    void add(Finding finding);
    std::uint64_t count() const { return count_; }
    const std::vector<Finding>& first() const { return first_; }

private:
    std::uint64_t count_ = 0;
    std::vector<Finding> first_;
};

/// A text that comes in pieces of whole lines (the last may lack its newline). False: no more.
struct Input {
    std::string name;
    std::function<bool(std::string&)> next;
};

}  // namespace entrepot::audit_verify
