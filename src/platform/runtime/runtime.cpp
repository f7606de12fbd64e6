// Event loops, pools and the registry of running tasks.
#include "platform/runtime/runtime.hpp"

#include <boost/asio.hpp>
#include <list>
#include <mutex>
#include <thread>

#include "platform/runtime/clock.hpp"
#include "platform/telemetry/log.hpp"

namespace entrepot {
namespace asio = boost::asio;

Instant SystemClock::now() const {
    return std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now()) +
           offset_;
}

namespace {
using WorkGuard = asio::executor_work_guard<asio::io_context::executor_type>;

struct Loop {
    asio::io_context context{1};
    std::optional<WorkGuard> guard{asio::make_work_guard(context)};
    std::list<asio::cancellation_signal> signals;
    bool cancelled = false;
};

/// Moves the calling coroutine to `pool`, runs the work there, and comes back with its exception if
/// any.
Awaitable<void> run_in_pool(asio::thread_pool& pool, std::function<void()> work) {
    std::exception_ptr failure;
    auto job = [&]() -> Awaitable<void> {
        try {
            work();
        } catch (...) {
            failure = std::current_exception();
        }
        co_return;
    };
    // Not cancellable: `work` refers to the caller's frame, so the caller must outwait it.
    co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
    co_await asio::co_spawn(pool, std::move(job), asio::use_awaitable);
    co_await asio::this_coro::reset_cancellation_state(asio::enable_terminal_cancellation());
    if (failure) std::rethrow_exception(failure);
}
}  // namespace

struct Runtime::State {
    std::vector<std::unique_ptr<Loop>> loops;
    asio::thread_pool cpu;
    asio::thread_pool blocking;
    std::atomic<bool> stopping{false};
    std::atomic<int> live{0};

    State(std::size_t loop_count, std::size_t cpu_threads, std::size_t blocking_threads)
        : cpu(cpu_threads), blocking(blocking_threads) {
        for (std::size_t i = 0; i < loop_count; ++i) loops.push_back(std::make_unique<Loop>());
    }
};

namespace {
std::size_t or_cores(std::size_t wanted) {
    return wanted != 0 ? wanted : std::max(1U, std::thread::hardware_concurrency());
}
}  // namespace

Runtime::Runtime(Options options)
    : state_(std::make_unique<State>(or_cores(options.loops), or_cores(options.cpu_threads),
                                     options.blocking_threads)) {}

Runtime::~Runtime() {
    stop();
    state_->cpu.join();
    state_->blocking.join();
}

std::size_t Runtime::loop_count() const {
    return state_->loops.size();
}
asio::io_context& Runtime::loop(std::size_t index) {
    return state_->loops.at(index)->context;
}
bool Runtime::stopping() const {
    return state_->stopping;
}

void Runtime::spawn(std::size_t index, std::function<Awaitable<void>()> task, const char* name) {
    Loop& loop = *state_->loops.at(index);
    ++state_->live;
    asio::post(loop.context, [this, &loop, task = std::move(task), name]() mutable {
        const auto signal = loop.signals.emplace(loop.signals.end());
        auto done = [this, &loop, signal, name](const std::exception_ptr& failure) {
            loop.signals.erase(signal);
            --state_->live;
            if (!failure || state_->stopping) return;
            try {
                std::rethrow_exception(failure);
            } catch (const std::exception& e) {
                log::error("task_failed", {{"task", name}, {"what", e.what()}});
            }
        };
        // The function object must outlive the coroutine that it returns.
        auto body = [task = std::move(task)]() -> Awaitable<void> { co_await task(); };
        asio::co_spawn(loop.context, std::move(body),
                       asio::bind_cancellation_slot(signal->slot(), std::move(done)));
        if (loop.cancelled) signal->emit(asio::cancellation_type::terminal);
    });
}

void Runtime::run() {
    std::vector<std::thread> threads;
    for (std::size_t i = 1; i < state_->loops.size(); ++i)
        threads.emplace_back([this, i] { state_->loops[i]->context.run(); });
    state_->loops[0]->context.run();
    for (std::thread& thread : threads) thread.join();
}

void Runtime::stop() {
    if (state_->stopping.exchange(true)) return;
    for (auto& loop : state_->loops) {
        asio::post(loop->context, [this, l = loop.get()] {
            l->cancelled = true;
            for (auto& signal : l->signals) signal.emit(asio::cancellation_type::terminal);
            // Tasks get ten seconds to end; then their loop ends with them.
            auto timer = std::make_shared<asio::steady_timer>(l->context);
            auto ticks = std::make_shared<int>(0);
            auto tick = std::make_shared<std::function<void()>>();
            *tick = [this, l, timer, ticks, weak = std::weak_ptr(tick)] {
                if (state_->live == 0 || ++*ticks > 200) {
                    l->guard.reset();
                    l->context.stop();
                    return;
                }
                for (auto& signal : l->signals) signal.emit(asio::cancellation_type::terminal);
                timer->expires_after(std::chrono::milliseconds(50));
                timer->async_wait(
                    [keep = weak.lock()](const boost::system::error_code&) { (*keep)(); });
            };
            (*tick)();
        });
    }
}

Awaitable<void> Runtime::run_on_cpu(std::function<void()> work) {
    co_await run_in_pool(state_->cpu, std::move(work));
}
Awaitable<void> Runtime::run_blocking(std::function<void()> work) {
    co_await run_in_pool(state_->blocking, std::move(work));
}

Awaitable<void> Runtime::sleep_for(std::chrono::nanoseconds duration) {
    asio::steady_timer timer(co_await asio::this_coro::executor);
    timer.expires_after(duration);
    co_await timer.async_wait(asio::use_awaitable);
}

void run_to_end(Runtime& runtime, std::function<Awaitable<void>()> task) {
    std::exception_ptr failure;
    asio::io_context& loop = runtime.loop(0);
    loop.restart();
    bool finished = false;
    asio::co_spawn(loop, std::move(task), [&](const std::exception_ptr& e) {
        failure = e;
        finished = true;
    });
    while (!finished) loop.run_one();
    if (failure) std::rethrow_exception(failure);
}

}  // namespace entrepot
