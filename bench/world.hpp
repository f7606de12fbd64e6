// What the benchmarks of one run share: a server in its own process on a throw-away data directory,
// a tenant, an API key, and this process's own way into the same database.
#pragma once

#include <boost/json/value.hpp>
#include <memory>
#include <thread>

#include "app/child_process.hpp"
#include "app/commands.hpp"
#include "app/https_client.hpp"
#include "bench.hpp"

namespace entrepot::bench {

struct Sizes {
    std::int64_t tenant = 200'000;  ///< orders of the tenant in lists and reports
    std::int64_t all = 1'000'000;   ///< orders of all tenants in lists
    double seconds = 4;             ///< of each load run
};

/// Our own loops on the server's database: ingest without the network, its facts included.
class Local {
public:
    Local(const app::Common& common, Clock& clock);
    ~Local();
    Local(const Local&) = delete;
    Local& operator=(const Local&) = delete;
    Services& services() { return instance_->services(); }
    /// Runs each task on a loop of its own and waits for all.
    void run(std::vector<std::function<Awaitable<void>()>> tasks);

private:
    app::DatabasePlace place_;
    std::unique_ptr<app::Instance> instance_;
    std::thread thread_;
};

struct World {
    /// `postgres_settings`: a file that becomes the private cluster's local.conf, or nothing.
    World(std::string dir, Sizes sizes, const std::string& postgres_settings);
    ~World();

    /// A whole request as the tenant's API key.
    std::string get(const std::string& path) const;
    std::string post(const std::string& path, const std::string& body) const;
    /// A client of the API with that key.
    app::HttpsClient& api() { return *api_; }
    boost::json::value call(const std::string& path, const boost::json::value& body);
    /// The id of a new shop for files.
    std::string add_file_shop(const std::string& name, const std::string& country,
                              const std::string& currency);
    void import_rates();

    /// SQL as the database's owner, without row-level security; the first value of the first row.
    std::string sql(const std::string& text) const;
    std::string owner_conninfo() const;
    /// Until no fact waits to be derived; seconds.
    double wait_for_facts() const;
    void settle_database() const;

    /// CPU seconds of server and PostgreSQL so far.
    double cpu_s() const { return cpu_of_tree(server->process()); }
    void start_server();
    void stop_server();

    std::string dir;
    Sizes sizes;
    SystemClock clock;
    app::Common common;
    std::unique_ptr<app::ChildProcess> server;
    std::uint16_t port = 0;
    TenantId tenant{};
    std::string api_key;
    bool keep = false;                      ///< the data directory outlives the run
    std::vector<std::string> filled_shops;  ///< see fill.hpp
    std::int64_t filled_orders = 0;
    Instant filled_until;  ///< time of the newest

private:
    void make_tenant();
    void make_key();
    std::unique_ptr<app::HttpsClient> api_;
};

/// From the environment, else beside this program.
std::string program(const char* variable, const std::string& beside);

}  // namespace entrepot::bench
