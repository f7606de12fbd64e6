// The simulator's clock: follows the wall with an offset and a speed, stands still, or is set.
// The only place of the simulator that reads the machine's clock is the default wall function.
#pragma once

#include <functional>

#include "sim/time_text.hpp"

namespace entrepot::sim {

/// Milliseconds since 1970 by the machine's clock.
Millis wall_now();

class Clock {
public:
    explicit Clock(std::function<Millis()> wall = wall_now)
        : wall_(std::move(wall)), set_at_(wall_()), base_(set_at_) {}

    Millis now() const {
        return base_ + static_cast<Millis>(static_cast<double>(wall_() - set_at_) * speed_);
    }
    double speed() const { return speed_; }
    /// Jumps to `now` and runs on at `speed` (1 = with the wall, 0 = frozen).
    void set(Millis now, double speed) {
        set_at_ = wall_();
        base_ = now;
        speed_ = speed;
    }

private:
    std::function<Millis()> wall_;
    Millis set_at_;
    Millis base_;
    double speed_ = 1.0;
};

}  // namespace entrepot::sim
