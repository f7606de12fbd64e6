// Amazon's regions and marketplaces as data: ids, countries, currencies, zones, hosts, charsets.
// Source: spapi-facts §4 and §12. A marketplace that is missing here still works, with less
// comfort.
#pragma once

#include <span>
#include <string_view>

namespace entrepot::amazon {

struct Region {
    std::string_view name;  ///< NA, EU, FE
    std::string_view host;
    std::string_view time_zone;  ///< of a shop without a known marketplace
};
const Region* find_region(std::string_view name);

/// How a flat file is read when neither a mark nor the bytes tell.
enum class Charset { utf_8, windows_1252, windows_31j };

/// Whether the amounts of a marketplace contain the tax that is listed beside them.
enum class TaxStyle { added, included };

struct KnownMarketplace {
    std::string_view id;
    std::string_view country;
    std::string_view currency;
    std::string_view region;
    std::string_view time_zone;
    std::string_view sales_channel;  ///< word of the reports: "Amazon.de"
    Charset charset;
    TaxStyle tax;
};
std::span<const KnownMarketplace> known_marketplaces();
const KnownMarketplace* find_marketplace(std::string_view id);
/// By the reports' sales channel ("Amazon.co.uk"), any case.
const KnownMarketplace* marketplace_of_channel(std::string_view sales_channel);

}  // namespace entrepot::amazon
