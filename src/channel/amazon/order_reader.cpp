// The mapping of spapi-facts §8. Unknown words are kept as they are; absent data sets stay absent.
#include "channel/amazon/order_reader.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "channel/amazon/money_reader.hpp"

namespace entrepot::amazon {
namespace json = boost::json;
namespace {
using orders::OrderState;

constexpr std::size_t id_max = 200;
constexpr std::size_t title_max = 1000;

std::string short_text(const json::value* in) {
    return clean(text_at(in), id_max);
}

/// The currency that the order speaks: its total's, else the first price's.
std::string currency_code(const json::value& order) {
    std::string code = text_at(find(&order, {"proceeds", "grandTotal", "currencyCode"}));
    for (const auto* item : list_at(member(&order, "orderItems"))) {
        if (!code.empty()) break;
        code = text_at(find(item, {"proceeds", "proceedsTotal", "currencyCode"}));
        if (code.empty())
            code = text_at(find(item, {"product", "price", "unitPrice", "currencyCode"}));
        for (const auto* part : list_at(find(item, {"proceeds", "breakdowns"})))
            if (code.empty()) code = text_at(find(part, {"subtotal", "currencyCode"}));
    }
    return clean(code, 10);
}

std::optional<Decimal> unit_price_of(const json::value* item, std::string_view currency) {
    return amount_of(find(item, {"product", "price", "unitPrice"}), currency);
}

orders::IncomingLine read_line(const json::value* item, bool order_cancelled) {
    orders::IncomingLine line;
    line.channel_line_id = short_text(member(item, "orderItemId"));
    line.seller_sku = short_text(find(item, {"product", "sellerSku"}));
    line.title = clean(text_at(find(item, {"product", "title"})), title_max);
    line.quantity_ordered = integer_at(member(item, "quantityOrdered")).value_or(0);
    line.quantity_shipped =
        integer_at(find(item, {"fulfillment", "quantityFulfilled"})).value_or(0);
    const bool cancelled =
        order_cancelled || find(item, {"cancellation", "cancellationExecution"}) != nullptr;
    if (cancelled)
        line.quantity_cancelled =
            std::max<std::int64_t>(0, line.quantity_ordered - line.quantity_shipped);
    return line;
}

/// An amount of the order that no item carries (a tip) becomes a line of its own when the total
/// contains it.
void add_order_level_line(const json::value& order, const Currency& currency,
                          orders::IncomingOrder& out) {
    if (!out.grand_total) return;
    std::int64_t lines = 0, tip = 0;
    for (const auto& line : out.lines) lines += line.amounts.total();
    for (const auto* entry : list_at(find(&order, {"proceeds", "breakdowns"})))
        if (text_at(member(entry, "type")) == "DELIVERY_TIP")
            if (const auto amount = amount_of(member(entry, "subtotal"), currency.code()))
                tip += minor_of(*amount, currency);
    if (tip == 0 || *out.grand_total - lines != tip) return;
    orders::IncomingLine line;
    line.channel_line_id = "delivery-tip";
    line.title = "Delivery tip";
    line.kind = orders::LineKind::fee;
    line.amounts.other = tip;
    out.lines.push_back(std::move(line));
}

void read_money(const json::value& order, orders::IncomingOrder& out) {
    const std::string code = currency_code(order);
    if (code.empty()) return;
    out.currency = code;
    const auto currency = Currency::parse(code);
    if (!currency) return;
    if (const auto total = amount_of(find(&order, {"proceeds", "grandTotal"}), code))
        out.grand_total = minor_of(*total, *currency);
    const auto items = list_at(member(&order, "orderItems"));
    std::vector<Parts> parts;
    for (std::size_t i = 0; i < items.size(); ++i) {
        Parts one = read_parts(member(items[i], "proceeds"), *currency);
        const auto price = unit_price_of(items[i], code);
        out.lines[i].unit_price = price;
        // Without the data set PROCEEDS the unit price is all there is.
        if (!one.any) {
            if (one.total)
                one.item = *one.total;
            else if (price)
                one.item = minor_of(*price * Decimal::from_integer(out.lines[i].quantity_ordered),
                                    *currency);
        }
        parts.push_back(one);
    }
    const auto* market = find_marketplace(out.marketplace_id);
    const TaxStyle style =
        tax_style_of(parts, out.grand_total, market != nullptr ? market->tax : TaxStyle::added);
    for (std::size_t i = 0; i < parts.size(); ++i)
        out.lines[i].amounts = amounts_of(parts[i], style);
    add_order_level_line(order, *currency, out);
}

void read_packages(const json::value& order, orders::IncomingOrder& out) {
    std::int64_t delivered = 0, open = 0;
    for (const auto* entry : list_at(member(&order, "packages"))) {
        orders::IncomingPackage package;
        package.reference = short_text(member(entry, "packageReferenceId"));
        package.carrier = short_text(member(entry, "carrier"));
        package.tracking_number = short_text(member(entry, "trackingNumber"));
        package.status = short_text(find(entry, {"packageStatus", "status"}));
        package.shipped_at = instant_at(member(entry, "shipTime"));
        if (package.status == "DELIVERED") {
            ++delivered;
            // The model has no time of delivery; the update that told us is the earliest we know.
            package.delivered_at = out.channel_updated_at;
        } else if (package.status != "CANCELLED") {
            ++open;
        }
        const bool known =
            std::any_of(out.packages.begin(), out.packages.end(),
                        [&](const auto& p) { return p.reference == package.reference; });
        if (!known) out.packages.push_back(std::move(package));
    }
    if (out.state == OrderState::shipped && delivered > 0 && open == 0)
        out.state = OrderState::delivered;
}

void read_fulfilment(const json::value& order, orders::IncomingOrder& out) {
    const auto* fulfilment = member(&order, "fulfillment");
    out.channel_state = short_text(member(fulfilment, "fulfillmentStatus"));
    out.state = state_of_word(out.channel_state);
    const std::string by = text_at(member(fulfilment, "fulfilledBy"));
    out.fulfilled_by = by == "MERCHANT" ? orders::FulfilledBy::merchant
                       : by == "AMAZON" ? orders::FulfilledBy::channel
                                        : orders::FulfilledBy::unknown;
    out.ship_by_from = instant_at(find(fulfilment, {"shipByWindow", "earliestDateTime"}));
    out.ship_by_to = instant_at(find(fulfilment, {"shipByWindow", "latestDateTime"}));
    out.deliver_by_from = instant_at(find(fulfilment, {"deliverByWindow", "earliestDateTime"}));
    out.deliver_by_to = instant_at(find(fulfilment, {"deliverByWindow", "latestDateTime"}));
}

bool is_replacement(const json::value& order) {
    for (const auto* other : list_at(member(&order, "associatedOrders"))) {
        const std::string type = text_at(member(other, "associationType"));
        if (type == "REPLACEMENT_ORIGINAL_ID" || type == "EXCHANGE_ORIGINAL_ID") return true;
    }
    return false;
}
}  // namespace

OrderState state_of_word(std::string_view word) {
    struct Entry {
        std::string_view word;
        OrderState state;
    };
    static constexpr Entry table[] = {
        {"PENDING_AVAILABILITY", OrderState::pending},
        {"PENDING", OrderState::pending},
        {"UNSHIPPED", OrderState::unshipped},
        {"PARTIALLY_SHIPPED", OrderState::partially_shipped},
        {"SHIPPED", OrderState::shipped},
        {"CANCELLED", OrderState::cancelled},
        {"CANCELED", OrderState::cancelled},
        {"UNFULFILLABLE", OrderState::unfulfillable},
    };
    for (const Entry& entry : table)
        if (entry.word == word) return entry.state;
    return OrderState::unknown;
}

std::optional<orders::IncomingOrder> read_order(const json::value& order) {
    orders::IncomingOrder out;
    out.channel_order_id = short_text(member(&order, "orderId"));
    const auto created = instant_at(member(&order, "createdTime"));
    const auto updated = instant_at(member(&order, "lastUpdatedTime"));
    if (out.channel_order_id.empty() || !created) return std::nullopt;
    out.ordered_at = *created;
    out.channel_updated_at = updated.value_or(*created);
    out.marketplace_id = short_text(find(&order, {"salesChannel", "marketplaceId"}));
    // The destination is in a data set that we do not ask for; the marketplace's country stands in.
    if (const auto* market = find_marketplace(out.marketplace_id))
        out.ship_country = std::string(market->country);
    read_fulfilment(order, out);
    for (const auto* program : list_at(member(&order, "programs")))
        if (std::string word = short_text(program); !word.empty())
            out.programs.push_back(std::move(word));
    if (is_replacement(order)) out.kind = orders::OrderKind::replacement;
    for (const auto* item : list_at(member(&order, "orderItems")))
        out.lines.push_back(read_line(item, out.state == OrderState::cancelled));
    read_money(order, out);
    read_packages(order, out);
    return out;
}

std::optional<OrdersPage> read_orders_page(const json::value& document) {
    const auto* list = member(&document, "orders");
    if (list == nullptr || !list->is_array()) return std::nullopt;
    OrdersPage page;
    for (const auto* entry : list_at(list)) {
        auto order = read_order(*entry);
        if (order)
            page.orders.push_back(std::move(*order));
        else
            ++page.unusable;
    }
    // Not cleaned: a token is sent back byte for byte.
    if (const auto* token = find(&document, {"pagination", "nextToken"}))
        if (const auto* text = token->if_string())
            page.next_token.assign(text->data(), text->size());
    page.last_updated_before = instant_at(member(&document, "lastUpdatedBefore"));
    return page;
}

std::optional<orders::IncomingOrder> read_order_reply(const json::value& document) {
    const auto* order = member(&document, "order");
    if (order == nullptr) return std::nullopt;
    return read_order(*order);
}

std::optional<std::vector<Participation>> read_participations(const json::value& document) {
    const auto* payload = member(&document, "payload");
    if (payload == nullptr || !payload->is_array()) return std::nullopt;
    std::vector<Participation> out;
    for (const auto* entry : list_at(payload)) {
        const auto* market = member(entry, "marketplace");
        Participation one;
        one.marketplace_id = short_text(member(market, "id"));
        one.country = clean(text_at(member(market, "countryCode")), 10);
        one.name = short_text(member(market, "name"));
        one.currency = clean(text_at(member(market, "defaultCurrencyCode")), 10);
        one.participating = is_true(find(entry, {"participation", "isParticipating"}));
        const std::string domain = text::to_lower_ascii(text_at(member(market, "domainName")));
        const bool own_domain = domain.starts_with("www.amazon.") || domain.starts_with("amazon.");
        one.amazon = find_marketplace(one.marketplace_id) != nullptr ||
                     (own_domain && !text::starts_with_ignore_case(one.name, "non-amazon"));
        if (one.country == "UK") one.country = "GB";
        if (!one.marketplace_id.empty()) out.push_back(std::move(one));
    }
    return out;
}

std::optional<ReportStatus> read_report(const json::value& document) {
    ReportStatus out;
    out.report_id = short_text(member(&document, "reportId"));
    out.type = short_text(member(&document, "reportType"));
    out.status = short_text(member(&document, "processingStatus"));
    out.document_id = clean(text_at(member(&document, "reportDocumentId")), 500);
    out.data_start = short_text(member(&document, "dataStartTime"));
    out.data_end = short_text(member(&document, "dataEndTime"));
    for (const auto* id : list_at(member(&document, "marketplaceIds")))
        out.marketplaces.push_back(short_text(id));
    if (out.report_id.empty() || out.status.empty()) return std::nullopt;
    return out;
}

}  // namespace entrepot::amazon
