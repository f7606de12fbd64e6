// Which kind an order is of, where each amount belongs, and what its lines count.
#include "channel/csv/order_builder.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace entrepot::csv {
namespace {
using orders::LineKind;
using orders::OrderKind;
using orders::OrderState;

/// What a column is called in this file; its field's name when none is mapped.
std::string column_of(const Settings& settings, Field field) {
    const auto found = settings.mapping.find(std::string(field_name(field)));
    return found == settings.mapping.end() ? std::string(field_name(field)) : found->second;
}

OrderKind kind_of(const std::vector<Line>& lines, const Rules& rules) {
    const OrderKind by_prefix = kind_by_prefix(rules, lines.front().order_number);
    if (by_prefix != OrderKind::sale) return by_prefix;
    const bool priceless = std::all_of(lines.begin(), lines.end(), [](const Line& line) {
        return line.item_minor == 0 && (!line.unit_price || line.unit_price->is_zero());
    });
    if (priceless && rules.priceless_is_adjustment) return OrderKind::adjustment;
    const bool negative =
        std::all_of(lines.begin(), lines.end(), [](const Line& line) { return line.quantity < 0; });
    return negative && rules.negative_is_cancellation ? OrderKind::cancellation : OrderKind::sale;
}

LineKind line_kind(const Line& line, OrderKind order, const Rules& rules) {
    const LineKind by_sku = kind_of_sku(rules, line.sku);
    // Goods that move without being sold are no units sold.
    return by_sku == LineKind::goods && order == OrderKind::adjustment ? LineKind::adjustment
                                                                       : by_sku;
}

orders::Amounts amounts_of(const Line& line, LineKind kind) {
    orders::Amounts out;
    switch (kind) {
        case LineKind::goods:
            out.item = line.item_minor;
            break;
        case LineKind::postage:
            out.shipping = line.item_minor;
            break;
        case LineKind::discount:
            out.discount = -line.item_minor;
            break;
        case LineKind::fee:
        case LineKind::gift_card:
        case LineKind::adjustment:
            out.other = line.item_minor;
            break;
    }
    return out;
}

orders::IncomingLine incoming_line(const Line& line, std::size_t position, LineKind kind,
                                   OrderState state) {
    orders::IncomingLine out;
    out.channel_line_id = line.line_id.empty() ? std::to_string(position + 1) : line.line_id;
    out.seller_sku = line.sku;
    out.title = line.title;
    out.kind = kind;
    out.quantity_ordered = line.quantity;
    const bool went_out = state == OrderState::shipped || state == OrderState::delivered;
    if (went_out && line.quantity > 0) out.quantity_shipped = line.quantity;
    if (state == OrderState::cancelled) out.quantity_cancelled = line.quantity;
    out.unit_price = line.unit_price;
    out.amounts = amounts_of(line, kind);
    return out;
}

/// A charge of the whole order: the one value that its rows give, on the first line.
std::int64_t order_charge(const std::vector<Line>& lines,
                          std::optional<std::int64_t> Line::* charge, const std::string& column,
                          std::vector<Fault>& faults) {
    std::optional<std::int64_t> value;
    for (const Line& line : lines) {
        if (!(line.*charge)) continue;
        if (value && *value != *(line.*charge))
            faults.push_back({line.row, column, faults::charge_differs});
        if (!value) value = line.*charge;
    }
    return value.value_or(0);
}

void add_charges(orders::IncomingOrder& order, const std::vector<Line>& lines,
                 const Settings& settings, std::vector<Fault>& faults) {
    if (settings.charges == Charges::per_order) {
        orders::Amounts& first = order.lines.front().amounts;
        first.tax += order_charge(lines, &Line::tax_minor, column_of(settings, Field::tax), faults);
        first.shipping += order_charge(lines, &Line::shipping_minor,
                                       column_of(settings, Field::shipping), faults);
        first.discount += order_charge(lines, &Line::discount_minor,
                                       column_of(settings, Field::discount), faults);
        return;
    }
    for (std::size_t i = 0; i < lines.size(); ++i) {
        orders::Amounts& amounts = order.lines[i].amounts;
        amounts.tax += lines[i].tax_minor.value_or(0);
        amounts.shipping += lines[i].shipping_minor.value_or(0);
        amounts.discount += lines[i].discount_minor.value_or(0);
    }
}

const std::string& first_filled(const std::vector<Line>& lines, std::string Line::* member) {
    for (const Line& line : lines)
        if (!(line.*member).empty()) return line.*member;
    return lines.front().*member;
}
}  // namespace

std::optional<orders::IncomingOrder> build_order(const std::vector<Line>& lines,
                                                 const Settings& settings,
                                                 const std::string& default_marketplace,
                                                 std::vector<Fault>& faults) {
    const std::size_t faults_before = faults.size();
    orders::IncomingOrder out;
    out.channel_order_id = lines.front().order_number;
    out.kind = kind_of(lines, settings.rules);
    out.channel_state = first_filled(lines, &Line::state);
    // A table without states is a history: what stands in it has left the house.
    out.state = out.channel_state.empty() ? OrderState::shipped : order_state(out.channel_state);
    out.fulfilled_by = orders::FulfilledBy::merchant;
    const std::string& marketplace = first_filled(lines, &Line::marketplace);
    out.marketplace_id = marketplace.empty() ? default_marketplace : marketplace;
    const std::string& country = first_filled(lines, &Line::country);
    if (!country.empty()) out.ship_country = country;
    out.currency = lines.front().currency;
    out.ordered_at = lines.front().ordered_at;
    // Files have no moment of change: the last moment of the order keeps the same file the same.
    out.channel_updated_at = lines.front().ordered_at;
    std::int64_t total = 0;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const Line& line = lines[i];
        out.ordered_at = std::min(out.ordered_at, line.ordered_at);
        out.channel_updated_at = std::max(out.channel_updated_at, line.ordered_at);
        if (line.currency != *out.currency)
            faults.push_back(
                {line.row, column_of(settings, Field::currency), faults::currency_differs});
        const LineKind kind = line_kind(line, out.kind, settings.rules);
        out.lines.push_back(incoming_line(line, i, kind, out.state));
    }
    add_charges(out, lines, settings, faults);
    for (const orders::IncomingLine& line : out.lines) total += line.amounts.total();
    out.grand_total = total;
    if (faults.size() != faults_before) return std::nullopt;
    return out;
}

}  // namespace entrepot::csv
