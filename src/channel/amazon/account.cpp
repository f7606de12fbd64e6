// Sealing binds a secret to its place: a row copied to another shop does not open.
#include "channel/amazon/account.hpp"

#include "channel/amazon/marketplaces.hpp"

namespace entrepot::amazon {
namespace {
constexpr std::string_view lwa_url = "https://api.amazon.com/auth/o2/token";
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

SealedSecrets seal_secrets(keys::TenantSecrets& secrets, ShopId shop, const Account& account) {
    const auto sealed = [&](keys::Secret what, const std::string& text) {
        return pg::Bytes{secrets.seal(what, shop.value, text)};
    };
    return {sealed(keys::Secret::lwa_client_id, account.client_id),
            sealed(keys::Secret::lwa_client_secret, account.client_secret),
            sealed(keys::Secret::lwa_refresh_token, account.refresh_token)};
}

std::optional<Account> open_account(keys::TenantSecrets& secrets, ShopId shop,
                                    std::string_view region, const store::ConnectionRow& row) {
    using keys::Secret;
    const auto id = secrets.open(Secret::lwa_client_id, shop.value, row.client_id_sealed.data);
    const auto secret =
        secrets.open(Secret::lwa_client_secret, shop.value, row.client_secret_sealed.data);
    const auto refresh =
        secrets.open(Secret::lwa_refresh_token, shop.value, row.refresh_token_sealed.data);
    if (!id || !secret || !refresh) return std::nullopt;
    const auto text = [](const crypto::SecretBytes& bytes) {
        return std::string(crypto::view(bytes));
    };
    Account out = make_account(text(*id), text(*secret), text(*refresh), region, row.endpoint);
    out.shop = shop;
    out.failures = row.failures;
    return out;
}

}  // namespace entrepot::amazon
