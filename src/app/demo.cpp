// `entrepot demo`: marketsim, a server, a company with people, three Amazon shops with a year of
// orders, and a real store's file.
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <thread>

#include "app/child_process.hpp"
#include "app/demo_driver.hpp"
#include "backup/setup.hpp"
#include "modules/account/account.hpp"
#include "platform/runtime/runtime.hpp"
#include "platform/telemetry/log.hpp"

namespace entrepot::app {
namespace fs = std::filesystem;
namespace json = boost::json;

namespace {
std::string state_path(const DemoOptions& options) {
    return options.data_dir + "/demo.json";
}

void save(const DemoOptions& options, const DemoState& state) {
    json::array users;
    for (const DemoUser& user : state.users)
        users.push_back({{"email", user.email},
                         {"name", user.name},
                         {"role", user.role},
                         {"seed", user.seed},
                         {"shops", json::value_from(user.shops)}});
    std::ofstream file(state_path(options), std::ios::trunc);
    ::chmod(state_path(options).c_str(), 0600);
    file << json::serialize(
        json::object{{"password", state.password}, {"users", users}, {"filled", state.filled}});
}

DemoState load_or_make(const DemoOptions& options) {
    DemoState state;
    std::ifstream file(state_path(options));
    if (file) {
        const auto stored = json::parse(std::string(std::istreambuf_iterator<char>(file), {}));
        state.password = json::value_to<std::string>(stored.at("password"));
        state.filled = stored.at("filled").as_bool();
        for (const auto& user : stored.at("users").as_array())
            state.users.push_back({json::value_to<std::string>(user.at("email")),
                                   json::value_to<std::string>(user.at("name")),
                                   json::value_to<std::string>(user.at("role")),
                                   json::value_to<std::string>(user.at("seed")),
                                   json::value_to<std::vector<std::string>>(user.at("shops"))});
        return state;
    }
    state.password = "Harbour-" + crypto::random_token(9) + "-7x";
    const auto seed = [] {
        constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
        std::string out;
        for (int i = 0; i < 32; ++i) out += alphabet[crypto::random_u64() % 32];
        return out;
    };
    state.users = {{"owner@demo.example", "Lin Yue", "owner", seed(), {}},
                   {"operator@demo.example", "Tom Becker", "operator", seed(), {"Harbour US"}},
                   {"accountant@demo.example", "Chen Jing", "accountant", seed(), {}},
                   {"auditor@demo.example", "Ana Ruiz", "auditor", seed(), {}},
                   {"compliance@demo.example", "Wu Fang", "compliance", seed(), {}},
                   {"clerk@demo.example", "Marek Nowak", "warehouse", seed(), {}},
                   {"service@demo.example", "Sofia Rossi", "customer_service", seed(), {}}};
    return state;
}

void print_sign_in(const DemoOptions& options, const DemoState& state, const Clock& clock) {
    std::printf(
        "\n  Console   https://localhost:%u\n  Simulator https://localhost:%u\n\n  Password of "
        "everybody: %s\n\n",
        options.port, options.sim_port, state.password.c_str());
    for (const DemoUser& user : state.users)
        std::printf("  %-26s %-12s code %s%s\n", user.email.c_str(), user.role.c_str(),
                    account::totp_code(user.seed, clock.now()).c_str(),
                    user.shops.empty() ? "" : ("  (" + user.shops.front() + " only)").c_str());
    std::printf(
        "\n  Codes change every 30 seconds: press Enter for fresh ones, Ctrl-C to stop.\n\n");
    std::fflush(stdout);
}

void fill_and_print(const DemoOptions& options, DemoState& state, RunningServer& server,
                    const Clock& clock) {
    if (state.filled) return print_sign_in(options, state, clock);
    DemoFiller filler(options, state, server);
    filler.begin();
    print_sign_in(options, state, clock);
    std::printf("  The history is still coming in (a few minutes); the pages fill as it does.\n");
    std::fflush(stdout);
    if (!filler.finish()) return;
    state.filled = true;
    save(options, state);
    std::printf("  Everything is in: the whole year, and new orders as they are made.\n");
    std::fflush(stdout);
}

/// Enter prints fresh codes until the server stops.
void watch_keyboard(RunningServer& server, const DemoOptions& options, const DemoState& state,
                    const Clock& clock) {
    while (::isatty(STDIN_FILENO) != 0 && !server.instance().runtime().stopping()) {
        pollfd input{STDIN_FILENO, POLLIN, 0};
        if (::poll(&input, 1, 200) <= 0) continue;
        char line[256];
        if (std::fgets(line, sizeof line, stdin) == nullptr) return;
        print_sign_in(options, state, clock);
    }
}

ServeOptions server_options(const DemoOptions& options) {
    ServeOptions serve;
    serve.common.data_dir = options.data_dir;
    serve.common.key_file = options.data_dir + ".key";
    serve.port = options.port;
    serve.allow_channel_endpoint = true;
    serve.channel_ca_file = options.data_dir + "/marketsim.pem";
    if (fs::exists(backup::program))
        for (const char* site : {"/one", "/two"})
            serve.backup_dirs.push_back(beside(options.data_dir, ".backup") + site);
    return serve;
}

int run_demo(DemoOptions options) {
    if (options.fresh) fs::remove_all(options.data_dir);
    // Keys and the copy of the audit's checkpoints belong to the database that is gone.
    if (!fs::exists(options.data_dir + "/pg"))
        for (const char* ending : {".key", ".keys", ".audit.key", ".audit", ".backup",
                                   ".backup.key", ".pgbackrest", ".drill"})
            fs::remove_all(beside(options.data_dir, ending));
    fs::create_directories(options.data_dir);
    options.data_dir = fs::canonical(options.data_dir);
    block_stop_signals();
    log::open(options.data_dir + "/entrepot.log", log::Level::info);
    std::printf("Starting the marketplace simulator …\n");
    std::fflush(stdout);
    ChildProcess sim(
        options.marketsim,
        {"--port", std::to_string(options.sim_port), "--world", "year", "--data-dir",
         options.data_dir + "/marketsim", "--write-cert", options.data_dir + "/marketsim.pem",
         "--rate-factor", "200", "--orders-per-minute", std::to_string(options.orders_per_minute)},
        "listening");
    std::printf("Starting the server …\n");
    std::fflush(stdout);
    SystemClock clock;
    DemoState state = load_or_make(options);
    RunningServer server(server_options(options), clock);
    if (!state.filled) {
        save(options, state);
        make_demo_company(server, state);
    }
    std::atomic<bool> failed{false};
    std::thread driver([&] {
        try {
            fill_and_print(options, state, server, clock);
        } catch (const std::exception& e) {
            // Whoever stops the demo while it fills takes the server away from it: no failure.
            if (server.instance().runtime().stopping()) return;
            std::fprintf(stderr, "demo: %s\n", e.what());
            failed = true;
            server.stop();
        }
        if (options.exit_when_ready) server.stop();
    });
    std::thread keyboard([&] { watch_keyboard(server, options, state, clock); });
    server.run();
    driver.join();
    keyboard.join();
    sim.stop();
    return failed ? 1 : 0;
}
}  // namespace

Command add_demo(CLI::App& root) {
    CLI::App* command = root.add_subcommand(
        "demo", "Run the whole product on simulated shops and a real store's file");
    auto options = std::make_shared<DemoOptions>();
    options->marketsim =
        (fs::read_symlink("/proc/self/exe").parent_path() / "../sim/marketsim").lexically_normal();
    command->add_option("--data-dir", options->data_dir, "Where the demo keeps everything")
        ->capture_default_str();
    command->add_option("--marketsim", options->marketsim, "The simulator's program")
        ->capture_default_str();
    command->add_option("--real-store", options->real_store_file,
                        "Online Retail file (csv or csv.gz)");
    command->add_option("--rates", options->rates_file, "ECB reference rates (csv or csv.gz)")
        ->required();
    command->add_option("--port", options->port, "Port of the console")->capture_default_str();
    command->add_option("--sim-port", options->sim_port, "Port of the simulator")
        ->capture_default_str();
    command
        ->add_option("--orders-per-minute", options->orders_per_minute, "New orders over all shops")
        ->capture_default_str();
    command->add_flag("--fresh", options->fresh, "Begin anew: removes the demo's data");
    command->add_flag("--exit-when-ready", options->exit_when_ready,
                      "Stop as soon as everything is set up (tests)");
    return [options] { return run_demo(*options); };
}

}  // namespace entrepot::app
