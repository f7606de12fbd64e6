// What the simulator keeps between runs: its start, how time went, and the shipments it was told
// of. state.json is replaced as a whole; acts.jsonl is only ever appended to.
#include "sim/journal.hpp"

#include <boost/json.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace entrepot::sim {

namespace {

namespace json = boost::json;

std::string read_file(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

Journal::Journal(std::string directory) : directory_(std::move(directory)) {
    const std::filesystem::path root(directory_);
    std::filesystem::create_directories(root);
    if (!std::filesystem::exists(root / "state.json")) return;
    try {
        const json::value state = json::parse(read_file(root / "state.json"));
        start_ = state.at("start").to_number<Millis>();
        fingerprint_ = json::value_to<std::string>(state.at("fingerprint"));
        const json::value& clock = state.at("clock");
        clock_ = {clock.at("now").to_number<Millis>(), clock.at("wall").to_number<Millis>(),
                  clock.at("speed").to_number<double>()};
        for (const json::value& entry : state.at("stretches").as_array()) {
            const auto mode = static_cast<Arrivals::Mode>(entry.at("mode").to_number<int>());
            stretches_.push_back({entry.at("until").to_number<Millis>(),
                                  {mode, entry.at("per_minute").to_number<std::int64_t>()}});
        }
        std::ifstream acts(root / "acts.jsonl");
        for (std::string line; std::getline(acts, line);) {
            if (line.empty()) continue;
            boost::system::error_code error;
            json::value act = json::parse(line, error);
            if (error) continue;  // a line cut short by a crash was never answered
            acts_.push_back(std::move(act));
        }
    } catch (const std::exception& problem) {
        throw std::runtime_error("cannot resume from " + directory_ + ": " + problem.what());
    }
}

void Journal::begin(Millis start, std::string fingerprint) {
    start_ = start;
    fingerprint_ = std::move(fingerprint);
}

void Journal::advanced(Millis until, Arrivals arrivals) {
    if (!stretches_.empty() && stretches_.back().arrivals == arrivals) {
        stretches_.back().until = std::max(stretches_.back().until, until);
    } else if (stretches_.empty() || until > stretches_.back().until) {
        stretches_.push_back({until, arrivals});
    }
}

void Journal::record(const json::value& act) {
    acts_.push_back(act);
    std::ofstream out(std::filesystem::path(directory_) / "acts.jsonl", std::ios::app);
    // The line break comes first, so that a line cut short by a crash ends here.
    out << '\n' << json::serialize(act) << std::flush;
    if (!out) throw std::runtime_error("cannot write to " + directory_);
}

void Journal::save() const {
    json::array stretches;
    for (const Stretch& stretch : stretches_) {
        stretches.push_back({{"until", stretch.until},
                             {"mode", static_cast<int>(stretch.arrivals.mode)},
                             {"per_minute", stretch.arrivals.per_minute}});
    }
    const json::value clock{{"now", clock_.now}, {"wall", clock_.wall}, {"speed", clock_.speed}};
    const json::value state{{"start", start_.value_or(0)},
                            {"fingerprint", fingerprint_},
                            {"clock", clock},
                            {"stretches", stretches}};
    const std::filesystem::path root(directory_);
    {
        std::ofstream out(root / "state.json.new", std::ios::trunc);
        out << json::serialize(state) << '\n' << std::flush;
        if (!out) throw std::runtime_error("cannot write to " + directory_);
    }
    std::filesystem::rename(root / "state.json.new", root / "state.json");
}

}  // namespace entrepot::sim
