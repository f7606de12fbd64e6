// Green, amber, red: what a result still says after some time, and what results say of a promise.
// Pure.
#pragma once

#include <chrono>
#include <optional>
#include <span>

#include "base/time.hpp"
#include "platform/json/traits.hpp"

namespace entrepot::compliance {

enum class State { green, amber, red };
BOOST_DESCRIBE_ENUM(State, green, amber, red)

/// How much a result's age takes from it. `ahead`: it lies in the future, so a clock is wrong.
enum class Age { fresh, old, too_old, never, ahead };
BOOST_DESCRIBE_ENUM(Age, fresh, old, too_old, never, ahead)

/// Between the clocks of two machines.
inline constexpr auto clock_difference_max = std::chrono::minutes(5);

struct Proof {
    State state;
    Instant at;
};
struct Standing {
    State state;
    Age age;
    bool operator==(const Standing&) const = default;
};

/// A result counts for one period; past it it is amber at best, past two it is red. No result is
/// red.
Standing standing(const std::optional<Proof>& last, std::chrono::hours period, Instant now);

/// Of a promise: red while any part of its control is not built, else the worst of its checks; one
/// without checks is red.
enum class Built { whole, partly };
State state_of_promise(Built built, std::span<const Standing> checks);

}  // namespace entrepot::compliance
