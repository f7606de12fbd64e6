// Writes the trail as lines (trail_file.hpp) that the offline verifier reads.
#pragma once

#include <functional>

#include "platform/audit/trail_file.hpp"
#include "platform/context.hpp"

namespace entrepot::audit {

struct ExportOptions {
    /// Nothing: every tenant's rows, in the order of the tree, with all checkpoints.
    std::optional<TenantId> tenant;
    /// Of one tenant: also the proof that the tree continues that of this size; 0 = none.
    std::uint64_t since_size = 0;
};

struct Exported {
    std::uint64_t rows = 0;
    Checkpoint checkpoint;  ///< the last one in it
};

/// `sealer_db` (role entrepot_sealer) tells which tenants have rows in a stretch of the tree; only
/// the whole trail needs it. Nothing when nothing is sealed yet. Exports what is there: missing or
/// changed rows are for the verifier to find.
Awaitable<std::optional<Exported>> export_trail(Services& services, pg::Database& sealer_db,
                                                ExportOptions options,
                                                std::function<void(const std::string&)> write);

}  // namespace entrepot::audit
