// Rules of mapping periods.
#pragma once

#include "modules/catalog/catalog.hpp"

namespace entrepot::catalog {

/// "Always": the start of a mapping that has no other.
inline constexpr Instant beginning{};

bool holds_at(const MappingPeriod& period, Instant at);
/// Both speak of the same seller SKU at some moment.
bool overlap(const MappingPeriod& a, const MappingPeriod& b);

}  // namespace entrepot::catalog
