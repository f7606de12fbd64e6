// Checks of the process itself: how it listens, whom it may call, whom it lets do what.
#include <algorithm>

#include "modules/compliance/catalogue_store.hpp"
#include "modules/compliance/check.hpp"
#include "platform/http/egress.hpp"
#include "platform/http/listeners.hpp"

namespace entrepot::compliance {
Awaitable<Finding> tls_in_force(Context&, pg::Transaction&) {
    const auto all = http::listeners();
    std::int64_t weak = 0, plain = 0, proxied = 0;
    for (const http::Listener& listener : all) {
        if (listener.is_tls && listener.oldest_version < http::tls_1_2) ++weak;
        if (!listener.is_tls) ++(listener.is_loopback ? proxied : plain);
    }
    const std::map<std::string, std::int64_t> figures{
        {"listeners", static_cast<std::int64_t>(all.size())},
        {"weak", weak},
        {"plain", plain},
        {"proxied", proxied}};
    if (all.empty()) co_return Finding{State::red, "not_serving", figures, {}};
    if (plain != 0) co_return Finding{State::red, "plain", figures, {}};
    if (weak != 0) co_return Finding{State::red, "weak", figures, {}};
    // What a proxy in front of us takes cannot be seen from here.
    if (proxied != 0) co_return Finding{State::amber, "proxied", figures, {}};
    co_return Finding{State::green, "tls", figures, {}};
}

Awaitable<Finding> egress_register(Context& ctx, pg::Transaction&) {
    std::vector<std::string> named;
    std::int64_t unclear = 0;
    for (const EgressPartner& partner : egress_partners()) {
        named.push_back(std::string(partner.name) + ": " + std::string(partner.data_class));
        // A partner without hosts cannot be reached at all.
        if (partner.purpose.empty() || partner.data_class.empty() ||
            std::ranges::find(partner.hosts, "*") != partner.hosts.end())
            ++unclear;
    }
    const std::map<std::string, std::int64_t> figures{
        {"partners", static_cast<std::int64_t>(named.size())}, {"unclear", unclear}};
    if (unclear != 0) co_return Finding{State::red, "unclear", figures, std::move(named)};
    if (ctx.services.allow_channel_endpoint)
        co_return Finding{State::amber, "simulator", figures, std::move(named)};
    co_return Finding{State::green, "listed", figures, std::move(named)};
}

Awaitable<Finding> deny_by_default(Context& ctx, pg::Transaction& tx) {
    const auto seen = co_await tx.one(store::audit_seen, tx.tenant(), audit_ids_since(ctx));
    const bool nobody_may = !AccessRights::of({}).permissions.empty();
    std::vector<std::string> mighty;
    for (const Role& role : roles())
        if (role.name != "owner" && (role.permissions.has(Permission::users_write) ||
                                     role.permissions.has(Permission::tenant_write)))
            mighty.emplace_back(role.name);
    const std::map<std::string, std::int64_t> figures{
        {"roles", static_cast<std::int64_t>(roles().size())},
        {"permissions", static_cast<std::int64_t>(permission_count)},
        {"refused", seen.refused}};
    if (nobody_may) co_return Finding{State::red, "nobody_may", figures, {}};
    if (!mighty.empty()) co_return Finding{State::red, "too_mighty", figures, std::move(mighty)};
    co_return Finding{State::green, "denied", figures, {}};
}

}  // namespace entrepot::compliance
