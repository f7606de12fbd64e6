// What dispatch has to do with a buyer, and nothing more.
#include "modules/fulfil/buyer.hpp"

#include "platform/json/reader.hpp"

namespace entrepot::fulfil {
namespace {
struct ErasedCapsule {
    OrderId order_id;
};
BOOST_DESCRIBE_STRUCT(ErasedCapsule, (), (order_id))

bool is_being_sent(ShipmentState state) {
    return state == ShipmentState::released || state == ShipmentState::confirming ||
           state == ShipmentState::shipped || state == ShipmentState::failed;
}
/// The order of a shipment that somebody still sends.
Awaitable<Result<OrderId>> order_being_sent(Context& ctx, const WhichShipment& in) {
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<OrderId>> {
        const auto row = co_await shipment_row(tx, ctx.shop_scope(), in.id);
        if (!row) co_return no_such_shipment();
        if (!is_being_sent(row->state))
            co_return make_error(errors::nobody_ships, "the shipment is not on its way any more");
        const std::vector<OrderId> only{row->order_id};
        const auto order =
            co_await orders::dispatch_orders(tx, std::nullopt, only, orders::Locking::none);
        ensure(order.size() == 1, "a shipment without its order");
        if (order.front().pii_state == "not_granted")
            co_return make_error(errors::not_granted,
                                 "the marketplace gave no address: the application lacks the role "
                                 "for buyer data, or the order has none");
        co_return row->order_id;
    };
    co_return co_await ctx.db().transaction(ctx.tenant, body, pg::Access::read_only);
}

vault::Ask ask_for(OrderId order, const WhichShipment& in) {
    return {order, vault::Reason::fulfilment, "shipment", in.id.text()};
}
}  // namespace

Awaitable<Result<vault::Revealed>> reveal_recipient(Context& ctx, const WhichShipment& in) {
    CO_TRY(const OrderId order, co_await order_being_sent(ctx, in));
    co_return co_await vault::reveal(ctx, ask_for(order, in));
}

Awaitable<Result<http::Response>> print_pack_slip(Context& ctx, const WhichShipment& in) {
    CO_TRY(const OrderId order, co_await order_being_sent(ctx, in));
    CO_TRY(const ShipmentDetail shipment, co_await get_shipment(ctx, in));
    vault::SlipText text{shipment.shop_name,
                         shipment.channel_order_id,
                         std::chrono::floor<std::chrono::days>(shipment.ordered_at),
                         shipment.ship_country,
                         {}};
    for (const ShipmentLine& line : shipment.lines)
        text.lines.push_back({line.seller_sku, line.title, line.quantity});
    CO_TRY(const vault::PackSlip slip,
           co_await vault::pack_slip(ctx, ask_for(order, in), std::move(text)));
    http::Response response;
    response.content_type = "application/pdf";
    // Shown, not saved: the file would be personal data on a disk that nobody clears.
    response.headers.emplace_back("content-disposition", "inline; filename=\"pack-slip.pdf\"");
    response.body = slip.answer();
    co_return response;
}

Awaitable<void> move_clock(Context& ctx, pg::Transaction& tx, const std::vector<jobs::Job>& work) {
    std::vector<ShipmentId> ids;
    for (const jobs::Job& job : work) {
        const auto read = json::read_document<ShipmentEvent>(job.payload);
        ensure(read.has_value(), "payload of a shipment's event");
        for (const ShipmentRef& shipment : read->shipments) ids.push_back(shipment.shipment_id);
    }
    for (const ShipmentFacts& facts : co_await shipment_facts(tx, ids)) {
        if (facts.shipped_at)
            co_await vault::note_shipped(tx, ctx, facts.order_id, *facts.shipped_at);
        if (facts.delivered_at)
            co_await vault::note_delivered(tx, ctx, facts.order_id, *facts.delivered_at);
    }
}

Awaitable<void> note_erased(Context&, pg::Transaction& tx, const std::vector<jobs::Job>& work) {
    for (const jobs::Job& job : work) {
        const auto read = json::read_document<ErasedCapsule>(job.payload);
        ensure(read.has_value(), "payload of vault.erased");
        co_await orders::note_pii_state(tx, read->order_id, "erased");
    }
}

}  // namespace entrepot::fulfil
