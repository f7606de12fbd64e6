// Which mapping holds when, and whether periods of one seller SKU overlap. Pure.
#include "modules/catalog/mapping.hpp"

namespace entrepot::catalog {

MappingTable::MappingTable(std::vector<MappingPeriod> periods) {
    for (MappingPeriod& period : periods) {
        auto& of_sku = periods_[period.seller_sku];
        of_sku.push_back(std::move(period));
    }
}

std::optional<SkuId> MappingTable::find(const std::string& seller_sku, Instant at) const {
    const auto found = periods_.find(seller_sku);
    if (found == periods_.end()) return std::nullopt;
    for (const MappingPeriod& period : found->second)
        if (holds_at(period, at)) return period.sku_id;
    return std::nullopt;
}

std::vector<MappingPeriod> MappingTable::periods(const std::string& seller_sku) const {
    const auto found = periods_.find(seller_sku);
    return found == periods_.end() ? std::vector<MappingPeriod>{} : found->second;
}

bool holds_at(const MappingPeriod& period, Instant at) {
    return period.valid_from <= at && (!period.valid_to || at < *period.valid_to);
}

bool overlap(const MappingPeriod& a, const MappingPeriod& b) {
    return a.seller_sku == b.seller_sku && (!a.valid_to || b.valid_from < *a.valid_to) &&
           (!b.valid_to || a.valid_from < *b.valid_to);
}

}  // namespace entrepot::catalog
