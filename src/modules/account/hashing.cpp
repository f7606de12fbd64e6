// A semaphore whose waiters may live on any event loop.
#include "modules/account/hashing.hpp"

#include <atomic>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <deque>
#include <mutex>

#include "modules/account/account.hpp"
#include "platform/runtime/runtime.hpp"

namespace entrepot::account {
namespace asio = boost::asio;

namespace {
std::atomic<std::uint64_t> checks{0};

/// A coroutine that waits for its turn. The timer belongs to the waiter's loop.
struct Waiter {
    explicit Waiter(const asio::any_io_executor& executor)
        : timer(executor, asio::steady_timer::time_point::max()) {}
    asio::steady_timer timer;
    bool granted = false;  ///< guarded by Turns::mutex
};

struct Turns {
    std::mutex mutex;
    std::size_t running = 0;
    std::deque<std::shared_ptr<Waiter>> queue;
};
Turns& turns() {
    static Turns instance;
    return instance;
}

/// Hands the turn to the first waiter, or gives it back.
void release() {
    Turns& all = turns();
    const std::lock_guard lock(all.mutex);
    if (all.queue.empty()) {
        --all.running;
        return;
    }
    auto next = std::move(all.queue.front());
    all.queue.pop_front();
    next->granted = true;
    asio::post(next->timer.get_executor(), [next] { next->timer.cancel(); });
}

struct Turn {
    Turn() = default;
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;
    ~Turn() {
        if (held) release();
    }
    bool held = false;
};

/// A waiter that is told to stop leaves the queue, or passes on the turn that it just got.
void give_up(const std::shared_ptr<Waiter>& waiter) {
    Turns& all = turns();
    {
        const std::lock_guard lock(all.mutex);
        std::erase(all.queue, waiter);
        if (!waiter->granted) return;
    }
    release();
}

Awaitable<bool> take(Turn& turn) {
    Turns& all = turns();
    std::shared_ptr<Waiter> waiter;
    const auto executor = co_await asio::this_coro::executor;
    {
        const std::lock_guard lock(all.mutex);
        if (all.running < hash_parallel_max) {
            ++all.running;
            turn.held = true;
            co_return true;
        }
        if (all.queue.size() >= hash_queue_max) co_return false;
        waiter = std::make_shared<Waiter>(executor);
        all.queue.push_back(waiter);
    }
    std::exception_ptr failure;
    try {
        boost::system::error_code ended;
        co_await waiter->timer.async_wait(asio::redirect_error(asio::use_awaitable, ended));
        const std::lock_guard lock(all.mutex);
        turn.held = waiter->granted;
    } catch (...) {
        failure = std::current_exception();
    }
    if (turn.held && !failure) co_return true;
    give_up(waiter);
    if (failure) std::rethrow_exception(failure);
    throw boost::system::system_error(asio::error::operation_aborted);
}

Error busy() {
    Error error = make_error(errors::busy, "too many sign-ins at this moment; try again shortly");
    error.retry_after_s = 5;
    return error;
}
}  // namespace

Awaitable<Result<std::string>> hash_password(Runtime& runtime, std::string password) {
    Turn turn;
    if (!co_await take(turn)) co_return busy();
    auto work = [&password] { return crypto::hash_password(password); };
    co_return co_await runtime.on_cpu(work);
}

Awaitable<Result<bool>> verify_password(Runtime& runtime, std::string phc, std::string password) {
    Turn turn;
    if (!co_await take(turn)) co_return busy();
    ++checks;
    auto work = [&] { return crypto::verify_password(phc, password); };
    co_return co_await runtime.on_cpu(work);
}

const std::string& dummy_hash() {
    static const std::string hash = crypto::unmatchable_hash();
    return hash;
}

std::uint64_t hash_checks() {
    return checks;
}

}  // namespace entrepot::account
