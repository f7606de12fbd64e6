// What people do with a shipment. The order is locked first, then the shipment: the same order
// everywhere, so that nobody waits in a circle.
#include <algorithm>

#include "base/text.hpp"
#include "modules/fulfil/service.hpp"
#include "modules/shops/shops.hpp"
#include "platform/audit/audit.hpp"
#include "platform/json/writer.hpp"

namespace entrepot::fulfil {
namespace {
constexpr std::size_t reason_max = 500;
constexpr auto clock_leeway = std::chrono::minutes(10);

/// A shipment under change, with its order; both locked.
struct Subject {
    ShipmentRow row;
    ShipmentStanding standing;
    orders::DispatchOrder order;
};

Awaitable<Result<Subject>> lock(Context& ctx, pg::Transaction& tx, ShipmentId id,
                                std::optional<std::int64_t> version) {
    const auto seen = co_await shipment_row(tx, ctx.shop_scope(), id);
    if (!seen) co_return no_such_shipment();
    // Before the order, as imports lock them: an order of our own is written through the ingest.
    shops::keep_mappings(tx, seen->shop_id);
    const std::vector<OrderId> only{seen->order_id};
    auto found =
        co_await orders::dispatch_orders(tx, std::nullopt, only, orders::Locking::for_update);
    ensure(found.size() == 1, "a shipment without its order");
    auto row = co_await lock_shipment(tx, id);
    ensure(row.has_value(), "a shipment that was there is gone");
    if (version && *version != row->version)
        co_return make_error(entrepot::errors::version_conflict,
                             "the shipment was changed meanwhile; load it again");
    const std::vector<ShipmentRow> rows{*row};
    auto standing = co_await standings(tx, rows);
    co_return Subject{std::move(*row), std::move(standing.front()), std::move(found.front())};
}

void audit_act(pg::Transaction& tx, const Context& ctx, std::string_view act,
               const ShipmentRow& row) {
    audit::done(tx, ctx,
                {act, "shipment", row.id.text(), R"({"order_id":")" + row.order_id.text() + "\"}"});
}

std::string carrier_of(const ShipmentRow& row) {
    return row.carrier_name.empty() ? row.carrier_code : row.carrier_name;
}

/// An order without a channel: the parcel is written into the order, and that is that.
Awaitable<Result<bool>> ship_own(Context& ctx, pg::Transaction& tx, const Subject& subject) {
    const ShipmentRow& row = subject.row;
    orders::SentParcel parcel{std::to_string(row.reference),
                              carrier_of(row),
                              row.tracking_number,
                              row.ship_date.value_or(ctx.now()),
                              {}};
    for (const LineQuantity& line : subject.standing.lines)
        parcel.quantities.emplace_back(line.line_no, line.quantity);
    CO_TRY_VOID(co_await orders::note_parcel(ctx, tx, row.order_id, parcel));
    if (row.state == ShipmentState::shipped) co_return true;
    write_state(tx, {row.id, ShipmentState::shipped, false, {}, ctx.now(), {}, {}}, ctx.now());
    emit_shipments(tx, ctx, shipment_shipped, {ref_of(row)});
    co_return true;
}

/// The channel is told, or told again after a correction.
void ask_channel(Context& ctx, pg::Transaction& tx, const Subject& subject) {
    const ShipmentRow& row = subject.row;
    std::int64_t reference = row.reference;
    const auto taken = [&](const orders::DispatchParcel& parcel) {
        return parcel.reference == std::to_string(reference) &&
               parcel.tracking_number != row.tracking_number;
    };
    // Somebody has sent a parcel past us under this number; ours would overwrite it.
    if (!row.shipped_at &&
        std::any_of(subject.order.parcels.begin(), subject.order.parcels.end(), taken))
        reference = next_reference(row.reference, subject.order.parcels);
    write_asked(tx, row.id, reference, ctx.now());
    emit_shipments(tx, ctx, confirmation_wanted, {ref_of(row)});
}

Awaitable<Result<bool>> send(Context& ctx, pg::Transaction& tx, const Subject& subject) {
    if (subject.order.own) co_return co_await ship_own(ctx, tx, subject);
    ask_channel(ctx, tx, subject);
    co_return true;
}
}  // namespace

