// Orders v0 reads that carry a buyer's data: getOrder, getOrderAddress, getOrderBuyerInfo.
// Without a restricted data token they succeed, and what is a person's is left out.
#include <array>

#include "sim/people.hpp"
#include "sim/simulator.hpp"

namespace entrepot::sim {
namespace {

std::string_view status_of_v0(Status status) {
    constexpr std::array<std::string_view, status_count> names{
        "PendingAvailability", "Pending", "Unshipped", "PartiallyShipped", "Shipped", "Canceled",
        "Unfulfillable"};
    return names[static_cast<std::size_t>(status)];
}

bool shows_address(const OrderView& view, const Caller& caller) {
    return view.paid && (caller.elements & element_shipping_address) != 0;
}
bool shows_buyer(const OrderView& view, const Caller& caller) {
    return view.paid && (caller.elements & element_buyer_info) != 0;
}

void write_address(JsonWriter& json, const OrderPlan& plan) {
    const Person person = make_person(plan.marketplace, plan.buyer_seed, plan.business);
    const Address address = make_address(plan.marketplace, plan.buyer_seed, plan.business);
    json.key("ShippingAddress");
    json.begin_object();
    if (!plan.fulfilled_by_amazon) {
        json.member("Name", person.name);
        if (!person.company.empty()) json.member("CompanyName", person.company);
        json.member("AddressLine1", address.line1);
        if (!address.line2.empty()) json.member("AddressLine2", address.line2);
        json.member("Phone", address.phone);
    }
    json.member("City", address.city);
    if (!address.state.empty()) json.member("StateOrRegion", address.state);
    json.member("PostalCode", address.postal_code);
    json.member("CountryCode", address.country);
    json.member("AddressType", address.commercial ? "Commercial" : "Residential");
    json.end_object();
}

void write_buyer(JsonWriter& json, const OrderPlan& plan) {
    const Person person = make_person(plan.marketplace, plan.buyer_seed, plan.business);
    json.member("BuyerName", person.name);
    if (!plan.fulfilled_by_amazon) json.member("BuyerEmail", person.email);
    if (!person.purchase_order.empty()) json.member("PurchaseOrderNumber", person.purchase_order);
}

void write_head(JsonWriter& json, const OrderView& view) {
    const OrderPlan& plan = view.plan;
    const Marketplace& market = marketplaces()[plan.marketplace];
    json.member("AmazonOrderId", plan.id);
    json.member("PurchaseDate", iso_millis(plan.created));
    json.member("LastUpdateDate", iso_millis(view.updated));
    json.member("OrderStatus", status_of_v0(view.status));
    json.member("FulfillmentChannel", plan.fulfilled_by_amazon ? "AFN" : "MFN");
    json.member("SalesChannel", market.channel);
    json.member("MarketplaceId", market.id);
    json.member("IsBusinessOrder", plan.business);
    json.member("IsPrime", plan.prime);
    json.member("IsPremiumOrder", plan.premium);
    if (!view.paid) return;
    json.key("OrderTotal");
    json.begin_object();
    json.member("CurrencyCode", market.currency);
    json.member("Amount", decimal_text(order_amounts(plan).grand_total(market.tax_included),
                                       market.exponent));
    json.end_object();
    json.member("EarliestShipDate", iso_millis(plan.ship_from));
    json.member("LatestShipDate", iso_millis(plan.ship_until));
    json.member("EarliestDeliveryDate", iso_millis(plan.deliver_from));
    json.member("LatestDeliveryDate", iso_millis(plan.deliver_until));
}

}  // namespace

Response Simulator::order_v0(Call& call,
                             const std::function<void(JsonWriter&, const OrderView&)>& write) {
    if (!call.request.query.empty())
        return bad_input("The parameter '" + call.request.query.front().first +
                         "' is not supported by this operation.");
    const auto sequence = world_->find(call.caller.shop, call.path[3]);
    if (!sequence) return not_found("The order does not exist or belongs to another seller.");
    std::string body;
    JsonWriter json(body);
    json.begin_object();
    json.key("payload");
    json.begin_object();
    write(json, world_->view(call.caller.shop, *sequence));
    json.end_object();
    json.end_object();
    return json_response(std::move(body));
}

Response Simulator::get_order_v0(Call& call) {
    return order_v0(call, [&](JsonWriter& json, const OrderView& view) {
        write_head(json, view);
        if (shows_address(view, call.caller)) write_address(json, view.plan);
        if (!shows_buyer(view, call.caller)) return;
        json.key("BuyerInfo");
        json.begin_object();
        write_buyer(json, view.plan);
        json.end_object();
    });
}

Response Simulator::get_order_address(Call& call) {
    return order_v0(call, [&](JsonWriter& json, const OrderView& view) {
        json.member("AmazonOrderId", view.plan.id);
        if (shows_address(view, call.caller)) write_address(json, view.plan);
    });
}

Response Simulator::get_order_buyer_info(Call& call) {
    return order_v0(call, [&](JsonWriter& json, const OrderView& view) {
        json.member("AmazonOrderId", view.plan.id);
        if (shows_buyer(view, call.caller)) write_buyer(json, view.plan);
    });
}

}  // namespace entrepot::sim
