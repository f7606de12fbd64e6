// Who signs checkpoints. A value, so that whoever holds the key (a file today) stands behind one
// function.
#pragma once

#include <functional>

#include "platform/audit/hash.hpp"

namespace entrepot::audit {

using PublicKey = std::array<std::uint8_t, 32>;
using Signature = std::array<std::uint8_t, 64>;

/// Ed25519 (RFC 8032).
struct Signer {
    PublicKey public_key{};
    std::function<Signature(std::string_view)> sign;
};

/// Signs with the private key itself: 32 bytes, as RFC 8032 calls them.
Signer signer_of_seed(const std::array<std::uint8_t, 32>& seed);

bool is_signed_by(const PublicKey& key, std::string_view text, const Signature& signature);

/// The short name of a key, in every checkpoint: the first 16 digits of the SHA-256 of its bytes.
std::string key_name(const PublicKey& key);

}  // namespace entrepot::audit
