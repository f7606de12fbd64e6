// Small commands, and what all of them share.
#include "app/commands.hpp"

#include <cstdio>
#include <fstream>

#include "api/dispatcher.hpp"
#include "base/text.hpp"
#include "platform/config/key_file.hpp"
#include "platform/migrate/migrate.hpp"

namespace entrepot::app {

std::string beside(const std::string& data_dir, const std::string& ending) {
    std::string path = data_dir;
    while (path.size() > 1 && path.back() == '/') path.pop_back();
    return path + ending;
}

void Common::add_to(CLI::App& command) {
    command.add_option("--data-dir", data_dir, "Directory of the private database and of files")
        ->capture_default_str()
        ->envname("ENTREPOT_DATA_DIR");
    command
        .add_option(
            "--database-url", database_url,
            "Another PostgreSQL (15 or later) instead of the private one: the owner's connection")
        ->envname("ENTREPOT_DATABASE_URL");
    command.add_option("--database-password-file", database_password_file,
                       "Password of the application's roles in that database");
    command
        .add_option(
            "--key-file", key_file,
            "32-byte key that seals secrets; outside the data directory (default: <data-dir>.key)")
        ->envname("ENTREPOT_KEY_FILE");
    command
        .add_option("--audit-key-file", audit_key_file,
                    "32-byte Ed25519 key that signs the audit's checkpoints (default: "
                    "<data-dir>.audit.key)")
        ->envname("ENTREPOT_AUDIT_KEY_FILE");
    command.add_flag("--json", json, "Print results as JSON");
}

DatabaseOptions Common::database() const {
    DatabaseOptions options{data_dir, database_url, {}};
    if (database_url.empty()) return options;
    std::ifstream file(database_password_file);
    std::getline(file, options.app_password);
    if (options.app_password.size() < 16)
        throw std::runtime_error(
            "--database-url needs --database-password-file with a password of at least 16 "
            "characters for the application's roles");
    return options;
}

std::string Common::key_path() const {
    return key_file.empty() ? beside(data_dir, ".key") : key_file;
}

std::string Common::audit_key_path() const {
    return audit_key_file.empty() ? beside(data_dir, ".audit.key") : audit_key_file;
}

std::unique_ptr<Instance> open_instance(const Common& common, DatabasePlace& place, Clock& clock) {
    Instance::Options options;
    options.app_conninfo = place.conninfo("entrepot_app");
    options.jobs_conninfo = place.conninfo("entrepot_jobs");
    options.data_dir = common.data_dir;
    options.secrets_key = config::load_or_create_key(common.key_path(), common.data_dir);
    options.loops = 1;
    return std::make_unique<Instance>(options, clock);
}

namespace {
std::string_view word_of(migrate::State state) {
    switch (state) {
        case migrate::State::applied:
            return "applied";
        case migrate::State::pending:
            return "pending";
        case migrate::State::changed:
            return "changed";
        case migrate::State::missing:
            return "missing";
    }
    return "";
}
}  // namespace

Command add_migrate(CLI::App& root) {
    CLI::App* command =
        root.add_subcommand("migrate", "Apply pending schema changes, or show their state");
    auto common = std::make_shared<Common>();
    common->add_to(*command);
    auto status_only = std::make_shared<bool>(false);
    command->add_flag("--status", *status_only,
                      "Only show what is applied, pending, changed or missing");
    return [common, status_only] {
        DatabasePlace place(common->database());
        if (!*status_only)
            for (const std::string& name : place.migrate())
                std::printf("applied %s\n", name.c_str());
        for (const auto& line :
             migrate::status(place.conninfo("entrepot_owner"), migrate::embedded_schema()))
            std::printf("%04d %-24s %-10s %s\n", line.number, line.name.c_str(),
                        std::string(word_of(line.state)).c_str(), line.applied_at.c_str());
        return 0;
    };
}

Command add_openapi(CLI::App& root) {
    root.add_subcommand("openapi", "Print the OpenAPI document of this build");
    return [] {
        const auto modules = all_modules();
        std::fputs(api::openapi_document(modules).c_str(), stdout);
        return 0;
    };
}

Command add_version(CLI::App& root) {
    root.add_subcommand("version", "Print the version");
    return [] {
        std::printf("%s\n", std::string(api::version()).c_str());
        return 0;
    };
}

}  // namespace entrepot::app
