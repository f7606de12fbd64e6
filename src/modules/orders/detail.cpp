// Puts one order together.
#include "modules/orders/detail.hpp"

#include <unordered_map>

#include "modules/catalog/catalog.hpp"
#include "modules/orders/acts.hpp"
#include "modules/orders/by_hand.hpp"

namespace entrepot::orders {
namespace {

Amounts amounts_of(const LineRow& line) {
    return {line.item_minor, line.shipping_minor, line.gift_wrap_minor,
            line.tax_minor,  line.discount_minor, line.other_minor};
}
Amounts amounts_of(const OrderRow& order) {
    return {order.item_minor, order.shipping_minor, order.gift_wrap_minor,
            order.tax_minor,  order.discount_minor, order.other_minor};
}

LineState state_of(const LineRow& line) {
    if (line.quantity_cancelled != 0 && line.quantity_cancelled >= line.quantity_ordered)
        return LineState::cancelled;
    if (line.quantity_shipped == 0) return LineState::open;
    return line.quantity_shipped + line.quantity_cancelled >= line.quantity_ordered
               ? LineState::shipped
               : LineState::partially_shipped;
}

LineAmounts view_of(const Amounts& a, const Currency& c) {
    return {{a.item, c},     {a.shipping, c}, {a.gift_wrap, c}, {a.tax, c},
            {a.discount, c}, {a.other, c},    {a.total(), c}};
}

OrderMoney money_view(const OrderRow& order, const Currency& c) {
    const Amounts a = amounts_of(order);
    const std::int64_t grand_total = order.grand_total_minor.value_or(a.total());
    return {{a.item, c},     {a.shipping, c}, {a.gift_wrap, c}, {a.tax, c},
            {a.discount, c}, {a.other, c},    {grand_total, c}, grand_total == a.total()};
}

using SkuCodes = std::unordered_map<Uuid, std::string>;

Awaitable<SkuCodes> codes_of(pg::Transaction& tx, const std::vector<LineRow>& lines) {
    std::vector<SkuId> ids;
    for (const LineRow& line : lines)
        if (line.sku_id) ids.push_back(*line.sku_id);
    SkuCodes out;
    if (ids.empty()) co_return out;
    for (auto& sku : co_await catalog::sku_names(tx, ids))
        out.emplace(sku.id.value, std::move(sku.code));
    co_return out;
}

LineView view_of(LineRow& line, const std::optional<Currency>& currency, const SkuCodes& codes) {
    LineView out;
    out.id = line.order_id.text() + '/' + std::to_string(line.line_no);
    out.line_no = line.line_no;
    out.channel_line_id = std::move(line.channel_line_id);
    out.seller_sku = std::move(line.seller_sku);
    out.sku_id = line.sku_id;
    if (line.sku_id) out.sku = codes.at(line.sku_id->value);
    out.title = std::move(line.title);
    out.kind = line.kind;
    out.quantity_ordered = line.quantity_ordered;
    out.quantity_shipped = line.quantity_shipped;
    out.quantity_cancelled = line.quantity_cancelled;
    if (currency) out.amounts.value = view_of(amounts_of(line), *currency);
    if (currency && line.unit_price)
        out.unit_price.value =
            UnitPrice{price_text(*line.unit_price, *currency), std::string(currency->code())};
    out.state = state_of(line);
    return out;
}

OrderDetail header_of(OrderRow& order, const shops::Names& names) {
    OrderDetail out;
    out.id = order.id;
    out.shop_id = order.shop_id;
    out.shop_name = names.shop(order.shop_id);
    out.channel_order_id = std::move(order.channel_order_id);
    out.kind = order.kind;
    out.ordered_at = order.ordered_at;
    out.updated_at = order.updated_at;
    out.channel_updated_at = order.channel_updated_at;
    out.state = order.state;
    out.channel_state = std::move(order.channel_state);
    out.fulfilled_by = order.fulfilled_by;
    out.marketplace_name = names.marketplace(order.shop_id, order.marketplace_id);
    out.marketplace_id = std::move(order.marketplace_id);
    out.ship_country = std::move(order.ship_country);
    out.line_count = order.line_count;
    out.unit_count = order.unit_count;
    out.grand_total = money_of(order.currency, order.grand_total_minor);
    out.held = order.held;
    out.exception_count = order.exception_count;
    out.tags = std::move(order.tags);
    out.windows = {order.ship_by_from, order.ship_by_to, order.deliver_by_from,
                   order.deliver_by_to};
    out.programs = std::move(order.programs);
    if (order.held)
        out.hold = HoldView{order.hold_reason.value_or(""), order.hold_by.value_or(""),
                            order.hold_at.value_or(order.updated_at)};
    const std::string origin = is_own_channel(order.source_channel) ? order.source_channel
                               : order.source_import_id             ? "import"
                                                                    : "sync";
    out.source = {std::move(order.source_channel),
                  std::move(order.source_operation),
                  std::move(order.source_request_id),
                  order.source_received_at,
                  origin,
                  order.source_import_id};
    out.pii_state = std::move(order.pii_state);
    out.version = order.version;
    return out;
}
}  // namespace

Error no_such_order() {
    return make_error(entrepot::errors::not_found, "there is no such order");
}

std::string price_text(Decimal price, const Currency& currency) {
    const auto whole = Money::parse(price.text(), currency);
    return whole ? whole->amount() : price.text();
}

Awaitable<Result<OrderDetail>> order_detail(Context& ctx, pg::Transaction& tx, OrderId id) {
    auto order = co_await order_row(tx, ctx.shop_scope(), id);
    if (!order) co_return no_such_order();
    const auto currency = order->currency ? Currency::parse(*order->currency) : std::nullopt;
    const auto actions = allowed_actions(*order, ctx.rights.permissions);
    const shops::Names names = co_await shops::names(ctx, tx);
    OrderDetail out = header_of(*order, names);
    out.allowed_actions = actions;
    if (currency) out.money.value = money_view(*order, *currency);
    const std::vector<OrderId> only{id};
    std::vector<LineRow> lines = co_await line_rows(tx, only);
    const SkuCodes codes = co_await codes_of(tx, lines);
    for (LineRow& line : lines) out.lines.push_back(view_of(line, currency, codes));
    out.packages = co_await package_rows(tx, id);
    out.notes = co_await note_rows(tx, id);
    out.history = co_await history_rows(tx, id);
    out.exceptions = co_await exception_rows(tx, id);
    co_return out;
}

Awaitable<Result<OrderDetail>> get_order(Context& ctx, const OrderRef& in) {
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<OrderDetail>> {
        co_return co_await order_detail(ctx, tx, in.id);
    };
    co_return co_await ctx.db().transaction(ctx.tenant, body, pg::Access::read_only);
}

}  // namespace entrepot::orders
