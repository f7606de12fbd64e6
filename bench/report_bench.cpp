// Dashboard and sales reports over a year.
#include <libpq-fe.h>
#include <unistd.h>

#include <atomic>
#include <boost/json.hpp>
#include <thread>

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
    out.cpu_us = (world.cpu_s() - cpu_before) * 1e6 / static_cast<double>(out.load.asked);
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

/// Facts that change fifty times a second, as if that many orders came in: what the server
/// remembers of them helps nobody then.
class ChangingFacts {
public:
    explicit ChangingFacts(const World& world)
        : pg_(PQconnectdb((world.owner_conninfo() + " options='-c role=postgres'").c_str())) {
        if (PQstatus(pg_) != CONNECTION_OK) throw std::runtime_error(PQerrorMessage(pg_));
        thread_ = std::thread([this] {
            while (!ended_) {
                PQclear(PQexec(pg_, "update insight.progress set version = version + 1"));
                ::usleep(20'000);
            }
        });
    }
    ~ChangingFacts() {
        ended_ = true;
        thread_.join();
        PQfinish(pg_);
    }

private:
    PGconn* pg_;
    std::atomic<bool> ended_{false};
    std::thread thread_;
};

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
    struct Situation {
        const char* name;
        int count;
        bool changing;
    };
    for (const Situation& now : {Situation{"_alone", 1, true}, Situation{"", clients, true},
                                 Situation{"_unchanged", clients, false}}) {
        std::optional<ChangingFacts> changing;
        if (now.changing) changing.emplace(world);
        const std::string size = std::to_string(world.sizes.tenant) + " orders, " +
                                 std::to_string(now.count) +
                                 (now.count == 1 ? " client" : " clients") +
                                 (now.changing ? ", facts change" : ", facts stand still");
        const Measured dashboard = worst_of(world, dashboards, now.count);
        const Measured report = worst_of(world, report_paths(world), now.count);
        const Floor floor = beast_floor(now.count, world.sizes.seconds / 2, report.load.body_bytes);
        rows.push_back(row_of(std::string("dashboard") + now.name, dashboard, floor, size));
        rows.push_back(row_of(std::string("sales_report") + now.name, report, floor,
                              size + ", the slowest of eight"));
    }
    return rows;
}

}  // namespace entrepot::bench
