// Sealing binds a secret to its place: a row copied to another shop does not open.
#include "channel/amazon/account.hpp"

#include "channel/amazon/marketplaces.hpp"

namespace entrepot::amazon {
namespace {
constexpr std::string_view lwa_url = "https://api.amazon.com/auth/o2/token";

std::string place(const Context& ctx, ShopId shop, std::string_view field) {
    return ctx.tenant.text() + '|' + shop.text() + '|' + std::string(field);
}
}  // namespace

Account make_account(std::string client_id, std::string client_secret, std::string refresh_token,
                     std::string_view region, const std::optional<std::string>& endpoint) {
    Account out;
    const Region* known = find_region(region);
    ensure(known != nullptr, "an Amazon shop in a region that does not exist");
    out.api_base = endpoint ? *endpoint : "https://" + std::string(known->host);
    while (out.api_base.ends_with('/')) out.api_base.pop_back();
    out.token_url = endpoint ? out.api_base + "/auth/o2/token" : std::string(lwa_url);
    const auto digest = crypto::sha256(client_id + '\n' + refresh_token + '\n' +
                                       std::string(region) + '\n' + out.api_base);
    out.key.assign(reinterpret_cast<const char*>(digest.data()), digest.size());
    out.client_id = std::move(client_id);
    out.client_secret = std::move(client_secret);
    out.refresh_token = std::move(refresh_token);
    return out;
}

SealedSecrets seal_secrets(const Context& ctx, ShopId shop, const Account& account) {
    const crypto::Bytes32& key = ctx.services.secrets_key;
    return {{crypto::seal(key, account.client_id, place(ctx, shop, "client_id"))},
            {crypto::seal(key, account.client_secret, place(ctx, shop, "client_secret"))},
            {crypto::seal(key, account.refresh_token, place(ctx, shop, "refresh_token"))}};
}

std::optional<Account> open_account(const Context& ctx, ShopId shop, std::string_view region,
                                    const store::ConnectionRow& row) {
    const crypto::Bytes32& key = ctx.services.secrets_key;
    auto id = crypto::open(key, row.client_id_sealed.data, place(ctx, shop, "client_id"));
    auto secret =
        crypto::open(key, row.client_secret_sealed.data, place(ctx, shop, "client_secret"));
    auto refresh =
        crypto::open(key, row.refresh_token_sealed.data, place(ctx, shop, "refresh_token"));
    if (!id || !secret || !refresh) return std::nullopt;
    Account out =
        make_account(std::move(*id), std::move(*secret), std::move(*refresh), region, row.endpoint);
    out.shop = shop;
    out.failures = row.failures;
    return out;
}

}  // namespace entrepot::amazon
