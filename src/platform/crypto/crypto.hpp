// Primitives by libsodium and OpenSSL, under the names this product uses. No primitive is made
// here.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/id.hpp"
#include "base/time.hpp"

namespace entrepot::crypto {

using Bytes32 = std::array<std::uint8_t, 32>;

void random_bytes(std::span<std::uint8_t> out);
std::uint64_t random_u64();
/// `bytes` random bytes as URL-safe base64 without padding: session ids, invitation tokens, API
/// keys.
std::string random_token(std::size_t bytes);

Bytes32 sha256(std::string_view data);
std::string sha256_hex(std::string_view data);

/// SHA-256 of data that comes in pieces.
class Sha256 {
public:
    Sha256();
    ~Sha256();
    Sha256(const Sha256&) = delete;
    Sha256& operator=(const Sha256&) = delete;
    void update(std::string_view data);
    Bytes32 finish();

private:
    struct State;
    std::unique_ptr<State> state_;
};

Bytes32 hmac_sha256(std::span<const std::uint8_t> key, std::string_view data);
bool equal_constant_time(std::string_view a, std::string_view b);

/// AES-256-GCM: version(1)=1 | nonce(12) | ciphertext | tag(16). `aad` binds the cell to its place.
std::string seal(const Bytes32& key, std::string_view plaintext, std::string_view aad);
/// Nothing when the key, the place or a single bit is wrong.
std::optional<std::string> open(const Bytes32& key, std::string_view sealed, std::string_view aad);

/// argon2id, m = 64 MiB, t = 2, as a PHC string. CPU-bound (about 0.2 s): call it on the CPU pool.
std::string hash_password(std::string_view password);
bool verify_password(const std::string& phc, std::string_view password);
/// A PHC string of the same cost that no password fits: what an unknown login is checked against.
std::string unmatchable_hash();

/// A new time-ordered id: `new_id<OrderId>(clock.now())`.
Uuid new_uuid(Instant now);
template <class IdType>
IdType new_id(Instant now) {
    return IdType{new_uuid(now)};
}

}  // namespace entrepot::crypto
