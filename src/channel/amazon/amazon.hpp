// The Amazon channel: connects a seller's account, brings its orders in, and tells how that fares.
// Amazon's words end here: what leaves this folder is an orders::IncomingOrder.
#pragma once

#include "platform/context.hpp"
#include "platform/module.hpp"

namespace entrepot::amazon {

namespace errors {
/// LWA does not know the client id and secret (invalid_client).
inline constexpr ErrorCode client_refused{ErrorKind::invalid, "amazon.client_refused"};
/// LWA does not honour the refresh token: revoked, expired or mistyped (invalid_grant).
inline constexpr ErrorCode authorisation_revoked{ErrorKind::invalid,
                                                 "amazon.authorisation_revoked"};
/// The API refuses us: a role is missing, the region is wrong, or the account is suspended.
inline constexpr ErrorCode access_denied{ErrorKind::invalid, "amazon.access_denied"};
/// The API did not accept a parameter; a bug of ours or a change of theirs.
inline constexpr ErrorCode bad_request{ErrorKind::invalid, "amazon.bad_request"};
/// Amazon does not know the order.
inline constexpr ErrorCode order_not_found{ErrorKind::not_found, "amazon.order_not_found"};
/// The budget of calls is used up; retry_after says until when.
inline constexpr ErrorCode throttled{ErrorKind::rate_limited, "amazon.throttled"};
/// Amazon is unreachable or fails.
inline constexpr ErrorCode unavailable{ErrorKind::unavailable, "amazon.unavailable"};
/// A reply that is not what the model says.
inline constexpr ErrorCode bad_reply{ErrorKind::unavailable, "amazon.bad_reply"};
/// Paging went in a circle.
inline constexpr ErrorCode page_token_repeated{ErrorKind::unavailable,
                                               "amazon.page_token_repeated"};
/// The way out of this installation is closed to that address.
inline constexpr ErrorCode address_refused{ErrorKind::invalid, "amazon.address_refused"};
/// The seller has no marketplace in that region.
inline constexpr ErrorCode no_marketplace{ErrorKind::invalid, "amazon.no_marketplace"};
/// These credentials serve another shop already: its orders would be counted twice.
inline constexpr ErrorCode already_connected{ErrorKind::conflict, "amazon.already_connected"};
/// The shop is served by another channel.
inline constexpr ErrorCode not_amazon{ErrorKind::conflict, "amazon.not_amazon"};
/// The shop is paused or broken, so nothing is asked for it.
inline constexpr ErrorCode shop_not_connected{ErrorKind::conflict, "amazon.shop_not_connected"};
/// History is limited to two years back and to the past.
inline constexpr ErrorCode range_not_allowed{ErrorKind::invalid, "amazon.range_not_allowed"};
/// A history request is still running.
inline constexpr ErrorCode history_running{ErrorKind::conflict, "amazon.history_running"};
}  // namespace errors

Module module();

}  // namespace entrepot::amazon
