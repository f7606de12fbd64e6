// libsodium for random bytes, hashes and argon2id; OpenSSL EVP for AES-256-GCM (libsodium's needs
// AES-NI).
#include "platform/crypto/crypto.hpp"

#include <openssl/evp.h>
#include <sodium.h>

#include <chrono>
#include <memory>
#include <stdexcept>
#include <vector>

#include "base/result.hpp"
#include "base/text.hpp"

namespace entrepot::crypto {
namespace {
constexpr unsigned char seal_version = 1;
constexpr std::size_t nonce_size = 12;
constexpr std::size_t tag_size = 16;
constexpr std::size_t argon_memory = std::size_t{64} << 20;
constexpr unsigned long long argon_passes = 2;

const unsigned char* bytes(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

void init() {
    static const bool ready = sodium_init() >= 0;
    ensure(ready, "libsodium did not start");
}

using CipherContext = std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;
CipherContext new_context() {
    return {EVP_CIPHER_CTX_new(), &EVP_CIPHER_CTX_free};
}
}  // namespace

void random_bytes(std::span<std::uint8_t> out) {
    init();
    randombytes_buf(out.data(), out.size());
}

std::uint64_t random_u64() {
    std::uint64_t value = 0;
    random_bytes({reinterpret_cast<std::uint8_t*>(&value), sizeof value});
    return value;
}

std::string random_token(std::size_t count) {
    std::vector<std::uint8_t> raw(count);
    random_bytes(raw);
    return text::to_base64url(raw);
}

Bytes32 sha256(std::string_view data) {
    Bytes32 out{};
    crypto_hash_sha256(out.data(), bytes(data), data.size());
    return out;
}

std::string sha256_hex(std::string_view data) {
    return text::to_hex(sha256(data));
}

struct Sha256::State {
    crypto_hash_sha256_state hash;
};

Sha256::Sha256() : state_(std::make_unique<State>()) {
    crypto_hash_sha256_init(&state_->hash);
}
Sha256::~Sha256() = default;

void Sha256::update(std::string_view data) {
    crypto_hash_sha256_update(&state_->hash, bytes(data), data.size());
}

Bytes32 Sha256::finish() {
    Bytes32 out;
    crypto_hash_sha256_final(&state_->hash, out.data());
    return out;
}

Bytes32 hmac_sha256(std::span<const std::uint8_t> key, std::string_view data) {
    crypto_auth_hmacsha256_state state;
    Bytes32 out{};
    crypto_auth_hmacsha256_init(&state, key.data(), key.size());
    crypto_auth_hmacsha256_update(&state, bytes(data), data.size());
    crypto_auth_hmacsha256_final(&state, out.data());
    return out;
}

bool equal_constant_time(std::string_view a, std::string_view b) {
    return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string seal(const Bytes32& key, std::string_view plaintext, std::string_view aad) {
    init();
    std::string out(1 + nonce_size + plaintext.size() + tag_size, '\0');
    auto* raw = reinterpret_cast<unsigned char*>(out.data());
    raw[0] = seal_version;
    randombytes_buf(raw + 1, nonce_size);
    const auto context = new_context();
    int length = 0;
    const bool sealed =
        EVP_EncryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, key.data(), raw + 1) == 1 &&
        EVP_EncryptUpdate(context.get(), nullptr, &length, bytes(aad),
                          static_cast<int>(aad.size())) == 1 &&
        EVP_EncryptUpdate(context.get(), raw + 1 + nonce_size, &length, bytes(plaintext),
                          static_cast<int>(plaintext.size())) == 1 &&
        EVP_EncryptFinal_ex(context.get(), raw + 1 + nonce_size + length, &length) == 1 &&
        EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_GET_TAG, tag_size,
                            raw + out.size() - tag_size) == 1;
    ensure(sealed, "AES-256-GCM could not seal");
    return out;
}

std::optional<std::string> open(const Bytes32& key, std::string_view sealed, std::string_view aad) {
    if (sealed.size() < 1 + nonce_size + tag_size ||
        static_cast<unsigned char>(sealed[0]) != seal_version)
        return std::nullopt;
    const std::string_view cipher =
        sealed.substr(1 + nonce_size, sealed.size() - 1 - nonce_size - tag_size);
    std::string tag(sealed.substr(sealed.size() - tag_size));
    std::string out(cipher.size() + 1, '\0');
    auto* plain = reinterpret_cast<unsigned char*>(out.data());
    const auto context = new_context();
    int length = 0;
    const bool opened =
        EVP_DecryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, key.data(),
                           bytes(sealed) + 1) == 1 &&
        EVP_DecryptUpdate(context.get(), nullptr, &length, bytes(aad),
                          static_cast<int>(aad.size())) == 1 &&
        EVP_DecryptUpdate(context.get(), plain, &length, bytes(cipher),
                          static_cast<int>(cipher.size())) == 1 &&
        EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_SET_TAG, tag_size, tag.data()) == 1 &&
        EVP_DecryptFinal_ex(context.get(), plain + length, &length) == 1;
    if (!opened) return std::nullopt;
    out.resize(cipher.size());
    return out;
}

std::string hash_password(std::string_view password) {
    init();
    char out[crypto_pwhash_STRBYTES];
    if (crypto_pwhash_str_alg(out, password.data(), password.size(), argon_passes, argon_memory,
                              crypto_pwhash_ALG_ARGON2ID13) != 0)
        throw std::runtime_error("argon2id: out of memory");
    return out;
}

bool verify_password(const std::string& phc, std::string_view password) {
    init();
    return crypto_pwhash_str_verify(phc.c_str(), password.data(), password.size()) == 0;
}

std::string unmatchable_hash() {
    const auto part = [](std::size_t size) {
        std::string out = random_token(size);
        for (char& c : out)
            if (c == '-' || c == '_') c = 'A';  // PHC uses the alphabet of plain base64
        return out;
    };
    return "$argon2id$v=19$m=" + std::to_string(argon_memory >> 10) +
           ",t=" + std::to_string(argon_passes) + ",p=1$" + part(16) + '$' + part(32);
}

Uuid new_uuid(Instant now) {
    const auto ms =
        std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count();
    return uuid_v7(ms, random_u64(), random_u64());
}

}  // namespace entrepot::crypto
