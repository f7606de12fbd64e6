// AES-256-GCM by OpenSSL EVP with the cipher kept between cells.
#include "platform/crypto/cell.hpp"

#include <openssl/evp.h>
#include <pthread.h>

#include <atomic>
#include <cstring>

#include "base/result.hpp"
#include "platform/crypto/crypto.hpp"

namespace entrepot::crypto {
namespace {
constexpr std::uint8_t cell_format = 2;
constexpr std::size_t header_size = 5;
constexpr std::size_t nonce_size = 12;
constexpr std::size_t tag_size = 16;
static_assert(header_size + nonce_size + tag_size == cell_overhead);
constexpr int max_plaintext = 1 << 24;

using CipherContext = std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;

const unsigned char* bytes(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

/// Fetched once: a look-up by name in every cipher set-up costs more than the sealing.
const EVP_CIPHER* aes_256_gcm() {
    static const EVP_CIPHER* const cipher = EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr);
    ensure(cipher != nullptr, "OpenSSL has no AES-256-GCM");
    return cipher;
}

std::atomic<std::uint64_t> fork_count{0};

/// Drawing 12 bytes from the system costs more than sealing a field; 4 KiB at a time do not. What
/// was handed out is wiped, and a forked child draws anew: it would repeat the parent's nonces.
struct NonceBuffer {
    std::array<std::uint8_t, 341 * nonce_size> drawn{};
    std::size_t used = sizeof drawn;
    std::uint64_t of_fork = 0;
    ~NonceBuffer() { wipe(drawn.data(), drawn.size()); }
};
}  // namespace

void next_nonce(std::uint8_t* out) {
    static const bool watching = pthread_atfork(nullptr, nullptr, [] {
                                     fork_count.fetch_add(1, std::memory_order_relaxed);
                                 }) == 0;
    ensure(watching, "cannot watch for forks");
    thread_local NonceBuffer buffer;
    const std::uint64_t forks = fork_count.load(std::memory_order_relaxed);
    if (buffer.used == buffer.drawn.size() || buffer.of_fork != forks) {
        random_bytes(buffer.drawn);
        buffer.used = 0;
        buffer.of_fork = forks;
    }
    std::memcpy(out, buffer.drawn.data() + buffer.used, nonce_size);
    std::memset(buffer.drawn.data() + buffer.used, 0, nonce_size);
    buffer.used += nonce_size;
}

void Place::add(std::string_view text) {
    ensure(size_ + text.size() <= bytes_.size(), "a place is longer than its buffer");
    std::memcpy(bytes_.data() + size_, text.data(), text.size());
    size_ += text.size();
}

void Place::add(const Uuid& id) {
    add({reinterpret_cast<const char*>(id.bytes.data()), id.bytes.size()});
}

void Place::add_number(std::uint64_t value, std::size_t count) {
    for (std::size_t i = count; i-- > 0;) {
        const char byte = static_cast<char>(value >> (8 * i) & 0xFF);
        add({&byte, 1});
    }
}

Place Place::tenant_key(TenantId tenant, std::uint32_t epoch) {
    Place place;
    place.add("TK");
    place.add(tenant.value);
    place.add_number(epoch, 4);
    return place;
}

Place Place::data_key(TenantId tenant, const Uuid& key, std::uint8_t key_class,
                      std::uint32_t epoch) {
    Place place;
    place.add("DK");
    place.add(tenant.value);
    place.add(key);
    place.add_number(key_class, 1);
    place.add_number(epoch, 4);
    return place;
}

Place Place::field(TenantId tenant, const Uuid& key, const Uuid& row, std::uint16_t field,
                   std::uint16_t schema_version) {
    Place place;
    place.add("FC");
    place.add(tenant.value);
    place.add(key);
    place.add(row);
    place.add_number(field, 2);
    place.add_number(schema_version, 2);
    return place;
}

std::optional<std::uint32_t> cell_reference(std::string_view cell) {
    if (cell.size() < cell_overhead || static_cast<std::uint8_t>(cell[0]) != cell_format)
        return std::nullopt;
    std::uint32_t reference = 0;
    for (std::size_t i = 1; i < header_size; ++i)
        reference = reference << 8 | static_cast<std::uint8_t>(cell[i]);
    return reference;
}

/// One context a direction: OpenSSL expands the key at its first use of each.
struct CellCipher::Ciphers {
    explicit Ciphers(const SecretKey& secret) : key(secret.clone()) {}
    SecretKey key;
    CipherContext sealing{nullptr, &EVP_CIPHER_CTX_free};
    CipherContext opening{nullptr, &EVP_CIPHER_CTX_free};

