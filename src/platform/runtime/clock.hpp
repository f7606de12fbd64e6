// The one source of time. Everything that needs "now" is given a Clock; tests and the simulator
// move theirs.
#pragma once

#include <atomic>

#include "base/time.hpp"

namespace entrepot {

class Clock {
public:
    virtual ~Clock() = default;
    /// Current moment in UTC. Safe from any thread.
    virtual Instant now() const = 0;
};

/// The machine's clock, shifted by a constant offset (demo worlds live in their own time).
class SystemClock final : public Clock {
public:
    explicit SystemClock(std::chrono::microseconds offset = {}) : offset_(offset) {}
    Instant now() const override;

private:
    std::chrono::microseconds offset_;
};

/// Stands still until it is moved.
class ManualClock final : public Clock {
public:
    explicit ManualClock(Instant at) : micros_(at.time_since_epoch().count()) {}
    Instant now() const override { return Instant{std::chrono::microseconds{micros_.load()}}; }
    void set(Instant at) { micros_ = at.time_since_epoch().count(); }
    void advance(std::chrono::microseconds by) { micros_ += by.count(); }

private:
    std::atomic<std::int64_t> micros_;
};

}  // namespace entrepot
