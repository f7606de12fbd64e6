// The tree's answers in the words of the API.
#include "api/audit_seal.hpp"

#include "platform/audit/proof.hpp"

namespace entrepot::api {
namespace {
CheckpointView view_of(const audit::Checkpoint& from) {
    CheckpointView out{from.origin.text(),
                       static_cast<std::int64_t>(from.number),
                       static_cast<std::int64_t>(from.size),
                       audit::hex_of(from.root),
                       from.at,
                       audit::hex_of(from.previous),
                       from.key,
                       {}};
    audit::append_hex(out.signature, {reinterpret_cast<const char*>(from.signature.data()),
                                      from.signature.size()});
    return out;
}
}  // namespace

Awaitable<Result<LatestCheckpoint>> latest_checkpoint(Context& ctx, const http::Nothing&) {
    LatestCheckpoint out;
    if (const auto checkpoint = co_await audit::last_checkpoint(ctx))
        out.checkpoint = view_of(*checkpoint);
    co_return out;
}

Awaitable<Result<EntryProof>> prove_entry(Context& ctx, const ProveEntry& in) {
    const auto found = co_await audit::seal_of(ctx, in.id);
    if (!found.known)
        co_return make_error(entrepot::errors::not_found, "there is no such audit row");
    EntryProof out{in.id, std::nullopt};
    if (found.seal) {
        SealView& seal = out.seal.emplace(SealView{found.seal->position,
                                                   found.seal->number,
                                                   audit::hex_of(found.seal->leaf),
                                                   {},
                                                   view_of(found.seal->checkpoint)});
        for (const audit::Hash& hash : found.seal->path) seal.path.push_back(audit::hex_of(hash));
    }
    co_return out;
}

}  // namespace entrepot::api
