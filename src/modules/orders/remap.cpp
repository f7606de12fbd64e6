// Re-evaluation of orders whose mappings changed.
#include "modules/orders/remap.hpp"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "modules/orders/event.hpp"
#include "modules/orders/ingest_store.hpp"
#include "modules/orders/remap_store.hpp"
#include "modules/orders/store.hpp"
#include "modules/shops/shops.hpp"
#include "platform/json/reader.hpp"
#include "platform/json/writer.hpp"

namespace entrepot::orders {
namespace {
constexpr std::int64_t orders_at_once = 500;

struct RemapWork {
    ShopId shop_id;
    std::vector<std::string> seller_skus;
};
BOOST_DESCRIBE_STRUCT(RemapWork, (), (shop_id, seller_skus))

/// Orders to look at now, and the seller SKUs that may have more of them.
struct Stale {
    std::vector<OrderId> orders;
    std::vector<std::string> rest;
};

Awaitable<Stale> find_stale(pg::Transaction& tx, const RemapWork& work,
                            const catalog::MappingTable& mappings) {
    Stale out;
    std::unordered_set<Uuid> seen;
    for (std::size_t i = 0; i < work.seller_skus.size(); ++i) {
        const auto room = orders_at_once - static_cast<std::int64_t>(out.orders.size());
        if (room <= 0) {
            out.rest.assign(work.seller_skus.begin() + static_cast<std::ptrdiff_t>(i),
                            work.seller_skus.end());
            co_return out;
        }
        const std::string& seller_sku = work.seller_skus[i];
        const auto found =
            co_await stale_orders(tx, work.shop_id, seller_sku, mappings.periods(seller_sku), room);
        for (const StalePlace& place : found)
            if (seen.insert(place.order_id.value).second) out.orders.push_back(place.order_id);
        // What was looked at is no longer stale afterwards, so the next job finds the remainder.
        if (static_cast<std::int64_t>(found.size()) == room) {
            out.rest.assign(work.seller_skus.begin() + static_cast<std::ptrdiff_t>(i),
                            work.seller_skus.end());
            co_return out;
        }
    }
    co_return out;
}

/// One order under re-evaluation.
struct Subject {
    LockedOrder order;
    std::vector<LineRow> lines;
    std::vector<StoredException> exceptions;
};

struct Writes {
    std::vector<SkuToWrite> skus;
    std::vector<ExceptionToOpen> opened;
    std::vector<StoredException> resolved;
    std::vector<CountToWrite> counts;
    std::vector<HistoryToWrite> history;
    std::vector<OrderId> changed;
};

std::string state_of(const Subject& subject, const std::string& seller_sku) {
    for (const StoredException& e : subject.exceptions)
        if (e.kind == ExceptionKind::unmapped_sku && e.subject == seller_sku) return e.state;
    return "none";
}

void evaluate(const Context& ctx, const Subject& subject, Instant ordered_at,
              const catalog::MappingTable& mappings, Writes& out) {
    const OrderId id = subject.order.id;
    std::vector<std::string> unmapped_now;
    bool changed = false;
    for (const LineRow& line : subject.lines) {
        if (line.kind != LineKind::goods) continue;
        const auto sku = mappings.find(line.seller_sku, ordered_at);
        if (!sku) unmapped_now.push_back(line.seller_sku);
        if (sku == line.sku_id) continue;
        out.skus.push_back({id, line.line_no, sku});
        changed = true;
    }
    if (subject.order.state == OrderState::cancelled) unmapped_now.clear();
    std::sort(unmapped_now.begin(), unmapped_now.end());
    unmapped_now.erase(std::unique(unmapped_now.begin(), unmapped_now.end()), unmapped_now.end());
    std::int64_t count = subject.order.exception_count;
    for (const std::string& seller_sku : unmapped_now) {
        const std::string state = state_of(subject, seller_sku);
        if (state == "open" || state == "dismissed") continue;
        out.opened.push_back(
            {crypto::new_uuid(ctx.now()), id, subject.order.shop_id, unmapped(seller_sku)});
        ++count;
        changed = true;
    }
    for (const StoredException& e : subject.exceptions) {
        if (e.kind != ExceptionKind::unmapped_sku || e.state != "open") continue;
        if (std::binary_search(unmapped_now.begin(), unmapped_now.end(), e.subject)) continue;
        out.resolved.push_back(e);
        --count;
        changed = true;
    }
    if (!changed) return;
    out.counts.push_back({id, count});
    out.changed.push_back(id);
    out.history.push_back({id, crypto::new_uuid(ctx.now()), "mapping", "", "", ctx.actor.name, ""});
}

Awaitable<void> write(Context& ctx, pg::Transaction& tx, const Writes& writes) {
    if (writes.changed.empty()) co_return;
    write_skus(tx, writes.skus);
    resolve_exceptions(tx, ctx.now(), writes.resolved);
    open_exceptions(tx, ctx.now(), writes.opened);
    write_exception_counts(tx, writes.counts, ctx.now());
    write_history(tx, ctx.now(), writes.history);
    emit_orders(tx, ctx, orders_changed, writes.changed);
}

Awaitable<void> re_evaluate(Context& ctx, pg::Transaction& tx, ShopId shop,
                            const std::vector<OrderId>& ids) {
    std::unordered_map<Uuid, Subject> subjects;
    for (LockedOrder& order : co_await lock_by_id(tx, std::nullopt, ids))
        subjects[order.id.value].order = std::move(order);
    std::unordered_set<std::string> seller_skus;
    std::unordered_map<Uuid, Instant> ordered_at;
    for (LineRow& line : co_await line_rows(tx, ids)) {
        seller_skus.insert(line.seller_sku);
        ordered_at[line.order_id.value] = line.ordered_at;
        subjects[line.order_id.value].lines.push_back(std::move(line));
    }
    for (StoredException& e : co_await exceptions_of(tx, ids))
        subjects[e.order_id.value].exceptions.push_back(std::move(e));
    const std::vector<std::string> names(seller_skus.begin(), seller_skus.end());
    const auto mappings = co_await catalog::mappings_of(tx, shop, names);
    Writes writes;
    for (const auto& [id, subject] : subjects)
        evaluate(ctx, subject, ordered_at[id], mappings, writes);
    co_await write(ctx, tx, writes);
}
}  // namespace

Awaitable<void> remap(Context& ctx, pg::Transaction& tx, const std::vector<jobs::Job>& work) {
    for (const jobs::Job& job : work) {
        auto read = json::read_document<RemapWork>(job.payload);
        ensure(read.has_value(), "payload of catalog.mapping_changed");
        RemapWork todo = std::move(*read);
        shops::keep_mappings(tx, todo.shop_id);
        const auto mappings = co_await catalog::mappings_of(tx, todo.shop_id, todo.seller_skus);
        const Stale stale = co_await find_stale(tx, todo, mappings);
        if (!stale.orders.empty()) co_await re_evaluate(ctx, tx, todo.shop_id, stale.orders);
        if (stale.rest.empty()) continue;
        todo.seller_skus = stale.rest;
        jobs::enqueue(tx, ctx, remap_kind, json::to_json(todo), ctx.now());
    }
}

}  // namespace entrepot::orders
