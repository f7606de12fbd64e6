// The simulator's clock: follows the wall with an offset and a speed, stands still, or is set.
// The only place of the simulator that reads the machine's clock.
#include "sim/clock.hpp"

#include <chrono>

namespace entrepot::sim {

Millis wall_now() {
    return std::chrono::duration_cast<std::chrono::milliseconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
}

}  // namespace entrepot::sim
