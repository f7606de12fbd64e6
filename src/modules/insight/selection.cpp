// Which places a report looks at.
#include "modules/insight/selection.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace entrepot::insight {
namespace {
constexpr std::int64_t left_out = -1;

template <class T, class U>
bool holds(const std::optional<std::vector<T>>& list, const U& value) {
    return !list || std::find(list->begin(), list->end(), value) != list->end();
}

std::string_view country_key(const store::PlaceRow& place) {
    return place.country.empty() ? not_stated : std::string_view(place.country);
}

std::string key_of(const store::PlaceRow& place, By by) {
    switch (by) {
        case By::shop:
            return place.shop_id.text();
        case By::marketplace:
            return place.marketplace_id;
        case By::country:
            return std::string(country_key(place));
        case By::currency:
            return place.currency;
        case By::none:
        case By::sku:
            return {};
    }
    return {};
}

void add_parameter(std::string& out, std::string_view name, std::string_view value) {
    if (!out.empty()) out += '&';
    out += name;
    out += '=';
    out += text::percent_encode(value);
}

template <class T, class Text>
void add_list(std::string& out, std::string_view name, const std::optional<std::vector<T>>& list,
              Text text_of) {
    if (!list) return;
    std::string joined;
    for (const T& item : *list) joined += (joined.empty() ? "" : ",") + text_of(item);
    add_parameter(out, name, joined);
}

/// Shops of the selection when each belongs to one series with all its places.
std::optional<store::ShopSeries> whole_shops(const std::vector<store::PlaceRow>& places,
                                             const std::vector<std::int64_t>& series_of_place) {
    std::map<ShopId, std::int64_t> series_of_shop;
    for (std::size_t i = 0; i < places.size(); ++i) {
        const auto [known, added] = series_of_shop.emplace(places[i].shop_id, series_of_place[i]);
        if (!added && known->second != series_of_place[i]) return std::nullopt;
    }
    store::ShopSeries out;
    for (const auto& [shop, series] : series_of_shop) {
        if (series == left_out) continue;
        out.shops.push_back(shop);
        out.series.push_back(series);
    }
    return out;
}
}  // namespace

bool Filter::takes(const store::PlaceRow& place) const {
    return holds(scope, place.shop_id) && holds(shops, place.shop_id) &&
           holds(marketplaces, place.marketplace_id) && holds(countries, country_key(place));
}

Selection select_places(const std::vector<store::PlaceRow>& places, const Filter& filter, By by,
                        Valuation valuation) {
    Selection out;
    std::map<SeriesKey, std::int64_t> numbers;
    std::vector<std::int64_t> series_of_place;
    for (const store::PlaceRow& place : places) {
        if (!filter.takes(place)) {
            out.everywhere = false;
            series_of_place.push_back(left_out);
            continue;
        }
        const SeriesKey key{key_of(place, by),
                            valuation == Valuation::original ? place.currency : std::string()};
        const auto [found, added] =
            numbers.emplace(key, static_cast<std::int64_t>(out.keys.size()));
        if (added) out.keys.push_back(key);
        out.places.places.push_back(place.place_no);
        out.places.series.push_back(found->second);
        series_of_place.push_back(found->second);
    }
    out.shops = whole_shops(places, series_of_place);
    return out;
}

std::optional<std::string> drill_of(const Filter& filter, By by, const std::string& key,
                                    const std::optional<std::string>& sku, Valuation valuation) {
    // The list of orders cannot be asked for a currency, for several countries, or for none.
    if (by == By::currency || valuation == Valuation::original) return std::nullopt;
    const std::string country = by == By::country ? key
                                : filter.countries && !filter.countries->empty()
                                    ? filter.countries->front()
                                    : std::string();
    if (country == not_stated) return std::nullopt;
    if (by != By::country && filter.countries && filter.countries->size() != 1) return std::nullopt;
    std::string out =
        "insight_day=true&state=unshipped,partially_shipped,shipped,delivered,"
        "unfulfillable,unknown";
    const auto same = [](const std::string& text) { return text; };
    if (by == By::shop)
        add_parameter(out, "shop_id", key);
    else
        add_list(out, "shop_id", filter.shops, [](const ShopId& id) { return id.text(); });
    if (by == By::marketplace)
        add_parameter(out, "marketplace_id", key);
    else
        add_list(out, "marketplace_id", filter.marketplaces, same);
    if (!country.empty()) add_parameter(out, "country", country);
    if (by == By::sku)
        add_parameter(out, "sku", key);
    else if (sku)
        add_parameter(out, "sku", *sku);
    return out;
}

}  // namespace entrepot::insight
