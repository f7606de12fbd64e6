// Who asks what another is reading waits for it, on whichever loop; what goes wrong stays with the
// one that read.
#include "modules/insight/facts_memory.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <boost/system/system_error.hpp>

#include "platform/runtime/runtime.hpp"

namespace entrepot::insight {
namespace {

using Task = std::function<Awaitable<void>()>;

FactsMemory::Question question(std::int64_t version, const std::string& key = "q") {
    return {TenantId{}, version, key};
}
std::shared_ptr<const void> answer(int value) {
    return std::make_shared<const int>(value);
}
int value_of(const FactsMemory::Asked& asked) {
    return asked.answer ? *static_cast<const int*>(asked.answer.get()) : -1;
}
/// Lets others run until there are `count` of them.
Awaitable<void> until(const std::atomic<int>& number, int count) {
    while (number < count) co_await Runtime::sleep_for(std::chrono::nanoseconds(0));
}

/// Runs the tasks on two loops in turn; ends when all have.
void run_all(const std::vector<Task>& tasks) {
    Runtime runtime({.loops = 2, .cpu_threads = 1, .blocking_threads = 1});
    std::atomic<int> left = static_cast<int>(tasks.size());
    for (std::size_t i = 0; i < tasks.size(); ++i) {
        auto task = [&runtime, &left, body = tasks[i]]() -> Awaitable<void> {
            co_await body();
            if (--left == 0) runtime.stop();
        };
        runtime.spawn(i % 2, task, "test");
    }
    runtime.run();
    EXPECT_EQ(left, 0);
}

TEST(InsightMemory, one_reads_and_all_others_wait_for_it) {
    constexpr int everybody = 16;
    FactsMemory memory;
    std::atomic<int> asking = 0, reads = 0, told = 0;
    const Task ask = [&]() -> Awaitable<void> {
        ++asking;
        auto asked = co_await memory.ask(question(1));
        if (!asked.lead) {
            EXPECT_EQ(value_of(asked), 42);
            ++told;
            co_return;
        }
        ++reads;
        co_await until(asking, everybody);
        asked.lead->keep(answer(42), sizeof(int));
    };
    run_all(std::vector<Task>(everybody, ask));
    EXPECT_EQ(reads, 1);
    EXPECT_EQ(told, everybody - 1);
}

TEST(InsightMemory, a_reader_that_fails_fails_alone) {
    constexpr int everybody = 8;
    FactsMemory memory;
    std::atomic<int> asking = 0, failures = 0, good = 0;
    const Task ask = [&]() -> Awaitable<void> {
        ++asking;
        auto asked = co_await memory.ask(question(1));
        if (asked.lead) {
            co_await until(asking, everybody);
            if (failures++ == 0) co_return;
            asked.lead->keep(answer(42), sizeof(int));
        } else {
            EXPECT_EQ(value_of(asked), 42);
        }
        ++good;
    };
    run_all(std::vector<Task>(everybody, ask));
    EXPECT_EQ(good, everybody - 1);
    run_all(
        {[&]() -> Awaitable<void> { EXPECT_EQ(value_of(co_await memory.ask(question(1))), 42); }});
}

TEST(InsightMemory, another_version_or_question_is_not_the_same) {
    FactsMemory memory;
    std::atomic<int> reading = 0, asked_others = 0;
    const Task old = [&]() -> Awaitable<void> {
        auto asked = co_await memory.ask(question(1));
        EXPECT_TRUE(asked.lead);
        ++reading;
        co_await until(asked_others, 1);
        asked.lead->keep(answer(1), sizeof(int));
    };
    const Task others = [&]() -> Awaitable<void> {
        co_await until(reading, 1);
        ++asked_others;
        auto newer = co_await memory.ask(question(2));
        auto other = co_await memory.ask(question(1, "other"));
        EXPECT_TRUE(newer.lead);
        EXPECT_TRUE(other.lead);
        if (newer.lead) newer.lead->keep(answer(2), sizeof(int));
        EXPECT_EQ(value_of(co_await memory.ask(question(2))), 2);
    };
    run_all({old, others});
    // What was read of the older facts came before or after; it does not replace the newer.
    run_all({[&]() -> Awaitable<void> {
        EXPECT_EQ(value_of(co_await memory.ask(question(2))), 2);
        EXPECT_TRUE((co_await memory.ask(question(1))).lead);
    }});
}

TEST(InsightMemory, a_stop_ends_who_reads_and_who_waits) {
    FactsMemory memory;
    std::atomic<int> asking = 0, ended = 0;
    {
        Runtime runtime({.loops = 2, .cpu_threads = 1, .blocking_threads = 1});
        const auto ask = [&]() -> Awaitable<void> {
            ++asking;
            bool stopped = false;
            try {
                const auto asked = co_await memory.ask(question(1));
                co_await Runtime::sleep_for(std::chrono::hours(1));
            } catch (const boost::system::system_error&) {
                stopped = true;
            }
            if (stopped) ++ended;
        };
        for (std::size_t i = 0; i < 6; ++i) runtime.spawn(i % 2, ask, "test");
        const auto stop = [&]() -> Awaitable<void> {
            co_await until(asking, 6);
            runtime.stop();
        };
        runtime.spawn(0, stop, "test");
        runtime.run();
    }
    EXPECT_EQ(ended, 6);
    run_all({[&]() -> Awaitable<void> { EXPECT_TRUE((co_await memory.ask(question(1))).lead); }});
}

}  // namespace
}  // namespace entrepot::insight
