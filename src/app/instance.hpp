// The wiring of one process: runtime, clock, database pools, egress, modules. Used by serve, the
// commands, and the tests.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "platform/context.hpp"
#include "platform/http/egress.hpp"
#include "platform/keys/client.hpp"
#include "platform/module.hpp"
#include "platform/runtime/runtime.hpp"

namespace entrepot::app {

/// Every module and channel that this build was made with, in the order of src/CMakeLists.txt.
std::vector<Module> all_modules();

class Instance {
public:
    struct Options {
        std::string app_conninfo;
        std::string jobs_conninfo;
        std::string data_dir;
        std::string public_url = "https://localhost:8443";
        crypto::Bytes32 secrets_key{};
        std::string keyd_socket;
        bool allow_channel_endpoint = false;
        std::string channel_ca_file;  ///< extra authority for channel endpoints (marketsim)
        std::size_t loops = 0;
        std::size_t connections_per_loop = 6;
    };
    Instance(Options options, Clock& clock);
    ~Instance();

    Runtime& runtime() { return runtime_; }
    Services& services() { return *services_; }
    const std::vector<Module>& modules() const { return modules_; }

    /// Runs one coroutine to its end on the first loop: commands and tests, never beside run().
    template <class Body>
    void run_once(Body body) {
        run_to_end(runtime_, [&body]() -> Awaitable<void> { co_await body(); });
    }

private:
    Runtime runtime_;
    pg::Database db_;
    pg::Database jobs_db_;
    Egress egress_;
    keys::Client keys_;
    std::vector<Module> modules_;
    std::unique_ptr<Services> services_;
};

}  // namespace entrepot::app
