// What happens to whoever reads too much: their sessions and keys end, and they stay out until
// somebody releases them.
#pragma once

#include "platform/jobs/jobs.hpp"
#include "vault/vault.hpp"

namespace entrepot::account {

inline constexpr std::string_view freeze_kind = "account.freeze";
inline constexpr int alarms_at_once = 100;

/// Handles `vault.alarm`. A tenant's last active owner is not frozen: sessions and keys end, and
/// signing in anew takes password and second factor.
Awaitable<void> freeze(Context& ctx, pg::Transaction& tx, const std::vector<jobs::Job>& work);

}  // namespace entrepot::account
