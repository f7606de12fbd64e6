// Every table with data that a marketplace gave: why it is kept, or what deletes it. A table that
// is not here turns the check red, so that nobody adds one without saying.
#pragma once

#include <array>
#include <string_view>

namespace entrepot::compliance {

/// books: commercial and tax law want it for ten years · term: deleted after 18 months by a job ·
/// shorter: deleted earlier by a job · own: made by the company, not by the marketplace · link: how
/// the marketplace is reached, as long as it is.
enum class Basis { books, term, shorter, own, link };

struct OriginLine {
    std::string_view table;
    Basis basis;
    std::string_view why;  ///< reason, or the job that deletes
};

inline constexpr std::array<OriginLine, 21> origin_register{{
    {"orders.sales_order", Basis::books, "the order with its amounts: a voucher of the books"},
    {"orders.order_line", Basis::books, "goods, quantities, prices and tax of the voucher"},
    {"orders.history", Basis::books, "changes of a voucher stay traceable"},
    {"orders.package", Basis::term, "orders.forget"},
    {"orders.exception", Basis::term, "orders.forget"},
    {"orders.note", Basis::own, "words of staff; they go with the order"},
    {"orders.saved_view", Basis::own, "filters of staff"},
    {"fulfil.shipment", Basis::term, "fulfil.forget"},
    {"fulfil.shipment_line", Basis::term, "fulfil.forget, with its parcel"},
    {"fulfil.decoy", Basis::own,
     "parcels of nobody, invented by the server; they go with their capsule"},
    {"fulfil.tracking_partner", Basis::own, "whom the company allowed to be asked"},
    {"amazon.connection", Basis::link, "state of the connection; sealed credentials"},
    {"amazon.watermark", Basis::link, "how far orders were read"},
    {"amazon.usage_plan", Basis::link, "limits of calls, the present ones"},
    {"amazon.rate_bucket", Basis::link, "calls left, the present ones"},
    {"amazon.usage_hour", Basis::shorter, "amazon.purge, 8 days"},
    {"amazon.sync_run", Basis::shorter, "amazon.purge, 90 days"},
    {"amazon.raw_reply", Basis::shorter, "amazon.purge, 14 days"},
    {"amazon.history_report", Basis::term, "amazon.purge"},
    {"shops.shop", Basis::own, "the company's shop and its time zone"},
    {"shops.marketplace", Basis::link, "marketplaces of the connection"},
}};

}  // namespace entrepot::compliance
