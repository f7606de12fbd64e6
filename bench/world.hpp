// What the benchmarks of one run share: a server on a throw-away data directory, a tenant, an API
// key.
#pragma once

#include <thread>

#include "bench.hpp"
#include "platform/crypto/crypto.hpp"

namespace entrepot::bench {

struct World {
    explicit World(std::string dir);
    ~World();
    /// Request line and headers of a GET as the tenant's API key.
    std::string get(const std::string& path) const;
    std::string post(const std::string& path, const std::string& body) const;
    /// Runs a coroutine on one of the server's loops and waits for it.
    void on_loop(std::function<Awaitable<void>()> task);
    /// SQL as the database's owner.
    void sql(const std::string& text) const;
    std::string owner_conninfo() const;

    std::string dir;
    SystemClock clock;
    std::unique_ptr<app::RunningServer> server;
    std::thread thread;
    TenantId tenant{};
    std::string api_key;
    double seconds = 4;            ///< of each load run
    std::int64_t big = 1'000'000;  ///< orders of the tenant in list and report benchmarks
};

}  // namespace entrepot::bench
