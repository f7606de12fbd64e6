// Rates of the models (spapi-facts §6). Integer arithmetic only: a token is a million millionths.
#include "channel/amazon/usage.hpp"

#include <algorithm>

#include "base/result.hpp"

namespace entrepot::amazon {
namespace {
using std::chrono::microseconds;
constexpr Usage plans[] = {
    {Operation::search_orders, "searchOrders", 5'600, 20},
    {Operation::get_order, "getOrder", 500'000, 30},
    {Operation::create_report, "createReport", 16'700, 15},
    {Operation::get_report, "getReport", 2'000'000, 15},
    {Operation::get_reports, "getReports", 22'200, 10},
    {Operation::get_report_document, "getReportDocument", 16'700, 15},
    {Operation::get_marketplace_participations, "getMarketplaceParticipations", 16'000, 15},
    {Operation::confirm_shipment, "confirmShipment", 2'000'000, 10},
};
}  // namespace

std::span<const Usage> usage_plans() {
    return plans;
}

const Usage& usage_of(Operation operation) {
    for (const Usage& plan : plans)
        if (plan.operation == operation) return plan;
    throw Bug("operation without a usage plan");
}

std::int64_t reserve_of(Priority priority, std::int64_t burst) {
    switch (priority) {
        case Priority::user:
            return 0;
        case Priority::poll:
            return std::min<std::int64_t>(2, burst / 4);
        case Priority::backfill:
            return burst * 2 / 5;
    }
    return burst;
}

std::int64_t tokens_at(const Bucket& bucket, const Limit& limit, Instant now) {
    const std::int64_t full = limit.burst * micro;
    const std::int64_t elapsed = std::max<std::int64_t>(0, (now - bucket.refilled_at).count());
    // A day is enough for any bucket to be full by the time it ends, and keeps products in range.
    const std::int64_t counted = std::min<std::int64_t>(elapsed, 86'400 * micro);
    const std::int64_t refill =
        counted / micro * limit.micro_per_second + counted % micro * limit.micro_per_second / micro;
    return std::min(full, bucket.micro_tokens + refill);
}

microseconds wait_for(const Bucket& bucket, const Limit& limit, std::int64_t reserve, Instant now) {
    microseconds wait{0};
    const std::int64_t missing = (reserve + 1) * micro - tokens_at(bucket, limit, now);
    if (missing > 0)
        wait =
            microseconds((missing * micro + limit.micro_per_second - 1) / limit.micro_per_second);
    if (bucket.blocked_until && *bucket.blocked_until > now)
        wait = std::max(wait, *bucket.blocked_until - now);
    return wait;
}

microseconds back_off(std::int64_t failures, microseconds base, microseconds cap,
                      std::uint64_t random) {
    const std::int64_t doublings = std::clamp<std::int64_t>(failures, 0, 20);
    const std::int64_t most = std::clamp<std::int64_t>(base.count() << doublings, 1, cap.count());
    // Never zero: a storm of immediate retries is what jitter is there to avoid.
    return microseconds(std::max<std::int64_t>(
        base.count() / 4,
        static_cast<std::int64_t>(random % static_cast<std::uint64_t>(most)) + 1));
}

microseconds throttle_wait(const Limit& limit, std::int64_t failures, std::uint64_t random) {
    const microseconds one_token((micro * micro + limit.micro_per_second - 1) /
                                 limit.micro_per_second);
    return std::max(one_token,
                    back_off(failures, std::chrono::seconds(1), std::chrono::minutes(15), random));
}

}  // namespace entrepot::amazon
