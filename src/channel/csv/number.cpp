// Digits are copied, checked and handed to Decimal::parse; nothing is ever computed in between.
#include "channel/csv/number.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace entrepot::csv {
namespace {
bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool is_upper(char c) {
    return c >= 'A' && c <= 'Z';
}

/// ASCII stand-in of a multi-byte character at the start of `s`: its bytes and the character.
struct Fold {
    std::size_t bytes = 0;
    char to = 0;
};
Fold fold(std::string_view s) {
    const auto b = [&](std::size_t i) {
        return i < s.size() ? static_cast<unsigned char>(s[i]) : 0U;
    };
    if (b(0) == 0xC2 && b(1) == 0xA0) return {2, ' '};                  // no-break space
    if (b(0) == 0xE3 && b(1) == 0x80 && b(2) == 0x80) return {3, ' '};  // ideographic space
    if (b(0) == 0xE2 && b(1) == 0x80 && (b(2) == 0x89 || b(2) == 0xAF)) return {3, ' '};
    if (b(0) == 0xE2 && b(1) == 0x88 && b(2) == 0x92) return {3, '-'};   // minus sign
    if (b(0) == 0xE2 && b(1) == 0x80 && b(2) == 0x99) return {3, '\''};  // Swiss thousands
    if (b(0) == 0xEF && b(1) == 0xBC && b(2) >= 0x81 && b(2) <= 0xBF)
        return {3, static_cast<char>(b(2) - 0x81 + 0x21)};
    if (b(0) == 0xEF && b(1) == 0xBD && b(2) >= 0x80 && b(2) <= 0x9E)
        return {3, static_cast<char>(b(2) - 0x80 + 0x60)};
    return {};
}

constexpr std::array<std::string_view, 12> currency_signs{"$",  // any dollar
                                                          "\xC2\xA3",
                                                          "\xC2\xA5",
                                                          "\xEF\xBF\xA5",
                                                          "\xE2\x82\xAC",
                                                          "\xE5\x85\x83",
                                                          "\xE5\x86\x86",
                                                          "\xEF\xBF\xA1",
                                                          "\xE2\x82\xB9",
                                                          "\xE2\x82\xA9",
                                                          "\xE2\x82\xBD",
                                                          "\xC2\xA2"};

/// Takes one currency sign or code off either end.
bool strip_currency(std::string_view& s) {
    for (const std::string_view sign : currency_signs) {
        if (s.starts_with(sign)) {
            s = text::trim(s.substr(sign.size()));
            return true;
        }
        if (s.ends_with(sign)) {
            s = text::trim(s.substr(0, s.size() - sign.size()));
            return true;
        }
    }
    const auto is_code = [](std::string_view code) {
        return code == "RMB" || Currency::parse(code).has_value();
    };
    if (s.size() > 3 && is_upper(s[0]) && is_code(s.substr(0, 3))) {
        s = text::trim(s.substr(3));
        return true;
    }
    if (s.size() > 3 && is_upper(s.back()) && is_code(s.substr(s.size() - 3))) {
        s = text::trim(s.substr(0, s.size() - 3));
        return true;
    }
    // US$, HK$, CN¥: the letters that stand before a sign.
    for (const std::string_view prefix : {"US", "HK", "CN", "AU", "CA", "NZ", "R", "A", "C"})
        if (s.starts_with(prefix) && s.substr(prefix.size()).starts_with('$')) {
            s = text::trim(s.substr(prefix.size() + 1));
            return true;
        }
    return false;
}

/// Signs and parentheses; false when they contradict each other.
bool strip_sign(std::string_view& s, bool& negative) {
    if (s.size() >= 2 && s.front() == '(' && s.back() == ')') {
        if (negative) return false;
        negative = true;
        s = text::trim(s.substr(1, s.size() - 2));
        return true;
    }
    const bool front = !s.empty() && (s.front() == '-' || s.front() == '+');
    const bool back = !front && s.size() > 1 && s.back() == '-';
    if (!front && !back) return true;
    if (negative) return false;
    negative = front ? s.front() == '-' : true;
    s = text::trim(front ? s.substr(1) : s.substr(0, s.size() - 1));
    return s.empty() || (s.front() != '-' && s.front() != '+');
}

/// Group sizes from the right: the last three, the others three each or (Indian) two each.
bool groups_are_regular(std::string_view whole, char separator) {
    const auto groups = text::split(whole, separator);
    if (groups.front().empty() || groups.front().size() > 3 || groups.back().size() != 3)
        return false;
    if (groups.front().front() == '0') return false;  // 0.001 is no thousand
    bool threes = true, twos = groups.front().size() <= 2;
    for (std::size_t i = 1; i + 1 < groups.size(); ++i) {
        threes = threes && groups[i].size() == 3;
        twos = twos && groups[i].size() == 2;
    }
    return threes || twos;
}

bool looks_scientific(std::string_view s) {
    const auto e = s.find_first_of("eE");
    if (e == std::string_view::npos || e == 0 || e + 1 >= s.size()) return false;
    std::string_view exponent = s.substr(e + 1);
    if (exponent.front() == '+' || exponent.front() == '-') exponent.remove_prefix(1);
    const auto digits = [](std::string_view part) {
        return !part.empty() && std::all_of(part.begin(), part.end(), is_digit);
    };
    std::string_view mantissa = s.substr(0, e);
    if (mantissa.front() == '-') mantissa.remove_prefix(1);
    const auto dot = mantissa.find_first_of(".,");
    const std::string_view whole = mantissa.substr(0, dot);
    const std::string_view fraction =
        dot == std::string_view::npos ? std::string_view("0") : mantissa.substr(dot + 1);
    return digits(exponent) && digits(whole) && digits(fraction);
}

/// Digits, one decimal sign, thousands signs → "1234.56".
std::optional<std::string> plain_digits(std::string_view s, NumberFormat format, CellFault& fault) {
    const char decimal = format == NumberFormat::point ? '.' : ',';
    const auto dot = s.rfind(decimal);
    const std::string_view whole = s.substr(0, dot);
    const std::string_view fraction =
        dot == std::string_view::npos ? std::string_view{} : s.substr(dot + 1);
    std::string out;
    char separator = 0;
    for (const char c : whole) {
        if (is_digit(c)) {
            out += c;
            continue;
        }
        const bool separates = c == '\'' || c == ' ' || c == (decimal == '.' ? ',' : '.');
        if (!separates || (separator != 0 && c != separator)) {
            fault = c == decimal || separates ? faults::number_format : faults::not_a_number;
            return std::nullopt;
        }
        separator = c;
    }
    if (separator != 0 && !groups_are_regular(whole, separator)) {
        fault = faults::number_format;
        return std::nullopt;
    }
    if (!std::all_of(fraction.begin(), fraction.end(), is_digit)) {
        fault = std::all_of(fraction.begin(), fraction.end(),
                            [](char c) { return is_digit(c) || c == '.' || c == ','; })
                    ? faults::number_format
                    : faults::not_a_number;
        return std::nullopt;
    }
    if (out.empty() && fraction.empty()) {
        fault = faults::not_a_number;
        return std::nullopt;
    }
    if (out.empty()) out = "0";
    if (!fraction.empty()) (out += '.') += fraction;
    return out;
}

bool is_spreadsheet_error(std::string_view s) {
    if (s.size() < 2 || s.front() != '#') return false;
    if (s.find_first_not_of('#') == std::string_view::npos) return s.size() >= 3;
    constexpr std::array<std::string_view, 9> errors{
        "#REF!", "#N/A", "#NAME?", "#VALUE!", "#DIV/0!", "#NUM!", "#NULL!", "#SPILL!", "#CALC!"};
    return std::find(errors.begin(), errors.end(), s) != errors.end();
}
}  // namespace

