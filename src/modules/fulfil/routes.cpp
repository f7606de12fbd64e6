// Route lines of dispatch.
#include "modules/fulfil/routes.hpp"

#include "modules/fulfil/buyer.hpp"
#include "modules/fulfil/buyer_facts.hpp"
#include "modules/fulfil/service.hpp"
#include "modules/fulfil/tracking.hpp"

namespace entrepot::fulfil {
namespace {
using enum Permission;
constexpr http::Route table[] = {
    http::get<&buyer_data_share>("/orders/buyer-data", orders_read,
                                 "Of how many orders buyer data is held, was held, or never was."),
    http::get<&same_address>("/orders/{id}/same-address", shipments_read,
                             "Other orders that are to be sent to the same address, without "
                             "saying which address it is."),
    http::get<&shipments_page>("/shipments", shipments_read,
                               "Shipments by state: work that waits, oldest first; what is done, "
                               "newest first."),
    http::get<&waiting_orders>("/shipments/to-release", shipments_read,
                               "Orders of which something waits to be released, oldest first."),
    http::post<&print_pack_slips>("/shipments/pack-slips", buyers_reveal,
                                  "Pack slips of up to 100 shipments that are being sent, as one "
                                  "PDF; leaves a row in the audit for each."),
    http::get<&shipment_counts>("/shipments/counts", shipments_read,
                                "How much waits at each step."),
    http::post<&release_orders>("/shipments/release", shipments_write,
                                "Release up to 500 orders to pick; each result is named."),
    http::get<&tracking_partner>("/shipments/tracking-partner", shipments_read,
                                 "Who is asked where parcels are, and by whose authority."),
    http::put<&set_tracking_partner>("/shipments/tracking-partner", tenant_write,
                                     "Allow a partner to be told order id, tracking number and "
                                     "carrier of parcels."),
    http::del<&remove_tracking_partner>("/shipments/tracking-partner", tenant_write,
                                        "Ask nobody any more."),
    http::get<&get_shipment>("/shipments/{id}", shipments_read, "One shipment with its lines."),
    http::put<&enter_dispatch>("/shipments/{id}", shipments_write,
                               "Enter carrier and tracking number; what is shipped is corrected."),
    http::post<&confirm_shipment>("/shipments/{id}/confirm", shipments_write,
                                  "It has left: tell the marketplace."),
    http::post<&reveal_recipient>("/shipments/{id}/reveal", buyers_reveal,
                                  "The recipient of a shipment that is being sent, for five "
                                  "minutes; leaves a row in the audit."),
    http::post<&print_pack_slip>("/shipments/{id}/pack-slip", buyers_reveal,
                                 "Pack slip of a shipment that is being sent, as PDF; leaves a "
                                 "row in the audit."),
    http::post<&deliver_shipment>("/shipments/{id}/deliver", shipments_write,
                                  "Mark it as delivered by hand."),
    http::post<&cancel_shipment>("/shipments/{id}/cancel", shipments_write,
                                 "Take back a release that has not left."),
};
}  // namespace

std::span<const http::Route> routes() {
    return table;
}

}  // namespace entrepot::fulfil
