// That one row is in the tree, for whoever may read the audit.
#pragma once

#include "platform/audit/checkpoint.hpp"
#include "platform/context.hpp"

namespace entrepot::audit {

/// A row's place under the newest checkpoint.
struct Seal {
    std::int64_t position, number;
    Hash leaf;
    std::vector<Hash> path;
    Checkpoint checkpoint;
};

/// Whether the tenant has this row, and its seal once there is one.
struct EntrySeal {
    bool known = false;
    std::optional<Seal> seal;
};
Awaitable<EntrySeal> seal_of(Context& ctx, AuditId entry);

Awaitable<std::optional<Checkpoint>> last_checkpoint(Context& ctx);

}  // namespace entrepot::audit
