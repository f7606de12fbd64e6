// Check characters and plausibility; the alphabet and weights are those of GB 32100-2015.
#include "modules/account/company.hpp"

#include <unicode/uloc.h>

#include <algorithm>

namespace entrepot::account {
namespace {
constexpr std::string_view credit_alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool is_upper(char c) {
    return c >= 'A' && c <= 'Z';
}
}  // namespace

bool is_country(std::string_view code) {
    if (code.size() != 2) return false;
    for (const char* const* country = uloc_getISOCountries(); *country != nullptr; ++country)
        if (code == *country) return true;
    return false;
}

bool is_unified_social_credit_code(std::string_view code) {
    if (code.size() != 18) return false;
    int weight = 1;
    int sum = 0;
    for (std::size_t i = 0; i < 18; ++i) {
        const auto value = credit_alphabet.find(code[i]);
        if (value == std::string_view::npos) return false;
        if (i >= 2 && i < 8 && !is_digit(code[i])) return false;
        if (i == 17) return static_cast<int>(value) == (31 - sum % 31) % 31;
        sum += static_cast<int>(value) * weight;
        weight = weight * 3 % 31;
    }
    return false;
}

bool is_registration_number(std::string_view country, std::string_view number) {
    if (country == "CN") return is_unified_social_credit_code(number);
    if (number.size() < 3 || number.size() > 30) return false;
    const auto known = [](char c) {
        return is_digit(c) || is_upper(c) || c == '.' || c == '-' || c == '/';
    };
    return std::all_of(number.begin(), number.end(), known) &&
           std::count_if(number.begin(), number.end(), is_digit) >= 2;
}

bool is_telephone(std::string_view number) {
    if (number.size() > 30) return false;
    if (!number.empty() && number.front() == '+') number.remove_prefix(1);
    const auto known = [](char c) {
        return is_digit(c) || c == ' ' || c == '-' || c == '(' || c == ')' || c == '.' || c == '/';
    };
    const auto digits = std::count_if(number.begin(), number.end(), is_digit);
    return std::all_of(number.begin(), number.end(), known) && digits >= 5 && digits <= 20;
}

bool is_language(std::string_view tag) {
    return tag == "en" || tag == "zh-CN";
}

}  // namespace entrepot::account
