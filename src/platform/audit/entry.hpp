// One audit row, and the bytes of it that are hashed. docs/developers/audit.md shows the layout.
#pragma once

#include "base/id.hpp"
#include "base/time.hpp"
#include "platform/audit/hash.hpp"

namespace entrepot::audit {

/// A row of platform.audit_entry, every column of it.
struct Entry {
    Uuid tenant;
    Uuid id;
    Instant at;
    std::string actor_kind;
    std::optional<Uuid> actor_id;
    std::string actor_name, act, object_kind, object_id, result, code, ip, user_agent, request_id;
    std::string detail;  ///< the JSON text, byte for byte as it is stored
};

/// Version 1: the byte 1; tenant and id, 16 bytes each; the time as microseconds since 1970, 8
/// bytes; actor_kind; 1 and 16 bytes of actor_id, or 0; then the other texts in the order above. A
/// text is its length in 4 bytes, then its UTF-8. Numbers are big-endian. No two rows have the same
/// bytes.
void append_canonical(std::string& out, const Entry& entry);

/// What the act's own transaction stores beside the row: SHA-256 of the canonical bytes.
Hash digest_of(const Entry& entry);

/// The leaf at the row's position: RFC 6962's hash of the byte 1, the tenant, the row's number
/// among the tenant's sealed rows (8 bytes, from 1) and the digest. The number makes a row that is
/// missing from one tenant's export as visible as one that is missing from the whole.
Hash leaf_of(const Uuid& tenant, std::uint64_t number, const Hash& digest);

}  // namespace entrepot::audit
