// Use cases of the channel for people; routes.cpp binds them.
#pragma once

#include "channel/amazon/amazon.hpp"
#include "channel/amazon/store.hpp"
#include "channel/amazon/sync.hpp"
#include "modules/shops/shops.hpp"
#include "platform/http/route.hpp"

namespace entrepot::amazon {

enum class RegionName { NA, EU, FE };
BOOST_DESCRIBE_ENUM(RegionName, NA, EU, FE)

struct ConnectShop {
    std::string name;
    RegionName region;
    std::string lwa_client_id, lwa_client_secret, refresh_token;
    std::optional<std::string> endpoint;
};
BOOST_DESCRIBE_STRUCT(ConnectShop, (),
                      (name, region, lwa_client_id, lwa_client_secret, refresh_token, endpoint))

struct ChangeCredentials {
    ShopId id;
    std::string lwa_client_id, lwa_client_secret, refresh_token;
    std::optional<std::string> endpoint;
};
BOOST_DESCRIBE_STRUCT(ChangeCredentials, (),
                      (id, lwa_client_id, lwa_client_secret, refresh_token, endpoint))

struct ShopRef {
    ShopId id;
};
BOOST_DESCRIBE_STRUCT(ShopRef, (), (id))
struct FetchHistory {
    ShopId id;
    Date from, to;
};
BOOST_DESCRIBE_STRUCT(FetchHistory, (), (id, from, to))
struct PullOrder {
    ShopId id;
    std::string channel_order_id;
};
BOOST_DESCRIBE_STRUCT(PullOrder, (), (id, channel_order_id))
struct PullDay {
    ShopId id;
    Date day;
};
BOOST_DESCRIBE_STRUCT(PullDay, (), (id, day))

struct LastError {
    std::string code, detail;
    Instant at;
    std::string request_id;
};
BOOST_DESCRIBE_STRUCT(LastError, (), (code, detail, at, request_id))
struct Quota {
    std::string operation;
    Decimal rate;  ///< calls a second
    std::int64_t burst;
    Decimal tokens;  ///< calls that may be made now
    std::int64_t used_24h;
    std::int64_t throttled_24h;
};
BOOST_DESCRIBE_STRUCT(Quota, (), (operation, rate, burst, tokens, used_24h, throttled_24h))
struct SyncRun {
    RunId id;
    RunKind kind;
    Instant started_at;
    std::optional<Instant> ended_at;
    RunState state;
    std::int64_t orders_seen, orders_changed, pages;
    std::string detail;
};
BOOST_DESCRIBE_STRUCT(SyncRun, (),
                      (id, kind, started_at, ended_at, state, orders_seen, orders_changed, pages,
                       detail))
enum class HistoryState { none, requested, running, done, failed };
BOOST_DESCRIBE_ENUM(HistoryState, none, requested, running, done, failed)
struct HistoryReport {
    Instant from, to;
    ReportState state;
    std::int64_t rows, orders, rows_skipped;
    std::vector<std::string> dropped_columns;
    std::string encoding, detail;
};
BOOST_DESCRIBE_STRUCT(HistoryReport, (),
                      (from, to, state, rows, orders, rows_skipped, dropped_columns, encoding,
                       detail))
struct History {
    HistoryState state;
    std::optional<Instant> from, to;
    std::vector<HistoryReport> reports;
};
BOOST_DESCRIBE_STRUCT(History, (), (state, from, to, reports))
struct SyncHealth {
    shops::ShopState state;
    std::optional<std::int64_t> lag_seconds;
    std::optional<Instant> last_good_at;
    std::optional<LastError> last_error;
    std::optional<Instant> next_run_at;
    std::optional<Instant> watermark;
    Instant credentials_set_at;
    std::int64_t pii_dropped;  ///< members with buyer data that came unasked and were dropped
    std::vector<Quota> quota;
    std::vector<SyncRun> runs;
    History history;
};
BOOST_DESCRIBE_STRUCT(SyncHealth, (),
                      (state, lag_seconds, last_good_at, last_error, next_run_at, watermark,
                       credentials_set_at, pii_dropped, quota, runs, history))

Awaitable<Result<shops::Shop>> connect_shop(Context& ctx, const ConnectShop& in);
Awaitable<Result<shops::Shop>> change_credentials(Context& ctx, const ChangeCredentials& in);
Awaitable<Result<SyncHealth>> sync_health(Context& ctx, const ShopRef& in);
Awaitable<Result<http::NoContent>> request_sync(Context& ctx, const ShopRef& in);
Awaitable<Result<http::NoContent>> request_history(Context& ctx, const FetchHistory& in);
/// At once where the quota allows, else as a job (outcome "queued").
Awaitable<Result<PulledOrder>> request_order(Context& ctx, const PullOrder& in);
Awaitable<Result<http::NoContent>> request_day(Context& ctx, const PullDay& in);

/// The same over a wire of the caller's choice.
Awaitable<Result<shops::Shop>> connect_shop(Link& link, const ConnectShop& in);
Awaitable<Result<shops::Shop>> change_credentials(Link& link, const ChangeCredentials& in);

}  // namespace entrepot::amazon
