// Payload of catalog.mapping_changed.
#include "modules/catalog/event.hpp"

#include <algorithm>

#include "platform/json/writer.hpp"

namespace entrepot::catalog {
namespace {
struct MappingChanged {
    ShopId shop_id;
    std::vector<std::string> seller_skus;
};
BOOST_DESCRIBE_STRUCT(MappingChanged, (), (shop_id, seller_skus))
}  // namespace

void emit_mapping_changed(pg::Transaction& tx, const Context& ctx, ShopId shop,
                          const std::vector<std::string>& seller_skus) {
    constexpr std::size_t skus_max = 1000;
    for (std::size_t start = 0; start < seller_skus.size(); start += skus_max) {
        const auto first = seller_skus.begin() + static_cast<std::ptrdiff_t>(start);
        const auto count = std::min(skus_max, seller_skus.size() - start);
        const MappingChanged payload{shop, {first, first + static_cast<std::ptrdiff_t>(count)}};
        jobs::emit(tx, ctx, mapping_changed, json::to_json(payload));
    }
}

}  // namespace entrepot::catalog
