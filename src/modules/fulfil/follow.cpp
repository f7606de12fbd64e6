// Orders change under their shipments: cancelled, shipped elsewhere, delivered.
#include <algorithm>
#include <unordered_map>

#include "modules/fulfil/service.hpp"
#include "platform/audit/audit.hpp"
#include "platform/json/reader.hpp"

namespace entrepot::fulfil {
namespace {
struct ChangedOrders {
    std::vector<OrderId> order_ids;
};
BOOST_DESCRIBE_STRUCT(ChangedOrders, (), (order_ids))

std::vector<OrderId> orders_in(const std::vector<jobs::Job>& work) {
    std::vector<OrderId> out;
    for (const jobs::Job& job : work) {
        auto read = json::read_document<ChangedOrders>(job.payload);
        ensure(read.has_value(), "payload of orders.moved");
        out.insert(out.end(), read->order_ids.begin(), read->order_ids.end());
    }
    std::sort(out.begin(), out.end());
    out.erase(std::unique(out.begin(), out.end()), out.end());
    return out;
}

void apply(Context& ctx, pg::Transaction& tx, const ShipmentRow& row, const Consequence& what,
           bool own) {
    if (!what.to) {
        if (what.counts != row.counts) write_counts(tx, row.id, what.counts);
        return;
    }
    StateToWrite state{row.id, *what.to, what.counts, what.detail, {}, {}, {}};
    if (*what.to == ShipmentState::shipped) state.shipped_at = ctx.now();
    if (*what.to == ShipmentState::delivered) {
        state.delivered_at = what.delivered_at;
        state.source = own ? DeliveredSource::hand : DeliveredSource::channel;
    }
    write_state(tx, state, ctx.now());
    if (*what.to == ShipmentState::shipped)
        emit_shipments(tx, ctx, shipment_shipped, {ref_of(row)});
    if (*what.to == ShipmentState::delivered)
        emit_shipments(tx, ctx, shipment_delivered, {ref_of(row)});
    const std::string_view act = *what.to == ShipmentState::cancelled ? "fulfil.cancelled"
                                 : *what.to == ShipmentState::shipped ? "fulfil.confirmed"
                                                                      : "fulfil.delivered";
    audit::done(tx, ctx,
                {act, "shipment", row.id.text(), R"({"order_id":")" + row.order_id.text() + "\"}"});
}
}  // namespace

Awaitable<void> follow(Context& ctx, pg::Transaction& tx, const std::vector<jobs::Job>& work) {
    const std::vector<ShipmentRow> rows = co_await lock_followers(tx, orders_in(work));
    if (rows.empty()) co_return;
    std::vector<OrderId> ids;
    for (const ShipmentRow& row : rows) ids.push_back(row.order_id);
    std::unordered_map<Uuid, orders::DispatchOrder> by_id;
    for (auto& order :
         co_await orders::dispatch_orders(tx, std::nullopt, ids, orders::Locking::none))
        by_id.emplace(order.id.value, std::move(order));
    const auto standing = co_await standings(tx, rows);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const auto order = by_id.find(rows[i].order_id.value);
        if (order == by_id.end()) continue;
        apply(ctx, tx, rows[i], consequence_of(standing[i], order->second, ctx.now()),
              order->second.own);
    }
}

}  // namespace entrepot::fulfil
