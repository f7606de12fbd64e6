// The simulated market: every order of three shops, its state as of now, and what happens next.
// Updates are an append-only log per shop; a page is a binary search and a walk along it.
#include "sim/world.hpp"

#include <algorithm>
#include <cmath>

#include "sim/calendar.hpp"

namespace entrepot::sim {

namespace {

constexpr std::int64_t unit = 1'000'000;

bool is_shipping(LifeKind kind) {
    return kind == LifeKind::shipped_part || kind == LifeKind::shipped ||
           kind == LifeKind::delivered;
}

Status after(LifeKind kind, Status before) {
    switch (kind) {
        case LifeKind::released:
            return Status::pending;
        case LifeKind::paid:
            return Status::unshipped;
        case LifeKind::cancelled:
            return Status::cancelled;
        case LifeKind::shipped_part:
            return Status::partially_shipped;
        case LifeKind::shipped:
            return Status::shipped;
        case LifeKind::cancel_requested:
        case LifeKind::delivered:
            return before;
    }
    return before;
}

std::string tracking_number(std::size_t shop, std::uint64_t seed, std::string_view reference) {
    Rng rng(mix(seed, shop, reference.front(), 0x77ACu));
    std::string number = shop == 0 ? "1Z" : shop == 1 ? "0034" : "";
    for (int i = 0; i < (shop == 2 ? 12 : 16); ++i)
        number.push_back(static_cast<char>('0' + rng.below(10)));
    return number;
}

}  // namespace

World::World(WorldOptions options)
    : options_(options),
      live_start_(day_of(options.start) * day_ms),
      advanced_to_(live_start_),
      planner_(options.seed, day_of(options.start) - options.history_days, options.history_days),
      shops_(shop_count) {
    for (std::size_t shop = 0; shop < shop_count; ++shop) {
        build_history(shop);
        shops_[shop].waiting_since = live_start_;
        draw_arrival(shop);
    }
}

void World::build_history(std::size_t shop) {
    const std::uint64_t total = options_.history_orders * sim::shops()[shop].share_permille / 1000;
    const auto instants =
        history_instants(options_.seed, shop, live_start_, options_.history_days, total);
    ShopState& state = shops_[shop];
    state.records.reserve(instants.size() + instants.size() / 8);
    for (const Millis created : instants) {
        const auto sequence = static_cast<std::uint32_t>(state.records.size());
        const OrderPlan outline = planner_.outline(shop, sequence, created);
        append(shop, outline, live_start_);
    }
    std::sort(state.log.begin(), state.log.end());
}

// Adds the record and lets everything of its life happen that lies before `now`; log order is the
// caller's business.
void World::append(std::size_t shop, const OrderPlan& outline, Millis now) {
    ShopState& state = shops_[shop];
    const auto sequence = static_cast<std::uint32_t>(state.records.size());
    Record record{outline.created,
                  outline.created,
                  outline.first_status,
                  0,
                  static_cast<std::uint8_t>(outline.marketplace),
                  outline.fulfilled_by_amazon};
    while (record.stage < outline.life.size() && outline.life[record.stage].at <= now &&
           happens(outline, outline.life[record.stage])) {
        const LifeEvent& event = outline.life[record.stage++];
        record.status = after(event.kind, record.status);
        record.updated = std::max(record.updated, event.at);
    }
    state.records.push_back(record);
    state.log.push_back({record.updated, sequence});
    schedule_next(shop, sequence, outline);
}

bool World::happens(const OrderPlan& outline, const LifeEvent& event) const {
    return options_.auto_ship || outline.fulfilled_by_amazon || !is_shipping(event.kind) ||
           event.at < live_start_;
}

void World::schedule_next(std::size_t shop, std::uint32_t sequence, const OrderPlan& outline) {
    const Record& record = shops_[shop].records[sequence];
    if (record.stage >= outline.life.size()) return;
    const LifeEvent& next = outline.life[record.stage];
    if (happens(outline, next)) shops_[shop].due.push({next.at, sequence, -1});
}

OrderPlan World::outline_of(std::size_t shop, std::uint32_t sequence) const {
    const auto found = shops_[shop].extra.find(sequence);
    if (found != shops_[shop].extra.end() && found->second.plan) return *found->second.plan;
    return planner_.outline(shop, sequence, shops_[shop].records[sequence].created);
}

// Stamps of one shop rise strictly, so that a page position never falls between two equal times.
void World::stamp(std::size_t shop, std::uint32_t sequence, Millis at) {
    ShopState& state = shops_[shop];
    if (!state.log.empty()) at = std::max(at, state.log.back().at + 1);
    state.records[sequence].updated = at;
    state.log.push_back({at, sequence});
}

void World::advance(Millis now) {
    if (now <= advanced_to_) return;
    for (std::size_t shop = 0; shop < shop_count; ++shop) advance_shop(shop, now);
    advanced_to_ = now;
}

void World::advance_shop(std::size_t shop, Millis now) {
    ShopState& state = shops_[shop];
    for (;;) {
        const auto arrival = next_arrival(shop);
        const Millis arrival_at = arrival ? *arrival : INT64_MAX;
        const Millis feed_at = state.future.empty() ? INT64_MAX : state.future.back().created;
        const Millis due_at = state.due.empty() ? INT64_MAX : state.due.top().at;
        const Millis first = std::min({arrival_at, feed_at, due_at});
        if (first > now) return;
        if (due_at == first) {
            const Due due = state.due.top();
            state.due.pop();
            apply_due(shop, due);
        } else if (feed_at == first) {
            OrderPlan plan = std::move(state.future.back());
            state.future.pop_back();
            place(std::move(plan), first);
        } else {
            const auto sequence = static_cast<std::uint32_t>(state.records.size());
            const Millis created =
                std::max(first, state.records.empty() ? first : state.records.back().created);
            append(shop, planner_.outline(shop, sequence, created), created);
            state.log.pop_back();
            stamp(shop, sequence, created);
            state.waiting_since = first;
            draw_arrival(shop);
        }
    }
}

void World::apply_due(std::size_t shop, const Due& due) {
    ShopState& state = shops_[shop];
    const auto found = state.extra.find(due.sequence);
    const bool by_seller = found != state.extra.end() && !found->second.packages.empty();
    if (due.package >= 0) {
        auto& package = found->second.packages[static_cast<std::size_t>(due.package)];
        (package.moving == 0 ? package.moving : package.delivered) = due.at;
        stamp(shop, due.sequence, due.at);
        return;
    }
    if (by_seller) return;  // from the first confirmation on, the seller decides
    Record& record = state.records[due.sequence];
    const OrderPlan outline = outline_of(shop, due.sequence);
    record.status = after(outline.life[record.stage].kind, record.status);
    ++record.stage;
    stamp(shop, due.sequence, due.at);
    schedule_next(shop, due.sequence, outline);
}

void World::set_arrivals(Millis at, Arrivals arrivals) {
    if (arrivals == arrivals_) return;
    for (std::size_t shop = 0; shop < shop_count; ++shop) {
        ShopState& state = shops_[shop];
        // What has been waited for counts at the old rate; the rest of the gap runs at the new one.
        if (arrivals_.mode != Arrivals::Mode::none && at > state.waiting_since) {
            const std::int64_t waited = (at - state.waiting_since) * unit / mean_gap(shop);
            state.waiting_units = std::max<std::int64_t>(state.waiting_units - waited, 1);
        }
        state.waiting_since = std::max(at, state.waiting_since);
    }
    arrivals_ = arrivals;
}

std::int64_t World::mean_gap(std::size_t shop) const {
    const std::int64_t share = sim::shops()[shop].share_permille;
    if (arrivals_.mode == Arrivals::Mode::per_minute) {
        return std::max<std::int64_t>(
            minute_ms * 1000 / std::max<std::int64_t>(arrivals_.per_minute * share, 1), 1);
    }
    const auto orders =
        static_cast<std::int64_t>(std::max<std::uint64_t>(options_.history_orders, 1));
    // A million orders a year come 31 ms apart; products stay far below 2^63.
    return std::max<std::int64_t>(
        options_.history_days * day_ms / std::max<std::int64_t>(orders * share / 1000, 1), 1);
}

void World::draw_arrival(std::size_t shop) {
    ShopState& state = shops_[shop];
    Rng rng(mix(options_.seed, shop, state.arrival_number++, 0xA221u));
    const double uniform = (static_cast<double>(rng.below(1'000'000)) + 0.5) / 1'000'000.0;
    state.waiting_units =
        std::max<std::int64_t>(static_cast<std::int64_t>(-std::log(uniform) * 1'000'000.0), 1);
}

std::optional<Millis> World::next_arrival(std::size_t shop) const {
    if (arrivals_.mode == Arrivals::Mode::none) return std::nullopt;
    const ShopState& state = shops_[shop];
    return state.waiting_since +
           std::max<std::int64_t>(state.waiting_units * mean_gap(shop) / unit, 1);
}

bool World::matches(const Record& record, const SearchFilter& filter) const {
    if (filter.statuses != 0 && (filter.statuses >> static_cast<unsigned>(record.status) & 1U) == 0)
        return false;
    if (filter.marketplaces != 0 && (filter.marketplaces >> record.marketplace & 1U) == 0)
        return false;
    return filter.fulfilled_by == 0 ||
           (filter.fulfilled_by >> (record.fulfilled_by_amazon ? 1U : 0U) & 1U) != 0;
}

SearchPage World::search(std::size_t shop, const SearchFilter& filter, std::optional<Position> from,
                         std::size_t limit) const {
    const ShopState& state = shops_[shop];
    SearchPage page;
    const auto take = [&](std::uint32_t sequence, Position& last, Millis at) {
        if (page.orders.size() == limit) {
            page.next = last;
            return false;
        }
        page.orders.push_back(sequence);
        last = {at, sequence};
        return true;
    };
    Position last{};
    if (filter.by_update) {
        auto entry =
            from ? std::upper_bound(state.log.begin(), state.log.end(),
                                    LogEntry{from->at, from->sequence})
                 : std::lower_bound(state.log.begin(), state.log.end(), LogEntry{filter.after, 0});
        for (; entry != state.log.end() && entry->at <= filter.before; ++entry) {
            const Record& record = state.records[entry->sequence];
            if (record.updated != entry->at || !matches(record, filter)) continue;
            if (!take(entry->sequence, last, entry->at)) break;
        }
        return page;
    }
    const auto older = [](const Record& record, Millis at) { return record.created < at; };
    auto sequence = from ? from->sequence + 1U
                         : static_cast<std::uint32_t>(std::lower_bound(state.records.begin(),
                                                                       state.records.end(),
                                                                       filter.after, older) -
                                                      state.records.begin());
    for (; sequence < state.records.size() && state.records[sequence].created <= filter.before;
         ++sequence) {
        if (!matches(state.records[sequence], filter)) continue;
        if (!take(sequence, last, state.records[sequence].created)) break;
    }
    return page;
}

void World::for_each(std::size_t shop,
                     const std::function<void(std::uint32_t, Millis, Millis)>& visit) const {
    const auto& records = shops_[shop].records;
    for (std::uint32_t i = 0; i < records.size(); ++i)
        visit(i, records[i].created, records[i].updated);
}

std::optional<std::uint32_t> World::find(std::size_t shop, std::string_view id) const {
    const ShopState& state = shops_[shop];
    if (const auto outside = state.outside_ids.find(std::string(id));
        outside != state.outside_ids.end()) {
        return outside->second;
    }
    const auto sequence = sequence_of(options_.seed, shop, id);
    if (!sequence || *sequence >= state.records.size()) return std::nullopt;
    const auto extra = state.extra.find(*sequence);
    if (extra != state.extra.end() && extra->second.plan && extra->second.plan->id != id)
        return std::nullopt;
    return sequence;
}

OrderView World::view(std::size_t shop, std::uint32_t sequence) const {
    const ShopState& state = shops_[shop];
    const Record& record = state.records[sequence];
    const auto extra = state.extra.find(sequence);
    OrderView view;
    view.plan = extra != state.extra.end() && extra->second.plan
                    ? *extra->second.plan
                    : planner_.plan(shop, sequence, record.created);
    view.status = record.status;
    view.updated = record.updated;
    for (std::size_t i = 0; i < record.stage; ++i) {
        view.paid = view.paid || view.plan.life[i].kind == LifeKind::paid;
        view.cancel_requested =
            view.cancel_requested || view.plan.life[i].kind == LifeKind::cancel_requested;
    }
    if (extra != state.extra.end() && !extra->second.packages.empty()) {
        view.packages = extra->second.packages;
    } else {
        fill_packages(view, record.stage);
    }
    view.fulfilled.assign(view.plan.lines.size(), 0);
    for (std::size_t line = 0; line < view.fulfilled.size(); ++line) {
        for (const Package& package : view.packages)
            view.fulfilled[line] += package.quantities[line];
        if (view.plan.fulfilled_by_amazon && view.status == Status::shipped) {
            view.fulfilled[line] = view.plan.lines[line].quantity;
        }
    }
    return view;
}

// Packages of orders that shipped by themselves: the first line first, the rest later, or all at
// once.
void World::fill_packages(OrderView& view, std::size_t stage) const {
    const OrderPlan& plan = view.plan;
    if (plan.fulfilled_by_amazon) return;
    constexpr std::array<std::string_view, shop_count> carriers{"UPS", "DHL", "Yamato Transport"};
    constexpr std::array<std::string_view, shop_count> services{"UPS Ground", "DHL Paket",
                                                                "宅急便"};
    for (std::size_t i = 0; i < stage; ++i) {
        const LifeEvent& event = plan.life[i];
        if (event.kind == LifeKind::delivered) {
            for (Package& package : view.packages) package.delivered = event.at;
        }
        if (event.kind != LifeKind::shipped_part && event.kind != LifeKind::shipped) continue;
        Package package;
        package.reference = std::to_string(view.packages.size() + 1);
        package.carrier = carriers[plan.shop];
        package.service = services[plan.shop];
        package.tracking = tracking_number(plan.shop, plan.buyer_seed, package.reference);
        package.created = event.at - 20 * minute_ms;
        package.shipped = event.at;
        package.moving = event.at;
        for (std::size_t line = 0; line < plan.lines.size(); ++line) {
            const bool sent_before = !view.packages.empty() && line == 0;
            const bool waits = event.kind == LifeKind::shipped_part && line > 0;
            package.quantities.push_back(sent_before || waits ? 0 : plan.lines[line].quantity);
        }
        view.packages.push_back(std::move(package));
    }
}

void World::touch(std::size_t shop, std::uint32_t sequence, Millis now) {
    stamp(shop, sequence, now);
}

}  // namespace entrepot::sim
