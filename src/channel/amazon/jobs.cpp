// Handlers are thin: they read the payload, make a link, and call the service.
#include "channel/amazon/jobs.hpp"

#include <algorithm>

#include "channel/amazon/confirm.hpp"
#include "channel/amazon/history.hpp"
#include "channel/amazon/recipient.hpp"
#include "channel/amazon/sync.hpp"
#include "platform/json/reader.hpp"
#include "platform/json/writer.hpp"
#include "platform/retention.hpp"
#include "platform/telemetry/log.hpp"

namespace entrepot::amazon {
namespace {
constexpr std::string_view sync_kind = "amazon.sync";
constexpr std::string_view day_kind = "amazon.day";
constexpr std::string_view history_kind = "amazon.history";
constexpr std::string_view order_kind = "amazon.order";
constexpr std::string_view purge_kind = "amazon.purge";
constexpr std::string_view confirm_kind = "amazon.confirm";
constexpr std::string_view recipient_kind = "amazon.recipient";
/// A shop's sync must not end in quarantine because the database was away for an hour.
constexpr int never_give_up = 1'000'000;
constexpr std::chrono::hours purge_period{24};
constexpr auto raw_life = std::chrono::days(14);
constexpr auto run_life = std::chrono::days(90);
constexpr auto usage_life = std::chrono::days(8);

struct ShopPayload {
    ShopId shop_id;
};
BOOST_DESCRIBE_STRUCT(ShopPayload, (), (shop_id))
struct OrderPayload {
    ShopId shop_id;
    std::string channel_order_id;
};
BOOST_DESCRIBE_STRUCT(OrderPayload, (), (shop_id, channel_order_id))

template <class Payload>
Payload payload_of(const jobs::Job& job) {
    auto payload = json::read_document<Payload>(job.payload);
    ensure(payload.has_value(), "a job of the Amazon channel with another payload");
    return *std::move(payload);
}

using Turn = Awaitable<std::optional<Instant>> (*)(Link&, ShopId);

/// A standing job of one shop.
template <Turn turn>
Awaitable<std::optional<Instant>> handle(Context& ctx, const jobs::Job& job) {
    const auto payload = payload_of<ShopPayload>(job);
    EgressTransport wire(ctx.services.egress);
    Link link = real_link(ctx, wire);
    co_return co_await turn(link, payload.shop_id);
}

Awaitable<std::optional<Instant>> handle_order(Context& ctx, const jobs::Job& job) {
    const auto payload = payload_of<OrderPayload>(job);
    EgressTransport wire(ctx.services.egress);
    Link link = real_link(ctx, wire);
    const auto pulled =
        co_await pull_order(link, payload.shop_id, payload.channel_order_id, Priority::user);
    if (pulled.has_value()) co_return std::nullopt;
    const ErrorKind kind = pulled.error().code.kind;
    if (kind == ErrorKind::rate_limited || kind == ErrorKind::unavailable)
        co_return ctx.now() + std::chrono::seconds(std::max(5, pulled.error().retry_after_s));
    log::info("amazon_order_not_pulled",
              {{"shop", payload.shop_id.text()}, {"code", pulled.error().code.name}});
    co_return std::nullopt;
}

using ForShipment = Awaitable<std::optional<Instant>> (*)(Link&, const fulfil::ShipmentRef&);

/// Tries each shipment once; comes back for those that are not settled.
template <ForShipment act>
Awaitable<std::optional<Instant>> handle_shipments(Context& ctx, const jobs::Job& job) {
    const auto payload = payload_of<fulfil::ShipmentEvent>(job);
    EgressTransport wire(ctx.services.egress);
    Link link = real_link(ctx, wire);
    std::optional<Instant> next;
    for (const fulfil::ShipmentRef& shipment : payload.shipments) {
        const auto again = co_await act(link, shipment);
        if (again) next = std::min(next.value_or(*again), *again);
    }
    co_return next;
}

Awaitable<std::optional<Instant>> handle_purge(Context& ctx, const jobs::Job&) {
    co_await purge(ctx);
    co_return ctx.now() + purge_period;
}

void wake(pg::Transaction& tx, const Context& ctx, std::string_view kind, ShopId shop) {
    jobs::enqueue(tx, ctx, kind, json::to_json(ShopPayload{shop}), ctx.now(), shop.text());
}

jobs::Kind standing(std::string_view name, jobs::LeasedHandler handler) {
    jobs::Kind kind;
    kind.name = name;
    kind.leased = std::move(handler);
    kind.attempts_max = never_give_up;
    return kind;
}
}  // namespace

std::vector<jobs::Kind> job_kinds() {
    std::vector<jobs::Kind> kinds;
    kinds.push_back(standing(sync_kind, &handle<&sync_shop>));
    kinds.push_back(standing(day_kind, &handle<&sync_days>));
    kinds.push_back(standing(history_kind, &handle<&advance_history>));
    kinds.push_back(standing(purge_kind, &handle_purge));
    kinds.push_back(standing(confirm_kind, &handle_shipments<&confirm_parcel>));
    kinds.push_back(standing(recipient_kind, &handle_shipments<&fetch_recipient>));
    jobs::Kind order;
    order.name = order_kind;
    order.leased = &handle_order;
    kinds.push_back(std::move(order));
    return kinds;
}

std::vector<jobs::Subscription> job_subscriptions() {
    return {{fulfil::confirmation_wanted, confirm_kind},
            {fulfil::shipment_released, recipient_kind},
            {fulfil::recipient_wanted, recipient_kind}};
}

void wake_sync(pg::Transaction& tx, const Context& ctx, ShopId shop) {
    wake(tx, ctx, sync_kind, shop);
}
void wake_days(pg::Transaction& tx, const Context& ctx, ShopId shop) {
    wake(tx, ctx, day_kind, shop);
}
void wake_history(pg::Transaction& tx, const Context& ctx, ShopId shop) {
    wake(tx, ctx, history_kind, shop);
}

void queue_order(pg::Transaction& tx, const Context& ctx, ShopId shop, const std::string& order_id,
                 Instant run_at) {
    jobs::enqueue(tx, ctx, order_kind, json::to_json(OrderPayload{shop, order_id}), run_at,
                  shop.text() + '|' + order_id);
}

void wake_purge(pg::Transaction& tx, const Context& ctx) {
    jobs::enqueue(tx, ctx, purge_kind, "{}", ctx.now(), "tenant");
}

Awaitable<void> purge(Context& ctx) {
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<bool>> {
        const Instant now = ctx.now();
        co_await tx.exec(store::purge_raw_replies, ctx.tenant, now - raw_life);
        co_await tx.exec(store::purge_runs, ctx.tenant, now - run_life);
        co_await tx.exec(store::purge_usage, ctx.tenant, now - usage_life);
        co_await tx.exec(store::purge_reports, ctx.tenant, now - marketplace_data_life);
        co_return true;
    };
    (void)co_await ctx.db().transaction(ctx.tenant, body);
}

}  // namespace entrepot::amazon
