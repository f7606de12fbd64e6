// The tree as it is stored: tiles of up to 256 hashes. Tile (level, number) holds the roots of the
// perfect subtrees over 256^level leaves each, 256 of them from position number * 256 on. Full
// tiles never change, so a table of 10,000,000 leaves has 39,217 rows, and a proof reads a handful.
#pragma once

#include <map>

#include "platform/audit/merkle.hpp"

namespace entrepot::audit {

inline constexpr unsigned tile_height = 8;
inline constexpr std::uint64_t tile_width = std::uint64_t{1} << tile_height;

struct TileKey {
    std::int64_t level, number;
    auto operator<=>(const TileKey&) const = default;
};

/// Which tile the hash of a perfect subtree is computed from.
TileKey tile_of(Node node);

/// Tiles that were read, and what is computed from them. A tile that is missing, or too short for
/// what is asked, is std::out_of_range: the store was tampered with or the caller forgot one.
class Tiles {
public:
    /// Takes the hashes as stored, 32 bytes each; std::out_of_range when they are no hashes.
    void put(TileKey key, std::string_view hashes);
    bool has(TileKey key) const { return tiles_.contains(key); }
    std::size_t count() const { return tiles_.size(); }
    void clear() { tiles_.clear(); }
    Hash node(Node node) const;
    Hash hash(Range range) const;
    std::vector<Hash> hashes(const std::vector<Range>& ranges) const;

private:
    std::map<TileKey, std::vector<Hash>> tiles_;
};

/// The tiles on the right edge of a tree: what is needed to append to it and to compute its root.
std::vector<TileKey> edge_of(std::uint64_t size);

/// Appends leaves to a tree of which only the right edge was read; remembers what has changed.
class TileWriter {
public:
    /// Puts the edge's tiles in; `put` for each of edge_of(size).
    explicit TileWriter(std::uint64_t size) : size_(size) {}
    void put(TileKey key, std::string_view hashes);
    void append(const Hash& leaf);
    std::uint64_t size() const { return size_; }
    /// Of a tree that is not empty.
    Hash root() const;
    /// Every tile that append() touched, as it is to be stored.
    std::map<TileKey, std::string> changed() const;

private:
    void push(std::int64_t level, const Hash& hash);
    std::uint64_t size_;
    /// By level, the tile at the right edge; those that are full and left behind stay in `full_`.
    std::map<std::int64_t, std::vector<Hash>> edge_;
    std::map<std::int64_t, std::int64_t> edge_number_;
    std::map<TileKey, std::string> full_;
    std::map<std::int64_t, bool> touched_;
};

}  // namespace entrepot::audit
