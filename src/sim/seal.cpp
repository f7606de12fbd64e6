// Opaque texts that only this simulator can make: access tokens, page tokens, document links.
// A keystream of HMAC blocks hides the content and an HMAC over all of it guards it.
#include "sim/seal.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <algorithm>

namespace entrepot::sim {

namespace {

constexpr std::size_t nonce_size = 8;
constexpr std::size_t tag_size = 16;

std::string hmac(std::string_view key, std::string_view content) {
    std::string out(32, '\0');
    unsigned length = 0;
    HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
         reinterpret_cast<const unsigned char*>(content.data()), content.size(),
         reinterpret_cast<unsigned char*>(out.data()), &length);
    return out;
}

}  // namespace

std::string base64(std::string_view bytes) {
    std::string out((bytes.size() + 2) / 3 * 4 + 1, '\0');
    const int length = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                       reinterpret_cast<const unsigned char*>(bytes.data()),
                                       static_cast<int>(bytes.size()));
    out.resize(static_cast<std::size_t>(length));
    return out;
}

std::optional<std::string> unbase64(std::string_view text) {
    if (text.empty() || text.size() % 4 != 0) return std::nullopt;
    std::string out(text.size() / 4 * 3, '\0');
    const int length = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                       reinterpret_cast<const unsigned char*>(text.data()),
                                       static_cast<int>(text.size()));
    if (length < 0) return std::nullopt;
    const auto padding = static_cast<std::size_t>(std::count(text.end() - 2, text.end(), '='));
    out.resize(static_cast<std::size_t>(length) - padding);
    return out;
}

Sealer::Sealer(std::uint64_t seed) : key_(hmac("marketsim", std::to_string(seed))) {}

std::string Sealer::mac(std::string_view label, std::string_view content) const {
    std::string message(label);
    message.push_back('\0');
    message.append(content);
    return hmac(key_, message);
}

std::string Sealer::mask(std::string_view nonce, std::string_view content) const {
    std::string out(content);
    for (std::size_t from = 0; from < out.size(); from += 32) {
        const std::string block = mac("stream", std::string(nonce) + std::to_string(from));
        for (std::size_t i = 0; i < 32 && from + i < out.size(); ++i) {
            out[from + i] = static_cast<char>(out[from + i] ^ block[i]);
        }
    }
    return out;
}

std::string Sealer::seal(std::string_view purpose, std::string_view content) const {
    std::string nonce(nonce_size, '\0');
    RAND_bytes(reinterpret_cast<unsigned char*>(nonce.data()), static_cast<int>(nonce_size));
    std::string sealed = nonce + mask(nonce, content);
    sealed += mac(purpose, sealed).substr(0, tag_size);
    return base64(sealed);
}

std::optional<std::string> Sealer::open(std::string_view purpose, std::string_view text) const {
    const auto sealed = unbase64(text);
    if (!sealed || sealed->size() < nonce_size + tag_size) return std::nullopt;
    const std::string_view body = std::string_view(*sealed).substr(0, sealed->size() - tag_size);
    const std::string expected = mac(purpose, body).substr(0, tag_size);
    if (CRYPTO_memcmp(expected.data(), sealed->data() + body.size(), tag_size) != 0)
        return std::nullopt;
    return mask(body.substr(0, nonce_size), body.substr(nonce_size));
}

std::string Sealer::derived_hex(std::string_view label, std::size_t bytes) const {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out;
    for (int block = 0; out.size() < bytes * 2; ++block) {
        for (const char c : mac(label, std::to_string(block))) {
            const auto byte = static_cast<unsigned char>(c);
            out.push_back(digits[byte >> 4U]);
            out.push_back(digits[byte & 15U]);
        }
    }
    out.resize(bytes * 2);
    return out;
}

}  // namespace entrepot::sim
