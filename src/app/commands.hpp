// The subcommands of `entrepot`. Each adds itself to the parser and returns an exit code when it is
// run: 0 good, 1 refused or failed, 2 wrong usage, 3 a check found something.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <memory>
#include <string>

#include "app/database.hpp"
#include "app/instance.hpp"

namespace entrepot::app {

/// What lies beside the data directory and not in it: `<data-dir><ending>`.
std::string beside(const std::string& data_dir, const std::string& ending);

/// Options that most commands share.
struct Common {
    std::string data_dir = "/var/lib/entrepot";
    std::string database_url;
    std::string database_password_file;
    std::string key_file;
    std::string keyd_socket;
    std::string audit_key_file;
    bool json = false;
    void add_to(CLI::App& command);
    DatabaseOptions database() const;
    /// The given file, else `<data-dir>.key` beside the data directory.
    std::string key_path() const;
    /// `<data-dir>.keys` beside the data directory: keyd's own place.
    std::string keys_path() const;
    /// The given socket, else the one of the keyd that `serve` starts for this data directory.
    std::string keyd_socket_path() const;
    /// Key that signs the audit's checkpoints: the given file, else `<data-dir>.audit.key`.
    std::string audit_key_path() const;
};

using Command = std::function<int()>;

/// Each returns the function to run when its subcommand was chosen.
Command add_serve(CLI::App& root);
Command add_migrate(CLI::App& root);
Command add_openapi(CLI::App& root);
Command add_version(CLI::App& root);
Command add_demo(CLI::App& root);
Command add_verify(CLI::App& root);
Command add_keyd(CLI::App& root);
Command add_keys(CLI::App& root);
Command add_api(CLI::App& root);
Command add_audit(CLI::App& root);
Command add_evidence(CLI::App& root);
Command add_backup(CLI::App& root);
Command add_drill(CLI::App& root);
/// A subcommand that prints what one GET answers: `entrepot shops`, `entrepot users` …
Command add_shortcut(CLI::App& root, const std::string& name, const std::string& about,
                     const std::string& path);

/// Acts for the tenant as the system; recorded in the audit as the command line.
Context command_line_context(Services& services, TenantId tenant);

/// One instance for a command line's work on an existing data directory.
std::unique_ptr<Instance> open_instance(const Common& common, DatabasePlace& place, Clock& clock);

}  // namespace entrepot::app
