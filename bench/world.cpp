// Sets the server up once per run.
#include "world.hpp"

#include <libpq-fe.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <mutex>

#include "modules/account/account.hpp"
#include "platform/jobs/jobs.hpp"
#include "platform/runtime/runtime.hpp"

namespace entrepot::bench {
namespace fs = std::filesystem;
namespace json = boost::json;

namespace {
constexpr std::string_view seed = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";
constexpr std::string_view password = "Quiet-harbour-41x!";
constexpr std::size_t workers_per_loop = 2;

account::NewTenant company() {
    account::NewTenant out;
    out.legal_name = "Bench Ltd";
    out.country = "GB";
    out.registration_number = "01234567";
    out.registered_address = "1 Quay Street, London";
    out.billing_email = "billing@bench.example";
    out.contact = {"Bea Nch", "Owner", "owner@bench.example", "+44 20 0000 0000"};
    out.book_currency = "EUR";
    out.time_zone = "Europe/London";
    out.language = "en";
    return out;
}

[[noreturn]] void refuse(const Error& error) {
    std::string words = error.detail;
    for (const auto& field : error.fields) words += "; " + field.pointer + ": " + field.detail;
    throw std::runtime_error(words);
}

std::string text_of(const json::value& value, std::string_view name) {
    return json::value_to<std::string>(value.at(name));
}
}  // namespace

std::string program(const char* variable, const std::string& beside) {
    if (const char* given = std::getenv(variable)) return given;
    return (fs::read_symlink("/proc/self/exe").parent_path() / beside).lexically_normal();
}

Local::Local(const app::Common& common, Clock& clock)
    : place_(common.database()), instance_(app::open_instance(common, place_, clock)) {
    Runtime& runtime = instance_->runtime();
    for (std::size_t loop = 0; loop < runtime.loop_count(); ++loop)
        for (std::size_t i = 0; i < workers_per_loop; ++i)
            runtime.spawn(loop, [this] { return jobs::work(instance_->services()); }, "worker");
    thread_ = std::thread([this] { instance_->runtime().run(); });
}

Local::~Local() {
    instance_->runtime().stop();
    thread_.join();
}

void Local::run(std::vector<std::function<Awaitable<void>()>> tasks) {
    std::mutex mutex;
    std::condition_variable changed;
    std::size_t running = tasks.size();
    std::exception_ptr failure;
    Runtime& runtime = instance_->runtime();
    for (std::size_t i = 0; i < tasks.size(); ++i) {
        auto whole = [&, i]() -> Awaitable<void> {
            std::exception_ptr own;
            try {
                co_await tasks[i]();
            } catch (...) {
                own = std::current_exception();
            }
            const std::lock_guard lock(mutex);
            if (own) failure = own;
            --running;
            changed.notify_one();
        };
        runtime.spawn(i % runtime.loop_count(), whole, "bench");
    }
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return running == 0; });
    if (failure) std::rethrow_exception(failure);
}

World::World(std::string where, Sizes wanted, const std::string& postgres_settings)
    : dir(std::move(where)), sizes(wanted) {
    fs::remove_all(dir);
    fs::create_directories(dir);
    common.data_dir = dir + "/data";
    common.key_file = dir + "/key";
    start_server();
    if (!postgres_settings.empty()) {
        stop_server();
        fs::copy_file(postgres_settings, common.data_dir + "/pg/data/local.conf");
        start_server();
    }
    make_tenant();
    make_key();
    import_rates();
}

World::~World() {
    api_.reset();
    server.reset();
    std::error_code ignored;
    if (keep)
        std::ofstream(dir + "/api-key") << api_key << '\n';
    else
        fs::remove_all(dir, ignored);
}

void World::start_server() {
    server = std::make_unique<app::ChildProcess>(
        program("ENTREPOT_BIN", "../src/app/entrepot"),
        std::vector<std::string>{"serve", "--data-dir", common.data_dir, "--key-file",
                                 common.key_file, "--port", std::to_string(port), "--log-file",
                                 dir + "/server.log", "--allow-channel-endpoint", "--channel-ca",
                                 dir + "/marketsim.pem"},
        "listening");
    const std::string& line = server->ready_line();
    port = static_cast<std::uint16_t>(std::stoi(line.substr(line.rfind(':') + 1)));
    api_ = std::make_unique<app::HttpsClient>("https://localhost:" + std::to_string(port),
                                              common.data_dir + "/tls/certificate.pem");
    if (!api_key.empty()) api_->set_header("authorization", "Bearer " + api_key);
}

