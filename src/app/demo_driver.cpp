// The demo's owner at work; everything but company and people goes through the public API.
#include "app/demo_driver.hpp"

#include <unistd.h>

#include <boost/json.hpp>
#include <cstdio>
#include <filesystem>
#include <map>

#include "app/demo_store.hpp"
#include "app/https_client.hpp"
#include "app/import_settings.hpp"
#include "modules/account/account.hpp"
#include "platform/runtime/runtime.hpp"

namespace entrepot::app {
namespace fs = std::filesystem;
namespace json = boost::json;

namespace {
constexpr int history_days = 365;
constexpr std::uint64_t store_seed = 2026;
/// A seller of a year has mapped its listings long ago; a few are left for the exceptions inbox.
constexpr std::size_t listings_left_unmapped = 2;

std::string text(const json::value& object, std::string_view name) {
    return json::value_to<std::string>(object.at(name));
}

void say(const std::string& line) {
    std::printf("  %s\n", line.c_str());
    std::fflush(stdout);
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

void expect_made(const std::optional<Error>& error) {
    if (!error || error->code == account::errors::email_taken) return;
    throw std::runtime_error("the demo was refused: " + error->detail +
                             (error->fields.empty() ? ""
                                                    : " " + error->fields.front().pointer + " " +
                                                          error->fields.front().code));
}
}  // namespace

void make_demo_company(RunningServer& server, const DemoState& state) {
    Services& services = server.instance().services();
    const DemoUser& first = state.users.front();
    std::optional<Error> refused;
    server.instance().run_once([&]() -> Awaitable<void> {
        const account::NewTenant company = demo_company();
        const account::NewUser owner{first.email, first.name, state.password, "zh-CN", first.seed};
        const auto made = co_await account::create_tenant_with_owner(services, company, owner);
        if (made.has_error()) refused = made.error();
    });
    expect_made(refused);
}

class DemoFiller::Steps {
public:
    Steps(const DemoOptions& options, const DemoState& state, RunningServer& server)
        : options_(options),
          state_(state),
          services_(server.instance().services()),
          api_("https://localhost:" + std::to_string(server.port()),
               options.data_dir + "/tls/certificate.pem") {}

    void begin() {
        sign_in();
        say("exchange rates: " + options_.rates_file);
        api_.upload("/api/v1/insight/rates/import", options_.rates_file, "application/octet-stream")
            .json();
        read_shops();
        connect_amazon();
        import_store();
        add_people();
    }

    bool finish() {
        for (const std::string& shop : amazon_shops_) {
            if (!wait_for("/shops/" + shop + "/sync", &Steps::history_state)) return false;
            map_listings(shop);
        }
        return wait_for("/imports/" + import_, &Steps::import_state);
    }

private:
    json::value get(const std::string& path) { return api_.get("/api/v1" + path).json(); }
    json::value post(const std::string& path, const json::value& body) {
        return api_.send("POST", "/api/v1" + path, body).json();
    }
    bool stopping() const { return services_.runtime.stopping(); }

