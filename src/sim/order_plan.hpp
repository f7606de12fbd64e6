// What an order is before anything happens to it: buyer, lines, money, and the life it would have.
// A plan is a pure function of (world seed, shop, sequence number, creation time); the world stores
// only those and derives the plan whenever it is asked for.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/catalogue.hpp"
#include "sim/random.hpp"
#include "sim/time_text.hpp"

namespace entrepot::sim {

enum class Status : std::uint8_t {
    pending_availability,
    pending,
    unshipped,
    partially_shipped,
    shipped,
    cancelled,
    unfulfillable
};
constexpr std::size_t status_count = 7;

/// `PARTIALLY_SHIPPED` and so on, as Orders 2026-01-01 spells it; and the reports' `Shipped`.
std::string_view status_text(Status status);
std::string_view report_status_text(Status status);
std::optional<Status> parse_status(std::string_view text);

enum class LifeKind : std::uint8_t {
    released,
    paid,
    cancel_requested,
    cancelled,
    shipped_part,
    shipped,
    delivered
};

struct LifeEvent {
    Millis at = 0;
    LifeKind kind = LifeKind::paid;
};

/// Money in minor units of the marketplace's currency; discounts are positive numbers.
struct OrderLine {
    const Product* product = nullptr;
    std::int64_t quantity = 1;
    std::int64_t unit_price = 0;
    std::int64_t item = 0;
    std::int64_t item_tax = 0;
    std::int64_t shipping = 0;
    std::int64_t shipping_tax = 0;
    std::int64_t gift_wrap = 0;
    std::int64_t gift_wrap_tax = 0;
    std::int64_t item_discount = 0;
    std::int64_t shipping_discount = 0;
    std::int64_t points = 0;
    std::string promotion;
    bool business_price = false;
    bool subscription = false;
    bool gift = false;
};

/// What a buyer sends back, for the day when returns are served; see GET /admin/returns.
struct PlannedReturn {
    Millis at = 0;
    std::size_t line = 0;
    std::int64_t quantity = 1;
    std::string_view reason;
    std::string_view disposition;
};

struct OrderPlan {
    std::size_t shop = 0;
    std::size_t marketplace = 0;
    std::uint32_t sequence = 0;
    Millis created = 0;
    std::string id;
    std::string seller_order_id;
    bool fulfilled_by_amazon = false;
    bool prime = false;
    bool business = false;
    bool premium = false;
    std::string_view service_level;
    std::uint64_t buyer_seed = 0;
    std::optional<std::string> replaces;  ///< id of the order that this one replaces
    Status first_status = Status::pending;
    std::size_t line_count = 1;
    std::vector<OrderLine> lines;
    std::vector<LifeEvent> life;
    std::optional<PlannedReturn> planned_return;
    Millis ship_from = 0, ship_until = 0, deliver_from = 0, deliver_until = 0;
};

/// Sums over the lines of an order.
struct Amounts {
    std::int64_t item = 0, shipping = 0, gift_wrap = 0, tax = 0, discount = 0, units = 0;

    /// What the buyer pays. Where prices include tax, the tax is part of them already.
    std::int64_t grand_total(bool tax_included) const {
        return item + shipping + gift_wrap - discount + (tax_included ? 0 : tax);
    }
};
Amounts line_amounts(const OrderLine& line);
Amounts order_amounts(const OrderPlan& plan);

/// Order ids are a permutation of sequence numbers: unique without a table, and readable back.
std::string order_id(std::uint64_t seed, std::size_t shop, std::uint32_t sequence);
std::optional<std::uint32_t> sequence_of(std::uint64_t seed, std::size_t shop, std::string_view id);
std::string order_item_id(std::uint64_t seed, std::size_t shop, std::uint32_t sequence,
                          std::size_t line);

/// Derives plans for one world. Thread-safe after construction.
class Planner {
public:
    Planner(std::uint64_t seed, std::int64_t first_day, std::int64_t day_count);

    /// Everything but lines, return, and windows' text; cheap, for building the world.
    OrderPlan outline(std::size_t shop, std::uint32_t sequence, Millis created) const;
    /// The whole plan.
    OrderPlan plan(std::size_t shop, std::uint32_t sequence, Millis created) const;

    const std::vector<Product>& catalogue() const { return products_; }
    std::uint64_t seed() const { return seed_; }

private:
    const Product& draw_product(Rng& rng, Millis created) const;
    void add_lines(OrderPlan& plan) const;
    void price_line(OrderLine& line, const OrderPlan& plan, Rng& rng) const;
    void add_life(OrderPlan& plan) const;
    void add_windows(OrderPlan& plan) const;
    void add_return(OrderPlan& plan) const;

    std::uint64_t seed_;
    std::int64_t first_day_;
    std::int64_t day_count_;
    std::vector<Product> products_;
    std::array<std::vector<std::uint64_t>, 12> cumulated_;  ///< popularity by month
};

}  // namespace entrepot::sim
