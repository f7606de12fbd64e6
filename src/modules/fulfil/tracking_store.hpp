// Rows of the tracking partner, and of the parcels that it is asked for.
#pragma once

#include "modules/fulfil/tracking.hpp"

namespace entrepot::fulfil {

struct PartnerRow {
    std::string url;
    std::string authorised_by;
    Instant authorised_at;
    std::optional<Instant> last_answer_at;
    std::string last_error;
};
BOOST_DESCRIBE_STRUCT(PartnerRow, (),
                      (url, authorised_by, authorised_at, last_answer_at, last_error))
Awaitable<std::optional<PartnerRow>> partner_row(pg::Transaction& tx);
void write_partner(pg::Transaction& tx, const std::string& url, const std::string& by, Instant at);
void remove_partner(pg::Transaction& tx);
void note_partner_answer(pg::Transaction& tx, Instant at, const std::string& error);

/// A parcel that is on its way.
struct LookRow {
    ShipmentId id;
    OrderId order_id;
    std::string carrier_code;
    std::string carrier_name;
    std::string tracking_number;
    std::int64_t looks;
    Instant next_look_at;
    Instant shipped_at;
};
BOOST_DESCRIBE_STRUCT(LookRow, (),
                      (id, order_id, carrier_code, carrier_name, tracking_number, looks,
                       next_look_at, shipped_at))
/// The first to be asked for, due or not.
Awaitable<std::vector<LookRow>> next_looks(pg::Transaction& tx, std::int64_t limit);
void write_look(pg::Transaction& tx, ShipmentId id, std::int64_t looks,
                std::optional<Instant> next);

}  // namespace entrepot::fulfil
