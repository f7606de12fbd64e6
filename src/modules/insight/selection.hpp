// Which places a report looks at, and which series each belongs to. Pure.
#pragma once

#include <functional>
#include <map>

#include "modules/insight/report.hpp"

namespace entrepot::insight {

/// What a caller may see and asked to see.
struct Filter {
    std::optional<std::vector<ShopId>> scope;  ///< of the caller; null = every shop
    std::optional<std::vector<ShopId>> shops;
    std::optional<std::vector<std::string>> marketplaces;
    std::optional<std::vector<std::string>> countries;
    bool takes(const store::PlaceRow& place) const;
};

/// Filter value and key for "country not stated".
inline constexpr std::string_view not_stated = "-";

/// One series before its figures: what it stands for.
struct SeriesKey {
    std::string key;       ///< shop id, marketplace id, country, currency code, or empty
    std::string currency;  ///< of its original amounts; empty in book currency
    auto operator<=>(const SeriesKey&) const = default;
};

struct Selection {
    store::PlaceSeries places;
    std::vector<SeriesKey> keys;  ///< by series number
    bool everywhere = true;       ///< no place of the tenant was left out
    /// The same by shop, where every shop is in whole or not at all and in one series.
    std::optional<store::ShopSeries> shops;

    /// Only where there are `shops`.
    store::WholeShops whole_shops() const { return {*shops, places}; }
};

/// Numbers the series of the places that the filter takes. By::sku numbers currencies only.
Selection select_places(const std::vector<store::PlaceRow>& places, const Filter& filter, By by,
                        Valuation valuation);

/// Query parameters of GET /orders for the orders behind a figure, without from and to.
std::optional<std::string> drill_of(const Filter& filter, By by, const std::string& key,
                                    const std::optional<std::string>& sku, Valuation valuation);

}  // namespace entrepot::insight
