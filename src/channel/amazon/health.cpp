// The sync health page and its buttons.
#include <algorithm>

#include "base/text.hpp"
#include "channel/amazon/history.hpp"
#include "channel/amazon/jobs.hpp"
#include "channel/amazon/opened_shop.hpp"
#include "channel/amazon/service.hpp"
#include "channel/amazon/sync_rules.hpp"
#include "channel/amazon/usage.hpp"
#include "platform/audit/audit.hpp"
#include "platform/json/writer.hpp"

namespace entrepot::amazon {
namespace {
constexpr std::chrono::minutes visibility_lag{2};
constexpr std::size_t order_id_max = 60;

Decimal per_micro(std::int64_t value) {
    return Decimal::from_units(Decimal::Units{value} * (Decimal::scale / micro));
}

std::vector<Quota> quotas(const std::vector<store::QuotaRow>& buckets,
                          const std::vector<store::UsageRow>& used, Instant now) {
    std::vector<Quota> out;
    for (const Usage& plan : usage_plans()) {
        Limit limit{plan.micro_per_second, plan.burst};
        Quota quota{std::string(plan.name), {}, 0, Decimal::from_integer(plan.burst), 0, 0};
        for (const store::QuotaRow& row : buckets) {
            if (row.operation != plan.name) continue;
            limit = {row.plan_rate.value_or(limit.micro_per_second),
                     row.plan_burst.value_or(limit.burst)};
            quota.tokens = per_micro(
                tokens_at({row.micro_tokens, row.refilled_at, row.blocked_until}, limit, now));
        }
        quota.rate = per_micro(limit.micro_per_second);
        quota.burst = limit.burst;
        for (const store::UsageRow& row : used)
            if (row.operation == plan.name) {
                quota.used_24h = row.calls;
                quota.throttled_24h = row.throttled;
            }
        out.push_back(std::move(quota));
    }
    return out;
}

bool has_ended(ReportState state) {
    return state == ReportState::done || state == ReportState::empty ||
           state == ReportState::split || state == ReportState::failed;
}

History history_of(const std::vector<store::ReportRow>& rows) {
    History out{HistoryState::none, std::nullopt, std::nullopt, {}};
    std::size_t ended = 0, failed = 0, begun = 0;
    for (const store::ReportRow& row : rows) {
        out.from = out.from ? std::min(*out.from, row.from_at) : row.from_at;
        out.to = out.to ? std::max(*out.to, row.to_at) : row.to_at;
        if (has_ended(row.state)) ++ended;
        if (row.state == ReportState::failed) ++failed;
        if (has_ended(row.state) || row.state == ReportState::ready) ++begun;
        out.reports.push_back({row.from_at, row.to_at, row.state, row.rows_read, row.orders_loaded,
                               row.rows_skipped, row.dropped_columns, row.encoding, row.detail});
    }
    if (rows.empty()) return out;
    if (ended == rows.size())
        out.state = failed > 0 ? HistoryState::failed : HistoryState::done;
    else
        out.state = begun > 0 ? HistoryState::running : HistoryState::requested;
    return out;
}

std::optional<LastError> last_error_of(const store::ConnectionRow& row) {
    if (!row.last_error_code || !row.last_error_at) return std::nullopt;
    return LastError{*row.last_error_code, row.last_error_detail.value_or(""), *row.last_error_at,
                     row.last_error_request_id.value_or("")};
}

std::vector<SyncRun> runs_of(const std::vector<store::RunRow>& rows) {
    std::vector<SyncRun> out;
    for (const store::RunRow& row : rows)
        out.push_back({row.id, row.kind, row.started_at, row.ended_at, row.state, row.orders_seen,
                       row.orders_changed, row.pages, row.detail});
    return out;
}

/// The shop, when it may be asked for anything.
Awaitable<Result<OpenedShop>> working_shop(Context& ctx, pg::Transaction& tx, ShopId id) {
    CO_TRY(OpenedShop opened, co_await open_shop(ctx, tx, id));
    if (opened.shop.state == shops::ShopState::paused)
        co_return make_error(errors::shop_not_connected, "the shop is paused; resume it first");
    if (opened.shop.state == shops::ShopState::broken)
        co_return make_error(errors::shop_not_connected,
                             "Amazon refuses the shop's credentials; store new ones first");
    co_return opened;
}

struct RangeDetail {
    Date from, to;
};
BOOST_DESCRIBE_STRUCT(RangeDetail, (), (from, to))
struct OrderDetail {
    std::string channel_order_id;
};
BOOST_DESCRIBE_STRUCT(OrderDetail, (), (channel_order_id))
}  // namespace

Awaitable<Result<SyncHealth>> sync_health(Context& ctx, const ShopRef& in) {
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<SyncHealth>> {
        CO_TRY(const OpenedShop opened, co_await open_shop(ctx, tx, in.id));
        const Instant now = ctx.now();
        const store::ConnectionRow& row = opened.row;
        SyncHealth out{opened.shop.state,
                       std::nullopt,
                       row.last_good_at,
                       last_error_of(row),
                       row.next_run_at,
                       std::nullopt,
                       row.secrets_changed_at,
                       row.pii_dropped,
                       {},
                       {},
                       {}};
        for (const auto& mark :
             co_await tx.rows(store::marks_of, ctx.tenant, in.id, opened.enabled()))
            out.watermark = out.watermark ? std::min(*out.watermark, mark.reached) : mark.reached;
        if (out.watermark && row.last_good_at)
            out.lag_seconds = std::max<std::int64_t>(
                0, std::chrono::floor<std::chrono::seconds>(now - *out.watermark).count());
        const auto buckets = co_await tx.rows(store::quotas_of, row.account_key);
        const auto used =
            co_await tx.rows(store::usage_since, ctx.tenant, in.id, now - std::chrono::hours(24));
        out.quota = quotas(buckets, used, now);
        out.runs = runs_of(co_await tx.rows(store::latest_runs, ctx.tenant, in.id));
        out.history = history_of(co_await tx.rows(store::latest_batch, ctx.tenant, in.id));
        co_return out;
    };
    co_return co_await ctx.db().transaction(ctx.tenant, body, pg::Access::read_only);
}

Awaitable<Result<http::NoContent>> request_sync(Context& ctx, const ShopRef& in) {
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<http::NoContent>> {
        CO_TRY(const OpenedShop opened, co_await working_shop(ctx, tx, in.id));
        wake_sync(tx, ctx, opened.shop.id);
        audit::done(tx, ctx, {"amazon.sync_requested", "shop", in.id.text(), "{}"});
        co_return http::NoContent{};
    };
    co_return co_await ctx.db().transaction(ctx.tenant, body);
}

Awaitable<Result<http::NoContent>> request_history(Context& ctx, const FetchHistory& in) {
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<http::NoContent>> {
        CO_TRY(const OpenedShop opened, co_await working_shop(ctx, tx, in.id));
        CO_TRY_VOID(co_await plan_history(ctx, tx, opened, in.from, in.to));
        wake_history(tx, ctx, in.id);
        audit::done(tx, ctx,
                    {"amazon.history_requested", "shop", in.id.text(),
                     json::to_json(RangeDetail{in.from, in.to})});
        co_return http::NoContent{};
    };
    co_return co_await ctx.db().transaction(ctx.tenant, body);
}

Awaitable<Result<PulledOrder>> request_order(Context& ctx, const PullOrder& in) {
    const std::string order_id(text::trim(in.channel_order_id));
    if (order_id.empty() || order_id.size() > order_id_max)
        co_return field_error(entrepot::errors::invalid_fields, "/channel_order_id", "length",
                              "an order number such as 114-1234567-1234567 is expected here");
    EgressTransport wire(ctx.services.egress);
    Link link = real_link(ctx, wire);
    auto pulled = co_await pull_order(link, in.id, order_id, Priority::user);
    const bool later = pulled.has_error() && (pulled.error().code == errors::throttled ||
                                              pulled.error().code == errors::unavailable ||
                                              pulled.error().code == errors::bad_reply);
    if (pulled.has_error() && !later) co_return pulled;
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<PulledOrder>> {
        audit::done(
            tx, ctx,
            {"amazon.order_pulled", "shop", in.id.text(), json::to_json(OrderDetail{order_id})});
        if (!later) co_return *pulled;
        const int wait = std::max(5, pulled.error().retry_after_s);
        queue_order(tx, ctx, in.id, order_id, ctx.now() + std::chrono::seconds(wait));
        co_return PulledOrder{order_id, "queued", ""};
    };
    co_return co_await ctx.db().transaction(ctx.tenant, body);
}

Awaitable<Result<http::NoContent>> request_day(Context& ctx, const PullDay& in) {
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<http::NoContent>> {
        CO_TRY(const OpenedShop opened, co_await working_shop(ctx, tx, in.id));
        const auto day = co_await tx.one(store::day_bounds, in.day, opened.shop.time_zone);
        const Instant until = std::min(day.end_at, ctx.now() - visibility_lag);
        if (until <= day.begin_at)
            co_return field_error(errors::range_not_allowed, "/day", "in_future",
                                  "this day has not come yet");
        const auto enabled = opened.enabled();
        if (enabled.empty())
            co_return make_error(errors::no_marketplace, "no marketplace of the shop is enabled");
        tx.defer(store::insert_run, ctx.tenant, in.id, ctx.new_id<RunId>(), RunKind::day, enabled,
                 day.begin_at, until, ctx.now());
        wake_days(tx, ctx, in.id);
        audit::done(tx, ctx,
                    {"amazon.day_requested", "shop", in.id.text(),
                     json::to_json(RangeDetail{in.day, in.day})});
        co_return http::NoContent{};
    };
    co_return co_await ctx.db().transaction(ctx.tenant, body);
}

}  // namespace entrepot::amazon
