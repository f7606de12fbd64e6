// Jobs of insight: facts after events, everything anew, new rates.
#include "modules/insight/jobs.hpp"

#include <boost/json.hpp>

#include "modules/account/account.hpp"
#include "modules/insight/facts.hpp"
#include "modules/orders/orders.hpp"
#include "modules/shops/shops.hpp"
#include "platform/json/reader.hpp"

namespace entrepot::insight {
namespace {
/// orders.changed and orders.removed.
struct OrdersEvent {
    std::vector<OrderId> order_ids;
};
BOOST_DESCRIBE_STRUCT(OrdersEvent, (), (order_ids))

struct RederivePayload {
    std::optional<ShopId> shop_id;
};
BOOST_DESCRIBE_STRUCT(RederivePayload, (), (shop_id))

template <class Payload>
Payload payload_of(const jobs::Job& job) {
    auto payload = json::read_document<Payload>(job.payload);
    ensure(payload.has_value(), "a job of insight carries another payload than it should");
    return *std::move(payload);
}

Awaitable<void> take_events(Context& ctx, pg::Transaction& tx, const std::vector<jobs::Job>& jobs) {
    std::vector<OrderId> orders;
    for (const jobs::Job& job : jobs) {
        const auto event = payload_of<OrdersEvent>(job);
        orders.insert(orders.end(), event.order_ids.begin(), event.order_ids.end());
    }
    co_await derive_facts(ctx, tx, std::move(orders));
}

Awaitable<std::optional<Instant>> rederive(Context& ctx, const jobs::Job& job) {
    const auto payload = payload_of<RederivePayload>(job);
    if (payload.shop_id)
        co_await rederive_shop(ctx, *payload.shop_id);
    else
        co_await rebuild(ctx);
    co_return std::nullopt;
}

Awaitable<std::optional<Instant>> take_new_rates(Context& ctx, const jobs::Job&) {
    co_await revalue(ctx);
    co_return std::nullopt;
}
}  // namespace

std::vector<jobs::Kind> job_kinds() {
    std::vector<jobs::Kind> kinds;
    // An event carries one order or a thousand: a pass takes many of the first, few of the second.
    kinds.push_back({.name = facts_job,
                     .transactional = &take_events,
                     .leased = {},
                     .batch = 2000,
                     .batch_bytes = 1'500'000});
    kinds.push_back({.name = rederive_job, .transactional = {}, .leased = &rederive});
    kinds.push_back({.name = revalue_job, .transactional = {}, .leased = &take_new_rates});
    return kinds;
}

std::vector<jobs::Subscription> subscriptions() {
    return {{orders::orders_changed, facts_job},
            {orders::orders_removed, facts_job},
            {shops::zone_changed, rederive_job},
            {account::book_currency_changed, rederive_job}};
}

}  // namespace entrepot::insight
