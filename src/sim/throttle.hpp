// Usage plans: a token bucket per application, seller and operation, as the real API has them.
// Decides without a clock of its own; the caller says what time it is.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace entrepot::sim {

struct UsagePlan {
    double rate = 0;  ///< tokens per second; 0 = no limit
    double burst = 0;
};

/// One bucket. Starts full.
class TokenBucket {
public:
    TokenBucket(UsagePlan plan, double now_seconds)
        : plan_(plan), level_(plan.burst), at_(now_seconds) {}

    /// Takes one token when there is one. A clock that steps back refills nothing.
    bool take(double now_seconds);
    double level() const { return level_; }

private:
    UsagePlan plan_;
    double level_;
    double at_;
};

class Throttle {
public:
    /// `factor` multiplies every rate; `enabled` false lets everything through.
    Throttle(double factor, bool enabled) : factor_(factor), enabled_(enabled) {}

    bool allow(std::string_view application, std::string_view seller, std::string_view operation,
               UsagePlan plan, double now_seconds);
    double factor() const { return factor_; }
    bool enabled() const { return enabled_; }
    /// Changes the plan and forgets all buckets.
    void configure(double factor, bool enabled);

private:
    double factor_;
    bool enabled_;
    std::map<std::string, TokenBucket, std::less<>> buckets_;
};

/// The text of x-amzn-RateLimit-Limit.
std::string rate_text(double rate);

}  // namespace entrepot::sim
