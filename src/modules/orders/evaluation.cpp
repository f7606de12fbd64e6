// Sums, hash and problems of one order. Pure.
#include "modules/orders/evaluation.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "modules/orders/state.hpp"
#include "platform/crypto/crypto.hpp"

namespace entrepot::orders {
namespace {

/// Every field with its length, so that no two contents share a text.
class Canonical {
public:
    void add(std::string_view text) {
        add(static_cast<std::int64_t>(text.size()));
        bytes_ += text;
    }
    void add(const std::string& text) { add(std::string_view(text)); }
    void add(std::int64_t number) {
        for (int shift = 0; shift < 64; shift += 8)
            bytes_.push_back(static_cast<char>(static_cast<std::uint64_t>(number) >> shift));
    }
    void add(Instant at) { add(static_cast<std::int64_t>(at.time_since_epoch().count())); }
    void add(Decimal number) { add(number.text()); }
    template <class E>
        requires std::is_enum_v<E>
    void add(E value) {
        add(static_cast<std::int64_t>(value));
    }
    template <class T>
    void add(const std::optional<T>& value) {
        bytes_.push_back(value ? 1 : 0);
        if (value) add(*value);
    }
    void add(const Amounts& a) {
        for (const std::int64_t part :
             {a.item, a.shipping, a.gift_wrap, a.tax, a.discount, a.other})
            add(part);
    }
    const std::string& bytes() const { return bytes_; }

private:
    std::string bytes_;
};

}  // namespace

Sums sums_of(const std::vector<IncomingLine>& lines) {
    Sums out;
    for (const IncomingLine& line : lines) {
        out.amounts.item += line.amounts.item;
        out.amounts.shipping += line.amounts.shipping;
        out.amounts.gift_wrap += line.amounts.gift_wrap;
        out.amounts.tax += line.amounts.tax;
        out.amounts.discount += line.amounts.discount;
        out.amounts.other += line.amounts.other;
        ++out.lines;
        if (line.kind == LineKind::goods) out.units += line.quantity_ordered;
    }
    return out;
}

std::optional<std::int64_t> grand_total_of(const IncomingOrder& order, const Sums& sums) {
    if (!order.currency) return std::nullopt;
    return order.grand_total.value_or(sums.amounts.total());
}

const IncomingLine* first_line_of(const IncomingOrder& order) {
    for (const IncomingLine& line : order.lines)
        if (line.kind == LineKind::goods) return &line;
    return order.lines.empty() ? nullptr : &order.lines.front();
}

std::string content_hash(const IncomingOrder& order) {
    Canonical out;
    out.add(order.kind);
    out.add(order.ordered_at);
    out.add(order.channel_state);
    out.add(order.state);
    out.add(order.fulfilled_by);
    out.add(order.marketplace_id);
    out.add(order.ship_country);
    out.add(order.currency);
    out.add(order.grand_total);
    out.add(static_cast<std::int64_t>(order.programs.size()));
    for (const auto& program : order.programs) out.add(program);
    for (const auto& at :
         {order.ship_by_from, order.ship_by_to, order.deliver_by_from, order.deliver_by_to})
        out.add(at);
    out.add(static_cast<std::int64_t>(order.lines.size()));
    for (const IncomingLine& line : order.lines) {
        out.add(line.channel_line_id);
        out.add(line.seller_sku);
        out.add(line.title);
        out.add(line.kind);
        out.add(line.quantity_ordered);
        out.add(line.quantity_shipped);
        out.add(line.quantity_cancelled);
        out.add(line.unit_price);
        out.add(line.amounts);
    }
    out.add(static_cast<std::int64_t>(order.packages.size()));
    for (const IncomingPackage& package : order.packages) {
        out.add(package.reference);
        out.add(package.carrier);
        out.add(package.tracking_number);
        out.add(package.status);
        out.add(package.shipped_at);
        out.add(package.delivered_at);
    }
    const auto digest = crypto::sha256(out.bytes());
    return std::string(digest.begin(), digest.end());
}

Move move_to(std::optional<OrderState> from, OrderState said) {
    if (!from || may_move(*from, said)) return {said, false};
    return {*from, true};
}

Problem unmapped(const std::string& seller_sku) {
    return {ExceptionKind::unmapped_sku, seller_sku,
            seller_sku.empty() ? "a line of goods has no SKU"
                               : "no mapping of this seller SKU held when the order was made"};
}

std::vector<Problem> problems_of(const IncomingOrder& order, const Sums& sums,
                                 std::optional<OrderState> from,
                                 const std::function<bool(const std::string&)>& mapped) {
    std::vector<Problem> out;
    const Move move = move_to(from, order.state);
    if (move.refused)
        out.push_back({ExceptionKind::illegal_transition,
                       std::string(boost::describe::enum_to_string(*from, "")) + " to " +
                           boost::describe::enum_to_string(order.state, ""),
                       "the channel says " + order.channel_state +
                           ", which cannot follow; our state was kept"});
    if (move.state == OrderState::unknown)
        out.push_back({ExceptionKind::unknown_state, order.channel_state,
                       "the channel's word for the state is not known"});
    if (order.currency && !Currency::parse(*order.currency))
        out.push_back({ExceptionKind::currency_unknown, *order.currency,
                       "the currency is not one of ISO 4217"});
    if (order.currency && order.grand_total && !order.lines.empty() &&
        *order.grand_total != sums.amounts.total())
        out.push_back({ExceptionKind::money_mismatch, "grand_total",
                       "the lines do not add up to the total that the channel states"});
    // Nobody picks or counts a cancelled order, so nobody needs to map its SKUs.
    if (move.state != OrderState::cancelled)
        for (const IncomingLine& line : order.lines)
            if (line.kind == LineKind::goods && !mapped(line.seller_sku))
                out.push_back(unmapped(line.seller_sku));
    const auto key = [](const Problem& p) { return std::tie(p.kind, p.subject); };
    std::sort(out.begin(), out.end(),
              [&](const Problem& a, const Problem& b) { return key(a) < key(b); });
    out.erase(std::unique(out.begin(), out.end()), out.end());
    return out;
}

bool has_problem(const std::vector<Problem>& problems, ExceptionKind kind,
                 const std::string& subject) {
    return std::any_of(problems.begin(), problems.end(), [&](const Problem& problem) {
        return problem.kind == kind && problem.subject == subject;
    });
}

std::string state_name(OrderState state) {
    return boost::describe::enum_to_string(state, "");
}

namespace {
bool is_storable(std::string_view text) {
    return text.find('\0') == std::string_view::npos && text::is_utf8(text);
}
void repair(std::string& text) {
    if (is_storable(text)) return;
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        std::size_t size = 1;
        while (size <= 4 && at + size <= text.size() &&
               !is_storable(std::string_view(text).substr(at, size)))
            ++size;
        if (size <= 4 && at + size <= text.size()) {
            out.append(text, at, size);
            at += size;
        } else {
            out += "\xEF\xBF\xBD";
            ++at;
        }
    }
    text = std::move(out);
}
/// Every text of an order, for reading or for repair.
template <class Order, class Visit>
void visit_texts(Order& order, Visit visit) {
    visit(order.channel_order_id);
    visit(order.channel_state);
    visit(order.marketplace_id);
    if (order.ship_country) visit(*order.ship_country);
    if (order.currency) visit(*order.currency);
    for (auto& program : order.programs) visit(program);
    for (auto& line : order.lines) {
        visit(line.channel_line_id);
        visit(line.seller_sku);
        visit(line.title);
    }
    for (auto& package : order.packages) {
        visit(package.reference);
        visit(package.carrier);
        visit(package.tracking_number);
        visit(package.status);
    }
}
}  // namespace

std::optional<IncomingOrder> repaired(const IncomingOrder& order) {
    bool whole = true;
    visit_texts(order, [&](const std::string& text) { whole = whole && is_storable(text); });
    if (whole) return std::nullopt;
    IncomingOrder out = order;
    visit_texts(out, repair);
    return out;
}

}  // namespace entrepot::orders
