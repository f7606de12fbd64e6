// The drill: restores a backup beside the running system, tries it, destroys it, and reports.
#pragma once

#include "backup/copy.hpp"
#include "backup/report.hpp"
#include "backup/store.hpp"
#include "platform/context.hpp"

namespace entrepot::backup {

struct DrillOptions {
    Wanted wanted;
    std::string version;
    std::string admin_conninfo;  ///< the running database, as its administrator
    audit::PublicKey audit_key{};
    /// Living capsules to try in each tenant; the erased ones are tried all.
    std::int64_t live_max = 20'000;
};

/// Everything that is not as it must be is a fault of the report, a backup that does not restore
/// included. What throws is the running system's: its database or keyd is gone.
Report drill(Services& services, const Tool& tool, const DrillOptions& options);

/// The report as a row.
store::DrillRow row_of(const Report& report, const std::string& signed_text);

}  // namespace entrepot::backup
