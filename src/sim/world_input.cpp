// What comes into the world from outside: shipment confirmations, and orders from a feed.
// Both are replayed in the same order after a restart, so they must not draw random numbers.
#include <algorithm>

#include "sim/world.hpp"

namespace entrepot::sim {

namespace {

// Sums what all packages but `except` hold of a line.
std::int64_t packed(const std::vector<Package>& packages, std::size_t line,
                    std::string_view except) {
    std::int64_t sum = 0;
    for (const Package& package : packages) {
        if (package.reference != except) sum += package.quantities[line];
    }
    return sum;
}

}  // namespace

Confirmation World::confirm(std::size_t shop, std::uint32_t sequence, Package package, Millis now) {
    const OrderView before = view(shop, sequence);
    if (before.plan.fulfilled_by_amazon) {
        return {"InvalidInput", "The order is fulfilled by Amazon."};
    }
    if (before.status == Status::cancelled || !before.paid) {
        return {"InvalidInput", "The order is not in a state that can be shipped."};
    }
    if (package.shipped > now) return {"InvalidInput", "shipDate must not be in the future."};
    if (package.shipped < before.plan.created) {
        return {"InvalidInput", "shipDate must not be before the order date."};
    }
    for (std::size_t line = 0; line < before.plan.lines.size(); ++line) {
        const std::int64_t others = packed(before.packages, line, package.reference);
        if (others + package.quantities[line] > before.plan.lines[line].quantity) {
            return {"InvalidInput", "quantity exceeds what is left to ship of an order item."};
        }
    }
    ShopState& state = shops_[shop];
    Extra& extra = state.extra[sequence];
    extra.packages = before.packages;
    const auto same =
        std::find_if(extra.packages.begin(), extra.packages.end(),
                     [&](const Package& other) { return other.reference == package.reference; });
    package.created = now;
    if (same != extra.packages.end()) {
        package.created = same->created;
        package.moving = same->moving;
        package.delivered = same->delivered;
        *same = std::move(package);
    } else {
        const auto index = static_cast<std::int32_t>(extra.packages.size());
        Rng rng(mix(before.plan.buyer_seed, index));
        const Millis travel = rng.between(20 * hour_ms, 4 * day_ms);
        const Millis scanned = rng.between(hour_ms, 8 * hour_ms);
        extra.packages.push_back(std::move(package));
        state.due.push({now + scanned, sequence, index});
        state.due.push({now + travel, sequence, index});
    }
    bool complete = true;
    for (std::size_t line = 0; line < before.plan.lines.size(); ++line) {
        complete = complete && packed(extra.packages, line, "") == before.plan.lines[line].quantity;
    }
    state.records[sequence].status = complete ? Status::shipped : Status::partially_shipped;
    stamp(shop, sequence, now);
    return {};
}

std::optional<Package> World::find_parcel(std::string_view tracking) const {
    for (const ShopState& state : shops_)
        for (const auto& [sequence, extra] : state.extra)
            for (const Package& package : extra.packages)
                if (package.tracking == tracking) return package;
    return std::nullopt;
}

std::uint32_t World::place(OrderPlan plan, Millis now) {
    ShopState& state = shops_[plan.shop];
    const auto sequence = static_cast<std::uint32_t>(state.records.size());
    plan.sequence = sequence;
    if (!state.records.empty()) plan.created = std::max(plan.created, state.records.back().created);
    if (plan.id.empty()) plan.id = order_id(options_.seed, plan.shop, sequence);
    for (LifeEvent& event : plan.life) event.at = std::max(event.at, plan.created);
    state.outside_ids[plan.id] = sequence;
    const std::size_t shop = plan.shop;
    state.extra[sequence].plan = std::make_shared<const OrderPlan>(plan);
    append(shop, plan, now);
    const Millis updated = state.log.back().at;
    state.log.pop_back();
    stamp(shop, sequence, updated);
    return sequence;
}

void World::merge_feed(std::vector<OrderPlan> plans) {
    std::sort(plans.begin(), plans.end(), [](const OrderPlan& a, const OrderPlan& b) {
        return a.created != b.created ? a.created < b.created : a.sequence < b.sequence;
    });
    for (std::size_t shop = 0; shop < shop_count; ++shop) {
        ShopState& state = shops_[shop];
        std::vector<Millis> generated;
        for (const Record& record : state.records) generated.push_back(record.created);
        const std::uint64_t arrival_number = state.arrival_number;
        const std::int64_t waiting_units = state.waiting_units;
        state = ShopState{};
        state.arrival_number = arrival_number;
        state.waiting_units = waiting_units;
        state.waiting_since = live_start_;
        std::size_t next = 0;
        const auto add_generated_until = [&](Millis until) {
            for (; next < generated.size() && generated[next] <= until; ++next) {
                const auto sequence = static_cast<std::uint32_t>(state.records.size());
                append(shop, planner_.outline(shop, sequence, generated[next]), live_start_);
            }
        };
        for (OrderPlan& plan : plans) {
            if (plan.shop != shop) continue;
            if (plan.created >= live_start_) {
                state.future.push_back(std::move(plan));
                continue;
            }
            add_generated_until(plan.created);
            const auto sequence = static_cast<std::uint32_t>(state.records.size());
            plan.sequence = sequence;
            if (plan.id.empty()) plan.id = order_id(options_.seed, shop, sequence);
            state.outside_ids[plan.id] = sequence;
            state.extra[sequence].plan = std::make_shared<const OrderPlan>(plan);
            append(shop, plan, live_start_);
        }
        add_generated_until(INT64_MAX);
        std::reverse(state.future.begin(), state.future.end());
        std::sort(state.log.begin(), state.log.end());
    }
}

}  // namespace entrepot::sim
