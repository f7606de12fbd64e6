// Inventing a buyer. Telephone numbers are of ranges that are kept free for fiction (North America:
// 555-01xx; Ofcom: 01632 960xxx; Bundesnetzagentur, notice 148/2021: 030 23125xxx); e-mail is of
// the kind that Amazon gives and leads nowhere.
#include <algorithm>
#include <array>
#include <span>

#include "platform/crypto/crypto.hpp"
#include "vault/capsule.hpp"

namespace entrepot::vault {
namespace {
struct Town {
    std::string_view city, region, postal_code;
};
struct Country {
    std::string_view code;
    std::span<const std::string_view> given, family, streets;
    std::span<const Town> towns;
    std::string_view phone;  ///< '#' is any digit
    bool number_first;       ///< "12 Oak Street", else "Lindenweg 12"
};

constexpr std::array<std::string_view, 12> english_given = {
    "Margaret", "Howard",  "Denise", "Walter",   "Joanne",  "Curtis",
    "Lorraine", "Stanley", "Yvonne", "Clifford", "Maureen", "Gordon"};
constexpr std::array<std::string_view, 12> english_family = {
    "Ashdown", "Pellman",  "Haverly",   "Crossland", "Tillotson", "Wexley",
    "Marbury", "Oldfield", "Penhallow", "Stanwick",  "Brackett",  "Lathrop"};
constexpr std::array<std::string_view, 8> english_streets = {
    "Orchard Lane", "Mill Road",        "Chapel Street", "Willow Drive",
    "Station Road", "Highfield Avenue", "Maple Court",   "River Street"};
constexpr std::array<Town, 5> us_towns = {{{"Albany", "NY", "12207"},
                                           {"Boise", "ID", "83702"},
                                           {"Dayton", "OH", "45402"},
                                           {"Eugene", "OR", "97401"},
                                           {"Topeka", "KS", "66603"}}};
constexpr std::array<Town, 4> gb_towns = {{{"Exeter", "", "EX1 1GN"},
                                           {"Lincoln", "", "LN2 1PZ"},
                                           {"Carlisle", "", "CA3 8JH"},
                                           {"Worcester", "", "WR1 2EY"}}};
constexpr std::array<std::string_view, 10> german_given = {
    "Renate", "Dieter", "Ingrid", "Volker", "Sabine", "Jürgen", "Heike", "Manfred", "Ute", "Rolf"};
constexpr std::array<std::string_view, 10> german_family = {
    "Brandstetter", "Oelschläger", "Wiesner", "Kaltenbach", "Rautenberg",
    "Hohmann",      "Steinkamp",   "Lindner", "Vollmer",    "Ehrenfeld"};
constexpr std::array<std::string_view, 6> german_streets = {
    "Lindenweg", "Bahnhofstraße", "Am Mühlbach", "Schulstraße", "Gartenweg", "Ringstraße"};
constexpr std::array<Town, 4> german_towns = {{{"Fulda", "", "36037"},
                                               {"Celle", "", "29221"},
                                               {"Passau", "", "94032"},
                                               {"Siegen", "", "57072"}}};

constexpr std::array<Country, 3> countries = {{
    {"US", english_given, english_family, english_streets, us_towns, "+1 ### 555 01##", true},
    {"GB", english_given, english_family, english_streets, gb_towns, "+44 1632 960###", true},
    {"DE", german_given, german_family, german_streets, german_towns, "+49 30 23125###", false},
}};

std::size_t below(std::size_t limit) {
    return static_cast<std::size_t>(crypto::random_u64() % limit);
}
template <class T>
const T& any_of(std::span<const T> list) {
    return list[below(list.size())];
}

const Country& country_of(std::string_view code) {
    const auto found = std::ranges::find(countries, code, &Country::code);
    return found == countries.end() ? countries.front() : *found;
}

/// As a marketplace's reply would have it; nothing in it needs escaping.
std::string invent(const Country& country) {
    const Town& town = any_of(country.towns);
    const std::string name =
        std::string(any_of(country.given)) + ' ' + std::string(any_of(country.family));
    const std::string number = std::to_string(1 + below(180));
    const std::string street(any_of(country.streets));
    std::string phone(country.phone);
    for (char& c : phone)
        if (c == '#') c = static_cast<char>('0' + below(10));
    std::string local;
    for (int i = 0; i < 14; ++i) local += "abcdefghjkmnpqrstvwxyz0123456789"[below(32)];
    const auto member = [](std::string_view key, std::string_view text) {
        return '"' + std::string(key) + R"(":")" + std::string(text) + '"';
    };
    return '{' + member("name", name) + ',' +
           member("line", country.number_first ? number + ' ' + street : street + ' ' + number) +
           ',' + member("city", town.city) + ',' + member("region", town.region) + ',' +
           member("postal_code", town.postal_code) + ',' + member("phone", phone) + ',' +
           member("email", local + "@marketplace.amazon.com") + '}';
}
}  // namespace

std::string decoy_country(const std::string& wanted) {
    return std::string(country_of(wanted).code);
}

Awaitable<Result<Sealed>> seal_decoy(Context& ctx, Subject subject, const std::string& country) {
    auto draft = harvest(crypto::secret_bytes(invent(country_of(country))),
                         {{"/name", Field::recipient_name, {}},
                          {"/line", Field::address_line1, {}},
                          {"/city", Field::city, {}},
                          {"/region", Field::region, {}},
                          {"/postal_code", Field::postal_code, {}},
                          {"/phone", Field::phone, {}},
                          {"/name", Field::buyer_name, {}},
                          {"/email", Field::buyer_email, {}}});
    ensure(draft.has_value(), "an invented buyer cannot be read");
    // No channel gave it, and no count of buyers has it.
    subject.origin = "decoy";
    CO_TRY(Sealed sealed, co_await seal(ctx, std::move(subject), std::move(*draft)));
    keys::Request mark;
    mark.operation = keys::Operation::mark;
    mark.caller = caller_of(ctx, keys::Purpose::store);
    mark.key_class = keys::KeyClass::capsule;
    mark.ids = {sealed.parts->capsule.id};
    std::string why;
    try {
        (void)co_await ctx.services.keys.call(std::move(mark));
    } catch (const keys::Unavailable& error) {
        why = error.what();
    }
    if (!why.empty()) co_return make_error(errors::keys_unavailable, std::move(why));
    co_return sealed;
}

}  // namespace entrepot::vault