    void sign_in() {
        post("/sign-in", {{"email", state_.users.front().email}, {"password", state_.password}});
        take_csrf();
        const std::string first = present_code();
        HttpsReply reply = send_code(first);
        // A code works once: after a quick restart the next one has to be waited for.
        if (reply.status >= 400) {
            while (present_code() == first && !stopping()) ::usleep(500'000);
            reply = send_code(present_code());
        }
        reply.json();
        take_csrf();
    }
    std::string present_code() const {
        return account::totp_code(state_.users.front().seed, services_.clock.now());
    }
    HttpsReply send_code(const std::string& code) {
        return api_.send("POST", "/api/v1/sign-in/totp", {{"code", code}});
    }
    void take_csrf() { api_.set_header("x-csrf-token", text(get("/session"), "csrf_token")); }

    void read_shops() {
        const auto present = get("/shops");
        for (const auto& shop : present.at("items").as_array())
            shops_[text(shop, "name")] = text(shop, "id");
    }

    void connect_amazon() {
        HttpsClient sim("https://127.0.0.1:" + std::to_string(options_.sim_port),
                        options_.data_dir + "/marketsim.pem");
        sim.set_header("x-admin-token", "marketsim-admin");
        const std::map<std::string, std::string> names{
            {"NA", "Harbour US"}, {"EU", "Harbour DE"}, {"FE", "Harbour JP"}};
        const auto credentials = sim.get("/admin/credentials").json();
        for (const auto& own : credentials.at("credentials").as_array()) {
            const std::string region = text(own, "region");
            const std::string& name = names.at(region);
            if (!shops_.contains(name)) {
                const auto shop =
                    post("/shops/amazon", {{"name", name},
                                           {"region", region},
                                           {"lwa_client_id", own.at("client_id")},
                                           {"lwa_client_secret", own.at("client_secret")},
                                           {"refresh_token", own.at("refresh_token")},
                                           {"endpoint", own.at("endpoint")}});
                shops_[name] = text(shop, "id");
            }
            const std::string& id = shops_.at(name);
            const std::string history = history_state(get("/shops/" + id + "/sync"));
            // What was stopped in the middle goes on by itself; what has failed since is asked
            // anew.
            if (history == "none" || history == "failed") ask_for_history(id);
            amazon_shops_.push_back(id);
            say("shop " + name + " connected; its year of history is coming in");
        }
    }

    void ask_for_history(const std::string& shop) {
        const Date today = std::chrono::floor<std::chrono::days>(services_.clock.now());
        post("/shops/" + shop + "/sync/history",
             {{"from", format_date(today - std::chrono::days(history_days))},
              {"to", format_date(today)}});
    }

    void map_listings(const std::string& shop) {
        const auto suggested = post("/sku-mappings/suggest", {{"shop_id", shop}});
        const auto& items = suggested.at("items").as_array();
        for (std::size_t i = 0; i + listings_left_unmapped < items.size(); ++i) {
            const std::string seller_sku = text(items[i], "seller_sku");
            post("/sku-mappings", {{"shop_id", shop},
                                   {"seller_sku", seller_sku},
                                   {"sku_code", seller_sku},
                                   {"create_sku", true},
                                   {"title", items[i].at("title")}});
        }
    }

    static std::string history_state(const json::value& health) {
        return text(health.at("history"), "state");
    }
    static std::string import_state(const json::value& import) { return text(import, "state"); }

    bool wait_for(const std::string& path, std::string (*state_of)(const json::value&)) {
        while (!stopping()) {
            const std::string state = state_of(get(path));
            if (state == "failed") throw std::runtime_error(path + " has failed");
            if (state == "done") return true;
            ::usleep(500'000);
        }
        return false;
    }

    void import_store() {
        std::string file = options_.real_store_file;
        const bool real = !file.empty() && fs::exists(file);
        if (!real) {
            file = options_.data_dir + "/online_store.csv";
            write_demo_store(file, services_.clock.now(), store_seed);
        }
        const std::string shop_name = "Online store";
        if (!shops_.contains(shop_name))
            shops_[shop_name] = text(post("/shops/file", {{"name", shop_name},
                                                          {"country", "GB"},
                                                          {"currency", "GBP"},
                                                          {"time_zone", "Europe/London"}}),
                                     "id");
        const std::string& shop = shops_.at(shop_name);
        const auto earlier = get("/imports?shop_id=" + shop);
        for (const auto& import : earlier.at("items").as_array()) {
            const std::string state = text(import, "state");
            if (state == "running" || state == "done") import_ = text(import, "id");
        }
        const std::string name = fs::path(file).filename();
        if (import_.empty()) {
            const auto import =
                api_.upload("/api/v1/imports?shop_id=" + shop + "&file_name=" + name, file,
                            "application/octet-stream")
                    .json();
            import_ = text(import, "id");
            post("/imports/" + import_ + "/run",
                 accepted_settings(get("/imports/" + import_ + "/preview")));
        }
        say((real ? "a real store's nine months (" : "a generated store's nine months (") + name +
            ") are coming in");
    }

    struct Person {
        account::NewUser user;
        std::vector<account::RoleGrant> roles;
    };
    void add_people() {
        std::vector<Person> people;
        for (std::size_t i = 1; i < state_.users.size(); ++i) {
            const DemoUser& user = state_.users[i];
            std::optional<std::vector<ShopId>> scope;
            for (const std::string& name : user.shops) {
                if (!scope) scope.emplace();
                scope->push_back(*ShopId::parse(shops_.at(name)));
            }
            people.push_back(
                {{user.email, user.name, state_.password, "en", user.seed}, {{user.role, scope}}});
        }
        const auto session = get("/session");
        add_on_loop(*TenantId::parse(text(session.at("tenant"), "id")), std::move(people));
    }

    /// The people's authenticators are known beforehand here, which no API allows.
    void add_on_loop(TenantId tenant, std::vector<Person> people) {
        struct Shared {
            std::atomic<bool> finished{false};
            std::optional<Error> refused;
        };
        const auto shared = std::make_shared<Shared>();
        services_.runtime.spawn(
            0,
            [&services = services_, tenant, shared,
             people = std::move(people)]() -> Awaitable<void> {
                for (const Person& person : people) {
                    const auto added =
                        co_await account::add_user(services, tenant, person.user, person.roles);
                    if (added.has_error()) shared->refused = added.error();
                    if (shared->refused && shared->refused->code == account::errors::email_taken)
                        shared->refused.reset();
                }
                shared->finished = true;
            },
            "demo_people");
        while (!shared->finished && !stopping()) ::usleep(20'000);
        if (shared->finished) expect_made(shared->refused);
    }

    const DemoOptions& options_;
    const DemoState& state_;
    Services& services_;
    HttpsClient api_;
    std::map<std::string, std::string> shops_;  ///< id by name
    std::vector<std::string> amazon_shops_;
    std::string import_;
};

DemoFiller::DemoFiller(const DemoOptions& options, const DemoState& state, RunningServer& server)
    : steps_(std::make_unique<Steps>(options, state, server)) {}
DemoFiller::~DemoFiller() = default;
void DemoFiller::begin() {
    steps_->begin();
}
bool DemoFiller::finish() {
    return steps_->finish();
}

}  // namespace entrepot::app
