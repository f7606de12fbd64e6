// Shops: where a tenant sells. A shop belongs to one channel (amazon, file); it has marketplaces
// and a time zone, in which its business days are counted.
#pragma once

#include <boost/describe.hpp>

#include "platform/context.hpp"
#include "platform/module.hpp"

namespace entrepot::shops {

enum class Channel { amazon, file };
BOOST_DESCRIBE_ENUM(Channel, amazon, file)

/// connected: syncing or importable · broken: the channel refuses our credentials, a person must
/// act · paused: by a person.
enum class ShopState { connected, broken, paused };
BOOST_DESCRIBE_ENUM(ShopState, connected, broken, paused)

struct Marketplace {
    std::string id;  ///< the channel's own id ("ATVPDKIKX0DER"); for a file shop its country
    std::string country;
    std::string name;
    std::string currency;
    bool participating;  ///< the channel says the seller takes part
    bool enabled;        ///< orders of it are pulled
};
BOOST_DESCRIBE_STRUCT(Marketplace, (), (id, country, name, currency, participating, enabled))

struct Shop {
    ShopId id;
    std::string name;
    Channel channel;
    std::optional<std::string> region;     ///< NA, EU, FE
    std::optional<std::string> seller_id;  ///< the channel's id of the seller
    ShopState state;
    std::string time_zone;
    std::optional<Instant> last_synced_at;
    std::int64_t version;
    std::vector<Marketplace> marketplaces;
};
BOOST_DESCRIBE_STRUCT(Shop, (),
                      (id, name, channel, region, seller_id, state, time_zone, last_synced_at,
                       version, marketplaces))

struct NewShop {
    std::string name;
    Channel channel;
    std::optional<std::string> region;
    std::optional<std::string> seller_id;
    std::string time_zone;
    std::vector<Marketplace> marketplaces;
};

namespace errors {
inline constexpr ErrorCode name_taken{ErrorKind::conflict, "shops.name_taken"};
inline constexpr ErrorCode unknown_time_zone{ErrorKind::invalid, "shops.unknown_time_zone"};
inline constexpr ErrorCode unknown_marketplace{ErrorKind::invalid, "shops.unknown_marketplace"};
inline constexpr ErrorCode broken{ErrorKind::conflict, "shops.broken"};
}  // namespace errors

/// {"shop_id":…}: the shop counts its days in another zone from now on.
inline constexpr std::string_view zone_changed = "shops.zone_changed";

/// Adds a shop inside the caller's transaction (a channel adds its credentials in the same one).
/// shops.name_taken, shops.unknown_time_zone; forbidden for callers who see some shops only.
Awaitable<Result<ShopId>> add_shop(Context& ctx, pg::Transaction& tx, const NewShop& shop);
/// The shop when it exists and is in the caller's scope, else not_found.
Awaitable<Result<Shop>> find_shop(Context& ctx, pg::Transaction& tx, ShopId id);
/// All shops in the caller's scope, by name.
Awaitable<std::vector<Shop>> list_shops(Context& ctx, pg::Transaction& tx);
/// Stores the marketplaces that the channel reports; `enabled` of known ones is kept, and those
/// that it no longer reports stay with participating = false.
Awaitable<void> set_marketplaces(Context& ctx, pg::Transaction& tx, ShopId id,
                                 const std::vector<Marketplace>& marketplaces);
/// Moves the state; audited. Called by channels (broken/connected) and by people
/// (paused/connected).
Awaitable<void> set_state(Context& ctx, pg::Transaction& tx, ShopId id, ShopState state);
/// Notes a good sync.
void note_synced(pg::Transaction& tx, ShopId id, Instant at);
/// Keeps the shop's mappings as they are until this transaction ends: taken by whoever stores what
/// it concludes from them. Many may hold it at once.
void keep_mappings(pg::Transaction& tx, ShopId id);
/// Waits until nobody keeps the shop's mappings, and keeps others from doing so until this
/// transaction ends: taken before mappings change. False when there is no such shop in scope.
Awaitable<bool> lock_mappings(Context& ctx, pg::Transaction& tx, ShopId id);

/// The moments at which a shop's days begin and end.
struct DayRange {
    ShopId shop_id;
    Instant from;  ///< start of the first day
    Instant to;    ///< start of the day after the last
};
BOOST_DESCRIBE_STRUCT(DayRange, (), (shop_id, from, to))
/// The business days first…last of each shop in the caller's scope, in its own zone.
Awaitable<std::vector<DayRange>> day_ranges(Context& ctx, pg::Transaction& tx, Date first,
                                            Date last);

/// Names for lists.
struct ShopName {
    ShopId id;
    std::string name;
    Channel channel;
    std::string time_zone;
};
BOOST_DESCRIBE_STRUCT(ShopName, (), (id, name, channel, time_zone))
struct MarketplaceName {
    ShopId shop_id;
    std::string id;
    std::string name;
};
BOOST_DESCRIBE_STRUCT(MarketplaceName, (), (shop_id, id, name))
/// Names of the shops in the caller's scope and of their marketplaces; for showing only, because
/// another node's change may be seen some seconds late.
struct Names {
    std::vector<ShopName> shops;
    std::vector<MarketplaceName> marketplaces;
    std::string shop(ShopId id) const;
    std::string marketplace(ShopId shop, const std::string& id) const;
};
Awaitable<Names> names(Context& ctx, pg::Transaction& tx);
/// Every shop in the caller's scope.
Awaitable<std::vector<ShopId>> shop_ids(Context& ctx, pg::Transaction& tx);

/// IANA zone name that the database knows.
Awaitable<bool> is_time_zone(pg::Transaction& tx, const std::string& name);

Module module();

}  // namespace entrepot::shops
