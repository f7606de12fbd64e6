// An order as the JSON of Orders API 2026-01-01.
// Money is a decimal string in the currency's own number of places, never a number.
#include "sim/render.hpp"

#include <array>

#include "sim/people.hpp"

namespace entrepot::sim {

namespace {

constexpr std::array<std::string_view, 11> dataset_names{
    "BUYER",       "RECIPIENT", "PROCEEDS", "EXPENSE", "PROMOTION",         "CANCELLATION",
    "FULFILLMENT", "PACKAGES",  "TAX",      "PAYMENT", "FULFILLMENT_ORDERS"};

class OrderRenderer {
public:
    OrderRenderer(JsonWriter& json, const OrderView& view, const RenderOptions& options, Millis now)
        : json_(json),
          view_(view),
          plan_(view.plan),
          market_(marketplaces()[view.plan.marketplace]),
          options_(options),
          now_(now) {}

    void render() {
        json_.begin_object();
        head();
        if (asked(dataset_buyer) && view_.paid) buyer();
        if (asked(dataset_recipient) && view_.paid) recipient();
        if (asked(dataset_proceeds) && view_.paid) order_proceeds();
        if (asked(dataset_payment) && view_.paid) payment();
        if (asked(dataset_tax) && view_.paid && plan_.business) order_tax();
        if (asked(dataset_fulfillment)) fulfillment();
        json_.key("orderItems");
        json_.begin_array();
        for (std::size_t line = 0; line < plan_.lines.size(); ++line) item(line);
        json_.end_array();
        if (asked(dataset_packages) && !plan_.fulfilled_by_amazon) packages();
        if (asked(dataset_fulfillment_orders) && view_.paid) fulfillment_orders();
        if (options_.unknown_member) {
            json_.key("sustainability");
            json_.begin_object();
            json_.member("climatePledge", true);
            json_.member("grams", std::int64_t{412});
            json_.end_object();
        }
        json_.end_object();
    }

private:
    bool asked(unsigned dataset) const { return (options_.datasets & dataset) != 0; }

    void money(std::string_view name, std::int64_t minor) {
        json_.key(name);
        json_.begin_object();
        json_.member("amount", decimal_text(minor, market_.exponent));
        json_.member("currencyCode", market_.currency);
        json_.end_object();
    }

    void head() {
        json_.member("orderId", plan_.id);
        if (!plan_.seller_order_id.empty()) {
            json_.key("orderAliases");
            json_.begin_array();
            json_.begin_object();
            json_.member("aliasId", plan_.seller_order_id);
            json_.member("aliasType", "SELLER_ORDER_ID");
            json_.end_object();
            json_.end_array();
        }
        json_.member("createdTime", iso_millis(plan_.created));
        json_.member("lastUpdatedTime", iso_millis(view_.updated));
        programs();
        if (plan_.replaces) {
            json_.key("associatedOrders");
            json_.begin_array();
            json_.begin_object();
            json_.member("orderId", *plan_.replaces);
            json_.member("associationType", "REPLACEMENT_ORIGINAL_ID");
            json_.end_object();
            json_.end_array();
        }
        json_.key("salesChannel");
        json_.begin_object();
        json_.member("channelName", "AMAZON");
        json_.member("marketplaceId", market_.id);
        json_.member("marketplaceName", market_.channel);
        json_.end_object();
    }

    void programs() {
        json_.key("programs");
        json_.begin_array();
        if (plan_.prime) json_.string("PRIME");
        if (plan_.business) json_.string("AMAZON_BUSINESS");
        if (plan_.premium) json_.string("PREMIUM");
        if (plan_.first_status == Status::pending_availability) json_.string("PREORDER");
        if (options_.unknown_enum) json_.string("DRONE_DELIVERY");
        json_.end_array();
    }

    void buyer() {
        const Person person = make_person(plan_.marketplace, plan_.buyer_seed, plan_.business);
        json_.key("buyer");
        json_.begin_object();
        json_.member("buyerName", person.name);
        if (!plan_.fulfilled_by_amazon) json_.member("buyerEmail", person.email);
        if (!person.company.empty()) json_.member("buyerCompanyName", person.company);
        if (!person.purchase_order.empty())
            json_.member("buyerPurchaseOrderNumber", person.purchase_order);
        json_.end_object();
    }

