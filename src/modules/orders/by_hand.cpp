// Cancelled, shipped, delivered: moves of orders that no channel will ever move.
#include "modules/orders/by_hand.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "modules/orders/event.hpp"
#include "modules/orders/ingest.hpp"
#include "modules/orders/people.hpp"
#include "modules/shops/shops.hpp"
#include "platform/audit/audit.hpp"

namespace entrepot::orders {
namespace {
constexpr std::size_t reason_max = 500;
constexpr std::size_t parcel_text_max = 100;
constexpr auto clock_leeway = std::chrono::minutes(10);

/// A move with its checked words; `change` makes the order what it is afterwards.
struct HandMove {
    OrderState to;
    std::string_view act;        ///< for the audit
    std::string_view operation;  ///< for the order's source
    std::string reason;
    std::function<void(IncomingOrder&)> change;
};

IncomingOrder as_incoming(const OrderRow& order, const std::vector<LineRow>& lines,
                          std::vector<PackageRow> packages) {
    IncomingOrder out;
    out.channel_order_id = order.channel_order_id;
    out.kind = order.kind;
    out.ordered_at = order.ordered_at;
    out.state = order.state;
    out.fulfilled_by = order.fulfilled_by;
    out.marketplace_id = order.marketplace_id;
    out.ship_country = order.ship_country;
    out.currency = order.currency;
    out.grand_total = order.grand_total_minor;
    out.programs = order.programs;
    out.ship_by_from = order.ship_by_from;
    out.ship_by_to = order.ship_by_to;
    out.deliver_by_from = order.deliver_by_from;
    out.deliver_by_to = order.deliver_by_to;
    for (const LineRow& line : lines)
        out.lines.push_back({line.channel_line_id,
                             line.seller_sku,
                             line.title,
                             line.kind,
                             line.quantity_ordered,
                             line.quantity_shipped,
                             line.quantity_cancelled,
                             line.unit_price,
                             {line.item_minor, line.shipping_minor, line.gift_wrap_minor,
                              line.tax_minor, line.discount_minor, line.other_minor}});
    for (PackageRow& p : packages)
        out.packages.push_back({std::move(p.reference), std::move(p.carrier),
                                std::move(p.tracking_number), std::move(p.status), p.shipped_at,
                                p.delivered_at});
    return out;
}

/// The order as it would come in from a channel that says what the person says goes through the
/// same door, so that exceptions, sums and facts follow as they always do. The order is locked.
Awaitable<void> store_move(Context& ctx, pg::Transaction& tx, const OrderRow& order,
                           const HandMove& move) {
    const std::vector<OrderId> only{order.id};
    const auto lines = co_await line_rows(tx, only);
    IncomingOrder next = as_incoming(order, lines, co_await package_rows(tx, order.id));
    next.state = move.to;
    next.channel_state = state_name(move.to);
    next.channel_updated_at = std::max(ctx.now(), order.channel_updated_at);
    move.change(next);
    IngestSource source{
        order.shop_id, order.source_channel,  std::string(move.operation), ctx.request_id,
        ctx.now(),     order.source_import_id};
    source.by = ctx.actor.name;
    source.reason = move.reason;
    const std::vector<IncomingOrder> batch{std::move(next)};
    const StoredBatch stored = co_await store_batch(ctx, tx, source, batch);
    ensure(stored.outcome.stale == 0, "a move by hand is the newest word");
    if (stored.outcome.changed == 0) co_return;
    emit_orders(tx, ctx, orders_changed, only);
    emit_orders(tx, ctx, orders_moved, only);
    audit::done(tx, ctx, {move.act, "order", order.id.text(), "{}"});
}

Awaitable<Result<OrderDetail>> move_order(Context& ctx, pg::Transaction& tx, OrderId id,
                                          std::optional<std::int64_t> version,
                                          const HandMove& move) {
    const auto seen = co_await order_row(tx, ctx.shop_scope(), id);
    if (!seen) co_return no_such_order();
    // Before the order, as imports lock them.
    shops::keep_mappings(tx, seen->shop_id);
    CO_TRY_VOID(co_await order_to_change(ctx, tx, id, version));
    const auto order = co_await order_row(tx, ctx.shop_scope(), id);
    ensure(order.has_value(), "an order that is locked is there");
    if (auto refusal = why_not_move(move.to, *order)) co_return std::move(*refusal);
    co_await store_move(ctx, tx, *order, move);
    co_return co_await order_detail(ctx, tx, id);
}

/// One more than the highest number that a parcel has.
std::string next_reference(const std::vector<IncomingPackage>& packages) {
    std::int64_t highest = 0;
    for (const IncomingPackage& package : packages)
        highest = std::max(highest, text::parse_int(package.reference).value_or(0));
    return std::to_string(highest + 1);
}

void ship_rest(IncomingOrder& order) {
    for (IncomingLine& line : order.lines)
        line.quantity_shipped =
            std::max(line.quantity_shipped, line.quantity_ordered - line.quantity_cancelled);
}

Result<std::string> parcel_text(const std::optional<std::string>& in, const std::string& pointer) {
    if (!in) return std::string();
    return checked_text(*in, parcel_text_max, pointer);
}

Result<Instant> past_or_now(std::optional<Instant> at, Instant now, const std::string& pointer) {
    if (at.value_or(now) > now + clock_leeway)
        return field_error(entrepot::errors::invalid_fields, pointer, "in_future",
                           "what has happened is not in the future");
    return at.value_or(now);
}
}  // namespace

Awaitable<Result<OrderDetail>> cancel_order(Context& ctx, const CancelOrder& in) {
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<OrderDetail>> {
        CO_TRY(const std::string reason, checked_text(in.reason, reason_max, "/reason"));
        const HandMove move{OrderState::cancelled, "orders.cancelled", "POST /orders/{id}/cancel",
                            reason, [](IncomingOrder& order) {
                                for (IncomingLine& line : order.lines)
                                    line.quantity_cancelled =
                                        line.quantity_ordered - line.quantity_shipped;
                            }};
        co_return co_await move_order(ctx, tx, in.id, in.if_match, move);
    };
    co_return co_await ctx.db().transaction(ctx.tenant, body);
}

Awaitable<Result<OrderDetail>> ship_order(Context& ctx, const ShipOrder& in) {
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<OrderDetail>> {
        CO_TRY(const std::string carrier, parcel_text(in.carrier, "/carrier"));
        CO_TRY(const std::string tracking, parcel_text(in.tracking_number, "/tracking_number"));
        CO_TRY(const Instant at, past_or_now(in.shipped_at, ctx.now(), "/shipped_at"));
        const HandMove move{OrderState::shipped,
                            "orders.shipped",
                            "POST /orders/{id}/ship",
                            {},
                            [&](IncomingOrder& order) {
                                ship_rest(order);
                                const std::string reference = next_reference(order.packages);
                                order.packages.push_back(
                                    {reference, carrier, tracking, "shipped", at, std::nullopt});
                            }};
        co_return co_await move_order(ctx, tx, in.id, in.if_match, move);
    };
    co_return co_await ctx.db().transaction(ctx.tenant, body);
}

Awaitable<Result<OrderDetail>> deliver_order(Context& ctx, const DeliverOrder& in) {
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<OrderDetail>> {
        CO_TRY(const Instant at, past_or_now(in.delivered_at, ctx.now(), "/delivered_at"));
        const HandMove move{OrderState::delivered,
                            "orders.delivered",
                            "POST /orders/{id}/deliver",
                            {},
                            [&](IncomingOrder& order) {
                                ship_rest(order);
                                // The moment of delivery needs a parcel to stand on.
                                if (order.packages.empty())
                                    order.packages.push_back({"1", "", "", "", std::nullopt, {}});
                                for (IncomingPackage& package : order.packages) {
                                    package.status = "delivered";
                                    if (!package.delivered_at) package.delivered_at = at;
                                }
                            }};
        co_return co_await move_order(ctx, tx, in.id, in.if_match, move);
    };
    co_return co_await ctx.db().transaction(ctx.tenant, body);
}

namespace {
bool all_sent(const IncomingOrder& order) {
    return std::all_of(order.lines.begin(), order.lines.end(), [](const IncomingLine& line) {
        return line.kind != LineKind::goods ||
               line.quantity_shipped + line.quantity_cancelled >= line.quantity_ordered;
    });
}

/// Puts the parcel into the order; quantities count when the parcel is new to it.
void add_parcel(IncomingOrder& order, const SentParcel& sent, const std::vector<LineRow>& lines) {
    for (IncomingPackage& package : order.packages) {
        if (package.reference != sent.reference) continue;
        package.carrier = sent.carrier;
        package.tracking_number = sent.tracking_number;
        package.shipped_at = sent.shipped_at;
        return;
    }
    order.packages.push_back({sent.reference, sent.carrier, sent.tracking_number, "shipped",
                              sent.shipped_at, std::nullopt});
    for (const auto& [line_no, quantity] : sent.quantities)
        for (std::size_t i = 0; i < lines.size(); ++i)
            if (lines[i].line_no == line_no) order.lines[i].quantity_shipped += quantity;
    if (!all_sent(order)) return;
    // Postage and fees have gone with the goods.
    ship_rest(order);
}

Awaitable<Result<OrderRow>> own_order(pg::Transaction& tx, OrderId id) {
    const auto order = co_await order_row(tx, std::nullopt, id);
    if (!order) co_return no_such_order();
    if (!is_own_channel(order->source_channel))
        co_return make_error(errors::moved_by_channel,
                             "the state of this order comes from its channel, " +
                                 order->source_channel + "; nobody moves it by hand");
    co_return *order;
}
}  // namespace

Awaitable<Result<bool>> note_parcel(Context& ctx, pg::Transaction& tx, OrderId id,
                                    const SentParcel& parcel) {
    CO_TRY(const OrderRow order, co_await own_order(tx, id));
    const std::vector<OrderId> only{id};
    const auto lines = co_await line_rows(tx, only);
    IncomingOrder next = as_incoming(order, lines, co_await package_rows(tx, id));
    add_parcel(next, parcel, lines);
    const bool known = next.packages.size() == (co_await package_rows(tx, id)).size();
    const OrderState to = known            ? order.state
                          : all_sent(next) ? OrderState::shipped
                                           : OrderState::partially_shipped;
    if (to != order.state)
        if (auto refusal = why_not_move(to, order)) co_return std::move(*refusal);
    if (order.held) co_return make_error(errors::held, "the order is held; release it first");
    co_await store_move(ctx, tx, order,
                        {to, "orders.shipped", "fulfil", {}, [&](IncomingOrder& out) {
                             add_parcel(out, parcel, lines);
                         }});
    co_return true;
}

Awaitable<Result<bool>> note_parcel_delivered(Context& ctx, pg::Transaction& tx, OrderId id,
                                              const std::string& reference, Instant at) {
    CO_TRY(const OrderRow order, co_await own_order(tx, id));
    bool last = order.state == OrderState::shipped;
    for (const PackageRow& row : co_await package_rows(tx, id))
        last = last && (row.delivered_at || row.reference == reference);
    const auto arrive = [&](IncomingOrder& out) {
        for (IncomingPackage& package : out.packages) {
            if (package.reference != reference) continue;
            package.status = "delivered";
            package.delivered_at = at;
        }
    };
    co_await store_move(
        ctx, tx, order,
        {last ? OrderState::delivered : order.state, "orders.delivered", "fulfil", {}, arrive});
    co_return true;
}

}  // namespace entrepot::orders
