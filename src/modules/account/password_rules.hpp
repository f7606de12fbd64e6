// What a password must be (DPP 1.4 and a blocklist), and how old it may grow.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"

namespace entrepot::account {

inline constexpr std::size_t password_length_min = 12;
inline constexpr std::size_t password_length_max = 128;
inline constexpr std::size_t password_history_length = 10;
inline constexpr auto password_age_min = std::chrono::hours(24);
inline constexpr auto password_age_max = std::chrono::hours(24 * 365);

/// Words that a person's own password may not contain.
struct PasswordOwner {
    std::string name;
    std::string email;
};

/// The form in which a password is hashed: NFKC, so that keyboards do not matter.
std::string password_form(std::string_view typed);

/// Everything that is wrong with a password in its form; empty = good. Codes: too_short, too_long,
/// invalid_text, needs_upper, needs_lower, needs_digit, needs_special, contains_name,
/// contains_email, too_common.
std::vector<FieldError> password_problems(std::string_view password, const PasswordOwner& owner,
                                          const std::string& pointer);

/// A word, a name, two of them, a keyboard walk or a repetition, dressed up with digits and signs.
bool is_guessable(std::string_view password);

/// Older than password_age_max: must be changed before anything else.
bool is_password_expired(Instant changed_at, Instant now);
/// When a password that was changed then may be changed again.
Instant password_changeable_at(Instant changed_at);

}  // namespace entrepot::account
