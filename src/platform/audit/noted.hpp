// For those who must point at the row that they leave: an alarm names its entry.
#pragma once

#include "platform/audit/audit.hpp"

namespace entrepot::audit {

/// A row in the caller's transaction, done when `refused_with` is empty; answers the row's id.
AuditId note(pg::Transaction& tx, const Context& ctx, const Act& act,
             const std::string& refused_with = {});
/// The same act on several objects of one kind: a row for each, in their order, with one statement.
std::vector<AuditId> note_all(pg::Transaction& tx, const Context& ctx, const std::vector<Act>& acts,
                              const std::string& refused_with = {});

}  // namespace entrepot::audit
