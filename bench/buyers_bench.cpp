// What buyer data costs: orders that come in with it against orders without, and a page of fifty
// addresses opened beside the plain page.
#include <unistd.h>

#include <algorithm>
#include <atomic>

#include "modules/orders/orders.hpp"
#include "modules/shops/shops.hpp"
#include "vault/vault.hpp"
#include "world.hpp"

namespace entrepot::bench {
namespace {
constexpr const char* marketplace = "A1PA6795UKMFR9";
constexpr std::size_t page_size = 50;
constexpr int pages = 60;  ///< so many openings as one tenant may have at once
constexpr double added_ms_max = 2;

/// Six fields that whoever ships may see, as a channel's reply has them.
constexpr std::string_view reply = R"({"name":"Anneliese Bergmann","street":"Hafenstraße 112a",
    "city":"Hamburg","region":"HH","code":"20457","phone":"+49 40 5550 1234"})";

vault::Draft draft_of_buyer() {
    using enum vault::Field;
    auto draft = vault::harvest(crypto::secret_bytes(reply), {{"/name", recipient_name, {}},
                                                              {"/street", address_line1, {}},
                                                              {"/city", city, {}},
                                                              {"/region", region, {}},
                                                              {"/code", postal_code, {}},
                                                              {"/phone", phone, {}}});
    ensure(draft && draft->cells.size() == 6, "six fields");
    return std::move(*draft);
}

orders::IncomingOrder order_of(std::int64_t number, Instant now) {
    orders::IncomingOrder out;
    out.channel_order_id = "BUYER-" + std::to_string(number);
    out.ordered_at = now;
    out.channel_updated_at = now;
    out.channel_state = "Unshipped";
    out.state = orders::OrderState::unshipped;
    out.marketplace_id = marketplace;
    out.currency = "EUR";
    for (const char* line : {"1", "2"})
        out.lines.push_back({line, "SKU-" + std::to_string(number % 50), "A thing of use",
                             orders::LineKind::goods, 1});
    return out;
}

ShopId make_shop(World& world) {
    ShopId shop;
    Local local(world.common, world.clock);
    local.run({[&]() -> Awaitable<void> {
        Context ctx = system_context(local.services(), world.tenant, "bench");
        auto body = [&](pg::Transaction& tx) -> Awaitable<Result<ShopId>> {
            shops::NewShop fresh;
            fresh.name = "Buyers";
            fresh.channel = shops::Channel::file;
            fresh.time_zone = "Europe/Berlin";
            fresh.marketplaces = {{marketplace, "DE", "Store", "EUR", true, true}};
            co_return co_await shops::add_shop(ctx, tx, fresh);
        };
        shop = (co_await ctx.db().transaction(ctx.tenant, body)).value();
    }});
    return shop;
}

Awaitable<void> take_in(Context& ctx, ShopId shop, std::int64_t number) {
    const std::vector<orders::IncomingOrder> one{order_of(number, ctx.now())};
    const orders::IngestSource source{shop, "amazon", "getOrder", "bench", ctx.now(), std::nullopt};
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<bool>> {
        (void)co_await orders::ingest(ctx, tx, source, one);
        co_return true;
    };
    (void)(co_await ctx.db().transaction(ctx.tenant, body)).value();
}

Awaitable<void> add_buyer(Context& ctx, ShopId shop, OrderId order) {
    const auto sealed = co_await vault::seal(ctx, {order, shop, "amazon", {}}, draft_of_buyer());
    ensure(sealed.has_value(), "keyd does not seal");
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<bool>> {
        ensure(co_await vault::keep(tx, ctx, *sealed), "an order with a capsule");
        co_await orders::note_pii_state(tx, order, "held");
        co_return true;
    };
    (void)(co_await ctx.db().transaction(ctx.tenant, body)).value();
}

std::vector<OrderId> without_buyer(const World& world, ShopId shop, std::size_t count) {
    const std::string text = world.sql(
        "select string_agg(id::text, ' ') from (select id from orders.sales_order where shop_id = "
        "'" +
        shop.text() + "' and pii_state = 'not_fetched' limit " + std::to_string(count) + ") as o");
    std::vector<OrderId> out;
    for (std::size_t at = 0; at < text.size(); at += 37)
        out.push_back(*OrderId::parse(text.substr(at, 36)));
    return out;
}

