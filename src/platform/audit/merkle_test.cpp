// The tree against RFC 6962's definition, written down once more in the plainest way, and against
// the roots and proofs that are published for its eight test leaves.
#include "platform/audit/merkle.hpp"

#include <gtest/gtest.h>

#include "base/result.hpp"
#include "base/text.hpp"
#include "platform/audit/tiles.hpp"

namespace entrepot::audit {
namespace {

std::string from_hex(std::string_view hex) {
    const auto bytes = text::from_hex(hex);
    return {bytes->begin(), bytes->end()};
}

/// Test leaves of the reference implementation of certificate transparency.
const std::vector<std::string_view> published_leaves{"",
                                                     "00",
                                                     "10",
                                                     "2021",
                                                     "3031",
                                                     "40414243",
                                                     "5051525354555657",
                                                     "606162636465666768696a6b6c6d6e6f"};
const std::vector<std::string_view> published_roots{
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};
/// Of the first leaf in the tree of eight, and of one leaf's tree towards it.
const std::vector<std::string_view> published_path{
    "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
    "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
    "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"};

std::vector<Hash> leaves_of(std::size_t count) {
    std::vector<Hash> out;
    for (std::size_t i = 0; i < count; ++i) out.push_back(leaf_hash(std::to_string(i)));
    return out;
}

/// MTH of RFC 6962 section 2.1, word for word.
Hash naive_root(std::span<const Hash> leaves) {
    if (leaves.size() == 1) return leaves.front();
    std::size_t k = 1;
    while (2 * k < leaves.size()) k *= 2;
    return node_hash(naive_root(leaves.first(k)), naive_root(leaves.subspan(k)));
}

/// Proofs of the plain tree; each subtree is computed once.
class NaiveTree {
public:
    explicit NaiveTree(std::vector<Hash> leaves) : leaves_(std::move(leaves)) {}
    const Hash& hash(Range range) {
        const auto [found, fresh] = known_.try_emplace({range.begin, range.end});
        if (fresh)
            found->second =
                naive_root(std::span(leaves_).subspan(range.begin, range.end - range.begin));
        return found->second;
    }
    std::vector<Hash> hashes(const std::vector<Range>& ranges) {
        std::vector<Hash> out;
        for (const Range& range : ranges) out.push_back(hash(range));
        return out;
    }
    const std::vector<Hash>& leaves() const { return leaves_; }

private:
    std::vector<Hash> leaves_;
    std::map<std::pair<std::uint64_t, std::uint64_t>, Hash> known_;
};

TEST(AuditTree, has_the_published_roots_and_proofs) {
    Frontier tree;
    std::vector<Hash> leaves, roots, path;
    for (const auto hex : published_path) path.push_back(*hash_of_hex(hex));
    for (std::size_t i = 0; i < published_leaves.size(); ++i) {
        leaves.push_back(leaf_hash(from_hex(published_leaves[i])));
        tree.append(leaves.back());
        roots.push_back(tree.root());
        EXPECT_EQ(hex_of(tree.root()), published_roots[i]);
        EXPECT_EQ(naive_root(leaves), tree.root());
    }
    NaiveTree naive(leaves);
    EXPECT_EQ(naive.hashes(inclusion_ranges(0, 8)), path);
    EXPECT_EQ(root_of_inclusion(leaves[0], 0, 8, path), roots[7]);
    EXPECT_EQ(naive.hashes(consistency_ranges(1, 8)), path);
    EXPECT_TRUE(is_consistent(1, roots[0], 8, roots[7], path));
}

TEST(AuditTree, every_inclusion_up_to_200_is_proven_and_nothing_else) {
    NaiveTree naive(leaves_of(200));
    const auto& leaves = naive.leaves();
    for (std::uint64_t size = 1; size <= 200; ++size) {
        const Hash root = naive.hash({0, size});
        for (std::uint64_t index = 0; index < size; ++index) {
            auto path = naive.hashes(inclusion_ranges(index, size));
            ASSERT_EQ(root_of_inclusion(leaves[index], index, size, path), root);
            // Another leaf, another index, a longer and a shorter path lead elsewhere.
            ASSERT_NE(root_of_inclusion(leaf_hash("x"), index, size, path), root);
            if (size > 1) {
                ASSERT_NE(root_of_inclusion(leaves[index], (index + 1) % size, size, path), root);
                const std::span shorter = std::span(path).first(path.size() - 1);
                ASSERT_NE(root_of_inclusion(leaves[index], index, size, shorter), root);
            }
            path.push_back(root);
            ASSERT_NE(root_of_inclusion(leaves[index], index, size, path), root);
        }
    }
}

TEST(AuditTree, every_growth_up_to_200_is_proven_and_nothing_else) {
    NaiveTree naive(leaves_of(200));
    const auto& leaves = naive.leaves();
    std::vector<Hash> roots{Hash{}};
    for (std::uint64_t size = 1; size <= 200; ++size) roots.push_back(naive.hash({0, size}));
    for (std::uint64_t second = 1; second <= 200; ++second) {
        for (std::uint64_t first = 1; first <= second; ++first) {
            auto path = naive.hashes(consistency_ranges(first, second));
            ASSERT_TRUE(is_consistent(first, roots[first], second, roots[second], path));
            ASSERT_FALSE(is_consistent(first, leaves[1], second, roots[second], path));
            ASSERT_FALSE(is_consistent(first, roots[first], second, leaves[1], path));
            if (!path.empty()) {
                path.back()[0] ^= 1;
                ASSERT_FALSE(is_consistent(first, roots[first], second, roots[second], path));
                path.pop_back();
                ASSERT_FALSE(is_consistent(first, roots[first], second, roots[second], path));
            } else {
                ASSERT_EQ(first, second);
            }
        }
    }
}

TEST(AuditTree, empty_trees_prove_nothing) {
    const Hash leaf = leaf_hash("");
    EXPECT_FALSE(root_of_inclusion(leaf, 0, 0, {}));
    EXPECT_FALSE(root_of_inclusion(leaf, 1, 1, {}));
    EXPECT_FALSE(is_consistent(0, Hash{}, 0, Hash{}, {}));
    EXPECT_FALSE(is_consistent(0, sha256(""), 5, leaf, {}));
    EXPECT_FALSE(is_consistent(2, leaf, 1, leaf, {}));
    EXPECT_FALSE(is_consistent(1, leaf, 2, leaf, {})) << "a proof that is empty";
    const Frontier tree;
    EXPECT_THROW((void)tree.root(), entrepot::Bug);
    EXPECT_THROW((void)inclusion_ranges(3, 3), entrepot::Bug);
    EXPECT_THROW((void)consistency_ranges(0, 3), entrepot::Bug);
}

/// What a database would hold.
class StoredTiles {
public:
    void append(std::span<const Hash> leaves) {
        TileWriter writer(size_);
        for (const TileKey key : edge_of(size_)) writer.put(key, tiles_.at(key));
        if (size_ > 0) {
            EXPECT_EQ(writer.root(), root_);
        }
        for (const Hash& leaf : leaves) writer.append(leaf);
        for (auto& [key, bytes] : writer.changed()) tiles_[key] = bytes;
        size_ = writer.size();
        root_ = writer.root();
    }
    /// Only the tiles that are asked for, as a proof reads them.
    std::vector<Hash> read(const std::vector<Range>& ranges) const {
        Tiles some;
        for (const Range& range : ranges)
            for (const Node& node : nodes_of(range))
                some.put(tile_of(node), tiles_.at(tile_of(node)));
        return some.hashes(ranges);
    }
    Hash root() const { return root_; }
    std::uint64_t size() const { return size_; }
    std::size_t rows() const { return tiles_.size(); }

private:
    std::map<TileKey, std::string> tiles_;
    std::uint64_t size_ = 0;
    Hash root_{};
};

TEST(AuditTree, tiles_hold_the_same_tree_whatever_the_batches) {
    const auto leaves = leaves_of(70'000);
    StoredTiles stored;
    Frontier tree;
    std::uint64_t step = 1;
    for (std::size_t at = 0; at < leaves.size();) {
        step = (step * 6364136223846793005ULL + 1442695040888963407ULL);
        const std::size_t count =
            std::min<std::size_t>(leaves.size() - at, 1 + (step >> 33) % (at < 2000 ? 40 : 3000));
        const auto batch = std::span(leaves).subspan(at, count);
        stored.append(batch);
        for (const Hash& leaf : batch) tree.append(leaf);
        at += count;
        ASSERT_EQ(stored.root(), tree.root()) << at;
    }
    EXPECT_EQ(stored.rows(), 274U + 2U + 1U) << "256 hashes a row";
    for (std::uint64_t index = 3; index < leaves.size(); index += 4099) {
        const auto path = stored.read(inclusion_ranges(index, stored.size()));
        ASSERT_EQ(root_of_inclusion(leaves[index], index, stored.size(), path), tree.root());
    }
    Frontier old;
    for (std::size_t i = 0; i < 65'537; ++i) old.append(leaves[i]);
    EXPECT_TRUE(is_consistent(old.size(), old.root(), stored.size(), tree.root(),
                              stored.read(consistency_ranges(old.size(), stored.size()))));
}

TEST(AuditTree, a_tile_that_is_short_is_noticed) {
    Tiles tiles;
    EXPECT_THROW((void)tiles.node({0, 0}), std::out_of_range);
    EXPECT_THROW(tiles.put({0, 0}, "short"), std::out_of_range);
    EXPECT_THROW(tiles.put({0, 0}, ""), std::out_of_range);
    tiles.put({0, 0}, bytes_of(leaf_hash("")));
    EXPECT_EQ(tiles.node({0, 0}), leaf_hash(""));
    EXPECT_THROW((void)tiles.node({1, 0}), std::out_of_range);
    TileWriter writer(3);
    EXPECT_THROW(writer.put({0, 0}, bytes_of(leaf_hash(""))), std::out_of_range);
}

}  // namespace
}  // namespace entrepot::audit
