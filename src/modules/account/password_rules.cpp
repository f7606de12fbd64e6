// Classes, own names, and the blocklist with its normalisation of leet writing and decoration.
#include "modules/account/password_rules.hpp"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <array>
#include <set>

#include "base/text.hpp"
#include "modules/account/common_words.hpp"
#include "modules/account/login_name.hpp"

namespace entrepot::account {
namespace {
/// A decorated run of letters this short is one word, whatever the word.
constexpr std::size_t one_word_letters_max = 13;
/// More letters written as signs than this is a mix, not a word.
constexpr int leet_letters_max = 5;
/// What is repeated is short; a long unit is strong by itself.
constexpr std::size_t repeated_unit_max = 12;
constexpr std::size_t distinct_min = 5;

constexpr std::array<std::string_view, 8> walks{
    "qwertyuiop", "qwertzuiop", "azertyuiop", "asdfghjkl",
    "zxcvbnm",    "yxcvbnm",    "1234567890", "abcdefghijklmnopqrstuvwxyz"};

bool is_letter(char c) {
    return c >= 'a' && c <= 'z';
}

char unleet(char c, char for_one) {
    switch (c) {
        case '0':
            return 'o';
        case '1':
        case '!':
        case '|':
            return for_one;
        case '3':
            return 'e';
        case '4':
        case '@':
            return 'a';
        case '5':
        case '$':
            return 's';
        case '7':
        case '+':
            return 't';
        case '8':
            return 'b';
        default:
            return c;
    }
}

bool is_repetition(std::string_view text) {
    for (std::size_t unit = 1; unit <= std::min(repeated_unit_max, text.size() / 2); ++unit) {
        bool same = true;
        for (std::size_t i = unit; same && i < text.size(); ++i) same = text[i] == text[i - unit];
        if (same) return true;
    }
    return false;
}

bool is_walk(std::string_view text) {
    if (text.size() < 3) return false;
    const std::string backwards(text.rbegin(), text.rend());
    return std::any_of(walks.begin(), walks.end(), [&](std::string_view walk) {
        return walk.find(text) != std::string_view::npos ||
               walk.find(backwards) != std::string_view::npos;
    });
}

bool is_known(std::string_view word) {
    return is_common_stem(word) || is_walk(word) ||
           (word.size() > 4 && (word.ends_with('s') || word.ends_with('y')) &&
            is_common_stem(word.substr(0, word.size() - 1)));
}

/// One or two known words.
bool is_made_of_known(std::string_view word) {
    if (word.size() < 3) return false;
    if (is_known(word)) return true;
    for (std::size_t cut = 3; cut + 3 <= word.size(); ++cut)
        if (is_known(word.substr(0, cut)) && is_known(word.substr(cut))) return true;
    return false;
}

bool is_common_core(const std::string& core) {
    const std::string backwards(core.rbegin(), core.rend());
    return is_made_of_known(core) || is_made_of_known(backwards) || is_repetition(core);
}

/// As people write one word: all small, all capital, or one capital at either end.
bool is_written_as_word(std::string_view text) {
    std::string letters;
    for (const char c : text)
        if (is_letter(c) || is_letter(static_cast<char>(c + 32))) letters.push_back(c);
    const auto capitals =
        std::count_if(letters.begin(), letters.end(), [](char c) { return c < 'a'; });
    return capitals == 0 || static_cast<std::size_t>(capitals) == letters.size() ||
           (capitals == 1 && (letters.front() < 'a' || letters.back() < 'a'));
}

/// Takes every core that is left when decoration is cut off both ends.
bool is_decorated_word(std::string_view password, char for_one) {
    const std::string text = text::to_lower_ascii(password);
    const auto first = std::find_if(text.begin(), text.end(), is_letter) - text.begin();
    const auto last = std::find_if(text.rbegin(), text.rend(), is_letter).base() - text.begin();
    if (last <= first) return true;  // no letter at all
    const bool as_word = is_written_as_word(password);
    for (const auto begin : {decltype(first){0}, first}) {
        std::string core;
        int signs = 0;
        for (auto at = begin; at < static_cast<std::ptrdiff_t>(text.size()); ++at) {
            const char raw = text[static_cast<std::size_t>(at)];
            const char letter = unleet(raw, for_one);
            if (!is_letter(letter)) break;
            if (letter != raw) ++signs;
            core.push_back(letter);
            if (at + 1 < last) continue;
            if (is_common_core(core)) return true;
            if (as_word && core.size() <= one_word_letters_max && signs <= leet_letters_max)
                return true;
        }
    }
    return false;
}

struct Classes {
    std::size_t length = 0;
    bool upper = false, lower = false, digit = false, special = false;
    std::set<UChar32> distinct;
};

Classes classes_of(std::string_view password) {
    Classes out;
    const auto* bytes = reinterpret_cast<const uint8_t*>(password.data());
    const auto size = static_cast<int32_t>(password.size());
    for (int32_t at = 0; at < size;) {
        UChar32 c = 0;
        U8_NEXT_OR_FFFD(bytes, at, size, c);
        ++out.length;
        out.distinct.insert(u_tolower(c));
        if (u_isupper(c))
            out.upper = true;
        else if (u_islower(c))
            out.lower = true;
        else if (u_isdigit(c))
            out.digit = true;
        else
            out.special = true;
    }
    return out;
}

/// Runs of letters and digits; everything beyond ASCII counts as a letter.
std::vector<std::string> words_of(std::string_view text) {
    std::vector<std::string> out(1);
    for (const char c : text) {
        const bool inside =
            is_letter(c) || (c >= '0' && c <= '9') || static_cast<signed char>(c) < 0;
        if (inside)
            out.back().push_back(c);
        else if (!out.back().empty())
            out.emplace_back();
    }
    if (out.back().empty()) out.pop_back();
    return out;
}

bool contains_word_of(std::string_view password, std::string_view words, std::size_t least) {
    for (const std::string& word : words_of(words)) {
        // Two Han characters are a whole name; two Latin letters are in everything.
        const bool ascii = std::all_of(word.begin(), word.end(),
                                       [](char c) { return static_cast<signed char>(c) >= 0; });
        if (text::length(word) >= (ascii ? least : 2) && password.find(word) != std::string::npos)
            return true;
    }
    return false;
}
}  // namespace

std::string password_form(std::string_view typed) {
    return nfkc(typed);
}

bool is_guessable(std::string_view password) {
    const std::string lower = folded(password);
    if (classes_of(lower).distinct.size() < distinct_min || is_repetition(lower)) return true;
    for (const char c : lower)
        if (static_cast<signed char>(c) < 0) return false;  // more than a Latin word
    if (is_decorated_word(password, 'i') || is_decorated_word(password, 'l')) return true;
    for (const char for_one : {'\0', 'i', 'l'}) {
        std::string letters;
        for (const char c : lower) {
            const char letter = for_one == '\0' ? c : unleet(c, for_one);
            if (is_letter(letter)) letters.push_back(letter);
        }
        if (is_common_core(letters)) return true;
    }
    return false;
}

std::vector<FieldError> password_problems(std::string_view password, const PasswordOwner& owner,
                                          const std::string& pointer) {
    std::vector<FieldError> out;
    const auto wrong = [&](const char* code, const char* detail) {
        out.push_back({pointer, code, detail});
    };
    if (!text::is_utf8(password) || text::has_control(password) ||
        password.size() > password_length_max * 4) {
        wrong("invalid_text", "no control characters, at most 128 characters");
        return out;
    }
    const Classes classes = classes_of(password);
    if (classes.length < password_length_min) wrong("too_short", "at least 12 characters");
    if (classes.length > password_length_max) wrong("too_long", "at most 128 characters");
    if (!classes.upper) wrong("needs_upper", "an upper-case letter is missing");
    if (!classes.lower) wrong("needs_lower", "a lower-case letter is missing");
    if (!classes.digit) wrong("needs_digit", "a digit is missing");
    if (!classes.special)
        wrong("needs_special", "a sign that is neither letter nor digit is missing");
    const std::string lower = folded(password);
    const std::string email = folded(owner.email);
    const auto at = email.find('@');
    if (contains_word_of(lower, folded(owner.name), 3))
        wrong("contains_name", "it contains a part of the name");
    const std::string domain = at == std::string::npos ? "" : email.substr(at + 1);
    if (contains_word_of(lower, email.substr(0, at), 3) || contains_word_of(lower, domain, 4))
        wrong("contains_email", "it contains a part of the e-mail");
    if (is_guessable(password))
        wrong("too_common", "common words, names and patterns are guessed first");
    return out;
}

bool is_password_expired(Instant changed_at, Instant now) {
    return now - changed_at >= password_age_max;
}

Instant password_changeable_at(Instant changed_at) {
    return changed_at + password_age_min;
}

}  // namespace entrepot::account
