// History from the simulated marketplace through the real Amazon channel: reports over HTTPS, gzip,
// parse, upsert, facts.
#include <unistd.h>

#include <boost/json.hpp>
#include <thread>

#include "world.hpp"

namespace entrepot::bench {
namespace json = boost::json;

namespace {
constexpr int world_orders = 60'000;
constexpr int history_days = 90;  // few reports: quotas of ours would be what is measured

std::string connect(World& world, const json::value& own) {
    const auto shop = world.call("/shops/amazon", {{"name", own.at("region")},
                                                   {"region", own.at("region")},
                                                   {"lwa_client_id", own.at("client_id")},
                                                   {"lwa_client_secret", own.at("client_secret")},
                                                   {"refresh_token", own.at("refresh_token")},
                                                   {"endpoint", own.at("endpoint")}});
    const auto id = json::value_to<std::string>(shop.at("id"));
    const Date today = std::chrono::floor<std::chrono::days>(world.clock.now());
    world.call("/shops/" + id + "/sync/history",
               {{"from", format_date(today - std::chrono::days(history_days))},
                {"to", format_date(today)}});
    return id;
}

void wait_for_history(World& world, const std::string& shop) {
    for (;;) {
        const auto health = world.api().get("/api/v1/shops/" + shop + "/sync").json();
        const auto state = json::value_to<std::string>(health.at("history").at("state"));
        if (state == "done") return;
        if (state == "failed")
            throw std::runtime_error("history failed: " + json::serialize(health.at("history")));
        ::usleep(50'000);
    }
}

double orders_of(const World& world, const std::vector<std::string>& shops) {
    std::string list;
    for (const std::string& shop : shops) list += (list.empty() ? "'" : ", '") + shop + "'";
    return std::stod(
        world.sql("select count(*) from orders.sales_order where shop_id in (" + list + ")"));
}
}  // namespace

std::vector<Row> marketsim_rows(World& world) {
    app::ChildProcess sim(
        program("MARKETSIM_BIN", "../src/sim/marketsim"),
        {"--world", "year", "--days", std::to_string(history_days), "--orders",
         std::to_string(world_orders), "--rate-factor", "1000", "--report-delay", "0",
         "--orders-per-minute", "0", "--write-cert", world.dir + "/marketsim.pem"},
        "listening");
    // The server reads the authority when it starts.
    world.stop_server();
    world.start_server();
    const std::string& line = sim.ready_line();
    const auto at = line.find("https://");
    if (at == std::string::npos) throw std::runtime_error("marketsim said " + line);
    app::HttpsClient admin(line.substr(at, line.find_first_of(" \n", at) - at),
                           world.dir + "/marketsim.pem");
    admin.set_header("x-admin-token", "marketsim-admin");
    std::vector<std::string> shops;
    const auto credentials = admin.get("/admin/credentials").json();
    for (const auto& own : credentials.at("credentials").as_array())
        shops.push_back(connect(world, own));

    // Reports are looked at five seconds after they were asked for: what counts begins with the
    // first orders.
    double begun = 0;
    for (const Timer waited; begun == 0; begun = orders_of(world, shops)) {
        if (waited.seconds() > 120) throw std::runtime_error("no order came from marketsim");
        ::usleep(10'000);
    }
    const double cpu_before = world.cpu_s(), sim_before = cpu_of_process(sim.process());
    const Timer timer;
    for (const std::string& shop : shops) wait_for_history(world, shop);
    world.wait_for_facts();
    const double wall = timer.seconds();
    const double cpu = world.cpu_s() - cpu_before;
    const double sim_cpu = cpu_of_process(sim.process()) - sim_before;
    const double orders = orders_of(world, shops) - begun;
    const double cores = std::max(1U, std::thread::hardware_concurrency());
    char note[200];
    std::snprintf(note, sizeof note,
                  "%.0f orders of 3 new shops in %.1f s with facts; marketsim's %.1f CPU s, spread "
                  "over the cores, taken off",
                  orders, wall, sim_cpu);
    return {{.name = "ingest_marketsim",
             .value = orders / (wall - sim_cpu / cores),
             .unit = "orders/s",
             .goal = 5000,
             .cpu_us = cpu * 1e6 / orders,
             .note = note}};
}

}  // namespace entrepot::bench
