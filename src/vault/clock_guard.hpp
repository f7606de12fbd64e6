// Whether the clock may be trusted to destroy by it. A clock that jumps ahead would destroy early;
// one that steps back would keep longer, and nobody would hear of it.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "platform/context.hpp"

namespace entrepot::vault {

/// What others than the server's clock say: the database's clock, and a clock of the machine that
/// runs from its start and that nobody sets.
struct Witness {
    Instant database;
    std::string boot;
    std::int64_t boot_us = 0;
};
struct ClockReading {
    Instant now;
    Witness witness;
};

enum class ClockState { good, back, forward };

/// Steps back by more than this stop the sweeper: leap seconds and small corrections do not.
inline constexpr std::chrono::minutes step_back_max{1};
/// What the server's clock may gain on every other one between two looks.
inline constexpr std::chrono::hours gain_max{24};

/// Against the last reading that was trusted; nothing: the first one. Pure.
ClockState judge(const std::optional<ClockReading>& last, const ClockReading& present);

/// In place of the real witnesses, for worlds whose clock is moved by hand. Set at start-up.
void set_clock_witness(std::function<Witness()> witness);

/// Wakes the sweeper when the clock has stepped back behind the mark: its own next time has moved
/// away with the clock. Travels with the transaction.
void wake_if_clock_is_back(pg::Transaction& tx, const Context& ctx);

}  // namespace entrepot::vault
