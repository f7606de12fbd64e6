// When a clock is believed.
#include "vault/clock_guard.hpp"

#include <gtest/gtest.h>

namespace entrepot::vault {
namespace {
using std::chrono::hours, std::chrono::minutes, std::chrono::seconds;

ClockReading reading(std::chrono::microseconds now, std::chrono::microseconds database,
                     std::chrono::microseconds since_boot, const std::string& boot = "one") {
    const Instant start{hours(24 * 365 * 56)};
    return {start + now, {start + database, boot, since_boot.count()}};
}

TEST(ClockGuard, believes_a_clock_that_its_witnesses_confirm) {
    const auto last = reading({}, {}, {});
    EXPECT_EQ(judge(std::nullopt, last), ClockState::good);
    EXPECT_EQ(judge(last, reading(hours(6), hours(6), hours(6))), ClockState::good);
    // Off for a month: the database's clock has gone on, the machine has started anew.
    EXPECT_EQ(judge(last, reading(hours(720), hours(720), minutes(1), "two")), ClockState::good);
    EXPECT_EQ(judge(last, reading(-seconds(60), seconds(1), seconds(1))), ClockState::good);
}

TEST(ClockGuard, stops_at_a_jump_that_nobody_confirms) {
    const auto last = reading({}, {}, {});
    EXPECT_EQ(judge(last, reading(hours(25), hours(1), hours(1))), ClockState::good)
        << "a day of grace, and no more";
    EXPECT_EQ(judge(last, reading(hours(25) + seconds(1), hours(1), hours(1))),
              ClockState::forward);
    EXPECT_EQ(judge(last, reading(hours(960), hours(1), minutes(1), "two")), ClockState::forward);
    // The database runs on the same machine, whose clock was set; its uptime was not.
    EXPECT_EQ(judge(last, reading(hours(960), hours(960), hours(1))), ClockState::forward);
}

TEST(ClockGuard, stops_at_a_step_back_behind_the_mark) {
    const auto last = reading({}, {}, {});
    EXPECT_EQ(judge(last, reading(-seconds(61), seconds(1), seconds(1))), ClockState::back);
    EXPECT_EQ(judge(last, reading(-hours(960), -hours(960), hours(1))), ClockState::back);
}

}  // namespace
}  // namespace entrepot::vault
