// The tree of RFC 6962: growing it, its proofs, and their checks. Pure; where the hashes lie is
// the caller's business. Proofs about empty trees do not exist: they are refused, never true.
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "platform/audit/hash.hpp"

namespace entrepot::audit {

/// The roots of the perfect subtrees that a tree falls into, largest first: all that is needed to
/// go on. Appending costs one node a leaf on average.
class Frontier {
public:
    void append(const Hash& leaf);
    std::uint64_t size() const { return size_; }
    /// Of a tree that is not empty.
    Hash root() const;

private:
    std::uint64_t size_ = 0;
    std::vector<Hash> peaks_;
};

/// The perfect subtree over leaves [index << level, (index + 1) << level).
struct Node {
    unsigned level;
    std::uint64_t index;
    bool operator==(const Node&) const = default;
};

/// Leaves [begin, end) as the tree cuts them: their hash is one element of a proof.
struct Range {
    std::uint64_t begin, end;
    bool operator==(const Range&) const = default;
};

/// The perfect subtrees of a range, from left to right; their number is at most log2 of its size.
std::vector<Node> nodes_of(Range range);
Hash range_hash(Range range, const std::function<Hash(Node)>& node);

/// What proves that leaf `index` is in the tree of `size`, from the leaf upwards. index < size.
std::vector<Range> inclusion_ranges(std::uint64_t index, std::uint64_t size);
/// What proves that the tree of `second` begins with the tree of `first`. 0 < first <= second.
std::vector<Range> consistency_ranges(std::uint64_t first, std::uint64_t second);

/// The root that a proof leads to; nothing when the proof has not the form that fits these numbers.
std::optional<Hash> root_of_inclusion(const Hash& leaf, std::uint64_t index, std::uint64_t size,
                                      std::span<const Hash> path);
bool is_consistent(std::uint64_t first, const Hash& first_root, std::uint64_t second,
                   const Hash& second_root, std::span<const Hash> path);

}  // namespace entrepot::audit
