// Verifies an exported trail against its checkpoints and against what others have seen of it.
#pragma once

#include "audit_verify/checkpoint_chain.hpp"

namespace entrepot::audit_verify {

struct Report {
    Findings findings;
    std::optional<audit::Header> header;
    std::uint64_t rows = 0;
    std::uint64_t checkpoints = 0;
    /// What to compare with the next time; only when nothing was found.
    std::optional<audit::Seen> seen;
    bool good() const { return findings.count() == 0; }
};

/// `copies`: checkpoints that were kept off the database. `since`: what an earlier verification
/// has seen.
Report verify(Input exported, std::vector<Input> copies, std::optional<audit::Seen> since,
              const Options& options);

}  // namespace entrepot::audit_verify
