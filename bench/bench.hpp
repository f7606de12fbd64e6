// Benchmarks: each prints its figure beside a floor taken in the same run, at the same number of
// clients.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "app/serve.hpp"

namespace entrepot::bench {

/// One line of the table. `ratio` = value ÷ floor (or floor ÷ value where less is better); 0 = no
/// floor.
struct Row {
    std::string name;
    double value = 0;
    std::string unit;
    double floor = 0;
    double goal = 0;
    bool less_is_better = false;
    bool goal_is_ratio = false;
    std::string note;
    double ratio() const;
    bool met() const;
};

/// A running server on a throw-away data directory with a tenant, for all benchmarks of a run.
struct World;

struct Benchmark {
    std::string_view name;
    std::string_view about;
    std::function<std::vector<Row>(World&)> run;
};
std::vector<Benchmark>& benchmarks();
struct Register {
    Register(std::string_view name, std::string_view about,
             std::function<std::vector<Row>(World&)> run) {
        benchmarks().push_back({name, about, std::move(run)});
    }
};

/// CPU seconds of this process and of its ended or running children, as /proc counts them.
double cpu_seconds_of(int pid);

class Timer {
public:
    double seconds() const {
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
    }

private:
    std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

/// Result of a load run: how many answers came back good, how long it took, latency quantiles in
/// milliseconds.
struct Load {
    double per_second = 0;
    double p50_ms = 0, p99_ms = 0;
    std::size_t good = 0, bad = 0;
};
/// `clients` keep-alive HTTPS connections in one thread, each sending the request that
/// `next(client, n)` builds, for `seconds`.
Load drive_https(std::uint16_t port, int clients, double seconds,
                 const std::function<std::string(int, int)>& next);

/// Bare Beast over HTTPS answering a fixed body, driven by the same client.
Load beast_floor(int clients, double seconds, std::size_t body_bytes);

}  // namespace entrepot::bench
