// Usage plans: a token bucket per application, seller and operation, as the real API has them.
// Decides without a clock of its own; the caller says what time it is.
#include "sim/throttle.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace entrepot::sim {

bool TokenBucket::take(double now_seconds) {
    const double passed = std::max(0.0, now_seconds - at_);
    at_ = now_seconds;
    level_ = std::min(plan_.burst, level_ + passed * plan_.rate);
    // Rounding of the refill must not cost the caller a token that is due by now.
    if (level_ < 1.0 - 1e-9) return false;
    level_ -= 1.0;
    return true;
}

bool Throttle::allow(std::string_view application, std::string_view seller,
                     std::string_view operation, UsagePlan plan, double now_seconds) {
    if (!enabled_ || plan.rate <= 0) return true;
    std::string key;
    key.append(application).append("\n").append(seller).append("\n").append(operation);
    auto found = buckets_.find(key);
    if (found == buckets_.end()) {
        const UsagePlan scaled{plan.rate * factor_, std::max(plan.burst, plan.rate * factor_)};
        found = buckets_.emplace(key, TokenBucket(scaled, now_seconds)).first;
    }
    return found->second.take(now_seconds);
}

void Throttle::configure(double factor, bool enabled) {
    factor_ = factor;
    enabled_ = enabled;
    buckets_.clear();
}

std::string rate_text(double rate) {
    std::array<char, 32> text{};
    const int length = std::snprintf(text.data(), text.size(), "%.6g", rate);
    return {text.data(), static_cast<std::size_t>(length)};
}

}  // namespace entrepot::sim
