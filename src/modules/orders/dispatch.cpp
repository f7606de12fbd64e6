// Orders as dispatch sees them: what is to be sent, what was sent, and by whose word they move.
#include <unordered_map>

#include "modules/orders/by_hand.hpp"
#include "modules/orders/store.hpp"

namespace entrepot::orders {
namespace {
DispatchOrder header_of(const OrderRow& row) {
    DispatchOrder out{};
    out.id = row.id;
    out.shop_id = row.shop_id;
    out.channel_order_id = row.channel_order_id;
    out.kind = row.kind;
    out.ordered_at = row.ordered_at;
    out.state = row.state;
    out.fulfilled_by = row.fulfilled_by;
    out.marketplace_id = row.marketplace_id;
    out.source_channel = row.source_channel;
    out.deliver_by_to = row.deliver_by_to;
    out.pii_state = row.pii_state;
    out.own = is_own_channel(row.source_channel);
    out.held = row.held;
    return out;
}
}  // namespace

Awaitable<std::vector<DispatchOrder>> dispatch_orders(
    pg::Transaction& tx, const std::optional<std::vector<ShopId>>& scope,
    const std::vector<OrderId>& ids, Locking locking) {
    if (locking == Locking::for_update) (void)co_await lock_by_id(tx, scope, ids);
    std::vector<DispatchOrder> out;
    std::unordered_map<Uuid, std::size_t> place;
    for (const OrderRow& row : co_await order_rows(tx, scope, ids)) {
        place.emplace(row.id.value, out.size());
        out.push_back(header_of(row));
    }
    if (out.empty()) co_return out;
    for (LineRow& line : co_await line_rows(tx, ids)) {
        const auto found = place.find(line.order_id.value);
        if (found == place.end()) continue;
        out[found->second].lines.push_back({line.line_no, std::move(line.channel_line_id),
                                            std::move(line.seller_sku), std::move(line.title),
                                            line.kind, line.quantity_ordered, line.quantity_shipped,
                                            line.quantity_cancelled});
    }
    for (ParcelRow& parcel : co_await parcel_rows(tx, ids)) {
        const auto found = place.find(parcel.order_id.value);
        if (found == place.end()) continue;
        const bool delivered = parcel.delivered_at.has_value();
        out[found->second].parcels.push_back({std::move(parcel.reference),
                                              std::move(parcel.tracking_number), delivered,
                                              parcel.delivered_at});
    }
    co_return out;
}

Awaitable<void> note_pii_state(pg::Transaction& tx, OrderId id, const std::string& state) {
    return write_pii_state(tx, id, state);
}

}  // namespace entrepot::orders
