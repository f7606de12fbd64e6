// Lists, counts and one shipment, as people see them.
#include <algorithm>
#include <unordered_map>

#include "modules/fulfil/buyer_facts.hpp"
#include "modules/fulfil/decoy.hpp"
#include "modules/fulfil/service.hpp"
#include "modules/shops/shops.hpp"
#include "platform/http/cursor.hpp"
#include "platform/json/writer.hpp"

namespace entrepot::fulfil {
namespace {
constexpr std::int64_t limit_default = 50;
constexpr std::int64_t limit_max = 200;
constexpr std::int64_t waiting_count_max = 10'000;

Result<std::int64_t> checked_limit(const std::optional<std::int64_t>& limit) {
    const std::int64_t value = limit.value_or(limit_default);
    if (value < 1 || value > limit_max)
        return field_error(entrepot::errors::invalid_fields, "/limit", "out_of_range",
                           "a number from 1 to 200 is expected here");
    return value;
}

/// Shops asked for that the caller may see; nothing = every shop.
Scope shops_of(const Context& ctx, const std::optional<std::vector<ShopId>>& asked) {
    if (!asked) return ctx.shop_scope();
    std::vector<ShopId> out;
    for (const ShopId shop : *asked)
        if (ctx.rights.scope.allows(shop)) out.push_back(shop);
    return out;
}

std::string cursor_of(const Context& ctx, std::string_view list, Instant at, const Uuid& id) {
    std::string place;
    pg::wire::put<std::int64_t>(place, at.time_since_epoch().count());
    place.append(id.bytes.begin(), id.bytes.end());
    return http::write_cursor(ctx, list, place);
}

Result<std::optional<Position>> position_of(const Context& ctx, std::string_view list,
                                            const std::optional<std::string>& cursor) {
    if (!cursor) return std::optional<Position>();
    TRY(const std::string place, http::read_cursor(ctx, list, *cursor));
    ensure(place.size() == 24, "a sealed cursor of another form");
    Position out;
    out.at = Instant{std::chrono::microseconds{pg::wire::get<std::int64_t>(place)}};
    for (std::size_t i = 0; i < 16; ++i) out.id.bytes[i] = static_cast<std::uint8_t>(place[8 + i]);
    return std::optional(out);
}

std::string list_name(const ListSelection& s) {
    if (s.order) return "shipments of " + s.order->text();
    if (s.problems) return "shipments problems";
    return "shipments " + (s.state ? state_text(*s.state) : std::string("all"));
}

std::vector<std::string> allowed(const ShipmentStanding& standing,
                                 const orders::DispatchOrder& order, const PermissionSet& rights) {
    std::vector<std::string> out;
    if (!rights.has(Permission::shipments_write)) return out;
    if (!why_not_enter(standing)) out.emplace_back("enter");
    if (!why_not_confirm(standing, order)) out.emplace_back("confirm");
    if (!why_not_deliver(standing)) out.emplace_back("deliver");
    if (!why_not_cancel(standing)) out.emplace_back("cancel");
    return out;
}
}  // namespace

ShipmentSummary summary_of(ListRow row, const shops::Names& names) {
    ShipmentSummary out{};
    out.id = row.id;
    out.order_id = row.order_id;
    out.shop_id = row.shop_id;
    out.shop_name = names.shop(row.shop_id);
    out.channel_order_id = std::move(row.channel_order_id);
    out.reference = row.reference;
    out.state = row.state;
    out.carrier_code = std::move(row.carrier_code);
    out.carrier_name = std::move(row.carrier_name);
    out.shipping_method = std::move(row.shipping_method);
    out.tracking_number = std::move(row.tracking_number);
    out.ship_date = row.ship_date;
    out.released_at = row.released_at;
    out.released_by = std::move(row.released_by);
    out.shipped_at = row.shipped_at;
    out.delivered_at = row.delivered_at;
    out.delivered_source = row.delivered_source;
    out.detail = std::move(row.detail);
    out.units = row.units;
    out.order_state = row.order_state;
    out.order_held = row.order_held;
    out.ordered_at = row.ordered_at;
    out.ship_by_to = row.ship_by_to;
    out.ship_country = std::move(row.ship_country);
    out.first_sku = std::move(row.first_seller_sku);
    out.first_title = std::move(row.first_title);
    out.version = row.version;
    return out;
}

namespace {
/// Parcels that may still be packed together.
Awaitable<void> fill_same_address(Context& ctx, pg::Transaction& tx,
                                  std::vector<ShipmentSummary>& shipments) {
    std::vector<OrderId> to_pack;
    for (const ShipmentSummary& shipment : shipments)
        if (shipment.state == ShipmentState::released) to_pack.push_back(shipment.order_id);
    if (to_pack.empty()) co_return;
    const auto found = co_await same_addresses(ctx, tx, to_pack);
    for (ShipmentSummary& shipment : shipments) {
        const auto same = found.find(shipment.order_id);
        if (shipment.state == ShipmentState::released && same != found.end())
            shipment.same_address = static_cast<std::int64_t>(same->second.size());
    }
}
}  // namespace

Error no_such_shipment() {
    return make_error(entrepot::errors::not_found, "there is no such shipment");
}

ShipmentStanding standing_of(const ShipmentRow& row, std::vector<LineQuantity> lines) {
    return {row.state,
            row.reference,
            row.tracking_number,
            !row.carrier_code.empty() && !row.tracking_number.empty() && row.ship_date.has_value(),
            row.shipped_at.has_value(),
            row.counts,
            std::move(lines)};
}

Awaitable<std::vector<ShipmentStanding>> standings(pg::Transaction& tx,
                                                   const std::vector<ShipmentRow>& rows) {
    std::vector<ShipmentId> ids;
    for (const ShipmentRow& row : rows) ids.push_back(row.id);
    std::unordered_map<Uuid, std::vector<LineQuantity>> lines;
    for (const LineRow& line : co_await line_rows(tx, ids))
        lines[line.shipment_id.value].push_back({line.line_no, line.quantity});
    std::vector<ShipmentStanding> out;
    for (const ShipmentRow& row : rows)
        out.push_back(standing_of(row, std::move(lines[row.id.value])));
    co_return out;
}

ShipmentRef ref_of(const ShipmentRow& row) {
    return {row.id, row.order_id, row.shop_id};
}

void emit_shipments(pg::Transaction& tx, const Context& ctx, std::string_view event,
                    std::vector<ShipmentRef> shipments) {
    if (shipments.empty()) return;
    jobs::emit(tx, ctx, event, json::to_json(ShipmentEvent{std::move(shipments)}));
}

Awaitable<Result<ShipmentDetail>> shipment_detail(Context& ctx, pg::Transaction& tx,
                                                  ShipmentId id) {
    auto listed = co_await shipment_list_row(tx, ctx.shop_scope(), id);
    if (!listed) co_return co_await decoy_detail(ctx, tx, id);
    const auto row = co_await shipment_row(tx, ctx.shop_scope(), id);
    ensure(row.has_value(), "a shipment that was there is gone");
    const std::vector<OrderId> only{row->order_id};
    const auto order =
        co_await orders::dispatch_orders(tx, std::nullopt, only, orders::Locking::none);
    ensure(order.size() == 1, "a shipment without its order");
    const std::vector<ShipmentRow> rows{*row};
    const auto standing = co_await standings(tx, rows);
    const shops::Names names = co_await shops::names(ctx, tx);
    ShipmentDetail out;
    static_cast<ShipmentSummary&>(out) = summary_of(std::move(*listed), names);
    for (const LineQuantity& line : standing.front().lines) {
        ShipmentLine view{line.line_no, {}, {}, line.quantity};
        for (const orders::DispatchLine& of_order : order.front().lines) {
            if (of_order.line_no != line.line_no) continue;
            view.seller_sku = of_order.seller_sku;
            view.title = of_order.title;
        }
        out.lines.push_back(std::move(view));
    }
    out.pii_state = order.front().pii_state;
    if (out.state == ShipmentState::released) {
        auto same = co_await same_addresses(ctx, tx, only);
        out.same_address_orders = std::move(same[out.order_id]);
        out.same_address = static_cast<std::int64_t>(out.same_address_orders.size());
    }
    out.allowed_actions = allowed(standing.front(), order.front(), ctx.rights.permissions);
    co_return out;
}

Awaitable<Result<ShipmentDetail>> get_shipment(Context& ctx, const WhichShipment& in) {
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<ShipmentDetail>> {
        co_return co_await shipment_detail(ctx, tx, in.id);
    };
    co_return co_await ctx.db().transaction(ctx.tenant, body, pg::Access::read_only);
}

Awaitable<Result<http::Page<ShipmentSummary>>> shipments_page(Context& ctx,
                                                              const ListShipments& in) {
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<http::Page<ShipmentSummary>>> {
        CO_TRY(const std::int64_t limit, checked_limit(in.limit));
        ListSelection selection;
        selection.shops = shops_of(ctx, in.shop_id);
        selection.state = in.state;
        selection.order = in.order_id;
        selection.problems = in.problems.value_or(false);
        selection.limit = limit + 1;
        const std::string list = list_name(selection);
        CO_TRY(selection.after, position_of(ctx, list, in.cursor));
        auto rows = co_await with_decoys(tx, ctx, selection, co_await shipment_rows(tx, selection));
        const shops::Names names = co_await shops::names(ctx, tx);
        http::Page<ShipmentSummary> page;
        if (rows.size() > static_cast<std::size_t>(limit)) {
            rows.pop_back();
            page.next_cursor = cursor_of(ctx, list, rows.back().released_at, rows.back().id.value);
        }
        for (ListRow& row : rows) page.items.push_back(summary_of(std::move(row), names));
        co_await fill_same_address(ctx, tx, page.items);
        co_return page;
    };
    co_return co_await ctx.db().transaction(ctx.tenant, body, pg::Access::read_only);
}

Awaitable<Result<http::Page<WaitingOrder>>> waiting_orders(Context& ctx, const ListWaiting& in) {
    constexpr std::string_view list = "orders to release";
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<http::Page<WaitingOrder>>> {
        CO_TRY(const std::int64_t limit, checked_limit(in.limit));
        CO_TRY(const auto after, position_of(ctx, list, in.cursor));
        auto rows = co_await waiting_rows(tx, shops_of(ctx, in.shop_id), after, limit + 1);
        const shops::Names names = co_await shops::names(ctx, tx);
        http::Page<WaitingOrder> page;
        if (rows.size() > static_cast<std::size_t>(limit)) {
            rows.pop_back();
            page.next_cursor =
                cursor_of(ctx, list, rows.back().ordered_at, rows.back().order_id.value);
        }
        for (WaitingRow& row : rows)
            page.items.push_back({row.order_id, row.shop_id, names.shop(row.shop_id),
                                  std::move(row.channel_order_id), row.ordered_at, row.state,
                                  row.ship_by_to, std::move(row.ship_country), row.unit_count,
                                  row.line_count, std::move(row.first_seller_sku),
                                  std::move(row.first_title), row.exception_count});
        co_return page;
    };
    co_return co_await ctx.db().transaction(ctx.tenant, body, pg::Access::read_only);
}

Awaitable<Result<ShipmentCounts>> shipment_counts(Context& ctx, const CountShipments& in) {
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<ShipmentCounts>> {
        const Scope shops = shops_of(ctx, in.shop_id);
        ShipmentCounts out{};
        out.to_release = co_await waiting_count(tx, shops, waiting_count_max);
        out.to_release_exact = out.to_release <= waiting_count_max;
        out.to_release = std::min(out.to_release, waiting_count_max);
        for (const StateCount& row : co_await open_counts(tx, shops)) {
            if (row.state == ShipmentState::released) out.released = row.count;
            if (row.state == ShipmentState::confirming) out.confirming = row.count;
            if (row.state == ShipmentState::shipped) out.shipped = row.count;
        }
        out.problems = co_await problem_count(tx, shops);
        co_return out;
    };
    co_return co_await ctx.db().transaction(ctx.tenant, body, pg::Access::read_only);
}

}  // namespace entrepot::fulfil
