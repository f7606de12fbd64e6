// Connecting a shop and changing its credentials: nothing is stored before Amazon has accepted it.
#include <algorithm>

#include "base/text.hpp"
#include "channel/amazon/account.hpp"
#include "channel/amazon/client.hpp"
#include "channel/amazon/jobs.hpp"
#include "channel/amazon/marketplaces.hpp"
#include "channel/amazon/opened_shop.hpp"
#include "channel/amazon/order_reader.hpp"
#include "channel/amazon/service.hpp"
#include "platform/audit/audit.hpp"

namespace entrepot::amazon {
namespace {
constexpr std::size_t secret_max = 4096;

std::string region_text(RegionName region) {
    return boost::describe::enum_to_string(region, "");
}

/// A secret as people paste it: without blanks around it, and without blanks in it.
bool tidy_secret(std::string& secret) {
    secret = std::string(text::trim(secret));
    const bool printable =
        std::all_of(secret.begin(), secret.end(), [](char c) { return c > ' ' && c < '\x7F'; });
    return !secret.empty() && secret.size() <= secret_max && printable;
}

struct Typed {
    std::string client_id, client_secret, refresh_token;
    std::optional<std::string> endpoint;
};

Result<Typed> check(const Context& ctx, Typed in) {
    Error wrong{entrepot::errors::invalid_fields, "some fields are not valid; see errors", {}, 0};
    const auto add = [&](const char* pointer, const char* code, const char* words) {
        wrong.fields.push_back({pointer, code, words});
    };
    const char* form = "this is not what Amazon issues: letters, digits and signs without blanks";
    if (!tidy_secret(in.client_id)) add("/lwa_client_id", "malformed", form);
    if (!tidy_secret(in.client_secret)) add("/lwa_client_secret", "malformed", form);
    if (!tidy_secret(in.refresh_token)) add("/refresh_token", "malformed", form);
    if (in.endpoint && !ctx.services.allow_channel_endpoint)
        add("/endpoint", "not_allowed",
            "this server calls Amazon's own addresses only (--allow-channel-endpoint)");
    else if (in.endpoint && (!in.endpoint->starts_with("https://") || in.endpoint->size() > 200 ||
                             in.endpoint->find_first_of(" ?#@") != std::string::npos))
        add("/endpoint", "malformed", "an https address without query is expected here");
    if (!wrong.fields.empty()) return wrong;
    return in;
}

/// Which field a refusal is about.
Error refused(const Reply& reply) {
    Error error = error_of(reply);
    const auto about = [&](const char* pointer, const char* code) {
        error.fields.push_back({pointer, code, reply.verdict.words});
    };
    if (error.code == errors::client_refused) {
        about("/lwa_client_id", "invalid_client");
        about("/lwa_client_secret", "invalid_client");
    } else if (error.code == errors::authorisation_revoked) {
        about("/refresh_token", "invalid_grant");
    } else if (error.code == errors::access_denied) {
        about("/region", "access_denied");
    } else if (error.code == errors::address_refused) {
        about("/endpoint", "not_allowed");
    }
    return error;
}

Result<std::vector<shops::Marketplace>> own_marketplaces(const Reply& reply) {
    const auto document = parse_wire(reply.body);
    const auto all = document ? read_participations(*document) : std::nullopt;
    if (!all) return make_error(errors::bad_reply, "Amazon's list of marketplaces cannot be read");
    std::vector<shops::Marketplace> out;
    for (const Participation& one : *all) {
        if (!one.amazon) continue;
        const auto* known = find_marketplace(one.marketplace_id);
        const auto or_known = [&](const std::string& said, std::string_view table) {
            return said.empty() && known != nullptr ? std::string(table) : said;
        };
        out.push_back({one.marketplace_id,
                       or_known(one.country, known != nullptr ? known->country : ""), one.name,
                       or_known(one.currency, known != nullptr ? known->currency : ""),
                       one.participating, one.participating});
    }
    const bool any =
        std::any_of(out.begin(), out.end(), [](const auto& m) { return m.participating; });
    if (!any)
        return field_error(errors::no_marketplace, "/region", "no_marketplace",
                           "this seller takes part in no Amazon marketplace of this region");
    return out;
}

/// Tries the credentials: a token, and the list of marketplaces.
Awaitable<Result<std::vector<shops::Marketplace>>> verify(Link& link, const Account& account) {
    const Call what{Operation::get_marketplace_participations,
                    Priority::user,
                    "/sellers/v1/marketplaceParticipations",
                    {}};
    const Reply reply = co_await call(link, account, what);
    if (!reply.ok()) co_return refused(reply);
    co_return own_marketplaces(reply);
}

std::string home_zone(std::string_view region,
                      const std::vector<shops::Marketplace>& marketplaces) {
    for (const KnownMarketplace& known : known_marketplaces())
        for (const shops::Marketplace& one : marketplaces)
            if (one.participating && one.id == known.id) return std::string(known.time_zone);
    return std::string(find_region(region)->time_zone);
}

pg::Bytes key_of(const Account& account) {
    return pg::Bytes{account.key};
}
}  // namespace

Awaitable<Result<shops::Shop>> connect_shop(Link& link, const ConnectShop& in) {
    Context& ctx = link.ctx;
    CO_TRY(Typed typed,
           check(ctx, {in.lwa_client_id, in.lwa_client_secret, in.refresh_token, in.endpoint}));
    const std::string region = region_text(in.region);
    const Account account = make_account(typed.client_id, typed.client_secret, typed.refresh_token,
                                         region, typed.endpoint);
    forget_token(account);
    CO_TRY(const auto marketplaces, co_await verify(link, account));
    CO_TRY(auto secrets, co_await keys::secrets_of(ctx.services, ctx.tenant));
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<shops::Shop>> {
        const shops::NewShop shop{in.name,      shops::Channel::amazon,          region,
                                  std::nullopt, home_zone(region, marketplaces), marketplaces};
        CO_TRY(const ShopId id, co_await shops::add_shop(ctx, tx, shop));
        const SealedSecrets sealed = seal_secrets(secrets, id, account);
        co_await tx.exec(store::insert_connection, ctx.tenant, id, typed.endpoint, sealed.client_id,
                         sealed.client_secret, sealed.refresh_token, key_of(account), ctx.now());
        wake_sync(tx, ctx, id);
        wake_purge(tx, ctx);
        audit::done(tx, ctx,
                    {"amazon.shop_connected", "shop", id.text(),
                     R"({"region":")" + region + R"(","marketplaces":)" +
                         std::to_string(marketplaces.size()) + "}"});
        co_return co_await shops::find_shop(ctx, tx, id);
    };
    co_return co_await ctx.db().transaction(ctx.tenant, body);
}

Awaitable<Result<shops::Shop>> change_credentials(Link& link, const ChangeCredentials& in) {
    Context& ctx = link.ctx;
    CO_TRY(Typed typed,
           check(ctx, {in.lwa_client_id, in.lwa_client_secret, in.refresh_token, in.endpoint}));
    CO_TRY(const OpenedShop opened, co_await open_shop(ctx, in.id));
    if (!typed.endpoint) typed.endpoint = opened.row.endpoint;
    Account account = make_account(typed.client_id, typed.client_secret, typed.refresh_token,
                                   opened.shop.region.value_or("NA"), typed.endpoint);
    account.shop = in.id;
    forget_token(account);
    CO_TRY(const auto marketplaces, co_await verify(link, account));
    CO_TRY(auto secrets, co_await keys::secrets_of(ctx.services, ctx.tenant));
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<shops::Shop>> {
        CO_TRY(const OpenedShop now, co_await open_shop(ctx, tx, in.id));
        const SealedSecrets sealed = seal_secrets(secrets, in.id, account);
        co_await tx.exec(store::update_secrets, ctx.tenant, in.id, typed.endpoint, sealed.client_id,
                         sealed.client_secret, sealed.refresh_token, key_of(account), ctx.now());
        co_await shops::set_marketplaces(ctx, tx, in.id, marketplaces);
        if (now.shop.state == shops::ShopState::broken)
            co_await shops::set_state(ctx, tx, in.id, shops::ShopState::connected);
        wake_sync(tx, ctx, in.id);
        wake_history(tx, ctx, in.id);
        audit::done(tx, ctx, {"amazon.credentials_changed", "shop", in.id.text(), "{}"});
        co_return co_await shops::find_shop(ctx, tx, in.id);
    };
    co_return co_await ctx.db().transaction(ctx.tenant, body);
}

Awaitable<Result<shops::Shop>> connect_shop(Context& ctx, const ConnectShop& in) {
    EgressTransport wire(ctx.services.egress);
    Link link = real_link(ctx, wire);
    co_return co_await connect_shop(link, in);
}

Awaitable<Result<shops::Shop>> change_credentials(Context& ctx, const ChangeCredentials& in) {
    EgressTransport wire(ctx.services.egress);
    Link link = real_link(ctx, wire);
    co_return co_await change_credentials(link, in);
}

}  // namespace entrepot::amazon
