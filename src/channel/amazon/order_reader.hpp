// Orders API 2026-01-01 → orders::IncomingOrder. Pure: text in, orders out, nothing refused that
// could be understood.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "channel/amazon/wire_json.hpp"
#include "modules/orders/orders.hpp"

namespace entrepot::amazon {

/// A page of searchOrders.
struct OrdersPage {
    std::vector<orders::IncomingOrder> orders;
    std::string next_token;  ///< "" = last page
    std::optional<Instant> last_updated_before;
    std::int64_t unusable = 0;  ///< entries without id or times
};

/// Nothing when the reply is not a page (no "orders" array).
std::optional<OrdersPage> read_orders_page(const boost::json::value& document);
/// The order of a getOrder reply.
std::optional<orders::IncomingOrder> read_order_reply(const boost::json::value& document);
/// One order; nothing when it lacks its id or times.
std::optional<orders::IncomingOrder> read_order(const boost::json::value& order);

/// Our state for Amazon's word, before packages are looked at.
orders::OrderState state_of_word(std::string_view word);

/// One marketplace of getMarketplaceParticipations.
struct Participation {
    std::string marketplace_id, country, name, currency;
    bool participating = false;
    bool amazon = false;  ///< false: a channel that is not Amazon's and has to be left out
};
std::optional<std::vector<Participation>> read_participations(const boost::json::value& document);

/// A report as getReport tells it.
struct ReportStatus {
    std::string report_id, type, status, document_id, data_start, data_end;
    std::vector<std::string> marketplaces;
};
std::optional<ReportStatus> read_report(const boost::json::value& document);

}  // namespace entrepot::amazon
