// Small text functions without locale: UTF-8 checks, trimming, ASCII case, splitting, hex and
// base64.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace entrepot::text {

/// Well-formed UTF-8 by RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF.
bool is_utf8(std::string_view bytes);
/// Number of code points of well-formed UTF-8.
std::size_t length(std::string_view utf8);
/// Has a C0/C1 control character other than tab, LF and CR.
bool has_control(std::string_view utf8);

std::string_view trim(std::string_view text);
std::string to_lower_ascii(std::string_view text);
std::string to_upper_ascii(std::string_view text);
bool equals_ignore_case(std::string_view a, std::string_view b);
bool starts_with_ignore_case(std::string_view text, std::string_view prefix);
std::vector<std::string_view> split(std::string_view text, char separator);
std::string join(std::span<const std::string> parts, std::string_view separator);

std::string to_hex(std::span<const std::uint8_t> bytes);
std::optional<std::vector<std::uint8_t>> from_hex(std::string_view hex);
/// URL-safe alphabet without padding.
std::string to_base64url(std::span<const std::uint8_t> bytes);
std::optional<std::vector<std::uint8_t>> from_base64url(std::string_view text);

/// Percent-encodes everything but RFC 3986 unreserved characters.
std::string percent_encode(std::string_view text);
/// Nothing for a broken escape. `plus_is_space` for form and query values.
std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space = false);

std::optional<std::int64_t> parse_int(std::string_view digits);

}  // namespace entrepot::text
