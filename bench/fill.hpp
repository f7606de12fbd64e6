// Orders for benchmarks that read: written by SQL past the application, because bringing millions
// in is not what they measure.
#pragma once

#include "world.hpp"

namespace entrepot::bench {

/// Removes all orders of all tenants, and makes three shops and 500 mapped SKUs when there are
/// none.
void begin_fill(World& world);
/// Orders of the tenant up to `count`, the newest first, spread evenly over a year; with their
/// lines.
void fill_orders(World& world, std::int64_t count);
/// The tenant's orders again under other tenants, until there are `count` in all; without lines.
void fill_other_tenants(World& world, std::int64_t count);

}  // namespace entrepot::bench
