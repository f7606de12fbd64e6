// SKUs and mappings for shops whose own codes are the tenant's codes.
#include <algorithm>
#include <map>

#include "base/text.hpp"
#include "modules/catalog/event.hpp"
#include "modules/catalog/mapping.hpp"
#include "modules/catalog/store.hpp"
#include "modules/shops/shops.hpp"
#include "platform/audit/audit.hpp"

namespace entrepot::catalog {
namespace {

constexpr std::size_t code_max = 100;

/// First title given for each code; what cannot be a code is left out, its order opens an
/// exception.
std::map<std::string, std::string> distinct(const std::vector<SellerSku>& skus) {
    std::map<std::string, std::string> out;
    for (const SellerSku& sku : skus) {
        if (sku.seller_sku.empty() || text::length(sku.seller_sku) > code_max) continue;
        auto& title = out[sku.seller_sku];
        if (title.empty()) title = sku.title;
    }
    return out;
}

std::vector<std::string> keys(const std::map<std::string, std::string>& map) {
    std::vector<std::string> out;
    for (const auto& [key, value] : map) out.push_back(key);
    return out;
}
}  // namespace

Awaitable<std::int64_t> ensure_skus(Context& ctx, pg::Transaction& tx, ShopId shop,
                                    const std::vector<SellerSku>& skus) {
    std::map<std::string, std::string> missing = distinct(skus);
    const auto remove_mapped = [&](const std::vector<MappingPeriod>& periods) {
        for (const MappingPeriod& period : periods) missing.erase(period.seller_sku);
    };
    remove_mapped(co_await periods_of(tx, shop, keys(missing)));
    if (missing.empty()) co_return 0;
    // Only now the lock, so that an import whose SKUs are all known waits for nobody.
    const bool found = co_await shops::lock_mappings(ctx, tx, shop);
    ensure(found, "no such shop");
    remove_mapped(co_await periods_of(tx, shop, keys(missing)));
    if (missing.empty()) co_return 0;
    std::vector<SkuToAdd> added;
    for (const auto& [code, title] : missing)
        added.push_back({ctx.new_id<SkuId>(), code, title.empty() ? code : title});
    insert_skus(tx, added, ctx.now());
    std::vector<MappingToAdd> mappings;
    for (const SkuRow& sku : co_await skus_by_code(tx, keys(missing)))
        mappings.push_back(
            {ctx.new_id<MappingId>(), shop, sku.code, sku.id, beginning, std::nullopt});
    insert_mappings(tx, mappings, ctx.now(), ctx.actor.name);
    emit_mapping_changed(tx, ctx, shop, keys(missing));
    const auto count = static_cast<std::int64_t>(mappings.size());
    audit::done(tx, ctx,
                {"catalog.skus_ensured", "shop", shop.text(),
                 R"({"mappings":)" + std::to_string(count) + "}"});
    co_return count;
}

}  // namespace entrepot::catalog
