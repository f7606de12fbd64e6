// SHA-256 as the tree uses it (RFC 6962): a leaf and a node can never be taken for each other.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace entrepot::audit {

using Hash = std::array<std::uint8_t, 32>;

Hash sha256(std::string_view data);
/// SHA-256(0x00 | data).
Hash leaf_hash(std::string_view data);
/// SHA-256(0x01 | left | right).
Hash node_hash(const Hash& left, const Hash& right);

/// The 32 bytes as a string, for columns of bytes.
std::string bytes_of(const Hash& hash);
/// Nothing unless there are exactly 32.
std::optional<Hash> hash_of_bytes(std::string_view bytes);
/// 64 lower-case hexadecimal digits; nothing else is read.
std::optional<Hash> hash_of_hex(std::string_view hex);
/// Appends the hexadecimal digits of any bytes.
void append_hex(std::string& out, std::string_view bytes);
std::string hex_of(const Hash& hash);

}  // namespace entrepot::audit
