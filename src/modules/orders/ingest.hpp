// The ingest without its event and audit row: for acts of people, which have their own.
#pragma once

#include "modules/orders/ingest_store.hpp"

namespace entrepot::orders {

struct StoredBatch {
    IngestOutcome outcome;
    std::vector<OrderId> written;  ///< created or changed
    std::vector<OrderId> moved;    ///< those of them that were there before
};
/// As ingest(); the caller emits the events for what was written, and audits.
Awaitable<StoredBatch> store_batch(Context& ctx, pg::Transaction& tx, const IngestSource& source,
                                   const std::vector<IncomingOrder>& batch);

struct StoredNew {
    OrderId id;
    std::int64_t exception_count;
};
/// Stores an order that must be new, without a look at what is there: three round trips less. Where
/// the shop has the number already, the transaction fails with errors::number_taken at its commit.
/// Texts are storable UTF-8.
Awaitable<StoredNew> store_new(Context& ctx, pg::Transaction& tx, const IngestSource& source,
                               const IncomingOrder& order);

}  // namespace entrepot::orders
