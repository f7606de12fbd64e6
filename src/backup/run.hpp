// Making backups: what must be there before the first one, one backup, and its row.
#pragma once

#include "backup/store.hpp"
#include "backup/tool.hpp"
#include "platform/runtime/clock.hpp"

namespace entrepot::backup {

/// Makes the stanza in every repository and proves that a segment reaches each archive. Blocks.
/// Why it could not, in words; empty when it could.
std::string prepare(const Tool& tool);

/// One backup into one repository. Blocks as long as it takes. A failure is a row too.
store::RunRow take(const Tool& tool, int repository, const std::string& kind, const Clock& clock);

/// The row as a line for people.
std::string line_of(const store::RunRow& row);

}  // namespace entrepot::backup
