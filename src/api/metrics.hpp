// Counters of this process in Prometheus text.
#pragma once

#include <chrono>
#include <string>

namespace entrepot::api {

class Stopwatch {
public:
    std::chrono::microseconds elapsed() const {
        return std::chrono::duration_cast<std::chrono::microseconds>(
            std::chrono::steady_clock::now() - start_);
    }

private:
    std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

void count_request(int status, const Stopwatch& watch);
std::string metrics_text();

}  // namespace entrepot::api
