// The vault's standing work: what is due is erased, what was begun is finished.
#pragma once

#include "vault/vault.hpp"

namespace entrepot::vault {

/// Sees to it that the tenant's sweeper runs at `at` or before.
void wake_sweeper(pg::Transaction& tx, const Context& ctx, Instant at);
std::vector<jobs::Kind> job_kinds();

}  // namespace entrepot::vault