    void recipient() {
        const Person person = make_person(plan_.marketplace, plan_.buyer_seed, plan_.business);
        const Address address = make_address(plan_.marketplace, plan_.buyer_seed, plan_.business);
        json_.key("recipient");
        json_.begin_object();
        json_.key("deliveryAddress");
        json_.begin_object();
        // For its own shipments Amazon shows town, region and country, and nothing of the person.
        if (!plan_.fulfilled_by_amazon) {
            json_.member("name", person.name);
            if (!person.company.empty()) json_.member("companyName", person.company);
            json_.member("addressLine1", address.line1);
            if (!address.line2.empty()) json_.member("addressLine2", address.line2);
        }
        json_.member("city", address.city);
        if (!address.state.empty()) json_.member("stateOrRegion", address.state);
        json_.member("postalCode", address.postal_code);
        json_.member("countryCode", address.country);
        const bool late = view_.status == Status::shipped && now_ > plan_.deliver_until;
        if (!plan_.fulfilled_by_amazon && !late) json_.member("phone", address.phone);
        json_.member("addressType", address.commercial ? "COMMERCIAL" : "RESIDENTIAL");
        json_.end_object();
        json_.end_object();
    }

    void breakdown(std::string_view type, std::int64_t amount) {
        json_.begin_object();
        json_.member("type", type);
        money("subtotal", amount);
        json_.end_object();
    }

    std::int64_t shown_discount(std::int64_t amount) const {
        return options_.negative_discount ? -amount : amount;
    }

    void order_proceeds() {
        const Amounts sum = order_amounts(plan_);
        json_.key("proceeds");
        json_.begin_object();
        money("grandTotal", sum.grand_total(market_.tax_included));
        json_.key("breakdowns");
        json_.begin_array();
        breakdown("ITEM", sum.item);
        if (sum.shipping != 0) breakdown("SHIPPING", sum.shipping);
        if (sum.gift_wrap != 0) breakdown("GIFT_WRAP", sum.gift_wrap);
        if (sum.discount != 0) breakdown("DISCOUNT", shown_discount(sum.discount));
        if (sum.tax != 0) breakdown("TAX", sum.tax);
        json_.end_array();
        json_.end_object();
    }

    void detailed(std::string_view subtype, std::int64_t amount) {
        if (amount == 0) return;
        json_.begin_object();
        json_.member("subtype", subtype);
        money("value", amount);
        json_.end_object();
    }

    void item_proceeds(const OrderLine& line) {
        const Amounts sum = line_amounts(line);
        json_.key("proceeds");
        json_.begin_object();
        money("proceedsTotal", sum.grand_total(market_.tax_included));
        json_.key("breakdowns");
        json_.begin_array();
        breakdown("ITEM", sum.item);
        if (sum.shipping != 0) breakdown("SHIPPING", sum.shipping);
        if (sum.gift_wrap != 0) breakdown("GIFT_WRAP", sum.gift_wrap);
        if (sum.discount != 0) {
            json_.begin_object();
            json_.member("type", "DISCOUNT");
            money("subtotal", shown_discount(sum.discount));
            json_.key("detailedBreakdowns");
            json_.begin_array();
            detailed("ITEM", shown_discount(line.item_discount));
            detailed("SHIPPING", shown_discount(line.shipping_discount));
            json_.end_array();
            json_.end_object();
        }
        if (sum.tax != 0) {
            json_.begin_object();
            json_.member("type", "TAX");
            money("subtotal", sum.tax);
            json_.key("detailedBreakdowns");
            json_.begin_array();
            detailed("ITEM", line.item_tax);
            detailed("SHIPPING", line.shipping_tax);
            detailed("GIFT_WRAP", line.gift_wrap_tax);
            json_.end_array();
            json_.end_object();
        }
        json_.end_array();
        json_.end_object();
    }

    void payment() {
        json_.key("payment");
        json_.begin_object();
        json_.key("paymentExecutions");
        json_.begin_array();
        json_.begin_object();
        const bool store = plan_.shop == 2 && plan_.buyer_seed % 10 == 0;
        json_.member("paymentMethod", store            ? "ConvenienceStore"
                                      : plan_.business ? "Invoice"
                                                       : "CreditCard");
        money("paymentAmount", order_amounts(plan_).grand_total(market_.tax_included));
        json_.end_object();
        json_.end_array();
        json_.end_object();
    }

