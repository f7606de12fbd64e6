// Orders whose buyer's data was never here and must not come. An order that has a capsule needs no
// fence: it has one capsule for ever.
#pragma once

#include <boost/describe.hpp>

#include "vault/vault.hpp"

namespace entrepot::vault {

/// erased: it never comes. restricted: not before the restriction ends.
enum class Fence { erased, restricted };
BOOST_DESCRIBE_ENUM(Fence, erased, restricted)

namespace store {
struct FenceRow {
    OrderId order_id;
    Fence kind;
};
BOOST_DESCRIBE_STRUCT(FenceRow, (), (order_id, kind))

/// Until the end of the transaction nobody else brings this order's data, or fences it off: else a
/// fetch and an erasure at the same moment would each miss the other.
void hold_off(pg::Transaction& tx, OrderId order);
/// The order is held off, and has no capsule. An erasure outweighs a restriction.
void add_fence(pg::Transaction& tx, OrderId order, Fence kind, Instant at);
/// True when there was a restriction to take away.
Awaitable<bool> end_restriction(pg::Transaction& tx, OrderId order);
Awaitable<std::vector<FenceRow>> fences_of(pg::Transaction& tx, const std::vector<OrderId>& orders);
}  // namespace store

}  // namespace entrepot::vault
