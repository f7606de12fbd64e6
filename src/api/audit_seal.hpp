// What anybody who reads the audit can ask of the tree over it: the newest checkpoint, and a row's
// proof. docs/developers/audit.md says how to check them.
#pragma once

#include "platform/http/route.hpp"

namespace entrepot::api {

/// Hashes, keys and signatures are hexadecimal.
struct CheckpointView {
    std::string origin;
    std::int64_t number, size;
    std::string root;
    Instant at;
    std::string previous, key, signature;
};
BOOST_DESCRIBE_STRUCT(CheckpointView, (),
                      (origin, number, size, root, at, previous, key, signature))

struct LatestCheckpoint {
    std::optional<CheckpointView> checkpoint;  ///< null until the first row is sealed
};
BOOST_DESCRIBE_STRUCT(LatestCheckpoint, (), (checkpoint))

struct SealView {
    std::int64_t position, number;
    std::string leaf;
    std::vector<std::string> path;
    CheckpointView checkpoint;
};
BOOST_DESCRIBE_STRUCT(SealView, (), (position, number, leaf, path, checkpoint))

struct EntryProof {
    AuditId id;
    std::optional<SealView> seal;  ///< null for the second until the row is sealed
};
BOOST_DESCRIBE_STRUCT(EntryProof, (), (id, seal))

struct ProveEntry {
    AuditId id;
};
BOOST_DESCRIBE_STRUCT(ProveEntry, (), (id))

Awaitable<Result<LatestCheckpoint>> latest_checkpoint(Context& ctx, const http::Nothing& in);
Awaitable<Result<EntryProof>> prove_entry(Context& ctx, const ProveEntry& in);

}  // namespace entrepot::api
