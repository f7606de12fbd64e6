// What an order is before anything happens to it: buyer, lines, money, and the life it would have.
// Each aspect draws from its own stream, so that adding one later does not change the others.
#include "sim/order_plan.hpp"

#include <algorithm>

#include "sim/calendar.hpp"
#include "sim/people.hpp"

namespace entrepot::sim {

namespace {

enum Stream : std::uint64_t {
    outline_stream = 1,
    life_stream,
    line_stream,
    return_stream,
    id_stream
};

constexpr std::array<std::string_view, status_count> status_names{
    "PENDING_AVAILABILITY", "PENDING", "UNSHIPPED", "PARTIALLY_SHIPPED", "SHIPPED", "CANCELLED",
    "UNFULFILLABLE"};
constexpr std::array<std::string_view, status_count> report_status_names{
    "PendingAvailability", "Pending",      "Unshipped", "PartiallyShipped", "Shipped",
    "Cancelled",           "Unfulfillable"};

constexpr std::uint64_t half_space = 10'000'000;  // an id has two groups of seven digits

std::uint64_t round_value(std::uint64_t seed, std::size_t shop, int round, std::uint64_t half) {
    return mix(seed, shop, id_stream, round, half) % half_space;
}

struct Halves {
    std::uint64_t left, right;
};

// A Feistel network over two decimal groups: reversible, so ids need no look-up table.
Halves permute(std::uint64_t seed, std::size_t shop, Halves value) {
    for (int round = 0; round < 4; ++round) {
        const std::uint64_t moved =
            (value.left + round_value(seed, shop, round, value.right)) % half_space;
        value = {value.right, moved};
    }
    return value;
}

Halves unpermute(std::uint64_t seed, std::size_t shop, Halves value) {
    for (int round = 3; round >= 0; --round) {
        const std::uint64_t left =
            (value.right + half_space - round_value(seed, shop, round, value.left)) % half_space;
        value = {left, value.left};
    }
    return value;
}

void append_padded(std::string& out, std::uint64_t value) {
    const std::string digits = std::to_string(value);
    out.append(7 - digits.size(), '0').append(digits);
}

std::int64_t share(std::int64_t amount, std::int64_t part, std::int64_t whole) {
    return (amount * part + whole / 2) / whole;
}

std::int64_t tax_of(std::int64_t amount, std::int64_t rate_per_100k, bool included) {
    return share(amount, rate_per_100k, included ? 100'000 + rate_per_100k : 100'000);
}

}  // namespace

std::string_view status_text(Status status) {
    return status_names[static_cast<std::size_t>(status)];
}

std::string_view report_status_text(Status status) {
    return report_status_names[static_cast<std::size_t>(status)];
}

std::optional<Status> parse_status(std::string_view text) {
    for (std::size_t i = 0; i < status_count; ++i) {
        if (status_names[i] == text) return static_cast<Status>(i);
    }
    return std::nullopt;
}

std::string order_id(std::uint64_t seed, std::size_t shop, std::uint32_t sequence) {
    const Halves halves = permute(seed, shop, {sequence / half_space, sequence % half_space});
    const std::string_view prefixes = shops()[shop].order_prefixes;
    std::string id(prefixes.substr(mix(seed, sequence) % (prefixes.size() / 3) * 3, 3));
    id.push_back('-');
    append_padded(id, halves.left);
    id.push_back('-');
    append_padded(id, halves.right);
    return id;
}

std::optional<std::uint32_t> sequence_of(std::uint64_t seed, std::size_t shop,
                                         std::string_view id) {
    if (id.size() != 19 || id[3] != '-' || id[11] != '-') return std::nullopt;
    Halves halves{0, 0};
    for (std::size_t i = 4; i < 19; ++i) {
        if (i == 11) continue;
        if (id[i] < '0' || id[i] > '9') return std::nullopt;
        std::uint64_t& half = i < 11 ? halves.left : halves.right;
        half = half * 10 + static_cast<std::uint64_t>(id[i] - '0');
    }
    halves = unpermute(seed, shop, halves);
    const std::uint64_t sequence = halves.left * half_space + halves.right;
    if (sequence > UINT32_MAX) return std::nullopt;
    const auto found = static_cast<std::uint32_t>(sequence);
    if (order_id(seed, shop, found) != id) return std::nullopt;
    return found;
}

std::string order_item_id(std::uint64_t seed, std::size_t shop, std::uint32_t sequence,
                          std::size_t line) {
    const std::uint64_t number = static_cast<std::uint64_t>(sequence) * 64 + line;
    const Halves halves = permute(~seed, shop, {number / half_space, number % half_space});
    std::string id;
    append_padded(id, halves.left);
    append_padded(id, halves.right);
    return id;
}

Amounts line_amounts(const OrderLine& line) {
    return {line.item,
            line.shipping,
            line.gift_wrap,
            line.item_tax + line.shipping_tax + line.gift_wrap_tax,
            line.item_discount + line.shipping_discount,
            line.quantity};
}

Amounts order_amounts(const OrderPlan& plan) {
    Amounts sum;
    for (const OrderLine& line : plan.lines) {
        const Amounts part = line_amounts(line);
        sum.item += part.item;
        sum.shipping += part.shipping;
        sum.gift_wrap += part.gift_wrap;
        sum.tax += part.tax;
        sum.discount += part.discount;
        sum.units += part.units;
    }
    return sum;
}

Planner::Planner(std::uint64_t seed, std::int64_t first_day, std::int64_t day_count)
    : seed_(seed), first_day_(first_day), day_count_(day_count), products_(make_catalogue(seed)) {
    for (unsigned month = 1; month <= 12; ++month) {
        std::uint64_t sum = 0;
        for (const Product& product : products_) {
            sum += static_cast<std::uint64_t>(
                product.popularity * season_permille(static_cast<unsigned>(product.season), month));
            cumulated_[month - 1].push_back(sum);
        }
    }
}

const Product& Planner::draw_product(Rng& rng, Millis created) const {
    const auto& cumulated = cumulated_[civil_from_days(day_of(created)).month - 1];
    const std::int64_t age_permille =
        (day_of(created) - first_day_) * 1000 / std::max<std::int64_t>(day_count_, 1);
    for (int attempt = 0; attempt < 4; ++attempt) {
        const auto found =
            std::upper_bound(cumulated.begin(), cumulated.end(), rng.below(cumulated.back()));
        const Product& product = products_[static_cast<std::size_t>(found - cumulated.begin())];
        if (static_cast<std::int64_t>(product.launch_permille) <= age_permille) return product;
    }
    return products_.front();
}

OrderPlan Planner::outline(std::size_t shop, std::uint32_t sequence, Millis created) const {
    Rng rng(mix(seed_, shop, sequence, static_cast<std::uint64_t>(outline_stream)));
    const Shop& seller = shops()[shop];
    OrderPlan plan;
    plan.shop = shop;
    plan.sequence = sequence;
    plan.created = created;
    plan.marketplace = seller.marketplaces[seller.marketplace_count > 1 && rng.chance(180) ? 1 : 0];
    plan.buyer_seed = rng.next();
    Rng lines(mix(seed_, shop, sequence, static_cast<std::uint64_t>(line_stream)));
    plan.fulfilled_by_amazon = rng.chance(draw_product(lines, created).fba_permille);
    plan.prime = plan.fulfilled_by_amazon ? rng.chance(750) : rng.chance(60);
    plan.business = rng.chance(90);
    plan.premium = !plan.fulfilled_by_amazon && rng.chance(20);
    constexpr std::array<unsigned, 5> line_share{700, 200, 70, 20, 10};
    auto draw = static_cast<unsigned>(rng.below(1000));
    while (draw >= line_share[plan.line_count - 1]) draw -= line_share[plan.line_count++ - 1];
    constexpr std::array<std::string_view, 5> levels{"STANDARD", "STANDARD", "EXPEDITED",
                                                     "SECOND_DAY", "FREE_ECONOMY"};
    plan.service_level = plan.prime ? std::string_view("NEXT_DAY") : rng.pick(levels);
    if (rng.chance(2)) plan.first_status = Status::pending_availability;
    if (sequence > 200 && rng.chance(6)) {
        const auto earlier = sequence - static_cast<std::uint32_t>(rng.between(20, 200));
        plan.replaces = order_id(seed_, shop, earlier);
        plan.line_count = 1;
    }
    add_windows(plan);
    add_life(plan);
    return plan;
}

OrderPlan Planner::plan(std::size_t shop, std::uint32_t sequence, Millis created) const {
    OrderPlan plan = outline(shop, sequence, created);
    plan.id = order_id(seed_, shop, sequence);
    add_lines(plan);
    add_return(plan);
    return plan;
}

void Planner::add_windows(OrderPlan& plan) const {
    const Millis next_day = (day_of(plan.created) + 1) * day_ms;
    plan.ship_from = next_day + 8 * hour_ms;
    plan.ship_until = next_day + (plan.prime ? 1 : 2) * day_ms - second_ms;
    plan.deliver_from = next_day + (plan.prime ? 1 : 3) * day_ms;
    plan.deliver_until = next_day + (plan.prime ? 3 : 7) * day_ms - second_ms;
}

void Planner::add_life(OrderPlan& plan) const {
    Rng rng(mix(seed_, plan.shop, plan.sequence, static_cast<std::uint64_t>(life_stream)));
    Millis at = plan.created;
    if (plan.first_status == Status::pending_availability) {
        at += rng.between(2 * day_ms, 12 * day_ms);
        plan.life.push_back({at, LifeKind::released});
    }
    if (rng.chance(22)) {  // the payment never comes
        plan.life.push_back({at + rng.between(day_ms, 4 * day_ms), LifeKind::cancelled});
        return;
    }
    at += rng.chance(850) ? rng.between(20 * second_ms, 25 * minute_ms)
                          : rng.between(25 * minute_ms, 8 * hour_ms);
    plan.life.push_back({at, LifeKind::paid});
    const bool asks = !plan.replaces && rng.chance(28);
    if (asks) {
        at += rng.between(5 * minute_ms, 3 * hour_ms);
        plan.life.push_back({at, LifeKind::cancel_requested});
        if (rng.chance(700)) {
            plan.life.push_back(
                {at + rng.between(10 * minute_ms, 10 * hour_ms), LifeKind::cancelled});
            return;
        }
    }
    at += plan.fulfilled_by_amazon ? rng.between(3 * hour_ms, 36 * hour_ms)
                                   : rng.between(6 * hour_ms, 44 * hour_ms);
    if (!plan.fulfilled_by_amazon && plan.line_count > 1 && rng.chance(200)) {
        plan.life.push_back({at, LifeKind::shipped_part});
        at += rng.between(8 * hour_ms, 40 * hour_ms);
    }
    plan.life.push_back({at, LifeKind::shipped});
    if (!plan.fulfilled_by_amazon && !rng.chance(30)) {  // some parcels are never scanned again
        const Millis days = plan.shop == 2 ? 2 : 5;
        plan.life.push_back({at + rng.between(18 * hour_ms, days * day_ms), LifeKind::delivered});
    }
}

void Planner::add_lines(OrderPlan& plan) const {
    Rng rng(mix(seed_, plan.shop, plan.sequence, static_cast<std::uint64_t>(line_stream)));
    const Campaign* campaign = campaign_on(plan.shop, day_of(plan.created));
    plan.lines.resize(plan.line_count);
    for (std::size_t i = 0; i < plan.lines.size(); ++i) {
        OrderLine& line = plan.lines[i];
        line.product = &draw_product(rng, plan.created);
        const bool repeats =
            std::any_of(plan.lines.begin(), plan.lines.begin() + static_cast<std::ptrdiff_t>(i),
                        [&](const OrderLine& other) { return other.product == line.product; });
        if (repeats) line.product = &products_[rng.below(products_.size())];
        line.quantity = rng.chance(820) ? 1 : rng.between(2, plan.business ? 24 : 4);
        if (plan.replaces) {
            line.quantity = 1;
            continue;  // a replacement costs nothing: every amount stays 0
        }
        price_line(line, plan, rng);
        if (campaign && rng.chance(campaign->reach_permille)) {
            line.item_discount = share(line.item, campaign->discount_percent, 100);
            line.promotion = campaign->id;
        }
        const Region region = region_of(plan.marketplace, plan.buyer_seed);
        const std::int64_t rate =
            line.product->reduced_tax ? region.reduced_per_100k : region.tax_per_100k;
        const bool included = marketplaces()[plan.marketplace].tax_included;
        line.item_tax = tax_of(line.item - line.item_discount, rate, included);
        line.shipping_tax = tax_of(line.shipping - line.shipping_discount, rate, included);
        line.gift_wrap_tax = tax_of(line.gift_wrap, rate, included);
    }
}

void Planner::price_line(OrderLine& line, const OrderPlan& plan, Rng& rng) const {
    const std::int64_t list = line.product->price[plan.marketplace];
    // Sellers change prices: each product has its own level in each quarter.
    const std::int64_t quarter = day_of(plan.created) / 91;
    constexpr std::array<std::int64_t, 5> levels{100, 100, 95, 105, 110};
    Rng level(mix(seed_, quarter,
                  mix(line.product->price[0], line.product->asin[5], line.product->asin[9])));
    line.unit_price = share(list, level.pick(levels), 100);
    line.business_price = plan.business && rng.chance(600);
    if (line.business_price) line.unit_price = share(line.unit_price, 93, 100);
    line.subscription = line.product->reduced_tax && rng.chance(180);
    line.item = line.unit_price * line.quantity;
    constexpr std::array<std::int64_t, marketplace_count> shipping{499, 799, 399, 480};
    constexpr std::array<std::int64_t, marketplace_count> wrap{399, 499, 350, 330};
    if (!plan.prime && rng.chance(450)) {
        line.shipping = shipping[plan.marketplace];
        if (rng.chance(350)) {
            line.shipping_discount = line.shipping;
            line.promotion = "FREE-SHIPPING";
        }
    }
    if (rng.chance(civil_from_days(day_of(plan.created)).month == 12 ? 120 : 25)) {
        line.gift = true;
        line.gift_wrap = wrap[plan.marketplace];
    }
    if (plan.shop == 2) line.points = line.item / 100;
}

void Planner::add_return(OrderPlan& plan) const {
    Rng rng(mix(seed_, plan.shop, plan.sequence, static_cast<std::uint64_t>(return_stream)));
    const LifeEvent& last = plan.life.back();
    if (last.kind == LifeKind::cancelled || !rng.chance(plan.shop == 1 ? 90 : 55)) return;
    constexpr std::array<std::string_view, 6> reasons{"UNWANTED_ITEM",      "DEFECTIVE",
                                                      "NOT_AS_DESCRIBED",   "ORDERED_WRONG_ITEM",
                                                      "DAMAGED_BY_CARRIER", "NO_REASON_GIVEN"};
    constexpr std::array<std::string_view, 4> dispositions{"SELLABLE", "SELLABLE",
                                                           "CUSTOMER_DAMAGED", "DEFECTIVE"};
    PlannedReturn back;
    back.at = last.at + rng.between(3 * day_ms, 28 * day_ms);
    back.line = rng.below(plan.lines.size());
    back.quantity = rng.between(1, plan.lines[back.line].quantity);
    back.reason = rng.pick(reasons);
    back.disposition = rng.pick(dispositions);
    plan.planned_return = back;
}

}  // namespace entrepot::sim
