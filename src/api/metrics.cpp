// Request counts by status class and a latency histogram; no labels that could carry data.
#include "api/metrics.hpp"

#include <array>
#include <atomic>

#include "platform/audit/sealing_state.hpp"

namespace entrepot::api {
namespace {
constexpr std::array<std::int64_t, 8> bounds_us{1'000,  2'500,  5'000,   10'000,
                                                25'000, 50'000, 250'000, 1'000'000};
std::array<std::atomic<std::uint64_t>, 6> by_class{};
std::array<std::atomic<std::uint64_t>, bounds_us.size() + 1> by_latency{};
std::atomic<std::uint64_t> total_us{0};

std::string gauge(const char* name, std::int64_t value) {
    return std::string("# TYPE ") + name + " gauge\n" + name + ' ' + std::to_string(value) + '\n';
}

/// Of this process; nothing where it does not seal.
std::string audit_text() {
    const auto state = audit::sealing_state();
    if (!state.runs) return {};
    return gauge("entrepot_audit_sealing_healthy", state.fault.empty() ? 1 : 0) +
           gauge("entrepot_audit_copy_healthy", state.copy_fault.empty() ? 1 : 0) +
           gauge("entrepot_audit_leaves", state.size) +
           gauge("entrepot_audit_checkpoint", state.number) +
           gauge(
               "entrepot_audit_checkpoint_time_seconds",
               std::chrono::floor<std::chrono::seconds>(state.last_at).time_since_epoch().count());
}
}  // namespace

void count_request(int status, const Stopwatch& watch) {
    const auto us = watch.elapsed().count();
    ++by_class[static_cast<std::size_t>(std::min(status / 100, 5))];
    std::size_t bucket = 0;
    while (bucket < bounds_us.size() && us > bounds_us[bucket]) ++bucket;
    ++by_latency[bucket];
    total_us += static_cast<std::uint64_t>(us);
}

std::string metrics_text() {
    std::string out = "# TYPE entrepot_http_requests_total counter\n";
    std::uint64_t count = 0;
    for (std::size_t i = 1; i < by_class.size(); ++i) {
        const std::uint64_t value = by_class[i];
        count += value;
        out += "entrepot_http_requests_total{class=\"" + std::to_string(i) + "xx\"} " +
               std::to_string(value) + "\n";
    }
    out += "# TYPE entrepot_http_request_seconds histogram\n";
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < bounds_us.size(); ++i) {
        sum += by_latency[i];
        std::string bound = std::to_string(static_cast<long double>(bounds_us[i]) / 1e6L);
        out += "entrepot_http_request_seconds_bucket{le=\"" + bound + "\"} " + std::to_string(sum) +
               "\n";
    }
    out += "entrepot_http_request_seconds_bucket{le=\"+Inf\"} " + std::to_string(count) + "\n";
    out += "entrepot_http_request_seconds_sum " +
           std::to_string(static_cast<long double>(total_us.load()) / 1e6L) + "\n";
    out += "entrepot_http_request_seconds_count " + std::to_string(count) + "\n";
    return out + audit_text();
}

}  // namespace entrepot::api
