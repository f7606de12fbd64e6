// Sets the server up once per run.
#include "world.hpp"

#include <libpq-fe.h>

#include <boost/json.hpp>
#include <condition_variable>
#include <filesystem>
#include <mutex>

#include "app/https_client.hpp"
#include "modules/account/account.hpp"
#include "platform/runtime/runtime.hpp"

namespace entrepot::bench {
namespace json = boost::json;

namespace {
constexpr std::string_view seed = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";
constexpr std::string_view password = "Bench-harbour-41x!";

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
}  // namespace

World::World(std::string where) : dir(std::move(where)) {
    std::filesystem::remove_all(dir);
    std::filesystem::create_directories(dir);
    app::ServeOptions options;
    options.common.data_dir = dir;
    options.common.key_file = dir + ".key";
    options.port = 0;
    options.allow_channel_endpoint = true;
    server = std::make_unique<app::RunningServer>(options, clock);
    server->instance().run_once([&]() -> Awaitable<void> {
        const account::NewTenant tenant_of_bench = company();
        const account::NewUser owner{"owner@bench.example", "Bea Nch", std::string(password), "en",
                                     std::string(seed)};
        const auto made = co_await account::create_tenant_with_owner(server->instance().services(),
                                                                     tenant_of_bench, owner);
        if (made.has_error()) throw std::runtime_error(made.error().detail);
        tenant = made->tenant;
    });
    thread = std::thread([this] { server->run(); });
    app::HttpsClient api("https://localhost:" + std::to_string(server->port()),
                         dir + "/tls/certificate.pem");
    const auto csrf = [&] {
        api.set_header("x-csrf-token", json::value_to<std::string>(
                                           api.get("/api/v1/session").json().at("csrf_token")));
    };
    api.send("POST", "/api/v1/sign-in", {{"email", "owner@bench.example"}, {"password", password}})
        .json();
    csrf();
    api.send("POST", "/api/v1/sign-in/totp", {{"code", account::totp_code(seed, clock.now())}})
        .json();
    csrf();
    json::array permissions;
    const auto session = api.get("/api/v1/session").json();
    for (const auto& permission : session.at("permissions").as_array())
        permissions.push_back(permission);
    const std::string expires = format_instant(clock.now() + std::chrono::days(30));
    const auto key = api.send("POST", "/api/v1/api-keys",
                              {{"name", "bench"},
                               {"permissions", permissions},
                               {"shops", nullptr},
                               {"expires_at", expires}})
                         .json();
    api_key = json::value_to<std::string>(key.at("key"));
}

World::~World() {
    server->stop();
    thread.join();
    server.reset();
    std::filesystem::remove_all(dir);
    std::filesystem::remove(dir + ".key");
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

void World::on_loop(std::function<Awaitable<void>()> task) {
    std::mutex mutex;
    std::condition_variable changed;
    bool ended = false;
    std::exception_ptr failure;
    server->instance().runtime().spawn(
        0,
        [&]() -> Awaitable<void> {
            try {
                co_await task();
            } catch (...) {
                failure = std::current_exception();
            }
            const std::lock_guard lock(mutex);
            ended = true;
            changed.notify_one();
        },
        "bench");
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return ended; });
    if (failure) std::rethrow_exception(failure);
}

std::string World::owner_conninfo() const {
    return app::DatabasePlace(app::DatabaseOptions{dir, "", ""}).conninfo("entrepot_owner");
}

void World::sql(const std::string& text) const {
    PGconn* pg = PQconnectdb(owner_conninfo().c_str());
    PGresult* result = PQexec(pg, text.c_str());
    const auto status = PQresultStatus(result);
    const std::string words = PQresultErrorMessage(result);
    PQclear(result);
    PQfinish(pg);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) throw std::runtime_error(words);
}

}  // namespace entrepot::bench