std::string to_half_width(std::string_view s) {
    std::string out;
    out.reserve(s.size());
    for (std::size_t at = 0; at < s.size();) {
        const Fold folded =
            static_cast<unsigned char>(s[at]) < 0x80 ? Fold{} : fold(s.substr(at, 3));
        if (folded.bytes == 0) {
            out += s[at++];
        } else {
            out += folded.to;
            at += folded.bytes;
        }
    }
    return std::string(text::trim(out));
}

std::optional<Decimal> parse_number(std::string_view cell, NumberFormat format, CellFault& fault) {
    const std::string folded = to_half_width(cell);
    std::string_view s = folded;
    if (is_spreadsheet_error(s)) {
        fault = faults::spreadsheet_error;
        return std::nullopt;
    }
    if (looks_scientific(s)) {
        fault = faults::scientific_number;
        return std::nullopt;
    }
    fault = faults::not_a_number;
    bool negative = false;
    if (!strip_sign(s, negative)) return std::nullopt;
    if (strip_currency(s) && !strip_sign(s, negative)) return std::nullopt;
    if (s.empty() || s.size() > 60) return std::nullopt;
    const auto digits = plain_digits(s, format, fault);
    if (!digits) return std::nullopt;
    const auto value = Decimal::parse(*digits);
    if (!value) {
        fault = faults::out_of_range;
        return std::nullopt;
    }
    fault = {};
    return negative ? -*value : *value;
}

bool fits_number(std::string_view cell, NumberFormat format) {
    CellFault fault;
    return parse_number(cell, format, fault).has_value();
}

std::string parse_identifier(std::string_view cell, CellFault& fault) {
    fault = {};
    std::string_view s = text::trim(cell);
    if (s.size() >= 4 && s.starts_with("=\"") && s.ends_with('"'))
        s = text::trim(s.substr(2, s.size() - 3));
    else if (s.starts_with('\''))
        s = text::trim(s.substr(1));
    if (is_spreadsheet_error(s)) fault = faults::spreadsheet_error;
    // Spreadsheets write the sign of the exponent; a real SKU such as 12E3 has none.
    const auto e = s.find_first_of("eE");
    if (e != std::string_view::npos && s.substr(e + 1).starts_with('+') && looks_scientific(s))
        fault = faults::damaged_id;
    return std::string(s);
}

}  // namespace entrepot::csv
