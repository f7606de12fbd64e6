// One signing key for all tests of a process: they share one database, so one tree.
#pragma once

#include "platform/audit/sealer.hpp"
#include "support/fixture.hpp"

namespace entrepot::test {

inline const audit::Signer& audit_signer() {
    static const audit::Signer signer = audit::signer_of_seed({42});
    return signer;
}

/// `copy`: name of the folder of the copy, beside the test's database.
inline audit::Sealer::Options sealing_options(const std::string& copy) {
    audit::Sealer::Options out;
    out.conninfo = Environment::get().conninfo("entrepot_sealer");
    out.signer = audit_signer();
    out.copy_path = Environment::get().dir() + "/audit-" + copy + "/checkpoints.jsonl";
    return out;
}

}  // namespace entrepot::test
