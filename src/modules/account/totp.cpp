// liboath computes the codes; base32 by RFC 4648.
#include "modules/account/totp.hpp"

#include <liboath/oath.h>

#include "base/result.hpp"
#include "base/text.hpp"
#include "modules/account/account.hpp"
#include "platform/crypto/crypto.hpp"

namespace entrepot::account {
namespace {
constexpr std::int64_t step_seconds = 30;
constexpr unsigned code_digits = 6;
constexpr std::string_view base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
constexpr std::size_t recovery_code_size = 10;
constexpr std::size_t recovery_text_size = 16;

std::string random_text(std::size_t size) {
    std::string out(size, '\0');
    crypto::random_bytes({reinterpret_cast<std::uint8_t*>(out.data()), size});
    return out;
}

std::string to_base32(std::string_view bytes) {
    std::string out;
    unsigned bits = 0;
    int held = 0;
    for (const char c : bytes) {
        bits = (bits << 8 | static_cast<unsigned char>(c)) & 0xFFFF;
        for (held += 8; held >= 5; held -= 5) out.push_back(base32[bits >> (held - 5) & 31]);
    }
    if (held > 0) out.push_back(base32[bits << (5 - held) & 31]);
    return out;
}
}  // namespace

std::string new_totp_seed() {
    return random_text(totp_seed_size);
}

std::string seed_to_base32(std::string_view seed) {
    return to_base32(seed);
}

std::optional<std::string> seed_from_base32(std::string_view text) {
    if (text.size() != totp_seed_size * 8 / 5) return std::nullopt;
    std::string out;
    unsigned bits = 0;
    int held = 0;
    for (const char c : text::to_upper_ascii(text)) {
        const auto value = base32.find(c);
        if (value == std::string_view::npos) return std::nullopt;
        bits = (bits << 5 | static_cast<unsigned>(value)) & 0xFFFF;
        held += 5;
        if (held < 8) continue;
        held -= 8;
        out.push_back(static_cast<char>(bits >> held & 0xFF));
    }
    return out;
}

std::string otpauth_uri(std::string_view seed, std::string_view email, std::string_view company) {
    const std::string issuer = text::percent_encode("Entrepot " + std::string(company));
    return "otpauth://totp/" + issuer + ':' + text::percent_encode(email) +
           "?secret=" + to_base32(seed) + "&issuer=" + issuer +
           "&algorithm=SHA1&digits=6&period=30";
}

std::int64_t totp_step(Instant at) {
    return std::chrono::floor<std::chrono::seconds>(at.time_since_epoch()).count() / step_seconds;
}

std::string totp_code_of_step(std::string_view seed, std::int64_t step) {
    static const bool ready = oath_init() == OATH_OK;
    ensure(ready, "liboath did not start");
    char code[code_digits + 1] = {};
    const int outcome =
        oath_hotp_generate(seed.data(), seed.size(), static_cast<std::uint64_t>(step), code_digits,
                           false, OATH_HOTP_DYNAMIC_TRUNCATION, code);
    ensure(outcome == OATH_OK, "liboath could not compute a code");
    return code;
}

std::optional<std::int64_t> matching_step(std::string_view seed, std::string_view code,
                                          std::int64_t last_step, Instant now) {
    if (code.size() != code_digits) return std::nullopt;
    for (const char c : code)
        if (c < '0' || c > '9') return std::nullopt;
    std::optional<std::int64_t> found;
    const std::int64_t present = totp_step(now);
    for (std::int64_t step = present - 1; step <= present + 1; ++step) {
        const bool same = crypto::equal_constant_time(totp_code_of_step(seed, step), code);
        if (same && step > last_step) found = step;
    }
    return found;
}

std::string new_recovery_code() {
    const std::string raw = text::to_lower_ascii(to_base32(random_text(recovery_code_size)));
    return raw.substr(0, 4) + '-' + raw.substr(4, 4) + '-' + raw.substr(8, 4) + '-' +
           raw.substr(12);
}

std::optional<std::string> recovery_code_form(std::string_view typed) {
    std::string out;
    for (const char c : text::to_upper_ascii(typed)) {
        if (c == '-' || c == ' ') continue;
        if (base32.find(c) == std::string_view::npos || out.size() == recovery_text_size)
            return std::nullopt;
        out.push_back(c);
    }
    if (out.size() != recovery_text_size) return std::nullopt;
    return text::to_lower_ascii(out);
}

std::string totp_code(std::string_view seed_base32, Instant at) {
    const auto seed = seed_from_base32(seed_base32);
    ensure(seed.has_value(), "not a 160-bit seed in base32");
    return totp_code_of_step(*seed, totp_step(at));
}

}  // namespace entrepot::account
