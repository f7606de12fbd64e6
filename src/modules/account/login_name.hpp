// The canonical form of a login e-mail: one account, one spelling, whatever was typed.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace entrepot::account {

/// Trimmed, NFKC, case-folded, without invisible characters. Nothing when that is no plausible
/// e-mail (one @, a dotted domain, no spaces, at most 254 bytes).
std::optional<std::string> canonical_email(std::string_view typed);

/// NFKC of any text; what is not UTF-8 stays as it is.
std::string nfkc(std::string_view text);
/// NFKC with case folding and without default-ignorable characters, for comparisons.
std::string folded(std::string_view text);

}  // namespace entrepot::account
