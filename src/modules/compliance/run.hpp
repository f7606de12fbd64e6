// Runs the checks and keeps what they found.
#pragma once

#include "modules/compliance/check.hpp"

namespace entrepot::compliance {

struct Found {
    std::string_view check;
    Finding finding;
};

/// Runs every check, each in a transaction of its own, and keeps all findings in one more, with a
/// row in the audit and the daily job for tomorrow.
Awaitable<std::vector<Found>> run_checks(Context& ctx);
/// One check; whatever goes wrong with it is a red finding.
Awaitable<Finding> run_check(Context& ctx, const Check& check);

}  // namespace entrepot::compliance
