// RFC 6962 section 2.1 for the proofs, RFC 9162 sections 2.1.3.2 and 2.1.4.2 for their checks.
#include "platform/audit/merkle.hpp"

#include <bit>

#include "base/result.hpp"

namespace entrepot::audit {
namespace {
/// Folds the subtrees of a range, left to right, into its hash.
Hash fold(std::span<const Hash> peaks) {
    ensure(!peaks.empty(), "an empty tree has no root");
    Hash out = peaks.back();
    for (std::size_t i = peaks.size() - 1; i-- > 0;) out = node_hash(peaks[i], out);
    return out;
}

/// Where the tree over this range is cut: the largest power of two below its size.
std::uint64_t cut(Range range) {
    return range.begin + std::bit_floor(range.end - range.begin - 1);
}

void shift_to_right_child(std::uint64_t& first, std::uint64_t& last) {
    while ((first & 1) == 0 && first != 0) {
        first >>= 1;
        last >>= 1;
    }
}
}  // namespace

void Frontier::append(const Hash& leaf) {
    peaks_.push_back(leaf);
    for (std::uint64_t rest = size_; (rest & 1) != 0; rest >>= 1) {
        const Hash right = peaks_.back();
        peaks_.pop_back();
        peaks_.back() = node_hash(peaks_.back(), right);
    }
    ++size_;
}

Hash Frontier::root() const {
    return fold(peaks_);
}

std::vector<Node> nodes_of(Range range) {
    std::vector<Node> out;
    std::uint64_t at = range.begin;
    while (at < range.end) {
        const std::uint64_t width = std::bit_floor(range.end - at);
        const auto level = static_cast<unsigned>(std::countr_zero(width));
        ensure(at % width == 0, "a range that the tree does not cut so");
        out.push_back({level, at >> level});
        at += width;
    }
    return out;
}

Hash range_hash(Range range, const std::function<Hash(Node)>& node) {
    std::vector<Hash> peaks;
    for (const Node& one : nodes_of(range)) peaks.push_back(node(one));
    return fold(peaks);
}

std::vector<Range> inclusion_ranges(std::uint64_t index, std::uint64_t size) {
    ensure(index < size, "a leaf outside of its tree has no proof");
    std::vector<Range> out;
    Range tree{0, size};
    while (tree.end - tree.begin > 1) {
        const std::uint64_t middle = cut(tree);
        const bool left = index < middle;
        out.push_back(left ? Range{middle, tree.end} : Range{tree.begin, middle});
        tree = left ? Range{tree.begin, middle} : Range{middle, tree.end};
    }
    return {out.rbegin(), out.rend()};
}

std::vector<Range> consistency_ranges(std::uint64_t first, std::uint64_t second) {
    ensure(first > 0 && first <= second, "an empty or a larger tree is not the beginning of one");
    std::vector<Range> out;
    Range tree{0, second};
    // Whether the old tree is still a whole left side, whose root the verifier knows already.
    bool known = true;
    while (tree.end != first) {
        const std::uint64_t middle = cut(tree);
        if (first <= middle) {
            out.push_back({middle, tree.end});
            tree.end = middle;
        } else {
            out.push_back({tree.begin, middle});
            tree.begin = middle;
            known = false;
        }
    }
    if (!known) out.push_back(tree);
    return {out.rbegin(), out.rend()};
}

std::optional<Hash> root_of_inclusion(const Hash& leaf, std::uint64_t index, std::uint64_t size,
                                      std::span<const Hash> path) {
    if (index >= size) return std::nullopt;
    std::uint64_t first = index;
    std::uint64_t last = size - 1;
    Hash out = leaf;
    for (const Hash& sibling : path) {
        if (last == 0) return std::nullopt;
        if ((first & 1) != 0 || first == last) {
            out = node_hash(sibling, out);
            shift_to_right_child(first, last);
        } else {
            out = node_hash(out, sibling);
        }
        first >>= 1;
        last >>= 1;
    }
    if (last != 0) return std::nullopt;
    return out;
}

bool is_consistent(std::uint64_t first, const Hash& first_root, std::uint64_t second,
                   const Hash& second_root, std::span<const Hash> path) {
    if (first == 0 || first > second) return false;
    if (first == second) return path.empty() && first_root == second_root;
    std::vector<Hash> proof(path.begin(), path.end());
    if (std::has_single_bit(first)) proof.insert(proof.begin(), first_root);
    if (proof.empty()) return false;
    std::uint64_t old_last = first - 1;
    std::uint64_t new_last = second - 1;
    while ((old_last & 1) != 0) {
        old_last >>= 1;
        new_last >>= 1;
    }
    Hash old_root = proof.front();
    Hash new_root = proof.front();
    for (std::size_t i = 1; i < proof.size(); ++i) {
        if (new_last == 0) return false;
        if ((old_last & 1) != 0 || old_last == new_last) {
            old_root = node_hash(proof[i], old_root);
            new_root = node_hash(proof[i], new_root);
            shift_to_right_child(old_last, new_last);
        } else {
            new_root = node_hash(new_root, proof[i]);
        }
        old_last >>= 1;
        new_last >>= 1;
    }
    return new_last == 0 && old_root == first_root && new_root == second_root;
}

}  // namespace entrepot::audit
