// One digest context a thread: fetching the algorithm anew for each node would cost more than the
// hash.
#include "platform/audit/hash.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <memory>

#include "base/result.hpp"

namespace entrepot::audit {
namespace {
constexpr std::string_view leaf_prefix("\0", 1);

class Digest {
public:
    Digest()
        : method_(EVP_MD_fetch(nullptr, "SHA256", nullptr), &EVP_MD_free),
          context_(EVP_MD_CTX_new(), &EVP_MD_CTX_free) {
        ensure(method_ && context_, "SHA-256 is not available");
    }
    Hash of(std::string_view prefix, std::string_view data) {
        Hash out;
        const bool done = EVP_DigestInit_ex2(context_.get(), method_.get(), nullptr) == 1 &&
                          EVP_DigestUpdate(context_.get(), prefix.data(), prefix.size()) == 1 &&
                          EVP_DigestUpdate(context_.get(), data.data(), data.size()) == 1 &&
                          EVP_DigestFinal_ex(context_.get(), out.data(), nullptr) == 1;
        ensure(done, "SHA-256 failed");
        return out;
    }

private:
    std::unique_ptr<EVP_MD, decltype(&EVP_MD_free)> method_;
    std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context_;
};

Digest& digest() {
    thread_local Digest one;
    return one;
}

constexpr std::uint8_t no_digit = 0xFF;

/// The value of each lower-case hexadecimal digit; exports are full of them.
constexpr std::array<std::uint8_t, 256> make_digits() {
    std::array<std::uint8_t, 256> out{};
    for (auto& value : out) value = no_digit;
    for (std::uint8_t i = 0; i < 10; ++i) out[static_cast<std::size_t>('0') + i] = i;
    for (std::uint8_t i = 10; i < 16; ++i) out[static_cast<std::size_t>('a') + i - 10] = i;
    return out;
}
constexpr auto digits_of_hex = make_digits();
}  // namespace

Hash sha256(std::string_view data) {
    return digest().of({}, data);
}

Hash leaf_hash(std::string_view data) {
    return digest().of(leaf_prefix, data);
}

Hash node_hash(const Hash& left, const Hash& right) {
    std::array<char, 65> data;
    data[0] = 1;
    std::copy(left.begin(), left.end(), data.begin() + 1);
    std::copy(right.begin(), right.end(), data.begin() + 33);
    return digest().of({}, {data.data(), data.size()});
}

std::string bytes_of(const Hash& hash) {
    return {reinterpret_cast<const char*>(hash.data()), hash.size()};
}

std::optional<Hash> hash_of_bytes(std::string_view bytes) {
    Hash out;
    if (bytes.size() != out.size()) return std::nullopt;
    std::copy(bytes.begin(), bytes.end(), out.begin());
    return out;
}

std::optional<Hash> hash_of_hex(std::string_view hex) {
    Hash out;
    if (hex.size() != 2 * out.size()) return std::nullopt;
    unsigned wrong = 0;
    for (std::size_t i = 0; i < out.size(); ++i) {
        const unsigned high = digits_of_hex[static_cast<unsigned char>(hex[2 * i])];
        const unsigned low = digits_of_hex[static_cast<unsigned char>(hex[2 * i + 1])];
        wrong |= (high | low) & 0xF0U;
        out[i] = static_cast<std::uint8_t>(high << 4 | low);
    }
    if (wrong != 0) return std::nullopt;
    return out;
}

void append_hex(std::string& out, std::string_view bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    for (const char c : bytes) {
        out += digits[static_cast<unsigned char>(c) >> 4];
        out += digits[static_cast<unsigned char>(c) & 15];
    }
}

std::string hex_of(const Hash& hash) {
    std::string out;
    append_hex(out, bytes_of(hash));
    return out;
}

}  // namespace entrepot::audit
