// entrepot_bench [name …] [--json] [--big N] [--seconds S]: prints the table of docs/BENCHMARKS.md.
#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <csignal>
#include <cstdio>

#include "platform/telemetry/log.hpp"
#include "world.hpp"

namespace entrepot::bench {

std::vector<Benchmark>& benchmarks() {
    static std::vector<Benchmark> all;
    return all;
}

double Row::ratio() const {
    if (floor <= 0) return 0;
    return less_is_better ? floor / value : value / floor;
}

bool Row::met() const {
    const double compared = goal_is_ratio ? ratio() : value;
    return less_is_better && !goal_is_ratio ? compared <= goal : compared >= goal;
}

namespace {
void print_text(const std::vector<Row>& rows) {
    std::printf("%-28s %12s %-9s %12s %7s %10s %s\n", "name", "value", "unit", "floor", "ratio",
                "goal", "met");
    for (const Row& row : rows)
        std::printf("%-28s %12.2f %-9s %12.2f %7.2f %10.2f %s  %s\n", row.name.c_str(), row.value,
                    row.unit.c_str(), row.floor, row.ratio(), row.goal, row.met() ? "yes" : "no ",
                    row.note.c_str());
}

void print_json(const std::vector<Row>& rows) {
    boost::json::array out;
    for (const Row& row : rows)
        out.push_back({{"name", row.name},
                       {"value", row.value},
                       {"unit", row.unit},
                       {"floor", row.floor},
                       {"ratio", row.ratio()},
                       {"goal", row.goal},
                       {"met", row.met()},
                       {"note", row.note}});
    std::printf("%s\n", boost::json::serialize(out).c_str());
}
}  // namespace
}  // namespace entrepot::bench

int main(int argc, char** argv) {
    using namespace entrepot::bench;
    CLI::App options("Benchmarks, each beside its floor in the same run");
    std::vector<std::string> names;
    bool json = false;
    std::int64_t big = 1'000'000;
    double seconds = 4;
    options.add_option("name", names, "Which; default all");
    options.add_flag("--json", json, "Print JSON");
    options.add_option("--big", big, "Orders in the large list and report benchmarks")
        ->capture_default_str();
    options.add_option("--seconds", seconds, "Length of each load run")->capture_default_str();
    CLI11_PARSE(options, argc, argv);
    sigset_t blocked;
    sigemptyset(&blocked);
    for (const int signal : {SIGINT, SIGTERM, SIGPIPE}) sigaddset(&blocked, signal);
    pthread_sigmask(SIG_BLOCK, &blocked, nullptr);
    std::vector<Row> rows;
    try {
        World world("/tmp/entrepot-bench-" + std::to_string(::getpid()));
        world.big = big;
        world.seconds = seconds;
        for (const Benchmark& benchmark : benchmarks()) {
            if (!names.empty() &&
                std::find(names.begin(), names.end(), benchmark.name) == names.end())
                continue;
            std::fprintf(stderr, "%s: %s …\n", std::string(benchmark.name).c_str(),
                         std::string(benchmark.about).c_str());
            for (Row& row : benchmark.run(world)) rows.push_back(std::move(row));
        }
    } catch (const std::exception& e) {
        std::fprintf(stderr, "bench: %s\n", e.what());
        return 1;
    }
    if (json)
        print_json(rows);
    else
        print_text(rows);
    return 0;
}
