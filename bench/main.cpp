// entrepot_bench [name …] [--json] [--orders N] [--all-orders N] [--all] [--seconds S]: prints the
// table of docs/BENCHMARKS.md.
#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <csignal>
#include <cstdio>

#include "platform/telemetry/log.hpp"
#include "world.hpp"

namespace entrepot::bench {

const std::vector<Benchmark>& benchmarks() {
    static const std::vector<Benchmark> all{
        {"import", "a real store's file, with facts, and the server's memory", import_rows},
        {"ingest", "history, whole path, against raw pipelined inserts", ingest_rows},
        {"marketsim", "history from the simulated marketplace over HTTPS", marketsim_rows},
        {"order", "one order by the API, against raw one-a-transaction inserts", order_rows},
        {"list", "list of 50 orders over HTTPS, and how it grows", list_rows},
        {"reports", "dashboard and sales reports over one year", report_rows},
        {"keys", "sealed fields against OpenSSL, and an epoch turn under load", key_rows},
        {"audit", "an exported trail verified, and what the audit costs a write", audit_rows},
        {"buyers", "orders with buyer data, and a page of fifty opened", buyer_rows},
        {"start", "cold start to the first answer", start_rows},
    };
    return all;
}

double Row::ratio() const {
    if (floor <= 0 || value <= 0) return 0;
    return better == Better::less ? floor / value : value / floor;
}

bool Row::met() const {
    const bool value_met = goal <= 0 || (better == Better::less ? value <= goal : value >= goal);
    return value_met && (goal_ratio <= 0 || ratio() >= goal_ratio);
}

namespace {
std::string number(double value) {
    if (value == 0) return "-";
    char text[32];
    std::snprintf(text, sizeof text, value >= 100 ? "%.0f" : "%.2f", value);
    return text;
}

std::string goal_words(const Row& row) {
    std::string out;
    if (row.goal > 0) out = (row.better == Better::less ? "<= " : ">= ") + number(row.goal);
    if (row.goal_ratio > 0)
        out += (out.empty() ? "" : ", ") + std::string("ratio >= ") + number(row.goal_ratio);
    return out.empty() ? "-" : out;
}

void print_text(const std::vector<Row>& rows) {
    std::printf("%-24s %10s %-9s %10s %6s %-22s %-4s %9s %9s  %s\n", "name", "value", "unit",
                "floor", "ratio", "goal", "met", "cpu us", "floor us", "note");
    for (const Row& row : rows)
        std::printf("%-24s %10s %-9s %10s %6s %-22s %-4s %9s %9s  %s\n", row.name.c_str(),
                    number(row.value).c_str(), row.unit.c_str(), number(row.floor).c_str(),
                    number(row.ratio()).c_str(), goal_words(row).c_str(), row.met() ? "yes" : "NO",
                    number(row.cpu_us).c_str(), number(row.floor_cpu_us).c_str(), row.note.c_str());
    std::fflush(stdout);
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
                       {"goal_ratio", row.goal_ratio},
                       {"met", row.met()},
                       {"cpu_us_per_op", row.cpu_us},
                       {"floor_cpu_us_per_op", row.floor_cpu_us},
                       {"note", row.note}});
    std::printf("%s\n", boost::json::serialize(out).c_str());
}

std::vector<Row> run(World& world, const std::vector<std::string>& names) {
    std::vector<Row> rows;
    for (const Benchmark& benchmark : benchmarks()) {
        if (!names.empty() && std::find(names.begin(), names.end(), benchmark.name) == names.end())
            continue;
        const Timer timer;
        std::fprintf(stderr, "%s: %s … (load of the machine %.1f)\n",
                     std::string(benchmark.name).c_str(), std::string(benchmark.about).c_str(),
                     load_of_machine());
        for (Row& row : benchmark.run(world)) rows.push_back(std::move(row));
        std::fprintf(stderr, "%s: %.0f s\n", std::string(benchmark.name).c_str(), timer.seconds());
    }
    return rows;
}

void check_names(const std::vector<std::string>& names) {
    for (const std::string& name : names)
        if (std::none_of(benchmarks().begin(), benchmarks().end(),
                         [&](const Benchmark& one) { return one.name == name; }))
            throw std::runtime_error("no benchmark is named '" + name + "'");
}
}  // namespace
}  // namespace entrepot::bench

int main(int argc, char** argv) {
    using namespace entrepot;
    using namespace entrepot::bench;
    CLI::App options("Benchmarks, each beside its floor in the same run");
    std::vector<std::string> names;
    bool json = false, full = false, keep = false;
    Sizes sizes;
    std::string dir, settings;
    options.add_option("name", names, "Which; default all");
    options.add_flag("--json", json, "Print JSON");
    options.add_flag("--all", full, "Full size: 1,000,000 orders of the tenant, 10,000,000 in all");
    options.add_option("--orders", sizes.tenant, "Orders of the tenant in lists and reports")
        ->capture_default_str();
    options.add_option("--all-orders", sizes.all, "Orders of all tenants in lists")
        ->capture_default_str();
    options.add_option("--seconds", sizes.seconds, "Length of each load run")
        ->capture_default_str();
    options.add_option("--data-dir", dir, "Where the data lies while it runs; default: in /tmp");
    options
        .add_option("--pg-conf", settings,
                    "PostgreSQL's local.conf for the run: pg_stat_statements, auto_explain …")
        ->check(CLI::ExistingFile);
    options.add_flag("--keep", keep, "Keep the data, with the API key beside it in api-key");
    CLI11_PARSE(options, argc, argv);
    if (full) {
        sizes.tenant = 1'000'000;
        sizes.all = 10'000'000;
    }
    sigset_t blocked;
    sigemptyset(&blocked);
    for (const int signal : {SIGINT, SIGTERM, SIGPIPE}) sigaddset(&blocked, signal);
    pthread_sigmask(SIG_BLOCK, &blocked, nullptr);
    try {
        check_names(names);
        if (dir.empty()) dir = "/tmp/entrepot-bench-" + std::to_string(::getpid());
        World world(dir, sizes, settings);
        world.keep = keep;
        const auto rows = run(world, names);
        json ? print_json(rows) : print_text(rows);
    } catch (const std::exception& e) {
        std::fprintf(stderr, "bench: %s\n", e.what());
        return 1;
    }
    return 0;
}
