// The process, its output and the list of backups.
#include "backup/tool.hpp"

#include <signal.h>
#include <sys/wait.h>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <chrono>
#include <stdexcept>
#include <thread>

#include "backup/setup.hpp"
#include "base/text.hpp"

namespace entrepot::backup {
namespace json = boost::json;

namespace {
constexpr std::size_t output_max = 4 << 20;
constexpr std::chrono::milliseconds look_again{50};

Instant second(const json::value& value) {
    return Instant{std::chrono::seconds{value.as_int64()}};
}

Listed listed(const json::value& in) {
    Listed out;
    out.repository = in.at("database").at("repo-key").as_int64();
    out.label = std::string(in.at("label").as_string());
    out.kind = std::string(in.at("type").as_string());
    out.started_at = second(in.at("timestamp").at("start"));
    out.finished_at = second(in.at("timestamp").at("stop"));
    out.original_bytes = in.at("info").at("size").as_int64();
    out.stored_bytes = in.at("info").at("repository").at("delta").as_int64();
    return out;
}
}  // namespace

int run_program(const pgserver::Command& command, const std::function<bool()>& stopping) {
    const pid_t child = pgserver::spawn(command);
    bool asked = false;
    for (;;) {
        int status = 0;
        if (::waitpid(child, &status, WNOHANG) == child)
            return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
        if (!asked && stopping && stopping()) {
            ::kill(child, SIGTERM);
            asked = true;
        }
        std::this_thread::sleep_for(look_again);
    }
}

std::string Said::trouble() const {
    std::string out;
    for (const std::string_view line : text::split(output, '\n')) {
        const auto at = line.find("ERROR:");
        if (at == std::string_view::npos && !line.starts_with("            ")) continue;
        if (at == std::string_view::npos && out.empty()) continue;
        if (!out.empty()) out += ' ';
        out += text::trim(at == std::string_view::npos ? line : line.substr(at));
    }
    if (out.empty()) out = std::string(text::trim(output));
    if (out.empty()) out = "pgBackRest ended with code " + std::to_string(code);
    constexpr std::size_t words_max = 1000;
    if (out.size() > words_max) out.resize(words_max);
    return out;
}

Tool::Tool(std::string data_dir, pgserver::OsUser user, std::function<bool()> stopping)
    : data_dir_(std::move(data_dir)), user_(std::move(user)), stopping_(std::move(stopping)) {}

Said Tool::run(const std::string& command, const std::vector<std::string>& options) const {
    std::vector<std::string> arguments = {program, "--config=" + config_file(data_dir_).string(),
                                          "--config-include-path=" + extra_dir(data_dir_).string(),
                                          std::string("--stanza=") + stanza};
    arguments.insert(arguments.end(), options.begin(), options.end());
    arguments.push_back(command);
    const auto output = config_dir(data_dir_) / ("said-" + command + ".txt");
    Said said;
    said.code = run_program({arguments, user_, output, SIGTERM}, stopping_);
    said.output = pgserver::tail(output, output_max);
    return said;
}

std::vector<Listed> Tool::list() const {
    const Said said = run("info", {"--output=json"});
    if (said.code != 0) throw std::runtime_error("pgBackRest info: " + said.trouble());
    std::vector<Listed> out;
    const json::value parsed = json::parse(said.output);
    for (const json::value& one : parsed.as_array())
        for (const json::value& backup : one.at("backup").as_array()) out.push_back(listed(backup));
    return out;
}

}  // namespace entrepot::backup
