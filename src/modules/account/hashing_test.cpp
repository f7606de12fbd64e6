// The limit on password hashes, with waiters on several loops.
#include "modules/account/hashing.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "modules/account/account.hpp"
#include "platform/runtime/runtime.hpp"

namespace entrepot::account {
namespace {

/// The form of a real one at a thousandth of its cost.
std::string cheap_hash() {
    std::string out = crypto::unmatchable_hash();
    const std::string_view cost = "m=65536,t=2";
    const auto at = out.find(cost);
    EXPECT_NE(at, std::string::npos) << out;
    return out.replace(at, cost.size(), "m=1024,t=1");
}

struct Outcome {
    std::atomic<int> checked{0}, busy{0}, wrong{0}, left{0};
};

/// Starts `tasks` checks on each loop and runs until all have an answer.
void flood(int tasks, std::size_t loops, Outcome& outcome) {
    Runtime runtime({.loops = loops, .cpu_threads = 4, .blocking_threads = 1});
    const std::string hash = cheap_hash();
    outcome.left = tasks * static_cast<int>(loops);
    for (std::size_t loop = 0; loop < loops; ++loop) {
        for (int i = 0; i < tasks; ++i) {
            runtime.spawn(
                loop,
                [&]() -> Awaitable<void> {
                    const auto result = co_await verify_password(runtime, hash, "anything");
                    if (result.has_value())
                        ++(*result ? outcome.wrong : outcome.checked);
                    else
                        ++outcome.busy;
                    if (--outcome.left == 0) runtime.stop();
                },
                "test_hash");
        }
    }
    runtime.run();
}

TEST(AccountHashing, a_flood_from_several_loops_is_answered_and_loses_no_turn) {
    for (int round = 0; round < 5; ++round) {
        Outcome outcome;
        flood(100, 3, outcome);
        EXPECT_EQ(outcome.left, 0);
        EXPECT_EQ(outcome.wrong, 0);
        EXPECT_EQ(outcome.checked + outcome.busy, 300);
        EXPECT_GE(outcome.checked, static_cast<int>(hash_parallel_max + hash_queue_max));
        EXPECT_GE(outcome.busy, 1);
    }
    // Every turn came back: what fits the limit is admitted whole.
    Outcome after;
    flood(static_cast<int>(hash_parallel_max + hash_queue_max), 1, after);
    EXPECT_EQ(after.busy, 0);
    EXPECT_EQ(after.checked, static_cast<int>(hash_parallel_max + hash_queue_max));
}

TEST(AccountHashing, waiters_that_are_stopped_give_their_turn_back) {
    {
        Runtime runtime({.loops = 1, .cpu_threads = 2, .blocking_threads = 1});
        const std::string hash = crypto::unmatchable_hash();
        for (int i = 0; i < 30; ++i)
            runtime.spawn(
                0,
                [&]() -> Awaitable<void> {
                    (void)co_await verify_password(runtime, hash, "anything");
                },
                "test_hash");
        std::thread stopper([&] {
            std::this_thread::sleep_for(std::chrono::milliseconds(30));
            runtime.stop();
        });
        runtime.run();
        stopper.join();
    }
    Outcome after;
    flood(static_cast<int>(hash_parallel_max + hash_queue_max), 1, after);
    EXPECT_EQ(after.busy, 0);
}

TEST(AccountHashing, the_dummy_costs_what_a_password_costs_and_fits_none) {
    const std::string real = crypto::hash_password("rT7;vQ2_kW9x");
    EXPECT_EQ(dummy_hash().substr(0, dummy_hash().rfind("p=1$")),
              real.substr(0, real.rfind("p=1$")));
    EXPECT_EQ(dummy_hash().size(), real.size());
    EXPECT_FALSE(crypto::verify_password(dummy_hash(), ""));
    EXPECT_FALSE(crypto::verify_password(dummy_hash(), "rT7;vQ2_kW9x"));
    EXPECT_TRUE(crypto::verify_password(real, "rT7;vQ2_kW9x"));
}

}  // namespace
}  // namespace entrepot::account
