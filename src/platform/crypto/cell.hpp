// AES-256-GCM cells: the one sealed form of fields and of wrapped keys. Every cell is bound to its
// place, so that a cell copied elsewhere does not open.
//   fmt(1) = 2 | key reference(4, big endian) | nonce(12) | ciphertext(n) | tag(16)      n + 33
//   bytes
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/id.hpp"
#include "platform/crypto/secret.hpp"

namespace entrepot::crypto {

/// The place that a cell is bound to: fixed-width binary, put together from typed parts only, and
/// begun by what kind of thing is sealed, so that no two kinds can have the same bytes.
class Place {
public:
    /// A tenant's key of an epoch, wrapped by the root of that epoch.
    static Place tenant_key(TenantId tenant, std::uint32_t epoch);
    /// A data key, wrapped by its tenant's key. `key_class` keeps keys of capsules, indexes and
    /// holds apart.
    static Place data_key(TenantId tenant, const Uuid& key, std::uint8_t key_class,
                          std::uint32_t epoch);
    /// One field of one row of what a data key covers (a capsule, a set of secrets). `row` is nil
    /// for a field that stands once.
    static Place field(TenantId tenant, const Uuid& key, const Uuid& row, std::uint16_t field,
                       std::uint16_t schema_version);

    std::string_view view() const { return {reinterpret_cast<const char*>(bytes_.data()), size_}; }

private:
    void add(std::string_view text);
    void add(const Uuid& id);
    void add_number(std::uint64_t value, std::size_t bytes);

    std::array<std::uint8_t, 64> bytes_{};
    std::size_t size_ = 0;
};

/// Bytes that a cell adds to its plaintext.
inline constexpr std::size_t cell_overhead = 33;

/// The key reference of a cell; nothing when it is too short or of another format (an older program
/// meets newer rows: refused, not misread).
std::optional<std::uint32_t> cell_reference(std::string_view cell);

/// Seals and opens many cells under one key: the cipher is set up once. One thread at a time.
class CellCipher {
public:
    explicit CellCipher(const SecretKey& key);
    ~CellCipher();
    CellCipher(CellCipher&&) noexcept;
    CellCipher(const CellCipher&) = delete;
    CellCipher& operator=(const CellCipher&) = delete;

    /// A random 96-bit nonce each time. `reference` says which key of the owner it was.
    std::string seal(std::string_view plaintext, const Place& place, std::uint32_t reference);
    /// Nothing when the key, the place or a single bit is wrong.
    std::optional<SecretBytes> open(std::string_view cell, const Place& place);

private:
    struct Ciphers;
    std::unique_ptr<Ciphers> ciphers_;
};

/// A key as a cell (65 bytes), and back.
std::string wrap_key(CellCipher& by, const SecretKey& key, const Place& place,
                     std::uint32_t reference);
std::optional<SecretKey> unwrap_key(CellCipher& by, std::string_view cell, const Place& place);

/// 12 random bytes from a buffer of this thread that a forked child does not share.
void next_nonce(std::uint8_t* out);

}  // namespace entrepot::crypto
