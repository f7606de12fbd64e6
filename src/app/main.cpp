// entrepot: one binary with subcommands.
#include <cstdio>
#include <exception>

#include "app/commands.hpp"

int main(int argc, char** argv) {
    using namespace entrepot::app;
    CLI::App root(
        "Entrepot: the back office of a cross-border seller, which keeps its privacy policy by "
        "construction");
    root.require_subcommand(1);
    std::map<std::string, Command> commands;
    commands["serve"] = add_serve(root);
    commands["migrate"] = add_migrate(root);
    commands["openapi"] = add_openapi(root);
    commands["verify"] = add_verify(root);
    commands["audit"] = add_audit(root);
    commands["api"] = add_api(root);
    commands["shops"] = add_shortcut(root, "shops", "Shops, their state and last sync", "/shops");
    commands["users"] = add_shortcut(root, "users", "People of a tenant and their roles", "/users");
    commands["jobs"] = add_shortcut(root, "jobs", "Jobs that failed for good", "/jobs/quarantine");
    commands["evidence"] = add_evidence(root);
    commands["backup"] = add_backup(root);
    commands["drill"] = add_drill(root);
    commands["demo"] = add_demo(root);
    commands["keyd"] = add_keyd(root);
    commands["keys"] = add_keys(root);
    commands["version"] = add_version(root);
    try {
        root.parse(argc, argv);
    } catch (const CLI::ParseError& e) {
        return root.exit(e) == 0 ? 0 : 2;
    }
    try {
        return commands.at(root.get_subcommands().front()->get_name())();
    } catch (const std::exception& e) {
        std::fprintf(stderr, "entrepot: %s\n", e.what());
        return 1;
    }
}