void World::stop_server() {
    api_.reset();
    server.reset();
}

void World::make_tenant() {
    app::DatabasePlace place(common.database());
    const auto instance = app::open_instance(common, place, clock);
    instance->run_once([&]() -> Awaitable<void> {
        const account::NewTenant bench = company();
        const account::NewUser owner{"owner@bench.example", "Bea Nch", std::string(password), "en",
                                     std::string(seed)};
        const auto made =
            co_await account::create_tenant_with_owner(instance->services(), bench, owner);
        if (made.has_error()) refuse(made.error());
        tenant = made->tenant;
    });
}

void World::make_key() {
    const auto csrf = [&] {
        api_->set_header("x-csrf-token",
                         text_of(api_->get("/api/v1/session").json(), "csrf_token"));
    };
    call("/sign-in", {{"email", "owner@bench.example"}, {"password", password}});
    csrf();
    call("/sign-in/totp", {{"code", account::totp_code(seed, clock.now())}});
    csrf();
    const json::array permissions{"orders.read",   "orders.write", "money.read",  "catalog.read",
                                  "catalog.write", "shops.read",   "shops.write", "imports.run",
                                  "insight.read",  "rates.write"};
    const std::string expires = format_instant(clock.now() + std::chrono::days(30));
    api_key = text_of(call("/api-keys", {{"name", "bench"},
                                         {"permissions", permissions},
                                         {"shops", nullptr},
                                         {"expires_at", expires}}),
                      "key");
    api_->set_header("authorization", "Bearer " + api_key);
}

json::value World::call(const std::string& path, const json::value& body) {
    return api_->send("POST", "/api/v1" + path, body).json();
}

std::string World::add_file_shop(const std::string& name, const std::string& country,
                                 const std::string& currency) {
    return text_of(call("/shops/file", {{"name", name},
                                        {"country", country},
                                        {"currency", currency},
                                        {"time_zone", "Europe/London"}}),
                   "id");
}

void World::import_rates() {
    const std::string full = "../shared/data/fx/ecb_eurofxref_hist.csv.gz";
    const std::string sample = "data/fx/ecb_monthly_sample.csv";
    api_->upload("/api/v1/insight/rates/import", fs::exists(full) ? full : sample,
                 "application/octet-stream")
        .json();
}

std::string World::get(const std::string& path) const {
    return "GET /api/v1" + path + " HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer " +
           api_key + "\r\n\r\n";
}

std::string World::post(const std::string& path, const std::string& body) const {
    return "POST /api/v1" + path + " HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer " +
           api_key +
           "\r\ncontent-type: application/json\r\ncontent-length: " + std::to_string(body.size()) +
           "\r\n\r\n" + body;
}

std::string World::owner_conninfo() const {
    return app::DatabasePlace(common.database()).conninfo("entrepot_owner");
}

std::string World::sql(const std::string& text) const {
    // The owner is held by row-level security like everybody; the cluster's superuser is not.
    PGconn* pg = PQconnectdb((owner_conninfo() + " options='-c role=postgres'").c_str());
    PGresult* result = PQexec(pg, text.c_str());
    const auto status = PQresultStatus(result);
    std::string out;
    if (status == PGRES_TUPLES_OK && PQntuples(result) > 0) out = PQgetvalue(result, 0, 0);
    const std::string words = PQerrorMessage(pg);
    PQclear(result);
    PQfinish(pg);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) throw std::runtime_error(words);
    return out;
}

double World::wait_for_facts() const {
    const Timer timer;
    while (sql("select count(*) from platform.job where kind like 'insight.%'") != "0") {
        if (sql("select count(*) from platform.job where state = 'quarantined'") != "0")
            throw std::runtime_error("a job failed for good: see " + dir + "/server.log");
        ::usleep(20'000);
    }
    return timer.seconds();
}

void World::settle_database() const {
    // What autovacuum and the checkpointer would do in the minutes after a fill.
    sql("vacuum analyze");
    sql("checkpoint");
}

}  // namespace entrepot::bench
