// Rows of decoys, and what they are modelled on.
#pragma once

#include "modules/fulfil/store.hpp"

namespace entrepot::fulfil {

/// What a decoy takes over from a real shipment: everything but its buyer and its numbers.
struct DecoyRow {
    ShipmentId id;
    OrderId order_id;
    ShopId shop_id;
    std::string channel_order_id;
    std::string carrier_code;
    std::string carrier_name;
    std::string shipping_method;
    std::string tracking_number;
    std::optional<Instant> ship_date;
    Instant released_at;
    std::string released_by;
    std::optional<Instant> shipped_at;
    Instant ordered_at;
    std::optional<Instant> ship_by_to;
    std::optional<std::string> ship_country;
    std::string seller_sku;
    std::string title;
};
BOOST_DESCRIBE_STRUCT(DecoyRow, (),
                      (id, order_id, shop_id, channel_order_id, carrier_code, carrier_name,
                       shipping_method, tracking_number, ship_date, released_at, released_by,
                       shipped_at, ordered_at, ship_by_to, ship_country, seller_sku, title))

/// Those that stand, and when the newest would have been released.
struct StandingRow {
    std::int64_t count;
    std::optional<Instant> newest;
};
BOOST_DESCRIBE_STRUCT(StandingRow, (), (count, newest))

/// The latest parcels that have left, released since.
Awaitable<std::vector<DecoyRow>> decoy_models(pg::Transaction& tx, Instant since,
                                              std::int64_t limit);
Awaitable<StandingRow> decoys_standing(pg::Transaction& tx);
void write_decoy(pg::Transaction& tx, const DecoyRow& decoy);
void delete_decoy(pg::Transaction& tx, OrderId order);
/// As rows of the list of all shipments, behind a place.
Awaitable<std::vector<ListRow>> decoys_behind(pg::Transaction& tx, const Scope& scope,
                                              const std::optional<Position>& after,
                                              std::int64_t limit);
Awaitable<std::optional<ListRow>> decoy_row(pg::Transaction& tx, const Scope& scope, ShipmentId id);

}  // namespace entrepot::fulfil
