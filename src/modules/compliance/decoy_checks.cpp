// The check of the traps: they stand among what was shipped, keyd knows them, and whoever opened
// one is in the audit.
#include <boost/json.hpp>

#include "modules/compliance/check.hpp"
#include "modules/compliance/vault_store.hpp"
#include "platform/keys/client.hpp"

namespace entrepot::compliance {
namespace {
/// Traps follow the first shipment within an hour, and one an hour more is left for trouble.
constexpr auto patience = std::chrono::hours(2);
constexpr auto lately = std::chrono::days(14);
}  // namespace

Awaitable<Finding> decoys_stand(Context& ctx, pg::Transaction& tx) {
    const auto row = co_await tx.one(store::decoys, tx.tenant(), Instant(ctx.now() - lately),
                                     Instant(ctx.now() - patience), audit_ids_since(ctx));
    keys::Request ask;
    ask.operation = keys::Operation::status;
    ask.caller.tenant = ctx.tenant;
    const auto status = boost::json::parse((co_await ctx.services.keys.call(ask)).text);
    const auto told = [&](const char* name) {
        const auto* found = status.as_object().if_contains(name);
        return found == nullptr ? 0 : found->to_number<std::int64_t>();
    };
    const std::map<std::string, std::int64_t> figures{{"shipped", row.shipped},
                                                      {"decoys", row.decoys},
                                                      {"traps", told("traps")},
                                                      {"openings", told("trap_openings")},
                                                      {"audited", row.audited}};
    // keyd notes an opening whoever asked; without a row in the audit nobody asked through us.
    if (told("trap_openings") > row.audited) co_return Finding{State::red, "unseen", figures, {}};
    if (row.decoys == 0 && row.shipped != 0) co_return Finding{State::red, "none", figures, {}};
    if (told("traps") < row.decoys) co_return Finding{State::red, "unmarked", figures, {}};
    if (row.decoys == 0) co_return Finding{State::green, "nothing_shipped", figures, {}};
    co_return Finding{State::green, "standing", figures, {}};
}

}  // namespace entrepot::compliance
