// What is sold where: marketplaces, the three demo sellers, and about sixty products.
// Everything here is invented for the simulator, except the marketplace ids and tax rates.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace entrepot::sim {

enum class Language : std::uint8_t { english, german, japanese };
enum class Charset : std::uint8_t { utf8, windows_1252, windows_31j };

struct Marketplace {
    std::string_view id;
    std::string_view name;
    std::string_view channel;  ///< sales-channel of the reports, marketplaceName of the API
    std::string_view country;
    std::string_view currency;
    int exponent;  ///< decimals of the currency
    std::string_view language_code;
    std::string_view domain;
    bool tax_included;
    Language language;
    Charset report_charset;
};

/// One seller account in one region.
struct Shop {
    std::string_view code;  ///< US, DE, JP: the name used by the admin interface
    std::string_view region;
    std::string_view seller_id;
    std::string_view store_name;
    std::string_view company;
    std::string_view native_company;
    std::array<std::size_t, 2> marketplaces;  ///< indexes into marketplaces()
    std::size_t marketplace_count;
    std::string_view foreign_channel_id;  ///< a non-Amazon channel that a client must filter
    unsigned share_permille;              ///< of all orders of the world
    int utc_offset_hours;                 ///< decides at what hour its buyers are awake
    std::string_view order_prefixes;      ///< three-digit groups that begin its order ids
};

constexpr std::size_t marketplace_count = 4;
constexpr std::size_t shop_count = 3;

const std::array<Marketplace, marketplace_count>& marketplaces();
const std::array<Shop, shop_count>& shops();

/// Index of the shop with this code or seller id, or shop_count.
std::size_t find_shop(std::string_view code_or_seller);

enum class Season : std::uint8_t { steady, winter_gift, summer, school };

struct Product {
    std::array<std::string, shop_count> sku;
    std::string asin;
    std::array<std::string, 3> title;                   ///< by Language
    std::array<std::int64_t, marketplace_count> price;  ///< minor units, as shown to the buyer
    std::int64_t popularity = 1;
    Season season = Season::steady;
    bool reduced_tax = false;
    unsigned fba_permille = 500;
    unsigned launch_permille = 0;  ///< part of the history before which it was not on sale
};

/// The catalogue of a world. The same seed gives the same products.
std::vector<Product> make_catalogue(std::uint64_t seed);

/// Amount in minor units as a decimal string: 1234 → "12.34" for exponent 2, "1234" for 0.
std::string decimal_text(std::int64_t minor, int exponent);

}  // namespace entrepot::sim
