// Fills the demo through the public API, as its owner would: rates, shops, history, a file, people.
#pragma once

#include <string>
#include <vector>

#include "app/serve.hpp"

namespace entrepot::app {

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

/// Company and owner, through the same function that sign-up uses; nothing when they are there.
void make_demo_company(RunningServer& server, const DemoState& state);

/// Each step can be repeated: a demo that was stopped while it filled goes on where it was.
class DemoFiller {
public:
    DemoFiller(const DemoOptions& options, const DemoState& state, RunningServer& server);
    ~DemoFiller();
    DemoFiller(const DemoFiller&) = delete;
    DemoFiller& operator=(const DemoFiller&) = delete;
    /// Rates, shops, people; history and the file are under way when it returns.
    void begin();
    /// Waits for the history and the file, then maps the listings. False when the server stopped.
    bool finish();

private:
    class Steps;
    std::unique_ptr<Steps> steps_;
};

}  // namespace entrepot::app
