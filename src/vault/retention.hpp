// When a capsule must be gone (seed: 30 days after delivery; backups included, so the key goes at
// D+28 and its epoch's root by D+30). Pure.
#pragma once

#include <optional>

#include "base/time.hpp"

namespace entrepot::vault {

/// What is known of an order's way to its buyer.
struct Delivery {
    Instant sealed_at;
    std::optional<Instant> shipped_at;
    std::optional<Instant> promised_by;   ///< latest promised delivery
    std::optional<Instant> delivered_at;  ///< by the carrier, the channel, or a hand
};

inline constexpr std::chrono::hours kept_after_delivery{28 * 24};
/// A missing scan never keeps a buyer's data: so long after shipping at most, when no delivery is
/// known.
inline constexpr std::chrono::hours ceiling_after_shipping{30 * 24};

/// The moment at which the key is destroyed.
Instant destroy_at(const Delivery& delivery);

}  // namespace entrepot::vault
