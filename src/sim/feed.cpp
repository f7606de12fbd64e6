// Orders from outside, as JSON: the --feed file and POST /admin/orders. Format: docs/marketsim.md.
// Amounts are decimal strings; a member that is not known is an error, because it would be a typo.
#include "sim/feed.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <deque>
#include <initializer_list>
#include <set>
#include <stdexcept>

namespace entrepot::sim {

namespace json = boost::json;

namespace {

[[noreturn]] void refuse(const std::string& what) {
    throw std::runtime_error("feed: " + what);
}

void only(const json::object& object, std::initializer_list<std::string_view> names) {
    for (const auto& member : object) {
        const std::string_view name = member.key();
        if (std::find(names.begin(), names.end(), name) == names.end())
            refuse("unknown member " + std::string(name));
    }
}

std::string text(const json::object& object, std::string_view name,
                 std::string_view otherwise = {}) {
    const json::value* value = object.if_contains(name);
    if (!value) return std::string(otherwise);
    if (!value->is_string()) refuse(std::string(name) + " must be a string");
    return std::string(std::string_view(value->get_string()));
}

bool flag(const json::object& object, std::string_view name) {
    const json::value* value = object.if_contains(name);
    if (!value) return false;
    if (!value->is_bool()) refuse(std::string(name) + " must be true or false");
    return value->get_bool();
}

std::optional<Millis> time(const json::object& object, std::string_view name) {
    if (!object.contains(name)) return std::nullopt;
    const auto at = parse_iso(text(object, name));
    if (!at) refuse(std::string(name) + " must be an ISO 8601 time");
    return at;
}

// Decimal text to minor units, exactly.
std::int64_t amount(const json::object& object, std::string_view name, int exponent) {
    const std::string value = text(object, name, "0");
    std::int64_t minor = 0;
    int places = -1;
    for (const char c : value) {
        if (c == '.' && places < 0) {
            places = 0;
        } else if (c >= '0' && c <= '9' && minor < 100'000'000'000'000) {
            minor = minor * 10 + (c - '0');
            if (places >= 0) ++places;
        } else {
            refuse(std::string(name) + " must be a decimal number");
        }
    }
    if (value.empty() || places > exponent) refuse(std::string(name) + " has too many decimals");
    for (places = std::max(places, 0); places < exponent; ++places) minor *= 10;
    return minor;
}

// Products of fed lines live as long as the program: plans point at them.
const Product* keep_product(Product product) {
    static std::deque<Product> products;
    products.push_back(std::move(product));
    return &products.back();
}

OrderLine read_line(const json::value& value, int exponent) {
    if (!value.is_object()) refuse("a line must be an object");
    const json::object& object = value.get_object();
    only(object,
         {"sku", "asin", "title", "quantity", "unitPrice", "itemTax", "shipping", "shippingTax",
          "giftWrap", "giftWrapTax", "itemDiscount", "shippingDiscount", "promotionId"});
    Product product;
    product.sku.fill(text(object, "sku"));
    product.asin = text(object, "asin", "B0SIMFEED0");
    product.title.fill(text(object, "title", product.sku[0]));
    if (product.sku[0].empty()) refuse("sku is missing");
    OrderLine line;
    line.product = keep_product(std::move(product));
    if (const json::value* quantity = object.if_contains("quantity")) {
        if (!quantity->is_int64() || quantity->get_int64() < 1 ||
            quantity->get_int64() > 1'000'000) {
            refuse("quantity must be a whole number from 1 to 1000000");
        }
        line.quantity = quantity->get_int64();
    }
    line.unit_price = amount(object, "unitPrice", exponent);
    line.item = line.unit_price * line.quantity;
    line.item_tax = amount(object, "itemTax", exponent);
    line.shipping = amount(object, "shipping", exponent);
    line.shipping_tax = amount(object, "shippingTax", exponent);
    line.gift_wrap = amount(object, "giftWrap", exponent);
    line.gift_wrap_tax = amount(object, "giftWrapTax", exponent);
    line.gift = line.gift_wrap > 0;
    line.item_discount = amount(object, "itemDiscount", exponent);
    line.shipping_discount = amount(object, "shippingDiscount", exponent);
    line.promotion = text(object, "promotionId");
    return line;
}

std::size_t read_marketplace(const json::object& object, const Shop& shop) {
    const std::string id = text(object, "marketplaceId");
    if (id.empty()) return shop.marketplaces[0];
    for (std::size_t i = 0; i < shop.marketplace_count; ++i) {
        if (marketplaces()[shop.marketplaces[i]].id == id) return shop.marketplaces[i];
    }
    refuse("marketplaceId is not one of the shop");
}

}  // namespace

OrderPlan read_feed_order(const json::value& value, std::uint64_t seed, Millis created) {
    if (!value.is_object()) refuse("an order must be an object");
    const json::object& object = value.get_object();
    only(object, {"shop", "marketplaceId", "orderId", "sellerOrderId", "createdTime", "paidTime",
                  "shippedTime", "deliveredTime", "cancelledTime", "fulfilledBy", "business",
                  "prime", "lines"});
    OrderPlan plan;
    plan.shop = find_shop(text(object, "shop"));
    if (plan.shop == shop_count) refuse("shop must be US, DE or JP");
    plan.marketplace = read_marketplace(object, shops()[plan.shop]);
    plan.id = text(object, "orderId");
    plan.seller_order_id = text(object, "sellerOrderId");
    plan.created = time(object, "createdTime").value_or(created);
    const std::string by = text(object, "fulfilledBy", "MERCHANT");
    if (by != "MERCHANT" && by != "AMAZON") refuse("fulfilledBy must be MERCHANT or AMAZON");
    plan.fulfilled_by_amazon = by == "AMAZON";
    plan.business = flag(object, "business");
    plan.prime = flag(object, "prime");
    plan.service_level = "STANDARD";
    plan.buyer_seed = mix(seed, plan.created, plan.shop, 0xFEEDu);
    const auto add = [&](std::string_view name, LifeKind kind) {
        if (const auto at = time(object, name))
            plan.life.push_back({std::max(*at, plan.created), kind});
    };
    add("paidTime", LifeKind::paid);
    add("shippedTime", LifeKind::shipped);
    add("deliveredTime", LifeKind::delivered);
    add("cancelledTime", LifeKind::cancelled);
    const auto has = [&](std::string_view name) { return object.contains(name); };
    if (!has("paidTime") && (has("shippedTime") || has("deliveredTime"))) {
        refuse("an order that shipped must have a paidTime");
    }
    std::sort(plan.life.begin(), plan.life.end(), [](const LifeEvent& a, const LifeEvent& b) {
        return a.at != b.at ? a.at < b.at : a.kind < b.kind;
    });
    const json::value* lines = object.if_contains("lines");
    if (!lines || !lines->is_array() || lines->get_array().empty() ||
        lines->get_array().size() > 60) {
        refuse("lines must hold 1 to 60 lines");
    }
    const int exponent = marketplaces()[plan.marketplace].exponent;
    for (const json::value& line : lines->get_array())
        plan.lines.push_back(read_line(line, exponent));
    plan.line_count = plan.lines.size();
    const Millis next_day = (day_of(plan.created) + 1) * day_ms;
    plan.ship_from = next_day;
    plan.ship_until = next_day + 2 * day_ms - second_ms;
    plan.deliver_from = next_day + 3 * day_ms;
    plan.deliver_until = next_day + 7 * day_ms - second_ms;
    return plan;
}

std::vector<OrderPlan> read_feed(std::string_view text_of_feed, std::uint64_t seed) {
    boost::system::error_code error;
    const json::value root = json::parse(text_of_feed, error);
    if (error) refuse("not JSON: " + error.message());
    const json::value* orders = &root;
    if (root.is_object()) {
        only(root.get_object(), {"orders"});
        orders = root.get_object().if_contains("orders");
    }
    if (!orders || !orders->is_array()) refuse("orders must be an array");
    std::vector<OrderPlan> plans;
    std::set<std::string> ids;
    for (const json::value& order : orders->get_array()) {
        try {
            if (!order.is_object() || !order.get_object().contains("createdTime"))
                refuse("createdTime is missing");
            plans.push_back(read_feed_order(order, seed, 0));
            if (!plans.back().id.empty() && !ids.insert(plans.back().id).second) {
                refuse("orderId is used twice");
            }
            plans.back().sequence = static_cast<std::uint32_t>(plans.size());
        } catch (const std::runtime_error& problem) {
            throw std::runtime_error("order " + std::to_string(plans.size() + 1) + ": " +
                                     problem.what());
        }
    }
    return plans;
}

}  // namespace entrepot::sim
