// Dashboard and sales reports over a year.
#include <boost/json.hpp>

#include "fill.hpp"
#include "modules/insight/insight.hpp"

namespace entrepot::bench {
namespace {
struct Measured {
    std::string path;
    Load load;
    double cpu_us = 0;
};

Measured measure(World& world, const std::string& path, int count) {
    Measured out;
    out.path = path;
    const double cpu_before = world.cpu_s();
    out.load = drive_https(world.port, count, world.sizes.seconds / 2,
                           [&](int, int) { return world.get(path); });
    if (out.load.good == 0 || out.load.bad != 0)
        throw std::runtime_error(path + ": " + out.load.last_bad);
    out.cpu_us = (world.cpu_s() - cpu_before) * 1e6 / static_cast<double>(out.load.good);
    return out;
}

Measured worst_of(World& world, const std::vector<std::string>& paths, int count) {
    Measured worst;
    for (const std::string& path : paths) {
        Measured one = measure(world, path, count);
        std::fprintf(stderr, "  %d clients  p50 %6.1f  p99 %6.1f ms  %7.0f us  %s\n", count,
                     one.load.p50_ms, one.load.p99_ms, one.cpu_us, path.c_str());
        if (one.load.p99_ms > worst.load.p99_ms) worst = std::move(one);
    }
    return worst;
}

std::vector<std::string> report_paths(const World& world) {
    const Date today = std::chrono::floor<std::chrono::days>(world.clock.now());
    const std::string year =
        "from=" + format_date(today - std::chrono::days(364)) + "&to=" + format_date(today);
    return {"/insight/sales?group=day&" + year,
            "/insight/sales?group=month&by=shop&compare=year&" + year,
            "/insight/sales?group=week&by=country&" + year,
            "/insight/sales?group=day&by=sku&" + year,
            "/insight/sales?group=month&by=sku&shop_id=" + world.filled_shops[1] + "&" + year,
            "/insight/sales?group=month&currency=original&" + year,
            "/insight/top?by=sku&" + year,
            "/insight/top?by=country&" + year};
}

Row row_of(const std::string& name, const Measured& measured, const Floor& floor,
           const std::string& size) {
    return {.name = name,
            .value = measured.load.p99_ms,
            .unit = "ms",
            .better = Better::less,
            .floor = floor.load.p99_ms,
            .goal = 50,
            .cpu_us = measured.cpu_us,
            .floor_cpu_us = floor.cpu_us,
            .note = "p99, " + size + ", " + measured.path};
}
}  // namespace

std::vector<Row> report_rows(World& world) {
    if (world.filled_orders == 0) begin_fill(world);
    fill_orders(world, world.sizes.tenant);
    {
        Local local(world.common, world.clock);
        local.run({[&]() -> Awaitable<void> {
            Context ctx = system_context(local.services(), world.tenant, "bench");
            co_await insight::rebuild(ctx);
        }});
    }
    world.settle_database();
    const std::vector<std::string> dashboards{"/insight/dashboard", "/insight/dashboard?days=365"};
    std::vector<Row> rows;
    for (const int count : {1, clients}) {
        const std::string who = count == 1 ? "_alone" : "";
        const std::string size = std::to_string(world.sizes.tenant) + " orders, " +
                                 std::to_string(count) + (count == 1 ? " client" : " clients");
        const Measured dashboard = worst_of(world, dashboards, count);
        const Measured report = worst_of(world, report_paths(world), count);
        const Floor floor = beast_floor(count, world.sizes.seconds / 2, report.load.body_bytes);
        rows.push_back(row_of("dashboard" + who, dashboard, floor, size));
        rows.push_back(
            row_of("sales_report" + who, report, floor, size + ", the slowest of eight"));
    }
    return rows;
}

}  // namespace entrepot::bench
