// A checkpoint: the whole tree of one moment in one signed line.
#pragma once

#include "base/id.hpp"
#include "base/time.hpp"
#include "platform/audit/signer.hpp"

namespace entrepot::audit {

struct Checkpoint {
    Uuid origin;           ///< of this tree among all trees: made with the database
    std::uint64_t number;  ///< 1, 2, 3 … without a gap
    std::uint64_t size;    ///< leaves; never 0
    Hash root;
    Instant at;
    Hash previous;    ///< SHA-256 of the previous checkpoint's signed text; zeros in the first
    std::string key;  ///< key_name of the key that signed
    Signature signature{};
    bool operator==(const Checkpoint&) const = default;
};

/// What is signed: lines of "name value", of every member but the signature.
std::string signed_text(const Checkpoint& checkpoint);
/// What the next checkpoint carries as `previous`.
Hash link_to(const Checkpoint& checkpoint);
/// Sets `key` and `signature`.
void sign(Checkpoint& checkpoint, const Signer& signer);

}  // namespace entrepot::audit
