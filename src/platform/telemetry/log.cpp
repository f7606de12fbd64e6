// spdlog carries the lines; this file only shapes them.
#include "platform/telemetry/log.hpp"

#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>

namespace entrepot::log {
namespace {
constexpr std::size_t longest_value = 500;

std::shared_ptr<spdlog::logger> make(std::shared_ptr<spdlog::sinks::sink> sink, Level least) {
    auto logger = std::make_shared<spdlog::logger>("entrepot", std::move(sink));
    logger->set_pattern(R"({"at":"%Y-%m-%dT%H:%M:%S.%e%z","level":"%l",%v})");
    logger->set_level(static_cast<spdlog::level::level_enum>(static_cast<int>(least) + 1));
    logger->flush_on(spdlog::level::warn);
    return logger;
}

std::shared_ptr<spdlog::logger>& current() {
    static auto logger = make(std::make_shared<spdlog::sinks::stderr_sink_mt>(), Level::warning);
    return logger;
}

void append_text(std::string& out, std::string_view text) {
    // Bytes that are not UTF-8 would break the line's JSON; cut at a limit so that one value cannot
    // flood the log.
    boost::json::string safe;
    for (const char c : text.substr(0, longest_value))
        safe.push_back(static_cast<unsigned char>(c) < 0x80 ? c : '?');
    out += boost::json::serialize(safe);
}
}  // namespace

void open(const std::string& file, Level least) {
    if (file.empty())
        current() = make(std::make_shared<spdlog::sinks::stderr_sink_mt>(), least);
    else
        current() = make(std::make_shared<spdlog::sinks::basic_file_sink_mt>(file), least);
    // Only a logger that spdlog knows of is flushed every second; else a crash takes its last
    // lines.
    spdlog::set_default_logger(current());
    spdlog::flush_every(std::chrono::seconds(1));
}

void write(Level level, std::string_view event, Fields fields) {
    const auto spd_level = static_cast<spdlog::level::level_enum>(static_cast<int>(level) + 1);
    if (!current()->should_log(spd_level)) return;
    std::string line = "\"event\":";
    append_text(line, event);
    for (const Field& field : fields) {
        line += ',';
        append_text(line, field.name);
        line += ':';
        if (const auto* number = std::get_if<std::int64_t>(&field.value))
            line += std::to_string(*number);
        else if (const auto* real = std::get_if<double>(&field.value))
            line += std::to_string(*real);
        else if (const auto* flag = std::get_if<bool>(&field.value))
            line += *flag ? "true" : "false";
        else
            append_text(line, std::get<std::string>(field.value));
    }
    current()->log(spd_level, spdlog::string_view_t(line.data(), line.size()));
}

}  // namespace entrepot::log
