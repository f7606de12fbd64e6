// `entrepot demo`: marketsim, a server, a company with people, three Amazon shops with a year of
// orders, and a real store's file.
#include <poll.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <thread>

#include "app/child_process.hpp"
#include "app/https_client.hpp"
#include "app/serve.hpp"
#include "modules/account/account.hpp"
#include "platform/runtime/runtime.hpp"
#include "platform/telemetry/log.hpp"

namespace entrepot::app {
namespace fs = std::filesystem;
namespace json = boost::json;

namespace {
constexpr int history_days = 365;

struct DemoOptions {
    std::string data_dir = ".data/demo";
    std::string marketsim;
    std::string real_store_file;  ///< Online Retail; empty or absent = a generated file
    std::string rates_file;
    std::uint16_t port = 8443;
    std::uint16_t sim_port = 8444;
    int orders_per_minute = 20;
    bool fresh = false;
    bool exit_when_ready = false;
};

struct DemoUser {
    std::string email, name, role, seed;
    std::vector<std::string> shops;  ///< names; empty = all
};

/// What must be the same at the next start; kept beside the data, readable by its owner only.
struct DemoState {
    std::string password;
    std::vector<DemoUser> users;
    bool filled = false;
};

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
                   {"auditor@demo.example", "Ana Ruiz", "auditor", seed(), {}}};
    return state;
}

account::NewTenant demo_company() {
    account::NewTenant company;
    company.legal_name = "深圳港湾跨境电子商务有限公司";
    company.country = "CN";
    company.registration_number = "91440300MA5DEMEX1N";
    company.registered_address = "深圳市南山区科技园科苑路 15 号";
    company.billing_email = "billing@demo.example";
    company.contact = {"Lin Yue", "Owner", "owner@demo.example", "+86 755 0000 0000"};
    company.book_currency = "CNY";
    company.time_zone = "Asia/Shanghai";
    company.language = "zh-CN";
    return company;
}

void expect_good(const Error& error) {
    throw std::runtime_error("demo set-up refused: " + error.detail +
                             (error.fields.empty() ? ""
                                                   : " " + error.fields.front().pointer + " " +
                                                         error.fields.front().code));
}

/// Company and owner, through the same function that sign-up uses.
void make_company(RunningServer& server, const DemoState& state) {
    Services& services = server.instance().services();
    const DemoUser& first = state.users.front();
    server.instance().run_once([&]() -> Awaitable<void> {
        const account::NewTenant company = demo_company();
        const account::NewUser owner{first.email, first.name, state.password, "zh-CN", first.seed};
        const auto made = co_await account::create_tenant_with_owner(services, company, owner);
        if (made.has_error() && made.error().code == account::errors::email_taken) co_return;
        if (made.has_error()) expect_good(made.error());
    });
}

/// Everything else goes through the public API, as the owner would do it.
class DemoDriver {
public:
    DemoDriver(const DemoOptions& options, DemoState& state, Services& services, std::uint16_t port)
        : options_(options),
          state_(state),
          services_(services),
          api_("https://localhost:" + std::to_string(port),
               options.data_dir + "/tls/certificate.pem") {}

    void fill() {
        sign_in();
        import_rates();
        connect_amazon();
        import_real_store();
        add_people();
        std::printf("  waiting for the year of history …\n");
        std::fflush(stdout);
        for (const std::string& shop : amazon_shops_) {
            wait_for_history(shop);
            map_listings(shop, 2);
        }
        state_.filled = true;
        save(options_, state_);
    }

private:
    json::value post(const std::string& path, const json::value& body) {
        return api_.send("POST", "/api/v1" + path, body).json();
    }

    void sign_in() {
        post("/sign-in", {{"email", state_.users.front().email}, {"password", state_.password}});
        take_csrf();
        post("/sign-in/totp",
             {{"code", account::totp_code(state_.users.front().seed, services_.clock.now())}});
        take_csrf();
    }
    void take_csrf() {
        api_.set_header("x-csrf-token", json::value_to<std::string>(
                                            api_.get("/api/v1/session").json().at("csrf_token")));
    }

    void import_rates() {
        std::printf("  exchange rates: %s\n", options_.rates_file.c_str());
        api_.upload("/api/v1/insight/rates/import", options_.rates_file, "application/octet-stream")
            .json();
    }

    void connect_amazon() {
        HttpsClient sim("https://127.0.0.1:" + std::to_string(options_.sim_port),
                        options_.data_dir + "/marketsim.pem");
        sim.set_header("x-admin-token", "marketsim-admin");
        const std::map<std::string, std::string> names{
            {"NA", "Harbour US"}, {"EU", "Harbour DE"}, {"FE", "Harbour JP"}};
        const auto present = api_.get("/api/v1/shops").json();
        const auto credentials = sim.get("/admin/credentials").json();
        for (const auto& own : credentials.at("credentials").as_array()) {
            const std::string region = json::value_to<std::string>(own.at("region"));
            const std::string name = names.at(region);
            std::string id;
            for (const auto& shop : present.at("items").as_array())
                if (shop.at("name").as_string() == name)
                    id = json::value_to<std::string>(shop.at("id"));
            if (id.empty()) {
                const auto shop =
                    post("/shops/amazon", {{"name", name},
                                           {"region", region},
                                           {"lwa_client_id", own.at("client_id")},
                                           {"lwa_client_secret", own.at("client_secret")},
                                           {"refresh_token", own.at("refresh_token")},
                                           {"endpoint", own.at("endpoint")}});
                id = json::value_to<std::string>(shop.at("id"));
            }
            const Date today = std::chrono::floor<std::chrono::days>(services_.clock.now());
            post("/shops/" + id + "/sync/history",
                 {{"from", format_date(today - std::chrono::days(history_days))},
                  {"to", format_date(today)}});
            amazon_shops_.push_back(id);
            std::printf("  shop %s connected; its year of history is coming in\n", name.c_str());
            std::fflush(stdout);
        }
    }

