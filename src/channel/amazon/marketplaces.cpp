// The table. Tax style: North America adds sales tax at the till, everybody else shows prices with
// tax.
#include "channel/amazon/marketplaces.hpp"

#include "base/text.hpp"

namespace entrepot::amazon {
namespace {
constexpr Region regions[] = {
    {"NA", "sellingpartnerapi-na.amazon.com", "America/Los_Angeles"},
    {"EU", "sellingpartnerapi-eu.amazon.com", "Europe/Luxembourg"},
    {"FE", "sellingpartnerapi-fe.amazon.com", "Asia/Tokyo"},
};

using enum Charset;
using enum TaxStyle;
constexpr KnownMarketplace table[] = {
    {"ATVPDKIKX0DER", "US", "USD", "NA", "America/Los_Angeles", "Amazon.com", utf_8, added},
    {"A2EUQ1WTGCTBG2", "CA", "CAD", "NA", "America/Toronto", "Amazon.ca", utf_8, added},
    {"A1AM78C64UM0Y8", "MX", "MXN", "NA", "America/Mexico_City", "Amazon.com.mx", windows_1252,
     included},
    {"A2Q3Y263D00KWC", "BR", "BRL", "NA", "America/Sao_Paulo", "Amazon.com.br", windows_1252,
     included},
    {"A28R8C7NBKEWEA", "IE", "EUR", "EU", "Europe/Dublin", "Amazon.ie", windows_1252, included},
    {"A1RKKUPIHCS9HS", "ES", "EUR", "EU", "Europe/Madrid", "Amazon.es", windows_1252, included},
    {"A1F83G8C2ARO7P", "GB", "GBP", "EU", "Europe/London", "Amazon.co.uk", windows_1252, included},
    {"A13V1IB3VIYZZH", "FR", "EUR", "EU", "Europe/Paris", "Amazon.fr", windows_1252, included},
    {"AMEN7PMS3EDWL", "BE", "EUR", "EU", "Europe/Brussels", "Amazon.com.be", windows_1252,
     included},
    {"A1805IZSGTT6HS", "NL", "EUR", "EU", "Europe/Amsterdam", "Amazon.nl", windows_1252, included},
    {"A1PA6795UKMFR9", "DE", "EUR", "EU", "Europe/Berlin", "Amazon.de", windows_1252, included},
    {"APJ6JRA9NG5V4", "IT", "EUR", "EU", "Europe/Rome", "Amazon.it", windows_1252, included},
    {"A2NODRKZP88ZB9", "SE", "SEK", "EU", "Europe/Stockholm", "Amazon.se", windows_1252, included},
    {"AE08WJ6YKNBMC", "ZA", "ZAR", "EU", "Africa/Johannesburg", "Amazon.co.za", windows_1252,
     included},
    {"A1C3SOZRARQ6R3", "PL", "PLN", "EU", "Europe/Warsaw", "Amazon.pl", windows_1252, included},
    {"ARBP9OOSHTCHU", "EG", "EGP", "EU", "Africa/Cairo", "Amazon.eg", windows_1252, included},
    {"A33AVAJ2PDY3EV", "TR", "TRY", "EU", "Europe/Istanbul", "Amazon.com.tr", windows_1252,
     included},
    {"A17E79C6D8DWNP", "SA", "SAR", "EU", "Asia/Riyadh", "Amazon.sa", windows_1252, included},
    {"A2VIGQ35RCS4UG", "AE", "AED", "EU", "Asia/Dubai", "Amazon.ae", windows_1252, included},
    {"A21TJRUUN4KGV", "IN", "INR", "EU", "Asia/Kolkata", "Amazon.in", windows_1252, included},
    {"A19VAU5U5O7RUS", "SG", "SGD", "FE", "Asia/Singapore", "Amazon.sg", utf_8, included},
    {"A39IBJ37TRP1C6", "AU", "AUD", "FE", "Australia/Sydney", "Amazon.com.au", utf_8, included},
    {"A1VC38T7YXB528", "JP", "JPY", "FE", "Asia/Tokyo", "Amazon.co.jp", windows_31j, included},
};
}  // namespace

const Region* find_region(std::string_view name) {
    for (const Region& region : regions)
        if (region.name == name) return &region;
    return nullptr;
}

std::span<const KnownMarketplace> known_marketplaces() {
    return table;
}

const KnownMarketplace* find_marketplace(std::string_view id) {
    for (const KnownMarketplace& one : table)
        if (one.id == id) return &one;
    return nullptr;
}

const KnownMarketplace* marketplace_of_channel(std::string_view sales_channel) {
    for (const KnownMarketplace& one : table)
        if (text::equals_ignore_case(one.sales_channel, sales_channel)) return &one;
    return nullptr;
}

}  // namespace entrepot::amazon
