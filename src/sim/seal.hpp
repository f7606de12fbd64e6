// Opaque texts that only this simulator can make: access tokens, page tokens, document links.
// They carry their own content, so they survive a restart and need no table.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace entrepot::sim {

/// Seals and opens texts under a key derived from the world's seed. Thread-safe.
class Sealer {
public:
    explicit Sealer(std::uint64_t seed);

    /// Encrypted and authenticated, in standard base64 (with `+ / =`, as Amazon's tokens have).
    std::string seal(std::string_view purpose, std::string_view content) const;
    /// The content, or nothing when the text was not sealed here for this purpose.
    std::optional<std::string> open(std::string_view purpose, std::string_view sealed) const;

    /// Hexadecimal text derived from the key and a label; the demo credentials.
    std::string derived_hex(std::string_view label, std::size_t bytes) const;

private:
    std::string mac(std::string_view label, std::string_view content) const;
    std::string mask(std::string_view nonce, std::string_view content) const;

    std::string key_;
};

std::string base64(std::string_view bytes);
std::optional<std::string> unbase64(std::string_view text);

}  // namespace entrepot::sim
