// The API under load: the order list, a change of one order, the first answer after a start.
#include <boost/json.hpp>

#include "fill.hpp"
#include "raw_postgres.hpp"

namespace entrepot::bench {
namespace json = boost::json;

namespace {
void expect_good(const Load& load, const char* what) {
    if (load.good == 0 || load.bad != 0)
        throw std::runtime_error(std::string(what) + ": " + std::to_string(load.bad) +
                                 " refused answers, the last: " + load.last_bad);
}

/// What people do with a list: all, a shop's, a country's, what is open; from both ends.
std::string list_path(const World& world, int n) {
    switch (n % 4) {
        case 0:
            return "/orders?limit=50&state=shipped,unshipped&sort=-ordered_at";
        case 1:
            return "/orders?limit=50&sort=ordered_at&state=shipped&shop_id=" +
                   world.filled_shops[1];
        case 2:
            return "/orders?limit=50&country=DE&sort=-ordered_at";
        default:
            return "/orders?limit=50&state=unshipped&sort=-ordered_at";
    }
}

struct Listed {
    Load load;
    double cpu_us = 0;
};
Listed load_list(World& world) {
    world.settle_database();
    const double cpu_before = world.cpu_s();
    Listed out;
    out.load = drive_https(world.port, clients, world.sizes.seconds, [&](int client, int n) {
        return world.get(list_path(world, client + n));
    });
    expect_good(out.load, "list");
    out.cpu_us = (world.cpu_s() - cpu_before) * 1e6 / static_cast<double>(out.load.asked);
    return out;
}
}  // namespace

std::vector<Row> list_rows(World& world) {
    constexpr std::int64_t few = 100'000;
    begin_fill(world);
    fill_orders(world, std::min(few, world.sizes.tenant));
    const Listed first = load_list(world);
    fill_orders(world, world.sizes.tenant);
    fill_other_tenants(world, world.sizes.all);
    const Listed last = load_list(world);
    const Floor floor = beast_floor(clients, world.sizes.seconds, last.load.body_bytes);
    const std::string size = std::to_string(world.sizes.tenant) + " orders in the tenant, " +
                             std::to_string(world.sizes.all) + " in all";
    return {
        {.name = "order_list",
         .value = last.load.per_second,
         .unit = "req/s",
         .floor = floor.load.per_second,
         .goal = 3000,
         .cpu_us = last.cpu_us,
         .floor_cpu_us = floor.cpu_us,
         .note = "50 rows, filtered, sorted, 8 clients; " + size + "; floor: Beast, same bytes"},
        {.name = "order_list_p99",
         .value = last.load.p99_ms,
         .unit = "ms",
         .better = Better::less,
         .floor = floor.load.p99_ms,
         .goal = 20,
         .note = "p50 " + std::to_string(last.load.p50_ms) + " ms"},
        {.name = "order_list_growth",
         .value = last.load.p99_ms / first.load.p99_ms,
         .unit = "times",
         .better = Better::less,
         .goal = 1.3,
         .note = "p99 with " + size + ", over p99 with " + std::to_string(few) + " (" +
                 std::to_string(first.load.p99_ms) + " ms)"}};
}

std::vector<Row> order_rows(World& world) {
    world.settle_database();
    make_raw_tables(world.owner_conninfo());
    const auto raw = raw_inserts(world.owner_conninfo(), clients, 1, 2, world.sizes.seconds,
                                 [&] { return world.cpu_s(); });
    world.sql("drop schema bench cascade");
    const std::string shop = world.add_file_shop("By hand", "DE", "EUR");
    const std::string order =
        R"({"shop_id":")" + shop +
        R"(","currency":"EUR","ship_country":"DE","lines":[)"
        R"({"seller_sku":"HAND-1","title":"A thing of use","quantity":2,"unit_price":"12.95"},)"
        R"({"seller_sku":"HAND-2","title":"Another","quantity":1,"unit_price":"4.50"}]})";
    for (const char* code : {"HAND-1", "HAND-2"})
        world.call("/sku-mappings", {{"shop_id", shop},
                                     {"seller_sku", code},
                                     {"sku_code", code},
                                     {"create_sku", true},
                                     {"title", "A thing of use"}});
    const auto add = [&](int, int) { return world.post("/orders", order); };
    // In a tenant's first seconds PostgreSQL plans by what it does not know yet, then anew.
    for (int times = 0; times < 2; ++times) {
        expect_good(drive_https(world.port, clients, 1, add), "first orders");
        world.wait_for_facts();
        if (times == 0) world.settle_database();
    }
    const double cpu_before = world.cpu_s();
    const Load load = drive_https(world.port, clients, world.sizes.seconds, add);
    expect_good(load, "order");
    world.wait_for_facts();
    const double cpu = (world.cpu_s() - cpu_before) * 1e6 / static_cast<double>(load.asked);
    return {{.name = "order_by_api",
             .value = load.per_second,
             .unit = "orders/s",
             .floor = raw.orders_per_second,
             .goal = 2000,
             .goal_ratio = 0.4,
             .cpu_us = cpu,
             .floor_cpu_us = raw.cpu_us,
             .note = "2 lines; one request, one durable transaction with event and audit, 8 "
                     "clients; CPU with facts; floor: an order a transaction"}};
}

std::vector<Row> start_rows(World& world) {
    world.stop_server();
    const Timer timer;
    world.start_server();
    world.api().get("/api/v1/orders?limit=1").json();
    return {{.name = "cold_start",
             .value = timer.seconds(),
             .unit = "s",
             .better = Better::less,
             .goal = 3,
             .note = "start of server and PostgreSQL on existing data to the first list"}};
}

}  // namespace entrepot::bench
