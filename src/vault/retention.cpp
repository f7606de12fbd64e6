// The rule of retention.hpp.
#include "vault/retention.hpp"

#include <algorithm>

namespace entrepot::vault {

Instant destroy_at(const Delivery& delivery) {
    if (delivery.delivered_at) return *delivery.delivered_at + kept_after_delivery;
    // Not delivered as far as we know. The promise stands for the delivery; where none was made,
    // the moment it was sealed does, so that nothing is kept without an end.
    Instant due = delivery.promised_by.value_or(delivery.sealed_at) + kept_after_delivery;
    if (delivery.shipped_at)
        due = std::min(std::max(due, *delivery.shipped_at),
                       *delivery.shipped_at + ceiling_after_shipping);
    return due;
}

}  // namespace entrepot::vault
