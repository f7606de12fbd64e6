// How sealing goes in this process, for /readyz and /metrics.
#pragma once

#include <string>

#include "base/time.hpp"

namespace entrepot::audit {

struct SealingState {
    bool runs = false;       ///< this process seals, or stands by to
    std::string fault;       ///< why nothing is sealed; empty = all is well
    std::string copy_fault;  ///< why checkpoints are not copied off the database
    std::int64_t size = 0;   ///< leaves under the last checkpoint
    std::int64_t number = 0;
    Instant last_at{};
    bool waiting = false;  ///< rows waited for a seal at the last look

    bool healthy() const { return fault.empty() && copy_fault.empty(); }
};

/// Safe from any thread.
SealingState sealing_state();
void set_sealing_state(const SealingState& state);

}  // namespace entrepot::audit
