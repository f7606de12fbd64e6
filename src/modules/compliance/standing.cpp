// The rules of green, amber and red.
#include "modules/compliance/standing.hpp"

#include <algorithm>

namespace entrepot::compliance {

Standing standing(const std::optional<Proof>& last, std::chrono::hours period, Instant now) {
    if (!last) return {State::red, Age::never};
    if (last->at > now + clock_difference_max) return {State::red, Age::ahead};
    const auto age = now - last->at;
    if (age > 2 * period) return {State::red, Age::too_old};
    if (age > period) return {std::max(last->state, State::amber), Age::old};
    return {last->state, Age::fresh};
}

State state_of_promise(Built built, std::span<const Standing> checks) {
    if (built == Built::partly || checks.empty()) return State::red;
    return std::ranges::max_element(checks, {}, &Standing::state)->state;
}

}  // namespace entrepot::compliance
