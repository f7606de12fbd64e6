// The simulated market: every order of three shops, its state as of now, and what happens next.
// Orders are kept as 24 bytes each; everything else is derived from the seed when it is asked for.
// Not thread-safe: the simulator holds one lock around it.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <queue>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "sim/order_plan.hpp"

namespace entrepot::sim {

struct WorldOptions {
    std::uint64_t seed = 1;
    std::uint64_t history_orders = 600;
    std::int64_t history_days = 30;
    Millis start = 0;       ///< history ends at the midnight (UTC) before this instant
    bool auto_ship = true;  ///< merchant orders ship by themselves when nobody confirms them
};

/// How many orders arrive while the clock runs: so many a minute over all shops, or the natural
/// rate of the world's size, or none.
struct Arrivals {
    enum class Mode : std::uint8_t { none, natural, per_minute };
    Mode mode = Mode::natural;
    std::int64_t per_minute = 0;
    bool operator==(const Arrivals&) const = default;
};

struct Package {
    std::string reference;
    std::string carrier;
    std::string service;
    std::string tracking;
    Millis created = 0;
    Millis shipped = 0;
    Millis moving = 0;                     ///< 0 until the carrier has scanned it
    Millis delivered = 0;                  ///< 0 while on the way
    std::vector<std::int64_t> quantities;  ///< by order line
};

/// An order as it stands: the plan, and what has happened so far.
struct OrderView {
    OrderPlan plan;
    Status status = Status::pending;
    Millis updated = 0;
    bool paid = false;  ///< prices and address are shown only from then on
    bool cancel_requested = false;
    std::vector<Package> packages;
    std::vector<std::int64_t> fulfilled;  ///< by order line
};

struct SearchFilter {
    bool by_update = true;
    Millis after = 0;
    Millis before = 0;
    unsigned statuses = 0;      ///< bit per Status; 0 = all
    unsigned marketplaces = 0;  ///< bit per marketplace index; 0 = all
    unsigned fulfilled_by = 0;  ///< bit 0 merchant, bit 1 Amazon; 0 = all
};

/// The place after which a next page begins.
struct Position {
    Millis at = 0;
    std::uint32_t sequence = 0;
};

struct SearchPage {
    std::vector<std::uint32_t> orders;
    std::optional<Position> next;  ///< absent on the last page
};

/// Why a shipment confirmation is refused; empty when it was accepted.
struct Confirmation {
    std::string error;
    std::string detail;
};

class World {
public:
    explicit World(WorldOptions options);

    /// Makes everything happen that is due until `now`. Earlier instants change nothing: what has
    /// happened stays, whatever the clock does.
    void advance(Millis now);
    /// From `at` on, orders arrive like this.
    void set_arrivals(Millis at, Arrivals arrivals);
    const Arrivals& arrivals() const { return arrivals_; }
    Millis live_start() const { return live_start_; }
    Millis advanced_to() const { return advanced_to_; }

    std::size_t count(std::size_t shop) const { return shops_[shop].records.size(); }
    OrderView view(std::size_t shop, std::uint32_t sequence) const;
    std::optional<std::uint32_t> find(std::size_t shop, std::string_view order_id) const;
    SearchPage search(std::size_t shop, const SearchFilter& filter, std::optional<Position> from,
                      std::size_t limit) const;
    /// Calls with (sequence, created, updated) of every order, in order of creation.
    void for_each(std::size_t shop,
                  const std::function<void(std::uint32_t, Millis, Millis)>& visit) const;

    /// Adds or edits one package of a merchant order. `quantities` by order line.
    Confirmation confirm(std::size_t shop, std::uint32_t sequence, Package package, Millis now);
    /// The confirmed parcel with this tracking number, in any shop.
    std::optional<Package> find_parcel(std::string_view tracking) const;
    /// An update that changes nothing but the time of the last one.
    void touch(std::size_t shop, std::uint32_t sequence, Millis now);
    /// Places an order that came from outside; its plan must have lines and life. Times before the
    /// newest order are taken as they are only while the history is being built.
    std::uint32_t place(OrderPlan plan, Millis now);
    /// Merges orders from a feed file. Only right after construction, before the first advance.
    /// `sequence` of a plan is its place in the file and breaks ties of creation time.
    void merge_feed(std::vector<OrderPlan> plans);

    const Planner& planner() const { return planner_; }

private:
    struct Record {
        Millis created;
        Millis updated;
        Status status;
        std::uint8_t stage;  ///< how many life events have happened
        std::uint8_t marketplace;
        bool fulfilled_by_amazon;
    };
    struct LogEntry {
        Millis at;
        std::uint32_t sequence;
        bool operator<(const LogEntry& other) const {
            return at != other.at ? at < other.at : sequence < other.sequence;
        }
    };
    struct Due {
        Millis at;
        std::uint32_t sequence;
        /// ≥ 0: that package moves on, is scanned and then delivered; -1: the next life event.
        std::int32_t package;
        bool operator>(const Due& other) const {
            return at != other.at ? at > other.at : sequence > other.sequence;
        }
    };
    struct Extra {
        std::shared_ptr<const OrderPlan> plan;  ///< set for orders from outside
        std::vector<Package> packages;          ///< set once the seller has confirmed one
    };
    struct ShopState {
        std::vector<Record> records;
        std::vector<LogEntry>
            log;  ///< ascending; an entry counts while the record still bears its time
        std::priority_queue<Due, std::vector<Due>, std::greater<>> due;
        std::unordered_map<std::uint32_t, Extra> extra;
        std::unordered_map<std::string, std::uint32_t> outside_ids;
        std::vector<OrderPlan> future;  ///< feed orders still to come, latest first
        std::uint64_t arrival_number = 0;
        std::int64_t waiting_units = 0;  ///< millionths of a mean gap until the next arrival
        Millis waiting_since = 0;
    };

    void build_history(std::size_t shop);
    void append(std::size_t shop, const OrderPlan& outline, Millis now);
    void apply_life(std::size_t shop, std::uint32_t sequence, const OrderPlan& outline,
                    Millis stamp);
    void advance_shop(std::size_t shop, Millis now);
    void apply_due(std::size_t shop, const Due& due);
    void schedule_next(std::size_t shop, std::uint32_t sequence, const OrderPlan& outline);
    bool happens(const OrderPlan& outline, const LifeEvent& event) const;
    OrderPlan outline_of(std::size_t shop, std::uint32_t sequence) const;
    void stamp(std::size_t shop, std::uint32_t sequence, Millis at);
    void draw_arrival(std::size_t shop);
    std::int64_t mean_gap(std::size_t shop) const;
    std::optional<Millis> next_arrival(std::size_t shop) const;
    bool matches(const Record& record, const SearchFilter& filter) const;
    void fill_packages(OrderView& view, std::size_t stage) const;

    WorldOptions options_;
    Millis live_start_;
    Millis advanced_to_;
    Planner planner_;
    Arrivals arrivals_{Arrivals::Mode::natural, 0};
    std::vector<ShopState> shops_;
};

}  // namespace entrepot::sim