    /// The context of a direction with the nonce set.
    EVP_CIPHER_CTX* ready(CipherContext& context, bool encrypt, const unsigned char* nonce) {
        const bool first = !context;
        if (first) context.reset(EVP_CIPHER_CTX_new());
        const bool set = EVP_CipherInit_ex2(context.get(), first ? aes_256_gcm() : nullptr,
                                            first ? key.bytes().data() : nullptr, nonce,
                                            encrypt ? 1 : 0, nullptr) == 1;
        ensure(set, "AES-256-GCM could not start");
        return context.get();
    }
};

CellCipher::CellCipher(const SecretKey& key) : ciphers_(std::make_unique<Ciphers>(key)) {}
CellCipher::~CellCipher() = default;
CellCipher::CellCipher(CellCipher&&) noexcept = default;

std::string CellCipher::seal(std::string_view plaintext, const Place& place,
                             std::uint32_t reference) {
    ensure(plaintext.size() <= max_plaintext, "a cell holds at most 16 MiB");
    std::string cell(plaintext.size() + cell_overhead, '\0');
    auto* raw = reinterpret_cast<unsigned char*>(cell.data());
    raw[0] = cell_format;
    for (std::size_t i = 0; i < 4; ++i)
        raw[1 + i] = static_cast<unsigned char>(reference >> (8 * (3 - i)) & 0xFF);
    unsigned char* nonce = raw + header_size;
    unsigned char* out = nonce + nonce_size;
    next_nonce(nonce);
    EVP_CIPHER_CTX* context = ciphers_->ready(ciphers_->sealing, true, nonce);
    int length = 0;
    const bool sealed =
        EVP_EncryptUpdate(context, nullptr, &length, bytes(place.view()),
                          static_cast<int>(place.view().size())) == 1 &&
        EVP_EncryptUpdate(context, out, &length, bytes(plaintext),
                          static_cast<int>(plaintext.size())) == 1 &&
        EVP_EncryptFinal_ex(context, out + length, &length) == 1 &&
        EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_GET_TAG, tag_size, out + plaintext.size()) == 1;
    ensure(sealed, "AES-256-GCM could not seal");
    return cell;
}

std::optional<SecretBytes> CellCipher::open(std::string_view cell, const Place& place) {
    if (!cell_reference(cell) || cell.size() > max_plaintext + cell_overhead) return std::nullopt;
    const std::size_t size = cell.size() - cell_overhead;
    const unsigned char* nonce = bytes(cell) + header_size;
    const unsigned char* sealed = nonce + nonce_size;
    std::array<unsigned char, tag_size> tag;
    std::memcpy(tag.data(), sealed + size, tag_size);
    SecretBytes out(size + 1);
    auto* plain = reinterpret_cast<unsigned char*>(out.data());
    EVP_CIPHER_CTX* context = ciphers_->ready(ciphers_->opening, false, nonce);
    int length = 0;
    const bool opened =
        EVP_DecryptUpdate(context, nullptr, &length, bytes(place.view()),
                          static_cast<int>(place.view().size())) == 1 &&
        EVP_DecryptUpdate(context, plain, &length, sealed, static_cast<int>(size)) == 1 &&
        EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_SET_TAG, tag_size, tag.data()) == 1 &&
        EVP_DecryptFinal_ex(context, plain + length, &length) == 1;
    if (!opened) return std::nullopt;
    out.resize(size);
    return out;
}

std::string wrap_key(CellCipher& by, const SecretKey& key, const Place& place,
                     std::uint32_t reference) {
    return by.seal(key.view(), place, reference);
}

std::optional<SecretKey> unwrap_key(CellCipher& by, std::string_view cell, const Place& place) {
    const auto plain = by.open(cell, place);
    if (!plain || plain->size() != SecretKey::size) return std::nullopt;
    return SecretKey::of({reinterpret_cast<const std::uint8_t*>(plain->data()), SecretKey::size});
}

}  // namespace entrepot::crypto
