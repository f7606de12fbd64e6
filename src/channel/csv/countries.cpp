// Names in English and Chinese come from ICU's data; the table adds what people write besides.
#include "channel/csv/countries.hpp"

#include <unicode/locid.h>
#include <unicode/unistr.h>

#include <array>
#include <unordered_map>

#include "base/text.hpp"

namespace entrepot::csv {
namespace {
struct Alias {
    std::string_view word, code;
};
constexpr std::array<Alias, 22> aliases{{{"uk", "GB"},
                                         {"great britain", "GB"},
                                         {"england", "GB"},
                                         {"scotland", "GB"},
                                         {"wales", "GB"},
                                         {"northern ireland", "GB"},
                                         {"eire", "IE"},
                                         {"republic of ireland", "IE"},
                                         {"usa", "US"},
                                         {"u.s.a.", "US"},
                                         {"united states of america", "US"},
                                         {"rsa", "ZA"},
                                         {"hong kong", "HK"},
                                         {"macau", "MO"},
                                         {"czech republic", "CZ"},
                                         {"holland", "NL"},
                                         {"the netherlands", "NL"},
                                         {"korea", "KR"},
                                         {"turkey", "TR"},
                                         {"uae", "AE"},
                                         {"\xE9\xA6\x99\xE6\xB8\xAF", "HK"},    // 香港
                                         {"\xE6\xBE\xB3\xE9\x97\xA8", "MO"}}};  // 澳门

using Names = std::unordered_map<std::string, std::string>;

void add_name(Names& names, const icu::Locale& country, const icu::Locale& language,
              const std::string& code) {
    icu::UnicodeString name;
    country.getDisplayCountry(language, name);
    std::string utf8;
    name.toUTF8String(utf8);
    names.emplace(text::to_lower_ascii(utf8), code);
}

Names all_names() {
    Names names;
    for (const Alias& alias : aliases) names.emplace(alias.word, alias.code);
    for (const char* const* code = icu::Locale::getISOCountries(); *code != nullptr; ++code) {
        const icu::Locale country("", *code);
        names.emplace(text::to_lower_ascii(*code), *code);
        names.emplace(text::to_lower_ascii(country.getISO3Country()), *code);
        add_name(names, country, icu::Locale::getEnglish(), *code);
        add_name(names, country, icu::Locale::getSimplifiedChinese(), *code);
        add_name(names, country, icu::Locale::getTraditionalChinese(), *code);
    }
    return names;
}
}  // namespace

std::optional<std::string> country_code(std::string_view word) {
    static const Names names = all_names();
    const auto found = names.find(text::to_lower_ascii(text::trim(word)));
    if (found == names.end()) return std::nullopt;
    return found->second;
}

}  // namespace entrepot::csv
