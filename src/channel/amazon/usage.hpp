// What may be called how often: operations with their usage plans, priorities with their reserves,
// and how long to wait after a failure. Pure; the buckets themselves live in the database.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "base/time.hpp"

namespace entrepot::amazon {

enum class Operation {
    search_orders,
    get_order,
    create_report,
    get_report,
    get_reports,
    get_report_document,
    get_marketplace_participations,
    confirm_shipment,
};

/// A usage plan as spapi-facts §6 states it, in millionths so that 0.0056 a second is exact.
struct Usage {
    Operation operation;
    std::string_view name;  ///< Amazon's operationId
    std::int64_t micro_per_second;
    std::int64_t burst;
};
std::span<const Usage> usage_plans();
const Usage& usage_of(Operation operation);

/// Who asks: a person at a button, the regular poll, or work in the background.
enum class Priority { user, poll, backfill };

/// Calls that must remain in the bucket for those with more right to them.
std::int64_t reserve_of(Priority priority, std::int64_t burst);

/// A bucket as stored.
struct Bucket {
    std::int64_t micro_tokens;
    Instant refilled_at;
    std::optional<Instant> blocked_until;
};
/// Rate and size in force.
struct Limit {
    std::int64_t micro_per_second;
    std::int64_t burst;
};
inline constexpr std::int64_t micro = 1'000'000;

/// Tokens at `now`: never above the burst; a clock that steps back adds none.
std::int64_t tokens_at(const Bucket& bucket, const Limit& limit, Instant now);
/// How long until a call with this reserve is allowed; zero = now.
std::chrono::microseconds wait_for(const Bucket& bucket, const Limit& limit, std::int64_t reserve,
                                   Instant now);

/// Full jitter: a random part of base·2^failures, capped. `random` is any 64 random bits.
std::chrono::microseconds back_off(std::int64_t failures, std::chrono::microseconds base,
                                   std::chrono::microseconds cap, std::uint64_t random);
/// After a 429: at least the time that one token takes, at least the back-off; Amazon's rate header
/// is absent on 429 and never consulted.
std::chrono::microseconds throttle_wait(const Limit& limit, std::int64_t failures,
                                        std::uint64_t random);

}  // namespace entrepot::amazon
