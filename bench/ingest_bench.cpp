// Ingest of history without the network: report text → parsed → upserted → facts, with events and
// audit, by two writers, as many as the floor has.
#include <unistd.h>

#include <atomic>

#include "channel/amazon/amazon.hpp"
#include "channel/amazon/order_report.hpp"
#include "modules/catalog/catalog.hpp"
#include "modules/shops/shops.hpp"
#include "platform/jobs/jobs.hpp"
#include "platform/runtime/runtime.hpp"
#include "raw_postgres.hpp"
#include "world.hpp"

namespace entrepot::bench {
namespace {
constexpr int writers = 2;
constexpr std::int64_t orders_of_writer = 50'000;
constexpr std::int64_t orders_of_report = 10'000;
constexpr std::int64_t batch_size = 1000;
constexpr int sku_count = 500;
constexpr const char* marketplace = "A1PA6795UKMFR9";

std::string sku_of(std::int64_t number) {
    return "REP-" + std::to_string(number % sku_count);
}

/// A report of orders with two lines each, one every five minutes.
std::string report_text(const std::string& prefix, std::int64_t first, Instant start) {
    std::string out =
        "amazon-order-id\tpurchase-date\tlast-updated-date\torder-status\tfulfillment-channel\t"
        "sales-channel\tproduct-name\tsku\titem-status\tquantity\tcurrency\titem-price\titem-tax\t"
        "shipping-price\tshipping-tax\tship-city\tship-postal-code\tship-country\n";
    for (std::int64_t n = first; n < first + orders_of_report; ++n) {
        const std::string at = format_instant(start + std::chrono::minutes(5 * n));
        for (const std::int64_t line : {n * 7, n * 7 + 13})
            out += prefix + std::to_string(n) + '\t' + at + '\t' + at +
                   "\tShipped\tMerchant\tAmazon.de\tA thing of use, number " +
                   std::to_string(line % sku_count) + '\t' + sku_of(line) + "\tShipped\t" +
                   std::to_string(1 + n % 3) + "\tEUR\t" + std::to_string(10 + n % 50) +
                   ".95\t1.75\t2.95\t0.47\tBerlin\t10115\tDE\n";
    }
    return out;
}

Awaitable<ShopId> make_shop(Context& ctx, const std::string& name) {
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<ShopId>> {
        shops::NewShop shop;
        shop.name = name;
        shop.channel = shops::Channel::file;
        shop.time_zone = "Europe/Berlin";
        shop.marketplaces = {{marketplace, "DE", "Store", "EUR", true, true}};
        CO_TRY(const ShopId id, co_await shops::add_shop(ctx, tx, shop));
        std::vector<catalog::SellerSku> skus;
        for (int n = 0; n < sku_count; ++n) skus.push_back({sku_of(n), "A thing of use"});
        co_await catalog::ensure_skus(ctx, tx, id, skus);
        co_return id;
    };
    co_return (co_await ctx.db().transaction(ctx.tenant, body)).value();
}

/// What channel/amazon does with a downloaded document.
Awaitable<void> take_in(Context& ctx, ShopId shop, const std::string& text) {
    auto parse = [&] { return amazon::read_order_report(text, {marketplace}); };
    const auto report = co_await ctx.services.runtime.on_cpu(parse);
    ensure(report.orders.size() == orders_of_report, "the report was not read whole");
    for (auto at = report.orders.begin(); at != report.orders.end(); at += batch_size) {
        const std::vector<orders::IncomingOrder> batch(at, at + batch_size);
        const orders::IngestSource source{shop,    "amazon",  "report",
                                          "bench", ctx.now(), std::nullopt};
        auto body = [&](pg::Transaction& tx) -> Awaitable<Result<bool>> {
            const auto outcome = co_await orders::ingest(ctx, tx, source, batch);
            ensure(outcome.created == batch_size, "not every order was new");
            co_return true;
        };
        (void)(co_await ctx.db().transaction(ctx.tenant, body)).value();
        co_await jobs::keep_pace(ctx, orders::orders_changed);
    }
}

/// Age of the oldest event that facts do not yet hold, watched while it runs.
class LagWatch {
public:
    explicit LagWatch(const World& world) : thread_([this, &world] { watch(world); }) {}
    double end() {
        ended_ = true;
        thread_.join();
        return most_s_;
    }

private:
    void watch(const World& world) {
        while (!ended_) {
            const std::string age = world.sql(
                "select coalesce(max(extract(epoch from clock_timestamp() - created_at)), 0) "
                "from platform.job where kind = 'insight.facts'");
            most_s_ = std::max(most_s_, std::stod(age));
            ::usleep(100'000);
        }
    }
    std::atomic<bool> ended_{false};
    double most_s_ = 0;
    std::thread thread_;
};
}  // namespace

std::vector<Row> ingest_rows(World& world) {
    // What autovacuum would do in the minute after an import, and now while it is measured.
    world.sql("vacuum analyze");
    make_raw_tables(world.owner_conninfo());
    const auto cpu = [&] { return world.cpu_s(); };
    const auto raw =
        raw_inserts(world.owner_conninfo(), writers, batch_size, 2, world.sizes.seconds, cpu);
    world.sql("drop schema bench cascade");

    Local local(world.common, world.clock);
    const Instant start = world.clock.now() - std::chrono::days(360);
    std::vector<ShopId> shop_ids(writers);
    std::vector<std::vector<std::string>> texts(writers);
    std::vector<std::function<Awaitable<void>()>> make, load;
    for (std::size_t w = 0; w < writers; ++w) {
        for (std::int64_t n = 0; n < orders_of_writer; n += orders_of_report)
            texts[w].push_back(report_text(std::to_string(300 + w) + "-", n, start));
        make.push_back([&, w]() -> Awaitable<void> {
            Context ctx = system_context(local.services(), world.tenant, "bench");
            shop_ids[w] = co_await make_shop(ctx, "Ingest " + std::to_string(w));
        });
        load.push_back([&, w]() -> Awaitable<void> {
            Context ctx = system_context(local.services(), world.tenant, "bench");
            for (const std::string& text : texts[w]) co_await take_in(ctx, shop_ids[w], text);
        });
    }
    local.run(make);
    world.wait_for_facts();
    LagWatch watch(world);
    const double cpu_before = world.cpu_s() + cpu_of_process(::getpid());
    const Timer timer;
    local.run(load);
    const double written = timer.seconds();
    const double rest = world.wait_for_facts();
    const double seconds = written + rest;
    const double cpu_s = world.cpu_s() + cpu_of_process(::getpid()) - cpu_before;
    const double lag = watch.end();
    constexpr double total = writers * orders_of_writer;
    return {{.name = "ingest_history",
             .value = total / seconds,
             .unit = "orders/s",
             .floor = raw.orders_per_second,
             .goal = 10'000,
             .goal_ratio = 0.5,
             .cpu_us = cpu_s * 1e6 / total,
             .floor_cpu_us = raw.cpu_us,
             .note = "2 lines; report text to facts, 2 writers; floor: 2 clients, 1,000 a "
                     "transaction"},
            {.name = "facts_lag",
             .value = lag,
             .unit = "s",
             .better = Better::less,
             .goal = 2,
             .note = "oldest event not yet in the facts, while history comes in"}};
}

}  // namespace entrepot::bench
