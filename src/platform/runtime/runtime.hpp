// Threads: one single-threaded event loop per core, a pool for CPU work, a pool for blocking calls.
// A coroutine stays on the loop it was started on, so objects of one loop need no locks.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <type_traits>

namespace boost::asio {
class io_context;
}

namespace entrepot {

template <class T>
using Awaitable = boost::asio::awaitable<T>;

class Runtime {
public:
    struct Options {
        std::size_t loops = 0;        ///< 0 = number of cores
        std::size_t cpu_threads = 0;  ///< 0 = number of cores
        std::size_t blocking_threads = 8;
    };
    explicit Runtime(Options options);
    ~Runtime();
    Runtime(const Runtime&) = delete;
    Runtime& operator=(const Runtime&) = delete;

    std::size_t loop_count() const;
    boost::asio::io_context& loop(std::size_t index);

    /// Starts a task on a loop. It belongs to the runtime: stop() asks it to end by cancelling its
    /// waits.
    void spawn(std::size_t loop, std::function<Awaitable<void>()> task, const char* name);

    /// Runs all loops; returns after stop() once every task has ended or `grace` has passed.
    void run();
    /// Asks all tasks to stop. Safe from any thread and from a signal handler's thread. Idempotent.
    void stop();
    bool stopping() const;

    /// Runs `work` on the CPU pool / blocking pool and resumes the caller on its own loop.
    Awaitable<void> run_on_cpu(std::function<void()> work);
    Awaitable<void> run_blocking(std::function<void()> work);

    template <class F>
    auto on_cpu(F work) -> Awaitable<std::invoke_result_t<F>> {
        std::optional<std::invoke_result_t<F>> out;
        std::function<void()> call = [&] { out.emplace(work()); };
        co_await run_on_cpu(std::move(call));
        co_return std::move(*out);
    }
    template <class F>
    auto on_blocking(F work) -> Awaitable<std::invoke_result_t<F>> {
        std::optional<std::invoke_result_t<F>> out;
        std::function<void()> call = [&] { out.emplace(work()); };
        co_await run_blocking(std::move(call));
        co_return std::move(*out);
    }

    /// Waits on the current loop; ends early with an exception when the runtime stops.
    static Awaitable<void> sleep_for(std::chrono::nanoseconds duration);

private:
    struct State;
    std::unique_ptr<State> state_;
};

/// Runs one coroutine to its end on a private loop: tests and one-shot commands.
void run_to_end(Runtime& runtime, std::function<Awaitable<void>()> task);

}  // namespace entrepot
