// A shop's credentials in the clear, for as long as a call lasts, and how they are sealed at rest.
#pragma once

#include <string>

#include "channel/amazon/store.hpp"
#include "platform/keys/secrets.hpp"

namespace entrepot::amazon {

struct Account {
    std::optional<ShopId> shop;  ///< none while the shop is being connected
    std::string client_id, client_secret, refresh_token;
    std::string api_base;   ///< "https://sellingpartnerapi-eu.amazon.com"
    std::string token_url;  ///< of Login with Amazon
    std::string key;        ///< names (application, seller) in rate buckets
    std::int64_t failures = 0;
};

/// Makes an account of credentials that a person typed. `endpoint` = base address of a simulator.
Account make_account(std::string client_id, std::string client_secret, std::string refresh_token,
                     std::string_view region, const std::optional<std::string>& endpoint);

struct SealedSecrets {
    pg::Bytes client_id, client_secret, refresh_token;
};
/// Each bound to tenant, shop and field.
SealedSecrets seal_secrets(keys::TenantSecrets& secrets, ShopId shop, const Account& account);
/// Nothing when they were sealed under another keyring.
std::optional<Account> open_account(keys::TenantSecrets& secrets, ShopId shop,
                                    std::string_view region, const store::ConnectionRow& row);

}  // namespace entrepot::amazon
