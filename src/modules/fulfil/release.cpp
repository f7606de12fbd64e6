// Orders become shipments. Each order is locked while it is counted what of it is left, so that two
// who release at once never release more than was ordered.
#include <algorithm>
#include <unordered_map>

#include "modules/fulfil/service.hpp"
#include "platform/audit/audit.hpp"
#include "platform/json/writer.hpp"

namespace entrepot::fulfil {
namespace {
constexpr std::size_t bulk_max = 500;

/// What is known of an order that is to be released.
struct Subject {
    orders::DispatchOrder order;
    std::vector<LineQuantity> counted;
    std::int64_t highest = 0;
};

Awaitable<std::unordered_map<Uuid, Subject>> load(Context& ctx, pg::Transaction& tx,
                                                  const std::vector<OrderId>& ids) {
    std::unordered_map<Uuid, Subject> out;
    auto found =
        co_await orders::dispatch_orders(tx, ctx.shop_scope(), ids, orders::Locking::for_update);
    for (auto& order : found) {
        const Uuid id = order.id.value;
        out[id].order = std::move(order);
    }
    for (const CountedRow& row : co_await counted_rows(tx, ids))
        if (const auto subject = out.find(row.order_id.value); subject != out.end())
            subject->second.counted.push_back({row.line_no, row.quantity});
    for (const HighestRow& row : co_await highest_references(tx, ids))
        if (const auto subject = out.find(row.order_id.value); subject != out.end())
            subject->second.highest = row.reference;
    co_return out;
}

Result<NewShipment> shipment_of(const Context& ctx, const Subject& subject,
                                const ReleaseItem& item) {
    if (auto refusal = why_not_release(subject.order)) return std::move(*refusal);
    const auto left = left_to_release(subject.order, subject.counted);
    TRY(auto lines, lines_to_release(left, item.lines));
    return NewShipment{ctx.new_id<ShipmentId>(),
                       subject.order.id,
                       subject.order.shop_id,
                       subject.order.channel_order_id,
                       next_reference(subject.highest, subject.order.parcels),
                       std::move(lines)};
}

Error no_such_order() {
    return make_error(entrepot::errors::not_found, "there is no such order");
}
}  // namespace

Awaitable<Result<ReleaseOutcome>> release_orders(Context& ctx, const ReleaseOrders& in) {
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<ReleaseOutcome>> {
        if (in.items.empty() || in.items.size() > bulk_max)
            co_return field_error(entrepot::errors::invalid_fields, "/items", "length",
                                  "1 to 500 orders are expected here");
        std::vector<OrderId> ids;
        for (const ReleaseItem& item : in.items)
            if (std::find(ids.begin(), ids.end(), item.order_id) == ids.end())
                ids.push_back(item.order_id);
        if (ids.size() != in.items.size())
            co_return field_error(entrepot::errors::invalid_fields, "/items", "repeated",
                                  "each order is named once");
        const auto subjects = co_await load(ctx, tx, ids);
        ReleaseOutcome out;
        std::vector<NewShipment> made;
        std::vector<ShipmentRef> refs;
        for (const ReleaseItem& item : in.items) {
            const auto subject = subjects.find(item.order_id.value);
            auto shipment = subject == subjects.end() ? Result<NewShipment>(no_such_order())
                                                      : shipment_of(ctx, subject->second, item);
            if (shipment.has_error()) {
                out.refused.push_back({item.order_id, std::string(shipment.error().code.name),
                                       shipment.error().detail});
                continue;
            }
            out.released.push_back({item.order_id, shipment->id});
            refs.push_back({shipment->id, shipment->order_id, shipment->shop_id});
            made.push_back(std::move(*shipment));
        }
        write_new(tx, ctx.now(), ctx.actor.name, made);
        emit_shipments(tx, ctx, shipment_released, std::move(refs));
        audit::done(tx, ctx, {"fulfil.released", "orders", "", json::to_json(out)});
        co_return out;
    };
    co_return co_await ctx.db().transaction(ctx.tenant, body);
}

}  // namespace entrepot::fulfil
