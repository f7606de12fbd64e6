// Rows and statements of shops.
#pragma once

#include "modules/shops/shops.hpp"

namespace entrepot::shops {

using Scope = std::optional<std::vector<ShopId>>;

struct ShopRow {
    ShopId id;
    std::string name;
    Channel channel;
    std::optional<std::string> region;
    std::optional<std::string> seller_id;
    ShopState state;
    std::string time_zone;
    std::optional<Instant> last_synced_at;
    std::int64_t version;
};
BOOST_DESCRIBE_STRUCT(ShopRow, (),
                      (id, name, channel, region, seller_id, state, time_zone, last_synced_at,
                       version))

struct MarketplaceRow {
    ShopId shop_id;
    std::string id;
    std::string country;
    std::string name;
    std::string currency;
    bool participating;
    bool enabled;
};
BOOST_DESCRIBE_STRUCT(MarketplaceRow, (),
                      (shop_id, id, country, name, currency, participating, enabled))

Awaitable<std::vector<ShopRow>> shop_rows(pg::Transaction& tx, const Scope& scope,
                                          std::optional<ShopId> only);
Awaitable<std::vector<MarketplaceRow>> marketplace_rows(pg::Transaction& tx, const Scope& scope,
                                                        std::optional<ShopId> only);
/// The shop's row, locked for a change.
Awaitable<std::optional<ShopRow>> shop_for_update(pg::Transaction& tx, const Scope& scope,
                                                  ShopId id);
void insert_shop(pg::Transaction& tx, ShopId id, const NewShop& shop, Instant at);
void upsert_marketplaces(pg::Transaction& tx, ShopId id, const std::vector<Marketplace>& all);
void update_shop(pg::Transaction& tx, ShopId id, const std::string& name,
                 const std::string& time_zone);
void update_enabled(pg::Transaction& tx, ShopId id, const std::vector<std::string>& enabled);
void update_state(pg::Transaction& tx, ShopId id, ShopState state);

Awaitable<Names> read_names(pg::Transaction& tx);
/// Names are read anew once this transaction has committed.
void forget_names(pg::Transaction& tx);

}  // namespace entrepot::shops
