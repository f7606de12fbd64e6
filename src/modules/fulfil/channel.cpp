// The side of the face that channels call: what to tell the marketplace, and what it said.
#include <algorithm>

#include "modules/fulfil/service.hpp"
#include "platform/audit/audit.hpp"

namespace entrepot::fulfil {
namespace {
/// The shipment, locked, as long as it waits for its channel.
Awaitable<std::optional<ShipmentRow>> lock_confirming(pg::Transaction& tx, ShipmentId id) {
    auto row = co_await lock_shipment(tx, id);
    if (!row || row->state != ShipmentState::confirming) co_return std::nullopt;
    co_return row;
}

/// What the order said while the channel was being told was not for a shipment that waits; now it
/// is looked at again.
void look_at_order(Context& ctx, pg::Transaction& tx, const ShipmentRow& row) {
    jobs::enqueue(tx, ctx, follow_kind, R"({"order_ids":[")" + row.order_id.text() + "\"]}",
                  ctx.now());
}
}  // namespace

Awaitable<std::vector<ShipmentFacts>> shipment_facts(pg::Transaction& tx,
                                                     const std::vector<ShipmentId>& ids) {
    return facts_rows(tx, ids);
}

Awaitable<std::optional<Confirmation>> confirmation_of(pg::Transaction& tx, ShipmentId id) {
    const auto row = co_await shipment_row(tx, std::nullopt, id);
    if (!row || row->state != ShipmentState::confirming) co_return std::nullopt;
    const std::vector<OrderId> order_ids{row->order_id};
    const auto found =
        co_await orders::dispatch_orders(tx, std::nullopt, order_ids, orders::Locking::none);
    ensure(found.size() == 1, "a shipment without its order");
    const orders::DispatchOrder& order = found.front();
    Confirmation out{row->id,
                     row->shop_id,
                     row->channel_order_id,
                     order.marketplace_id,
                     row->reference,
                     row->carrier_code,
                     row->carrier_name,
                     row->shipping_method,
                     row->tracking_number,
                     row->ship_date.value(),
                     order.ordered_at,
                     {},
                     row->sent_at.has_value()};
    const std::vector<ShipmentId> ids{id};
    for (const LineRow& line : co_await line_rows(tx, ids))
        for (const orders::DispatchLine& of_order : order.lines)
            if (of_order.line_no == line.line_no)
                out.lines.push_back({of_order.channel_line_id, line.quantity});
    co_return out;
}

Awaitable<bool> note_sending(Context& ctx, pg::Transaction& tx, ShipmentId id) {
    const auto row = co_await lock_confirming(tx, id);
    if (!row) co_return false;
    write_waiting(tx, id, ctx.now(), row->detail, ctx.now());
    co_return true;
}

Awaitable<void> note_confirmed(Context& ctx, pg::Transaction& tx, ShipmentId id) {
    const auto row = co_await lock_confirming(tx, id);
    if (!row) co_return;
    write_state(tx, {id, ShipmentState::shipped, row->counts, {}, ctx.now(), {}, {}}, ctx.now());
    emit_shipments(tx, ctx, shipment_shipped, {ref_of(*row)});
    look_at_order(ctx, tx, *row);
    audit::done(tx, ctx,
                {"fulfil.confirmed", "shipment", id.text(),
                 R"({"order_id":")" + row->order_id.text() + "\"}"});
}

Awaitable<void> note_refused(Context& ctx, pg::Transaction& tx, ShipmentId id,
                             const std::string& words) {
    const auto row = co_await lock_confirming(tx, id);
    if (!row) co_return;
    write_state(tx, {id, ShipmentState::failed, row->counts, words, {}, {}, {}}, ctx.now());
    look_at_order(ctx, tx, *row);
    audit::done(tx, ctx,
                {"fulfil.refused", "shipment", id.text(),
                 R"({"order_id":")" + row->order_id.text() + "\"}"});
}

Awaitable<void> note_delayed(Context& ctx, pg::Transaction& tx, ShipmentId id,
                             const std::string& words, Heard heard) {
    const auto row = co_await lock_confirming(tx, id);
    if (!row) co_return;
    const auto sent_at =
        heard == Heard::perhaps ? std::optional(row->sent_at.value_or(ctx.now())) : std::nullopt;
    write_waiting(tx, id, sent_at, words, ctx.now());
}

}  // namespace entrepot::fulfil
