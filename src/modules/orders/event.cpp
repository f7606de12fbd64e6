// Payloads of orders.changed, orders.moved and orders.removed.
#include "modules/orders/event.hpp"

#include <algorithm>

namespace entrepot::orders {

void emit_orders(pg::Transaction& tx, const Context& ctx, std::string_view event,
                 const std::vector<OrderId>& ids) {
    constexpr std::size_t ids_max = 1000;
    for (std::size_t start = 0; start < ids.size(); start += ids_max) {
        std::string payload = R"({"order_ids":[)";
        for (std::size_t i = start; i < std::min(ids.size(), start + ids_max); ++i) {
            if (i != start) payload += ',';
            payload += '"' + ids[i].text() + '"';
        }
        payload += "]}";
        jobs::emit(tx, ctx, event, payload);
    }
}

}  // namespace entrepot::orders
