// `entrepot keyd`, and `entrepot keys`: the keeper of keys, and what an operator asks of it.
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <cstdio>
#include <fstream>

#include "app/commands.hpp"
#include "app/serve.hpp"
#include "keyd/process.hpp"
#include "platform/keys/client.hpp"
#include "platform/telemetry/log.hpp"

namespace entrepot::app {
namespace json = boost::json;

namespace {
std::string first_line(const std::string& path) {
    std::string line;
    std::ifstream file(path);
    if (!std::getline(file, line)) throw std::runtime_error("cannot read " + path);
    return line;
}

void print(const json::value& value, const std::string& indent = {}) {
    for (const auto& [name, one] : value.as_object()) {
        std::printf("%s%-18s", indent.c_str(), std::string(name).c_str());
        if (one.is_object()) {
            std::printf("\n");
            print(one, indent + "  ");
        } else if (one.is_string()) {
            std::printf(" %s\n", one.as_string().c_str());
        } else {
            std::printf(" %s\n", json::serialize(one).c_str());
        }
    }
}
}  // namespace

Command add_keyd(CLI::App& root) {
    CLI::App* command = root.add_subcommand(
        "keyd", "Run the keeper of keys: a process of its own with its own database");
    auto options = std::make_shared<keyd::ProcessOptions>();
    auto pin_file = std::make_shared<std::string>();
    auto password_file = std::make_shared<std::string>();
    auto log_file = std::make_shared<std::string>();
    command
        ->add_option("--keys-dir", options->keys_dir,
                     "Roots, mark, ledger copy and private database; outside every data directory")
        ->required()
        ->envname("ENTREPOT_KEYS_DIR");
    command->add_option("--second-site", options->second_site,
                        "Another directory that holds the roots (another site's mount)");
    command->add_option("--database-url", options->database_url,
                        "Another PostgreSQL than the private one: the owner's connection");
    command->add_option("--database-password-file", *password_file,
                        "Password of entrepot_keyd in that database");
    command->add_option("--socket", options->socket, "Where to listen; default: in --keys-dir");
    command->add_option("--token-library", options->token_library,
                        "PKCS#11 library; the roots live in its token instead of files");
    command->add_option("--token-label", options->token_label, "Name of the token")
        ->default_str("entrepot");
    command->add_option("--token-pin-file", *pin_file, "File whose first line is the token's PIN");
    command->add_option("--allow-uid", options->allow_uids,
                        "Operating-system users (numbers) that may connect besides our own");
    command->add_flag("--with-parent", options->with_parent,
                      "End when the process that started this one does");
    command->add_option("--log-file", *log_file, "Log file; default: standard error");
    return [options, pin_file, password_file, log_file] {
        if (options->token_label.empty()) options->token_label = "entrepot";
        if (!pin_file->empty()) options->token_pin = first_line(*pin_file);
        if (!password_file->empty()) options->database_password = first_line(*password_file);
        block_stop_signals();
        log::open(*log_file, log::Level::info);
        keyd::run_process(*options);
        return 0;
    };
}

Command add_keys(CLI::App& root) {
    CLI::App* command = root.add_subcommand(
        "keys",
        "State of the keys; a new epoch; a check of every key (exit code 3: something is "
        "wrong)");
    auto what = std::make_shared<std::string>();
    auto common = std::make_shared<Common>();
    command->add_option("what", *what, "status, turn or verify")
        ->required()
        ->check(CLI::IsMember({"status", "turn", "verify"}));
    common->add_to(*command);
    return [what, common] {
        Runtime runtime({.loops = 1, .cpu_threads = 1, .blocking_threads = 1});
        keys::Client client(runtime, common->keyd_socket_path());
        keys::Request request;
        request.operation = *what == "turn"     ? keys::Operation::turn
                            : *what == "verify" ? keys::Operation::verify
                                                : keys::Operation::status;
        request.caller.request_id = "command-line";
        std::string text;
        std::string trouble;
        run_to_end(runtime, [&]() -> Awaitable<void> {
            try {
                text = (co_await client.call(request)).text;
                if (request.operation == keys::Operation::turn) {
                    request.operation = keys::Operation::status;
                    text = (co_await client.call(request)).text;
                }
            } catch (const keys::Unavailable& error) {
                trouble = error.what();
            }
        });
        if (!trouble.empty()) throw std::runtime_error(trouble);
        const json::value answer = json::parse(text);
        if (common->json)
            std::printf("%s\n", text.c_str());
        else
            print(answer);
        const json::object& fields = answer.as_object();
        const bool good =
            fields.contains("ok") ? fields.at("ok").as_bool() : fields.at("open").as_bool();
        return good ? 0 : 3;
    };
}

}  // namespace entrepot::app
