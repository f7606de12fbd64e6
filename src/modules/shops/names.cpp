// Names for lists. They change a few times a year and are wanted with every page, so each process
// keeps them for some seconds; what it changes itself it forgets at once.
#include <mutex>
#include <unordered_map>

#include "modules/shops/store.hpp"

namespace entrepot::shops {
namespace {
constexpr auto keep_for = std::chrono::seconds(5);
constexpr std::size_t tenants_max = 10'000;

struct Kept {
    std::shared_ptr<const Names> names;
    Instant until;
};

/// Shared by all loops; held for look-ups only, never over a wait.
struct Shelf {
    std::mutex mutex;
    std::unordered_map<Uuid, Kept> kept;
    std::uint64_t changes = 0;
};
Shelf& shelf() {
    static Shelf one;
    return one;
}

Names within(const Names& all, const ShopScope& scope) {
    Names out;
    for (const ShopName& shop : all.shops)
        if (scope.allows(shop.id)) out.shops.push_back(shop);
    for (const MarketplaceName& marketplace : all.marketplaces)
        if (scope.allows(marketplace.shop_id)) out.marketplaces.push_back(marketplace);
    return out;
}
}  // namespace

void forget_names(pg::Transaction& tx) {
    tx.on_commit([tenant = tx.tenant()] {
        const std::lock_guard lock(shelf().mutex);
        shelf().kept.erase(tenant.value);
        ++shelf().changes;
    });
}

Awaitable<Names> names(Context& ctx, pg::Transaction& tx) {
    std::uint64_t changes = 0;
    std::shared_ptr<const Names> known;
    {
        const std::lock_guard lock(shelf().mutex);
        changes = shelf().changes;
        const auto found = shelf().kept.find(tx.tenant().value);
        if (found != shelf().kept.end() && ctx.now() < found->second.until)
            known = found->second.names;
    }
    if (!known) {
        known = std::make_shared<const Names>(co_await read_names(tx));
        const std::lock_guard lock(shelf().mutex);
        // What was read before a change must not stay.
        if (shelf().kept.size() >= tenants_max) shelf().kept.clear();
        if (shelf().changes == changes)
            shelf().kept[tx.tenant().value] = {known, ctx.now() + keep_for};
    }
    co_return within(*known, ctx.rights.scope);
}

std::string Names::shop(ShopId id) const {
    for (const ShopName& s : shops)
        if (s.id == id) return s.name;
    return {};
}
std::string Names::marketplace(ShopId shop, const std::string& id) const {
    for (const MarketplaceName& m : marketplaces)
        if (m.shop_id == shop && m.id == id) return m.name;
    return id;
}

}  // namespace entrepot::shops
