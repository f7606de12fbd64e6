// What a company writes at sign-up: country, registration number, telephone, language.
#pragma once

#include <string>
#include <string_view>

namespace entrepot::account {

/// ISO 3166-1 alpha-2, upper case.
bool is_country(std::string_view code);

/// GB 32100-2015: 18 characters of its alphabet (no I O S V Z), division code in digits, and the
/// check character by weights 3^i mod 31.
bool is_unified_social_credit_code(std::string_view code);

/// The registration number of a country, upper case without spaces. For CN the unified social
/// credit code; for others 3 to 30 letters, digits and . - / with at least two digits.
bool is_registration_number(std::string_view country, std::string_view number);

/// 5 to 20 digits with an optional leading + and the usual separators.
bool is_telephone(std::string_view number);

/// A language that the console speaks: en, zh-CN.
bool is_language(std::string_view tag);

}  // namespace entrepot::account
