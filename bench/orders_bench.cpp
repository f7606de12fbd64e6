// Ingest of history, the order list, one order by the API.
#include "modules/catalog/catalog.hpp"
#include "modules/orders/orders.hpp"
#include "modules/shops/shops.hpp"
#include "platform/jobs/jobs.hpp"
#include "raw_postgres.hpp"
#include "world.hpp"

namespace entrepot::bench {
namespace {
constexpr int clients = 8;

Awaitable<ShopId> make_shop(Context& ctx, std::string name) {
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<ShopId>> {
        shops::NewShop shop;
        shop.name = name;
        shop.channel = shops::Channel::file;
        shop.time_zone = "Europe/London";
        shop.marketplaces = {{"GB", "GB", "Store", "GBP", true, true}};
        co_return co_await shops::add_shop(ctx, tx, shop);
    };
    const auto made = co_await ctx.db().transaction(ctx.tenant, body);
    co_return *made;
}

orders::IncomingOrder incoming(std::int64_t number, Instant at) {
    orders::IncomingOrder order;
    order.channel_order_id = "B-" + std::to_string(number);
    order.ordered_at = at;
    order.channel_updated_at = at;
    order.channel_state = "SHIPPED";
    order.state = orders::OrderState::shipped;
    order.fulfilled_by = orders::FulfilledBy::merchant;
    order.marketplace_id = "GB";
    order.ship_country = "GB";
    order.currency = "GBP";
    for (int i = 0; i < 2; ++i) {
        orders::IncomingLine line;
        line.channel_line_id = std::to_string(i + 1);
        line.seller_sku = "SKU-" + std::to_string((number * 7 + i * 13) % 500);
        line.title = "A thing of use, number " + std::to_string(i);
        line.quantity_ordered = 1 + number % 3;
        line.quantity_shipped = line.quantity_ordered;
        line.unit_price = Decimal::from_integer(12);
        line.amounts.item = 1200 * line.quantity_ordered;
        order.lines.push_back(line);
    }
    return order;
}

/// Ingests `total` orders by `loops` writers in batches of 1,000; seconds until the last fact is
/// derived.
double ingest(World& world, std::int64_t total) {
    world.on_loop([&]() -> Awaitable<void> { co_return; });
    const Timer timer;
    world.on_loop([&]() -> Awaitable<void> {
        Context ctx = system_context(world.server->instance().services(), world.tenant, "bench");
        const ShopId shop = co_await make_shop(ctx, "ingest");
        std::vector<catalog::SellerSku> skus;
        for (int n = 0; n < 500; ++n)
            skus.push_back({"SKU-" + std::to_string(n), "A thing of use"});
        auto map_all = [&](pg::Transaction& tx) -> Awaitable<Result<std::int64_t>> {
            co_return co_await catalog::ensure_skus(ctx, tx, shop, skus);
        };
        (void)co_await ctx.db().transaction(ctx.tenant, map_all);
        const Instant start = ctx.now() - std::chrono::days(300);
        for (std::int64_t at = 0; at < total; at += 1000) {
            std::vector<orders::IncomingOrder> batch;
            for (std::int64_t n = at; n < at + 1000; ++n)
                batch.push_back(incoming(n, start + std::chrono::seconds(n * 60)));
            const orders::IngestSource source{shop,    "file",    "bench",
                                              "bench", ctx.now(), std::nullopt};
            auto body = [&](pg::Transaction& tx) -> Awaitable<Result<bool>> {
                co_await orders::ingest(ctx, tx, source, batch);
                co_return true;
            };
            (void)co_await ctx.db().transaction(ctx.tenant, body);
        }
    });
    return timer.seconds();
}

double wait_for_facts(World& world) {
    const Timer timer;
    const std::string left =
        "do $$ begin while exists (select 1 from platform.job where kind like 'insight%' and state "
        "= 'ready') loop perform pg_sleep(0.02); commit; end loop; end $$";
    world.sql(left);
    return timer.seconds();
}

std::vector<Row> ingest_rows(World& world) {
    make_raw_tables(world.owner_conninfo());
    const double floor = raw_inserts_per_second(world.owner_conninfo(), 2, 1000, 2, world.seconds);
    constexpr std::int64_t total = 40'000;
    const double seconds = ingest(world, total);
    const double lag = wait_for_facts(world);
    return {{"ingest_history", static_cast<double>(total) / (seconds + lag), "orders/s", floor, 0.5,
             false, true, "2 lines; parse excluded; mappings, audit, events, facts included"},
            {"facts_lag_after_ingest", lag, "s", 0, 2, true, false, "after the last order"}};
}

void fill_list(World& world, std::int64_t count, const std::string& tenant,
               const std::string& shop) {
    // Written past the application: this benchmark measures reading.
    world.sql(
        "insert into shops.shop (tenant_id, id, name, channel, state, time_zone, created_at) "
        "values ('" +
        tenant + "', '" + shop +
        "', 'list', 'file', 'connected', 'UTC', now()) on conflict do nothing");
    world.sql(
        "insert into orders.sales_order (tenant_id, id, shop_id, channel_order_id, kind, "
        "ordered_at, channel_updated_at, updated_at, state, channel_state, fulfilled_by, "
        "marketplace_id, ship_country, currency, item_minor, shipping_minor, gift_wrap_minor, "
        "tax_minor, discount_minor, other_minor, grand_total_minor, line_count, unit_count, "
        "first_seller_sku, first_title, first_quantity, programs, source_channel, "
        "source_operation, "
        "source_request_id, source_received_at, content_hash) "
        "select '" +
        tenant + "', gen_random_uuid(), '" + shop +
        "', 'L-' || n, 'sale', now() - n * interval '30 seconds', now(), now(), "
        "(array['shipped', 'shipped', 'shipped', 'unshipped', 'cancelled'])[1 + n % 5], 'S', "
        "'merchant', 'GB', (array['GB', 'DE', 'FR', 'US'])[1 + n % 4], 'GBP', 2500, 0, 0, 0, 0, 0, "
        "2500, 2, 3, "
        "'SKU-' || n % 500, 'A thing of use', 1, '{}', 'file', 'bench', 'bench', now(), '\\x00' "
        "from "
        "generate_series(1, " +
        std::to_string(count) + ") n on conflict do nothing");
    world.sql("analyze orders.sales_order");
}

std::vector<Row> list_rows(World& world) {
    const std::string shop = crypto::new_uuid(world.clock.now()).text();
    std::vector<Row> rows;
    const Load floor = beast_floor(clients, world.seconds, 24'000);
    double first_p99 = 0;
    for (const std::int64_t count : {std::int64_t{100'000}, world.big}) {
        fill_list(world, count, world.tenant.text(), shop);
        const Load load = drive_https(world.server->port(), clients, world.seconds, [&](int, int) {
            return world.get("/orders?limit=50&state=shipped,unshipped&sort=-ordered_at");
        });
        if (load.bad != 0)
            throw std::runtime_error("the list answered " + std::to_string(load.bad) + " errors");
        const std::string size = std::to_string(count);
        rows.push_back({"order_list_" + size, load.per_second, "req/s", floor.per_second, 3000,
                        false, false, "50 rows, filtered, sorted, 8 clients"});
        rows.push_back(
            {"order_list_" + size + "_p99", load.p99_ms, "ms", floor.p99_ms, 20, true, false, ""});
        if (first_p99 == 0)
            first_p99 = load.p99_ms;
        else
            rows.push_back({"order_list_growth_p99", load.p99_ms / first_p99, "×", 0, 1.3, true,
                            false, "p99 of " + size + " orders ÷ p99 of 100000"});
    }
    return rows;
}

const Register r1{"ingest", "history ingest, whole path, against raw pipelined inserts",
                  ingest_rows};
const Register r2{"list", "order list of 50 rows over HTTPS at 8 clients", list_rows};
}  // namespace
}  // namespace entrepot::bench
