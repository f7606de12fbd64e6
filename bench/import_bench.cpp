// A real store's file through upload, preview, run and facts.
#include <unistd.h>

#include <boost/json.hpp>
#include <filesystem>

#include "app/import_settings.hpp"
#include "raw_postgres.hpp"
#include "world.hpp"

namespace entrepot::bench {
namespace fs = std::filesystem;
namespace json = boost::json;

namespace {
constexpr const char* store_file = "../shared/data/orders/online_retail_2010-12_2011-08.csv.gz";

json::value wait_for_import(World& world, const std::string& id) {
    for (;;) {
        json::value import = world.api().get("/api/v1/imports/" + id).json();
        const auto state = json::value_to<std::string>(import.at("state"));
        if (state == "done") return import;
        if (state != "running" && state != "ready")
            throw std::runtime_error("the import ended as " + json::serialize(import));
        ::usleep(20'000);
    }
}
}  // namespace

std::vector<Row> import_rows(World& world) {
    if (!fs::exists(store_file)) {
        std::fprintf(stderr, "import: %s is not at hand; left out\n", store_file);
        return {};
    }
    const std::string shop = world.add_file_shop("Online store", "GB", "GBP");
    forget_peak_memory(world.server->process());
    const double cpu_before = world.cpu_s();
    const Timer timer;
    const auto upload =
        world.api()
            .upload("/api/v1/imports?shop_id=" + shop + "&file_name=online_retail.csv.gz",
                    store_file, "application/octet-stream")
            .json();
    const auto id = json::value_to<std::string>(upload.at("id"));
    const auto preview = world.api().get("/api/v1/imports/" + id + "/preview").json();
    world.call("/imports/" + id + "/run", app::accepted_settings(preview));
    const auto import = wait_for_import(world, id);
    world.wait_for_facts();
    const double seconds = timer.seconds();
    const double cpu = world.cpu_s() - cpu_before;
    const double peak = peak_memory_mb(world.server->process());
    const auto of_shop = " from orders.sales_order where shop_id = '" + shop + "'";
    const double orders = std::stod(world.sql("select count(*)" + of_shop));
    const double lines = std::stod(world.sql("select sum(line_count)" + of_shop));

    make_raw_tables(world.owner_conninfo());
    const auto raw =
        raw_inserts(world.owner_conninfo(), 2, 100, static_cast<int>(lines / orders + 0.5),
                    world.sizes.seconds, [&] { return world.cpu_s(); });
    const std::string size = std::to_string(static_cast<long>(orders)) + " orders, " +
                             std::to_string(static_cast<long>(lines)) + " lines";
    return {{.name = "import_online_retail",
             .value = seconds,
             .unit = "s",
             .better = Better::less,
             .floor = orders / raw.orders_per_second,
             .goal = 15,
             .cpu_us = cpu * 1e6 / lines,
             .floor_cpu_us = raw.cpu_us * orders / lines,
             .note = size + " with facts; CPU a line"},
            {.name = "import_server_memory",
             .value = peak,
             .unit = "MB",
             .better = Better::less,
             .goal = 200,
             .note = "peak resident memory of the server during the import"}};
}

}  // namespace entrepot::bench
