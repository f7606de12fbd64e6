// A shop with its connection, as every use case of the channel begins with it.
#pragma once

#include "channel/amazon/account.hpp"
#include "channel/amazon/client.hpp"
#include "modules/shops/shops.hpp"

namespace entrepot::amazon {

struct OpenedShop {
    shops::Shop shop;
    store::ConnectionRow row;

    /// Marketplaces whose orders are pulled.
    std::vector<std::string> enabled() const;
};

/// In the caller's scope and of this channel, else not_found or amazon.not_amazon.
Awaitable<Result<OpenedShop>> open_shop(Context& ctx, pg::Transaction& tx, ShopId id);
/// The same in a read of its own.
Awaitable<Result<OpenedShop>> open_shop(Context& ctx, ShopId id);
/// The credentials in the clear; amazon.client_refused when they were sealed with another key.
Awaitable<Result<Account>> account_of(const Context& ctx, const OpenedShop& opened);

/// Writes a failed call down: words on the health page, state broken when a person must act.
/// Returns when to try again.
Awaitable<Instant> note_trouble(Link& link, const OpenedShop& opened, const Reply& reply);

/// Time between polls.
inline constexpr std::chrono::minutes poll_period{5};

}  // namespace entrepot::amazon