struct Written {
    double seconds = 0;
    double cpu_us = 0;
};

/// `count` calls by `clients` writers, wall time and CPU time of all processes.
Written write(World& world, std::int64_t count,
              const std::function<Awaitable<void>(Context&, std::int64_t)>& each) {
    Local local(world.common, world.clock);
    std::atomic<std::int64_t> next{0};
    const auto cpu_s = [&] { return world.cpu_s() + cpu_of_process(::getpid()); };
    const double before = cpu_s();
    const Timer timer;
    local.run(std::vector<std::function<Awaitable<void>()>>(clients, [&]() -> Awaitable<void> {
        Context ctx = system_context(local.services(), world.tenant, "bench");
        for (std::int64_t n = next++; n < count; n = next++) co_await each(ctx, n);
    }));
    return {timer.seconds(), (cpu_s() - before) * 1e6 / static_cast<double>(count)};
}

Row ingest_row(World& world, ShopId shop) {
    constexpr std::int64_t count = 4000;
    const auto plain = [&](Context& ctx, std::int64_t n) { return take_in(ctx, shop, n); };
    (void)write(world, count / 4,
                [&](Context& ctx, std::int64_t n) { return take_in(ctx, shop, -1 - n); });
    const Written without = write(world, count, plain);
    const auto ids = without_buyer(world, shop, count);
    const Written buyers = write(world, count, [&](Context& ctx, std::int64_t n) {
        return add_buyer(ctx, shop, ids.at(static_cast<std::size_t>(n)));
    });
    return {.name = "ingest_with_buyer",
            .value = count / (without.seconds + buyers.seconds),
            .unit = "orders/s",
            .floor = count / without.seconds,
            .goal_ratio = 0.6,
            .cpu_us = without.cpu_us + buyers.cpu_us,
            .floor_cpu_us = without.cpu_us,
            .note =
                "an order a transaction, 8 writers, then its buyer sealed and kept in another; "
                "floor: without"};
}

double p95(std::vector<double>& ms) {
    std::sort(ms.begin(), ms.end());
    return ms.at(ms.size() * 95 / 100);
}

Row page_row(World& world, ShopId shop) {
    const std::string text = world.sql(
        "select string_agg(order_id::text, ' ') from (select order_id from vault.capsule where "
        "shop_id = '" +
        shop.text() + "' limit 50) as c");
    std::vector<vault::Ask> asks;
    for (std::size_t at = 0; at < text.size(); at += 37)
        asks.push_back(
            {*OrderId::parse(text.substr(at, 36)), vault::Reason::fulfilment, "shipment", "bench"});
    ensure(asks.size() == page_size, "fifty orders with a buyer");
    std::vector<double> ms;
    double cpu = 0;
    Local local(world.common, world.clock);
    local.run({[&]() -> Awaitable<void> {
        Context ctx = system_context(local.services(), world.tenant, "bench");
        const double before = world.cpu_s() + cpu_of_process(::getpid());
        for (int page = 0; page < pages; ++page) {
            const Timer timer;
            const auto shown = co_await vault::reveal_all(ctx, asks);
            ms.push_back(timer.seconds() * 1e3);
            ensure(shown.has_value() && shown->front().fields.size() == 6, "six fields each");
        }
        cpu = world.cpu_s() + cpu_of_process(::getpid()) - before;
    }});
    return {.name = "reveal_page",
            .value = p95(ms),
            .unit = "ms",
            .better = Better::less,
            .goal = added_ms_max,
            .cpu_us = cpu * 1e6 / pages,
            .note =
                "p95 of what 50 orders with 6 fields add to their page: cells, keys of keyd, "
                "opened, 50 audit rows, durable"};
}
}  // namespace

std::vector<Row> buyer_rows(World& world) {
    const ShopId shop = make_shop(world);
    std::vector<Row> out{ingest_row(world, shop)};
    world.settle_database();
    out.push_back(page_row(world, shop));
    return out;
}

}  // namespace entrepot::bench
