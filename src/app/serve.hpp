// A running server: database, instance, HTTPS, workers. `serve` and `demo` start the same one.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>

#include "api/dispatcher.hpp"
#include "app/child_process.hpp"
#include "app/commands.hpp"
#include "platform/audit/sealer.hpp"
#include "platform/http/server.hpp"

namespace entrepot::app {

struct ServeOptions {
    Common common;
    std::string bind = "127.0.0.1";
    std::uint16_t port = 8443;
    std::string tls_cert, tls_key;
    std::string public_url;
    bool plain_http = false;  ///< behind a proxy on the same machine that ends TLS
    /// The keyring of this database is lost: from now on it is the one that keyd keeps.
    bool new_keyring = false;
    bool run_api = true, run_workers = true;
    bool allow_channel_endpoint = false;
    std::string channel_ca_file;
    /// Directory of the copy of the audit's checkpoints; empty = `<data-dir>.audit`.
    std::string audit_copy;
    /// Where backups go, each best at another site; empty = as set up before, or none.
    std::vector<std::string> backup_dirs;
    int backup_hour = 2;                         ///< UTC
    std::vector<std::string> former_audit_keys;  ///< public ones, hexadecimal
    std::size_t loops = 0;
    std::size_t workers_per_loop = 2;
};

/// Call before the first thread starts, the log's included: a thread that was there before would
/// take SIGINT or SIGTERM and end the process without any order.
void block_stop_signals();

class RunningServer {
public:
    RunningServer(const ServeOptions& options, Clock& clock);
    ~RunningServer();
    RunningServer(const RunningServer&) = delete;
    RunningServer& operator=(const RunningServer&) = delete;

    Instance& instance() { return *instance_; }
    std::uint16_t port() const { return port_; }
    /// Runs until SIGINT, SIGTERM (block_stop_signals) or stop(); then lets work in progress end.
    void run();
    void stop();

private:
    void start_keyd(const ServeOptions& options);
    void meet_keyd(const ServeOptions& options);
    Awaitable<void> watch_keyd(ServeOptions options);

    void start_sealing(const ServeOptions& options);
    void start_backups(const ServeOptions& options);
    Clock& clock_;
    std::unique_ptr<ChildProcess> keyd_;
    std::unique_ptr<DatabasePlace> place_;
    std::unique_ptr<Instance> instance_;
    std::unique_ptr<audit::Sealer> sealer_;
    std::unique_ptr<api::Dispatcher> dispatcher_;
    std::unique_ptr<http::Server> server_;
    std::uint16_t port_ = 0;
};

}  // namespace entrepot::app
