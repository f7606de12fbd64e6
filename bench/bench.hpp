// Benchmarks: each prints its figures beside a floor that is taken in the same run, at the same
// number of clients.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace entrepot::bench {

/// What a row compares with its goal.
enum class Better { more, less };

/// One line of the table.
struct Row {
    std::string name;
    double value = 0;
    std::string unit;
    Better better = Better::more;
    double floor = 0;         ///< the same work without our layers; 0 = there is none
    double goal = 0;          ///< of the value; 0 = none
    double goal_ratio = 0;    ///< of the ratio; 0 = none
    double cpu_us = 0;        ///< of server and PostgreSQL, an operation
    double floor_cpu_us = 0;  ///< of the floor, an operation
    std::string note;

    /// value ÷ floor, or floor ÷ value where less is better; 0 without a floor.
    double ratio() const;
    bool met() const;
};

struct World;

struct Benchmark {
    std::string_view name;
    std::string_view about;
    std::function<std::vector<Row>(World&)> run;
};
/// In the order in which they run: a later one may use the orders that an earlier one brought in.
const std::vector<Benchmark>& benchmarks();

// One file each.
std::vector<Row> import_rows(World& world);
std::vector<Row> ingest_rows(World& world);
std::vector<Row> marketsim_rows(World& world);
std::vector<Row> order_rows(World& world);
std::vector<Row> list_rows(World& world);
std::vector<Row> report_rows(World& world);
std::vector<Row> key_rows(World& world);
std::vector<Row> audit_rows(World& world);
std::vector<Row> buyer_rows(World& world);
std::vector<Row> start_rows(World& world);

/// Clients of every load run, as the goals say.
inline constexpr int clients = 8;

class Timer {
public:
    double seconds() const {
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
    }

private:
    std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

/// CPU seconds of a process, with its ended children, as /proc counts them.
double cpu_of_process(int pid);
/// CPU seconds of a process and all processes below it, running or ended.
double cpu_of_tree(int pid);
/// CPU seconds of the calling thread.
double cpu_of_thread();
/// Highest resident memory of a process since its start or since `forget_peak_memory`, in MB.
double peak_memory_mb(int pid);
void forget_peak_memory(int pid);
/// Processes that wanted a core in the last minute, over the whole machine.
double load_of_machine();

/// What a load run saw: how many answers came back good, how fast, latency quantiles.
struct Load {
    double per_second = 0;
    double p50_ms = 0, p99_ms = 0;
    std::size_t good = 0, bad = 0;
    std::size_t asked = 0;       ///< with those of the warm-up: what CPU time was spent on
    std::size_t body_bytes = 0;  ///< of the last answer
    double client_cpu_s = 0;     ///< of the thread that drives
    std::string last_bad;        ///< head and start of a refused answer
};
/// `count` keep-alive HTTPS connections in one thread, each sending what `next(client, n)` builds,
/// for `seconds` after a warm-up that is not counted.
Load drive_https(std::uint16_t port, int count, double seconds,
                 const std::function<std::string(int, int)>& next);

/// Bare Beast over HTTPS answering a fixed body, driven by the same client.
struct Floor {
    Load load;
    double cpu_us = 0;  ///< of the server, an answer
};
Floor beast_floor(int count, double seconds, std::size_t body_bytes);

}  // namespace entrepot::bench
