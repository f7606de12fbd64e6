// What dispatch has to do with a buyer, and nothing more.
#include "modules/fulfil/buyer.hpp"

#include <algorithm>

#include "modules/fulfil/decoy.hpp"
#include "platform/json/reader.hpp"

namespace entrepot::fulfil {
namespace {
struct OrderEvent {
    OrderId order_id;
};
BOOST_DESCRIBE_STRUCT(OrderEvent, (), (order_id))

bool is_being_sent(ShipmentState state) {
    return state == ShipmentState::released || state == ShipmentState::confirming ||
           state == ShipmentState::shipped || state == ShipmentState::failed;
}
/// The shipment, when somebody still sends it and there may be an address.
Awaitable<Result<ShipmentDetail>> being_sent(Context& ctx, pg::Transaction& tx, ShipmentId id) {
    CO_TRY(ShipmentDetail shipment, co_await shipment_detail(ctx, tx, id));
    if (!is_being_sent(shipment.state))
        co_return make_error(errors::nobody_ships, "the shipment is not on its way any more");
    if (shipment.pii_state == "not_granted")
        co_return make_error(errors::not_granted,
                             "the marketplace gave no address: the application lacks the role for "
                             "buyer data, or the order has none");
    co_return shipment;
}

Awaitable<Result<ShipmentDetail>> being_sent(Context& ctx, ShipmentId id) {
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<ShipmentDetail>> {
        co_return co_await being_sent(ctx, tx, id);
    };
    co_return co_await ctx.db().transaction(ctx.tenant, body, pg::Access::read_only);
}

/// All of them; else an error with a field for each that has no slip.
Awaitable<Result<std::vector<ShipmentDetail>>> all_being_sent(Context& ctx,
                                                              const std::vector<ShipmentId>& ids) {
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<std::vector<ShipmentDetail>>> {
        std::vector<ShipmentDetail> out;
        Error refused =
            make_error(vault::errors::not_all,
                       "some of these have no slip, so none was printed: leave them out");
        for (std::size_t i = 0; i < ids.size(); ++i) {
            auto shipment = co_await being_sent(ctx, tx, ids[i]);
            if (shipment.has_error())
                refused.fields.push_back({"/" + std::to_string(i),
                                          std::string(shipment.error().code.name),
                                          shipment.error().detail});
            else
                out.push_back(std::move(*shipment));
        }
        if (!refused.fields.empty()) co_return refused;
        co_return std::move(out);
    };
    co_return co_await ctx.db().transaction(ctx.tenant, body, pg::Access::read_only);
}

vault::Ask ask_for(const ShipmentDetail& shipment) {
    return {shipment.order_id, vault::Reason::fulfilment, "shipment", shipment.id.text()};
}

vault::SlipText slip_of(const ShipmentDetail& shipment) {
    vault::SlipText text{shipment.shop_name,
                         shipment.channel_order_id,
                         std::chrono::floor<std::chrono::days>(shipment.ordered_at),
                         shipment.ship_country,
                         {}};
    for (const ShipmentLine& line : shipment.lines)
        text.lines.push_back({line.seller_sku, line.title, line.quantity});
    return text;
}

Awaitable<Result<http::Response>> document_of(Context& ctx,
                                              const std::vector<ShipmentDetail>& shipments) {
    std::vector<vault::Ask> asks;
    std::vector<vault::SlipText> texts;
    for (const ShipmentDetail& shipment : shipments) {
        asks.push_back(ask_for(shipment));
        texts.push_back(slip_of(shipment));
    }
    CO_TRY(const vault::PackSlip slip,
           co_await vault::pack_slips(ctx, std::move(asks), std::move(texts)));
    http::Response response;
    response.content_type = "application/pdf";
    // Shown, not saved: the file would be personal data on a disk that nobody clears.
    response.headers.emplace_back("content-disposition", "inline; filename=\"pack-slip.pdf\"");
    response.body = slip.answer();
    co_return response;
}

/// The vault's places are places in the request.
Error in_request(Error error) {
    for (FieldError& field : error.fields) field.pointer = "/shipment_ids" + field.pointer;
    return error;
}
}  // namespace

Awaitable<Result<vault::Revealed>> reveal_recipient(Context& ctx, const WhichShipment& in) {
    CO_TRY(const ShipmentDetail shipment, co_await being_sent(ctx, in.id));
    co_return co_await vault::reveal(ctx, ask_for(shipment));
}

Awaitable<Result<http::Response>> print_pack_slip(Context& ctx, const WhichShipment& in) {
    CO_TRY(ShipmentDetail shipment, co_await being_sent(ctx, in.id));
    std::vector<ShipmentDetail> one;
    one.push_back(std::move(shipment));
    co_return co_await document_of(ctx, one);
}

Awaitable<Result<http::Response>> print_pack_slips(Context& ctx, const PrintPackSlips& in) {
    std::vector<ShipmentId> ids;
    for (const ShipmentId id : in.shipment_ids)
        if (std::find(ids.begin(), ids.end(), id) == ids.end()) ids.push_back(id);
    if (ids.empty() || ids.size() > vault::reveal_max)
        co_return field_error(entrepot::errors::invalid_fields, "/shipment_ids", "length",
                              "1 to 100 shipments are expected here");
    if (ids.size() != in.shipment_ids.size())
        co_return field_error(entrepot::errors::invalid_fields, "/shipment_ids", "repeated",
                              "each shipment is named once");
    const auto shipments = co_await all_being_sent(ctx, ids);
    if (shipments.has_error()) co_return in_request(shipments.error());
    auto printed = co_await document_of(ctx, *shipments);
    if (printed.has_error()) co_return in_request(std::move(printed).error());
    co_return printed;
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
        const auto read = json::read_document<OrderEvent>(job.payload);
        ensure(read.has_value(), "payload of vault.erased");
        co_await orders::note_pii_state(tx, read->order_id, "erased");
        remove_decoy(tx, read->order_id);
    }
}

Awaitable<void> want_recipients(Context& ctx, pg::Transaction& tx,
                                const std::vector<jobs::Job>& work) {
    std::vector<OrderId> ids;
    for (const jobs::Job& job : work) {
        const auto read = json::read_document<OrderEvent>(job.payload);
        ensure(read.has_value(), "payload of vault.fetch_wanted");
        ids.push_back(read->order_id);
    }
    const auto holdings = co_await vault::holdings(tx, ids);
    std::vector<ShipmentRef> refs;
    for (const LatestRow& row : co_await latest_shipments(tx, ids)) {
        // Nothing is fetched for the first time for a parcel that nobody sends.
        if (holdings.contains(row.order_id) || is_being_sent(row.state))
            refs.push_back({row.id, row.order_id, row.shop_id});
    }
    emit_shipments(tx, ctx, recipient_wanted, std::move(refs));
}

}  // namespace entrepot::fulfil
