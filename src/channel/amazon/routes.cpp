// Route lines of the Amazon channel.
#include "channel/amazon/routes.hpp"

#include "channel/amazon/service.hpp"

namespace entrepot::amazon {
namespace {
using enum Permission;

// Bound by type: a use case also exists over a wire of the caller's choice.
constexpr auto connect =
    static_cast<Awaitable<Result<shops::Shop>> (*)(Context&, const ConnectShop&)>(&connect_shop);
constexpr auto change =
    static_cast<Awaitable<Result<shops::Shop>> (*)(Context&, const ChangeCredentials&)>(
        &change_credentials);

constexpr http::Route table[] = {
    http::create<connect>("/shops/amazon", shops_write,
                          "Connect an Amazon shop with the seller's own application."),
    http::put<change>("/shops/{id}/credentials", shops_write,
                      "Store new credentials of an Amazon shop; Amazon is asked first."),
    http::get<&sync_health>("/shops/{id}/sync", shops_read,
                            "How a shop's sync fares: lag, last error, quota, runs, history."),
    http::post<&request_sync>("/shops/{id}/sync/run", shops_write, "Sync now."),
    http::post<&request_history>("/shops/{id}/sync/history", shops_write,
                                 "Fetch the orders of past days by report."),
    http::post<&request_order>("/shops/{id}/sync/order", shops_write, "Pull one order again."),
    http::post<&request_day>("/shops/{id}/sync/day", shops_write,
                             "Pull the orders of a day again."),
};
}  // namespace

std::span<const http::Route> routes() {
    return table;
}

}  // namespace entrepot::amazon
