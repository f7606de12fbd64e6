// Tiles: which one a subtree lies in, and how leaves fill them.
#include "platform/audit/tiles.hpp"

#include <stdexcept>

namespace entrepot::audit {
namespace {
std::vector<Hash> split(std::string_view hashes) {
    std::vector<Hash> out;
    if (hashes.empty() || hashes.size() % sizeof(Hash) != 0 ||
        hashes.size() / sizeof(Hash) > tile_width)
        throw std::out_of_range("a tile that holds no whole hashes");
    for (std::size_t at = 0; at < hashes.size(); at += sizeof(Hash))
        out.push_back(*hash_of_bytes(hashes.substr(at, sizeof(Hash))));
    return out;
}

std::string joined(const std::vector<Hash>& hashes) {
    std::string out;
    for (const Hash& hash : hashes) out += bytes_of(hash);
    return out;
}

/// The hash of a perfect subtree whose leaves are these hashes; their number is a power of two.
Hash perfect(std::vector<Hash> row) {
    for (; row.size() > 1; row.resize(row.size() / 2))
        for (std::size_t i = 0; i < row.size() / 2; ++i)
            row[i] = node_hash(row[2 * i], row[2 * i + 1]);
    return row.front();
}

/// Number of perfect subtrees over 256^level leaves in a tree of this size.
std::uint64_t count_at(std::uint64_t size, std::int64_t level) {
    const auto shift = static_cast<unsigned>(level) * tile_height;
    return shift >= 64 ? 0 : size >> shift;
}
}  // namespace

TileKey tile_of(Node node) {
    const unsigned inner = node.level % tile_height;
    return {node.level / tile_height,
            static_cast<std::int64_t>(node.index >> (tile_height - inner))};
}

void Tiles::put(TileKey key, std::string_view hashes) {
    tiles_[key] = split(hashes);
}

Hash Tiles::node(Node node) const {
    const unsigned inner = node.level % tile_height;
    const auto found = tiles_.find(tile_of(node));
    const std::size_t width = std::size_t{1} << inner;
    const std::size_t first = (node.index << inner) % tile_width;
    if (found == tiles_.end() || found->second.size() < first + width)
        throw std::out_of_range("a tile of the tree is missing or too short");
    const auto begin = found->second.begin() + static_cast<std::ptrdiff_t>(first);
    return perfect({begin, begin + static_cast<std::ptrdiff_t>(width)});
}

Hash Tiles::hash(Range range) const {
    return range_hash(range, [this](Node one) { return node(one); });
}

std::vector<Hash> Tiles::hashes(const std::vector<Range>& ranges) const {
    std::vector<Hash> out;
    for (const Range& range : ranges) out.push_back(hash(range));
    return out;
}

std::vector<TileKey> edge_of(std::uint64_t size) {
    std::vector<TileKey> out;
    for (std::int64_t level = 0; count_at(size, level) > 0; ++level)
        if (count_at(size, level) % tile_width != 0)
            out.push_back({level, static_cast<std::int64_t>(count_at(size, level) / tile_width)});
    return out;
}

void TileWriter::put(TileKey key, std::string_view hashes) {
    std::vector<Hash> row = split(hashes);
    const std::uint64_t count = count_at(size_, key.level);
    // A tile may hold more than the tree that is signed: what lies beyond was never part of it.
    if (row.size() < count % tile_width)
        throw std::out_of_range("a tile at the edge of the tree is too short");
    row.resize(count % tile_width);
    edge_[key.level] = std::move(row);
}

void TileWriter::append(const Hash& leaf) {
    push(0, leaf);
    ++size_;
}

void TileWriter::push(std::int64_t level, const Hash& hash) {
    auto& row = edge_[level];
    const auto number = static_cast<std::int64_t>(count_at(size_, level) / tile_width);
    row.push_back(hash);
    edge_number_[level] = number;
    touched_[level] = true;
    if (row.size() < tile_width) return;
    full_[{level, number}] = joined(row);
    const Hash whole = perfect(std::move(row));
    row.clear();
    touched_[level] = false;
    push(level + 1, whole);
}

Hash TileWriter::root() const {
    return range_hash({0, size_}, [this](Node node) {
        const unsigned inner = node.level % tile_height;
        const auto found = edge_.find(node.level / tile_height);
        const std::size_t first = (node.index << inner) % tile_width;
        const std::size_t width = std::size_t{1} << inner;
        if (found == edge_.end() || found->second.size() < first + width)
            throw std::out_of_range("a tile at the edge of the tree is missing");
        const auto begin = found->second.begin() + static_cast<std::ptrdiff_t>(first);
        return perfect({begin, begin + static_cast<std::ptrdiff_t>(width)});
    });
}

std::map<TileKey, std::string> TileWriter::changed() const {
    auto out = full_;
    for (const auto& [level, row] : edge_)
        if (const auto touched = touched_.find(level);
            touched != touched_.end() && touched->second && !row.empty())
            out[{level, edge_number_.at(level)}] = joined(row);
    return out;
}

}  // namespace entrepot::audit
