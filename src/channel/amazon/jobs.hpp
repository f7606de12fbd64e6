// Standing and one-time jobs of the channel. Each is leased, so that no two nodes serve a shop at
// the same time; if they did, pages and batches would still be taken in once.
#pragma once

#include "platform/jobs/jobs.hpp"

namespace entrepot::amazon {

std::vector<jobs::Kind> job_kinds();

/// Events that this channel answers.
std::vector<jobs::Subscription> job_subscriptions();

void wake_sync(pg::Transaction& tx, const Context& ctx, ShopId shop);
void wake_days(pg::Transaction& tx, const Context& ctx, ShopId shop);
void wake_history(pg::Transaction& tx, const Context& ctx, ShopId shop);
void queue_order(pg::Transaction& tx, const Context& ctx, ShopId shop, const std::string& order_id,
                 Instant run_at);
void wake_purge(pg::Transaction& tx, const Context& ctx);

/// Deletes raw replies older than 14 days, runs older than 90, counts older than 8.
Awaitable<void> purge(Context& ctx);

}  // namespace entrepot::amazon
