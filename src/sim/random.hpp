// Deterministic numbers for the simulated world: the same seed gives the same stream everywhere.
// Not for secrets; the tokens that the simulator hands out are sealed with HMAC (seal.hpp).
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>

namespace entrepot::sim {

/// One step of the SplitMix64 finaliser: spreads any 64-bit value over all 64 bits.
constexpr std::uint64_t scramble(std::uint64_t value) {
    value += 0x9E3779B97F4A7C15ULL;
    value = (value ^ (value >> 30U)) * 0xBF58476D1CE4E5B9ULL;
    value = (value ^ (value >> 27U)) * 0x94D049BB133111EBULL;
    return value ^ (value >> 31U);
}

/// Folds several values into one seed; the order of the arguments matters.
template <class... Rest>
constexpr std::uint64_t mix(std::uint64_t first, Rest... rest) {
    std::uint64_t result = scramble(first);
    ((result = scramble(result ^ static_cast<std::uint64_t>(rest))), ...);
    return result;
}

/// A small stream of pseudo-random numbers. Copyable; a copy continues on its own.
class Rng {
public:
    constexpr explicit Rng(std::uint64_t seed) : state_(seed) {}

    constexpr std::uint64_t next() {
        state_ += 0x9E3779B97F4A7C15ULL;
        return scramble(state_);
    }

    /// A number in [0, bound). `bound` must be positive.
    constexpr std::uint64_t below(std::uint64_t bound) { return (next() >> 11U) % bound; }

    /// A number in [low, high], both included.
    constexpr std::int64_t between(std::int64_t low, std::int64_t high) {
        return low + static_cast<std::int64_t>(below(static_cast<std::uint64_t>(high - low) + 1U));
    }

    /// True in `permille` of 1000 cases.
    constexpr bool chance(std::uint64_t permille) { return below(1000) < permille; }

    template <class Range>
    constexpr const auto& pick(const Range& range) {
        return range[static_cast<std::size_t>(below(std::size(range)))];
    }

private:
    std::uint64_t state_;
};

}  // namespace entrepot::sim