Awaitable<Result<ShipmentDetail>> enter_dispatch(Context& ctx, const EnterDispatch& in) {
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<ShipmentDetail>> {
        CO_TRY(Subject subject, co_await lock(ctx, tx, in.id, in.if_match));
        const DispatchInput input{in.carrier_code, in.carrier_name, in.shipping_method,
                                  in.tracking_number, in.ship_date};
        CO_TRY(const Dispatch dispatch,
               checked_dispatch(input, subject.order.ordered_at, ctx.now()));
        if (auto refusal = why_not_enter(subject.standing)) co_return std::move(*refusal);
        write_dispatch(tx, in.id, dispatch, ctx.now());
        audit_act(tx, ctx, "fulfil.dispatch_entered", subject.row);
        if (subject.row.state == ShipmentState::shipped) {
            subject.row.carrier_code = dispatch.carrier_code;
            subject.row.carrier_name = dispatch.carrier_name;
            subject.row.tracking_number = dispatch.tracking_number;
            subject.row.ship_date = dispatch.ship_date;
            CO_TRY_VOID(co_await send(ctx, tx, subject));
        }
        co_return co_await shipment_detail(ctx, tx, in.id);
    };
    co_return co_await ctx.db().transaction(ctx.tenant, body);
}

Awaitable<Result<ShipmentDetail>> confirm_shipment(Context& ctx, const ConfirmShipment& in) {
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<ShipmentDetail>> {
        CO_TRY(const Subject subject, co_await lock(ctx, tx, in.id, in.if_match));
        if (auto refusal = why_not_confirm(subject.standing, subject.order))
            co_return std::move(*refusal);
        CO_TRY_VOID(co_await send(ctx, tx, subject));
        audit_act(tx, ctx, "fulfil.confirmation_asked", subject.row);
        co_return co_await shipment_detail(ctx, tx, in.id);
    };
    co_return co_await ctx.db().transaction(ctx.tenant, body);
}

Awaitable<Result<ShipmentDetail>> deliver_shipment(Context& ctx, const DeliverShipment& in) {
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<ShipmentDetail>> {
        CO_TRY(const Subject subject, co_await lock(ctx, tx, in.id, in.if_match));
        if (auto refusal = why_not_deliver(subject.standing)) co_return std::move(*refusal);
        const ShipmentRow& row = subject.row;
        const Instant given = in.delivered_at.value_or(ctx.now());
        if (given > ctx.now() + clock_leeway)
            co_return field_error(entrepot::errors::invalid_fields, "/delivered_at", "in_future",
                                  "what has arrived is not in the future");
        const Instant at = std::min(given, ctx.now());
        if (at < row.ship_date.value_or(at))
            co_return field_error(entrepot::errors::invalid_fields, "/delivered_at",
                                  "before_shipping", "nothing arrives before it was sent");
        write_state(
            tx, {row.id, ShipmentState::delivered, row.counts, {}, {}, at, DeliveredSource::hand},
            ctx.now());
        emit_shipments(tx, ctx, shipment_delivered, {ref_of(row)});
        if (subject.order.own)
            CO_TRY_VOID(co_await orders::note_parcel_delivered(ctx, tx, row.order_id,
                                                               std::to_string(row.reference), at));
        audit_act(tx, ctx, "fulfil.delivered", row);
        co_return co_await shipment_detail(ctx, tx, in.id);
    };
    co_return co_await ctx.db().transaction(ctx.tenant, body);
}

Awaitable<Result<ShipmentDetail>> cancel_shipment(Context& ctx, const CancelShipment& in) {
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<ShipmentDetail>> {
        const std::string reason(text::trim(in.reason));
        if (reason.empty() || text::length(reason) > reason_max)
            co_return field_error(entrepot::errors::invalid_fields, "/reason", "length",
                                  "1 to 500 characters are expected here");
        CO_TRY(const Subject subject, co_await lock(ctx, tx, in.id, in.if_match));
        if (auto refusal = why_not_cancel(subject.standing)) co_return std::move(*refusal);
        write_state(tx, {in.id, ShipmentState::cancelled, false, reason, {}, {}, {}}, ctx.now());
        audit_act(tx, ctx, "fulfil.cancelled", subject.row);
        co_return co_await shipment_detail(ctx, tx, in.id);
    };
    co_return co_await ctx.db().transaction(ctx.tenant, body);
}

}  // namespace entrepot::fulfil