    /// A seller of a year has mapped its listings long ago; a few are left for the exceptions
    /// inbox.
    void map_listings(const std::string& shop, std::size_t left_over) {
        const auto suggested = post("/sku-mappings/suggest", {{"shop_id", shop}});
        const auto& items = suggested.at("items").as_array();
        for (std::size_t i = 0; i + left_over < items.size(); ++i) {
            const std::string seller_sku = json::value_to<std::string>(items[i].at("seller_sku"));
            post("/sku-mappings", {{"shop_id", shop},
                                   {"seller_sku", seller_sku},
                                   {"sku_code", seller_sku},
                                   {"create_sku", true},
                                   {"title", items[i].at("title")}});
        }
    }

    void wait_for_history(const std::string& shop) {
        for (int i = 0; i < 1200 && !services_.runtime.stopping(); ++i) {
            const auto health = api_.get("/api/v1/shops/" + shop + "/sync").json();
            const std::string state = json::value_to<std::string>(health.at("history").at("state"));
            if (state == "done" || state == "failed") return;
            ::usleep(500'000);
        }
    }

    void import_real_store() {
        if (options_.real_store_file.empty() || !fs::exists(options_.real_store_file)) {
            std::printf("  the Online Retail file is not at hand; the store's shop is left out\n");
            return;
        }
        const auto shop = post("/shops/file", {{"name", "Online store"},
                                               {"country", "GB"},
                                               {"currency", "GBP"},
                                               {"time_zone", "Europe/London"}});
        const std::string id = json::value_to<std::string>(shop.at("id"));
        const std::string file_name = fs::path(options_.real_store_file).filename();
        const auto import = api_.upload("/api/v1/imports?shop_id=" + id + "&file_name=" + file_name,
                                        options_.real_store_file, "application/octet-stream")
                                .json();
        const std::string import_id = json::value_to<std::string>(import.at("id"));
        const auto preview = api_.get("/api/v1/imports/" + import_id + "/preview").json();
        post("/imports/" + import_id + "/run", run_settings(preview));
        std::printf("  a real store's nine months (%s) are coming in\n", file_name.c_str());
    }
    static json::object run_settings(const json::value& preview);

    void add_people() {
        std::map<std::string, ShopId> shops;
        const auto present = api_.get("/api/v1/shops").json();
        for (const auto& shop : present.at("items").as_array())
            shops.emplace(json::value_to<std::string>(shop.at("name")),
                          *ShopId::parse(std::string_view(shop.at("id").as_string())));
        const auto session = api_.get("/api/v1/session").json();
        const auto tenant =
            TenantId::parse(std::string_view(session.at("tenant").at("id").as_string()));
        for (std::size_t i = 1; i < state_.users.size(); ++i) {
            const DemoUser& user = state_.users[i];
            std::optional<std::vector<ShopId>> scope;
            for (const std::string& name : user.shops) {
                if (!scope) scope.emplace();
                scope->push_back(shops.at(name));
            }
            people_.push_back({*tenant,
                               {user.email, user.name, state_.password, "en", user.seed},
                               {{user.role, scope}}});
        }
        add_people_on_loop();
    }

    struct Person {
        TenantId tenant;
        account::NewUser user;
        std::vector<account::RoleGrant> roles;
    };
    void add_people_on_loop() {
        std::atomic<bool> finished{false};
        services_.runtime.spawn(
            0,
            [this, &finished]() -> Awaitable<void> {
                for (const Person& person : people_)
                    (void)co_await account::add_user(services_, person.tenant, person.user,
                                                     person.roles);
                finished = true;
            },
            "demo_people");
        while (!finished && !services_.runtime.stopping()) ::usleep(20'000);
    }

    const DemoOptions& options_;
    DemoState& state_;
    Services& services_;
    HttpsClient api_;
    std::vector<Person> people_;
    std::vector<std::string> amazon_shops_;
};

/// What the wizard would send when a person accepts what it proposes.
json::object DemoDriver::run_settings(const json::value& preview) {
    json::object out{{"mode", "skip_bad"}, {"number_format", preview.at("decimal")}};
    for (const char* name : {"encoding", "delimiter", "mapping", "date_format", "time_zone",
                             "currency", "rules", "charges", "create_skus"})
        if (const auto& value = preview.at(name); !value.is_null()) out[name] = value;
    return out;
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
    return serve;
}

int run_demo(DemoOptions options) {
    if (options.fresh) {
        fs::remove_all(options.data_dir);
        fs::remove(options.data_dir + ".key");
    }
    fs::create_directories(options.data_dir);
    options.data_dir = fs::canonical(options.data_dir);
    log::open(options.data_dir + "/entrepot.log", log::Level::info);
    sigset_t signals;
    sigemptyset(&signals);
    for (const int signal : {SIGINT, SIGTERM, SIGPIPE}) sigaddset(&signals, signal);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
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
        make_company(server, state);
    }
    std::atomic<bool> failed{false};
    std::thread driver([&] {
        try {
            if (!state.filled)
                DemoDriver(options, state, server.instance().services(), server.port()).fill();
            print_sign_in(options, state, clock);
        } catch (const std::exception& e) {
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
