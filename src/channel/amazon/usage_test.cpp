// Buckets as properties: never above the burst, never a token from a clock that jumps about.
#include "channel/amazon/usage.hpp"

#include <gtest/gtest.h>

#include <random>

namespace entrepot::amazon {
namespace {
using namespace std::chrono;
__extension__ using Wide = __int128;

const Instant start = Instant{sys_days{year{2026} / 11 / 22}};

/// A bucket as the database keeps it, with the same steps as client.cpp takes.
struct Model {
    Limit limit;
    Bucket bucket;
    bool take(Instant now, std::int64_t reserve) {
        if (wait_for(bucket, limit, reserve, now).count() > 0) return false;
        bucket.micro_tokens = tokens_at(bucket, limit, now) - micro;
        bucket.refilled_at = std::max(now, bucket.refilled_at);
        return true;
    }
};

TEST(AmazonBucket, a_call_every_179_seconds_after_the_burst) {
    const Usage& plan = usage_of(Operation::search_orders);
    Model model{{plan.micro_per_second, plan.burst}, {plan.burst * micro, start, std::nullopt}};
    int at_once = 0;
    while (model.take(start, 0)) ++at_once;
    EXPECT_EQ(at_once, 20);
    int in_an_hour = 0;
    for (Instant now = start; now < start + hours(1); now += seconds(1))
        if (model.take(now, 0)) ++in_an_hour;
    EXPECT_EQ(in_an_hour, 20);
    EXPECT_EQ(ceil<seconds>(wait_for({0, start, std::nullopt}, model.limit, 0, start)).count(),
              179);
}

TEST(AmazonBucket, never_more_than_burst_plus_rate_whatever_the_clock_does) {
    std::mt19937_64 random(7);
    for (int round = 0; round < 200; ++round) {
        const Limit limit{static_cast<std::int64_t>(random() % 3'000'000 + 1),
                          static_cast<std::int64_t>(random() % 30 + 1)};
        Model model{limit, {limit.burst * micro, start, std::nullopt}};
        Instant now = start, latest = start;
        std::int64_t taken = 0;
        for (int step = 0; step < 500; ++step) {
            // Back as often as forth, up to five minutes.
            now += microseconds(static_cast<std::int64_t>(random() % 600'000'000) - 300'000'000);
            latest = std::max(latest, now);
            const std::int64_t tokens = tokens_at(model.bucket, limit, now);
            ASSERT_LE(tokens, limit.burst * micro);
            ASSERT_GE(tokens, 0);
            if (model.take(now, 0)) ++taken;
        }
        // What the furthest point in time allows, exactly.
        const auto allowed = Wide{limit.burst} * micro +
                             Wide{(latest - start).count()} * limit.micro_per_second / micro;
        ASSERT_LE(Wide{taken} * micro, allowed);
    }
}

TEST(AmazonBucket, a_step_back_adds_nothing) {
    const Limit limit{1'000'000, 10};
    const Bucket empty{0, start, std::nullopt};
    EXPECT_EQ(tokens_at(empty, limit, start - hours(1)), 0);
    EXPECT_EQ(tokens_at(empty, limit, start), 0);
    EXPECT_EQ(tokens_at(empty, limit, start + seconds(3)), 3 * micro);
    EXPECT_EQ(tokens_at(empty, limit, start + days(400)), 10 * micro);
}

TEST(AmazonBucket, those_in_the_background_leave_some_for_people) {
    const std::int64_t burst = 20;
    EXPECT_EQ(reserve_of(Priority::user, burst), 0);
    EXPECT_EQ(reserve_of(Priority::poll, burst), 2);
    EXPECT_EQ(reserve_of(Priority::backfill, burst), 8);
    Model model{{5'600, burst}, {burst * micro, start, std::nullopt}};
    int backfill = 0, poll = 0, user = 0;
    while (model.take(start, reserve_of(Priority::backfill, burst))) ++backfill;
    while (model.take(start, reserve_of(Priority::poll, burst))) ++poll;
    while (model.take(start, reserve_of(Priority::user, burst))) ++user;
    EXPECT_EQ(backfill, 12);
    EXPECT_EQ(poll, 6);
    EXPECT_EQ(user, 2);
}

TEST(AmazonBucket, a_429_is_waited_out_whatever_the_tokens_say) {
    const Limit limit{500'000, 30};
    const Bucket blocked{30 * micro, start, start + seconds(90)};
    EXPECT_EQ(wait_for(blocked, limit, 0, start), seconds(90));
    EXPECT_EQ(wait_for(blocked, limit, 0, start + seconds(91)).count(), 0);
    for (std::uint64_t random : {std::uint64_t{0}, std::uint64_t{12345}, ~std::uint64_t{0}})
        EXPECT_GE(throttle_wait(limit, 3, random), seconds(2));
    EXPECT_GE(throttle_wait({5'600, 20}, 0, 0), seconds(178));
}

TEST(AmazonBackOff, grows_jitters_and_is_capped) {
    std::mt19937_64 random(3);
    microseconds largest{0};
    for (int i = 0; i < 2000; ++i) {
        const auto first = back_off(0, seconds(1), minutes(15), random());
        EXPECT_GE(first, milliseconds(250));
        EXPECT_LE(first, seconds(1));
        const auto later = back_off(40, seconds(1), minutes(15), random());
        EXPECT_LE(later, minutes(15));
        largest = std::max(largest, later);
    }
    EXPECT_GT(largest, minutes(10));
}

TEST(AmazonUsage, every_operation_has_a_plan_of_the_model) {
    EXPECT_EQ(usage_plans().size(), 8U);
    EXPECT_EQ(usage_of(Operation::search_orders).micro_per_second, 5'600);
    EXPECT_EQ(usage_of(Operation::get_order).burst, 30);
    EXPECT_EQ(usage_of(Operation::create_report).micro_per_second, 16'700);
}

}  // namespace
}  // namespace entrepot::amazon