    void order_tax() {
        const Person person = make_person(plan_.marketplace, plan_.buyer_seed, true);
        json_.key("tax");
        json_.begin_object();
        json_.key("taxRegistrations");
        json_.begin_array();
        json_.begin_object();
        json_.member("entityType", "BUYER");
        json_.member("legalName", person.company);
        json_.member("taxRegistrationType", plan_.shop == 1 ? "VAT" : "BUSINESS");
        json_.member("taxRegistrationNumber",
                     (plan_.shop == 1 ? "DE" : "") +
                         std::to_string(plan_.buyer_seed % 900'000'000 + 100'000'000));
        json_.end_object();
        json_.end_array();
        json_.end_object();
    }

    void window(std::string_view name, Millis from, Millis until) {
        json_.key(name);
        json_.begin_object();
        json_.member("earliestDateTime", iso_millis(from));
        json_.member("latestDateTime", iso_millis(until));
        json_.end_object();
    }

    void fulfillment() {
        json_.key("fulfillment");
        json_.begin_object();
        json_.member("fulfillmentStatus", options_.unknown_enum
                                              ? std::string_view("AWAITING_CUSTOMS")
                                              : status_text(view_.status));
        json_.member("fulfilledBy", plan_.fulfilled_by_amazon ? "AMAZON" : "MERCHANT");
        json_.member("fulfillmentServiceLevel", plan_.service_level);
        if (view_.paid) {
            window("shipByWindow", plan_.ship_from, plan_.ship_until);
            window("deliverByWindow", plan_.deliver_from, plan_.deliver_until);
        }
        json_.end_object();
    }

    void item(std::size_t index) {
        const OrderLine& line = plan_.lines[index];
        json_.begin_object();
        json_.member("orderItemId",
                     order_item_id(options_.seed, plan_.shop, plan_.sequence, index));
        json_.member("quantityOrdered", line.quantity);
        if (line.subscription) {
            json_.key("programs");
            json_.begin_array();
            json_.string("SUBSCRIBE_AND_SAVE");
            json_.end_array();
        }
        product(line);
        if (asked(dataset_proceeds) && view_.paid) item_proceeds(line);
        if (asked(dataset_expense) && view_.paid && line.points > 0) expense(line);
        if (asked(dataset_promotion) && view_.paid && !line.promotion.empty()) promotion(line);
        if (asked(dataset_cancellation)) cancellation();
        if (asked(dataset_fulfillment)) item_fulfillment(index);
        if (asked(dataset_tax) && view_.paid && !market_.tax_included && line.item_tax > 0)
            item_tax();
        if (options_.unknown_member) json_.member("carbonScore", std::int64_t{7});
        json_.end_object();
    }

    void product(const OrderLine& line) {
        json_.key("product");
        json_.begin_object();
        json_.member("asin", line.product->asin);
        json_.member("title", line.product->title[static_cast<std::size_t>(market_.language)]);
        json_.member("sellerSku", line.product->sku[plan_.shop]);
        json_.key("condition");
        json_.begin_object();
        json_.member("conditionType", "NEW");
        json_.member("conditionSubtype", "NEW");
        json_.end_object();
        if (view_.paid) {
            json_.key("price");
            json_.begin_object();
            money("unitPrice", line.unit_price);
            if (line.business_price) json_.member("priceDesignation", "BUSINESS_PRICE");
            json_.end_object();
        }
        json_.end_object();
    }

    void expense(const OrderLine& line) {
        json_.key("expense");
        json_.begin_object();
        json_.key("pointsCost");
        json_.begin_object();
        json_.key("pointsGranted");
        json_.begin_object();
        json_.member("pointsNumber", line.points);
        money("pointsMonetaryValue", line.points);
        json_.end_object();
        json_.end_object();
        json_.end_object();
    }

    void promotion(const OrderLine& line) {
        json_.key("promotion");
        json_.begin_object();
        json_.key("breakdowns");
        json_.begin_array();
        json_.begin_object();
        json_.member("promotionId", line.promotion);
        json_.end_object();
        json_.end_array();
        json_.end_object();
    }

