// Time-based codes (RFC 6238: SHA-1, 6 digits, 30 s) and recovery codes. No clock, no memory: the
// newest used step stands in the store.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.hpp"

namespace entrepot::account {

inline constexpr std::size_t totp_seed_size = 20;
inline constexpr std::size_t recovery_code_count = 10;

/// 160 random bits.
std::string new_totp_seed();
std::string seed_to_base32(std::string_view seed);
/// A seed of exactly 160 bits.
std::optional<std::string> seed_from_base32(std::string_view base32);
/// otpauth://totp/… for a QR code.
std::string otpauth_uri(std::string_view seed, std::string_view email, std::string_view company);

std::int64_t totp_step(Instant at);
std::string totp_code_of_step(std::string_view seed, std::int64_t step);
/// The step whose code this is: now, one before or one after, and newer than `last_step`. Six ASCII
/// digits and nothing else are a code.
std::optional<std::int64_t> matching_step(std::string_view seed, std::string_view code,
                                          std::int64_t last_step, Instant now);

/// 80 random bits as "abcd-efgh-ijkl-mnop".
std::string new_recovery_code();
/// Lower case without separators; nothing when it has not the form of one.
std::optional<std::string> recovery_code_form(std::string_view typed);

}  // namespace entrepot::account