    void cancellation() {
        const bool cancelled = view_.status == Status::cancelled;
        if (!cancelled && !view_.cancel_requested) return;
        json_.key("cancellation");
        json_.begin_object();
        if (view_.cancel_requested) {
            json_.key("cancellationRequest");
            json_.begin_object();
            json_.member("requester", "BUYER");
            json_.member("cancelReason", "Ordered by mistake");
            json_.end_object();
        }
        if (cancelled) {
            json_.key("cancellationExecution");
            json_.begin_object();
            json_.member("cancelledBy", view_.cancel_requested ? "MERCHANT" : "AMAZON");
            json_.member("cancelReason", view_.cancel_requested ? "Buyer requested cancellation"
                                                                : "Payment was not authorised");
            json_.end_object();
        }
        json_.end_object();
    }

    void item_fulfillment(std::size_t index) {
        const OrderLine& line = plan_.lines[index];
        const std::int64_t done = view_.fulfilled[index];
        json_.key("fulfillment");
        json_.begin_object();
        json_.member("quantityFulfilled", done);
        json_.member("quantityUnfulfilled",
                     view_.status == Status::cancelled ? 0 : line.quantity - done);
        if (line.gift && view_.paid) {
            json_.key("packing");
            json_.begin_object();
            json_.key("giftOption");
            json_.begin_object();
            // The message is written by the buyer, so it needs the buyer role.
            if (asked(dataset_buyer) && !plan_.fulfilled_by_amazon) {
                json_.member("giftMessage", "Alles Gute! お誕生日おめでとう 🎁\nWith love");
            }
            json_.member("giftWrapLevel", "CLASSIC");
            json_.end_object();
            json_.end_object();
        }
        json_.end_object();
    }

    void item_tax() {
        json_.key("tax");
        json_.begin_object();
        json_.key("taxCollections");
        json_.begin_array();
        json_.begin_object();
        json_.member("model", "MARKETPLACE_FACILITATOR");
        json_.member("responsibleParty", "Amazon Services, Inc.");
        json_.end_object();
        json_.end_array();
        json_.end_object();
    }

    void packages() {
        if (view_.packages.empty()) return;
        json_.key("packages");
        json_.begin_array();
        for (const Package& package : view_.packages) {
            json_.begin_object();
            json_.member("packageReferenceId", package.reference);
            json_.member("createdTime", iso_millis(package.created));
            json_.key("packageStatus");
            json_.begin_object();
            json_.member("status", package.delivered != 0 ? "DELIVERED"
                                   : package.moving != 0  ? "IN_TRANSIT"
                                                          : "PENDING");
            if (package.moving != 0)
                json_.member("detailedStatus", package.delivered != 0 ? "DELIVERED" : "PICKED_UP");
            json_.end_object();
            json_.member("carrier", package.carrier);
            json_.member("shipTime", iso_millis(package.shipped));
            if (!package.service.empty()) json_.member("shippingService", package.service);
            json_.member("trackingNumber", package.tracking);
            json_.key("packageItems");
            json_.begin_array();
            for (std::size_t line = 0; line < package.quantities.size(); ++line) {
                if (package.quantities[line] == 0) continue;
                json_.begin_object();
                json_.member("orderItemId",
                             order_item_id(options_.seed, plan_.shop, plan_.sequence, line));
                json_.member("quantity", package.quantities[line]);
                json_.end_object();
            }
            json_.end_array();
            json_.end_object();
        }
        json_.end_array();
    }

    void fulfillment_orders() {
        json_.key("fulfillmentOrders");
        json_.begin_array();
        json_.begin_object();
        json_.member("fulfillmentOrderId", "F" + plan_.id.substr(4, 7) + plan_.id.substr(12));
        json_.end_object();
        json_.end_array();
    }

    JsonWriter& json_;
    const OrderView& view_;
    const OrderPlan& plan_;
    const Marketplace& market_;
    const RenderOptions& options_;
    Millis now_;
};

}  // namespace

std::optional<unsigned> parse_dataset(std::string_view name) {
    for (std::size_t i = 0; i < dataset_names.size(); ++i) {
        if (dataset_names[i] == name) return 1U << i;
    }
    return std::nullopt;
}

void render_order(JsonWriter& json, const OrderView& view, const RenderOptions& options,
                  Millis now) {
    OrderRenderer(json, view, options, now).render();
}

}  // namespace entrepot::sim
