// Answers by tenant, and the coroutines that wait for one; these may live on any event loop.
#include "modules/insight/facts_memory.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <map>
#include <mutex>
#include <unordered_map>

namespace entrepot::insight {
namespace asio = boost::asio;

namespace {
constexpr std::size_t bytes_max = std::size_t{32} << 20;
/// Who has waited so long reads for itself: far longer than a report takes, and shorter than a
/// connection may stay idle in a transaction.
constexpr std::chrono::seconds wait_max{10};

struct Tenant {
    std::int64_t version = 0;
    std::uint64_t used = 0;  ///< the last question, in order of questions
    std::size_t bytes = 0;
    std::unordered_map<std::string, std::shared_ptr<const void>> answers;
};
}  // namespace

/// A question that somebody is reading the answer to. Guarded by Store::mutex.
struct FactsMemory::Flight {
    std::shared_ptr<const void> answer;
    bool ended = false;
    /// Each belongs to its waiter's loop.
    std::vector<std::shared_ptr<asio::steady_timer>> waiting;
};

struct FactsMemory::Store {
    std::mutex mutex;
    std::map<TenantId, Tenant> tenants;
    std::map<Question, std::shared_ptr<Flight>> flights;
    std::uint64_t questions = 0;
    std::size_t bytes = 0;

    void forget(std::map<TenantId, Tenant>::iterator tenant) {
        bytes -= tenant->second.bytes;
        tenants.erase(tenant);
    }
    void make_room() {
        while (bytes > bytes_max) {
            auto oldest = tenants.begin();
            for (auto at = tenants.begin(); at != tenants.end(); ++at)
                if (at->second.used < oldest->second.used) oldest = at;
            forget(oldest);
        }
    }
    std::shared_ptr<const void> find(const Question& question);
    void keep(const Question& question, std::shared_ptr<const void> answer, std::size_t size);
    void end(const Question& question, Flight& flight);
};

std::shared_ptr<const void> FactsMemory::Store::find(const Question& question) {
    const auto known = tenants.find(question.tenant);
    if (known == tenants.end() || known->second.version != question.version) return nullptr;
    known->second.used = ++questions;
    const auto answer = known->second.answers.find(question.key);
    return answer == known->second.answers.end() ? nullptr : answer->second;
}

void FactsMemory::Store::keep(const Question& question, std::shared_ptr<const void> answer,
                              std::size_t size) {
    auto known = tenants.find(question.tenant);
    // A report that began before the last change comes too late to be remembered.
    if (known != tenants.end() && known->second.version > question.version) return;
    if (known != tenants.end() && known->second.version < question.version) {
        forget(known);
        known = tenants.end();
    }
    if (known == tenants.end()) {
        known = tenants.emplace(question.tenant, Tenant{}).first;
        known->second.version = question.version;
    }
    known->second.used = ++questions;
    if (!known->second.answers.emplace(question.key, std::move(answer)).second) return;
    known->second.bytes += size;
    bytes += size;
    make_room();
}

/// Wakes who waits. Under the mutex: a waiter that is gone has taken itself off, so the loop that
/// is posted to still runs.
void FactsMemory::Store::end(const Question& question, Flight& flight) {
    flight.ended = true;
    flights.erase(question);
    for (const auto& timer : flight.waiting)
        asio::post(timer->get_executor(), [timer] { timer->cancel(); });
}

FactsMemory::Lead::Lead(Store& store, Question question, std::shared_ptr<Flight> flight)
    : store_(&store), question_(std::move(question)), flight_(std::move(flight)) {}
FactsMemory::Lead::Lead(Lead&&) noexcept = default;

FactsMemory::Lead::~Lead() {
    if (!flight_) return;
    const std::lock_guard lock(store_->mutex);
    store_->end(question_, *flight_);
}

void FactsMemory::Lead::keep(std::shared_ptr<const void> answer, std::size_t bytes) {
    const std::lock_guard lock(store_->mutex);
    store_->keep(question_, answer, bytes + question_.key.size());
    if (!flight_) return;
    flight_->answer = std::move(answer);
    store_->end(question_, *flight_);
    flight_.reset();
}

FactsMemory::FactsMemory() : store_(std::make_unique<Store>()) {}
FactsMemory::~FactsMemory() = default;

FactsMemory& FactsMemory::of_process() {
    static FactsMemory memory;
    return memory;
}

namespace {
/// A waiter in a flight, as long as it lives: also when its coroutine is thrown away.
template <class Flight>
struct Seat {
    Seat(std::mutex& m, Flight& f, std::shared_ptr<asio::steady_timer> t)
        : mutex(m), flight(f), timer(std::move(t)) {}
    Seat(const Seat&) = delete;
    Seat& operator=(const Seat&) = delete;
    ~Seat() {
        const std::lock_guard lock(mutex);
        std::erase(flight.waiting, timer);
    }
    std::mutex& mutex;
    Flight& flight;
    std::shared_ptr<asio::steady_timer> timer;
};
}  // namespace

Awaitable<FactsMemory::Asked> FactsMemory::ask(Question question) {
    const auto executor = co_await asio::this_coro::executor;
    std::shared_ptr<Flight> flight;
    std::shared_ptr<asio::steady_timer> timer;
    {
        const std::lock_guard lock(store_->mutex);
        if (auto known = store_->find(question)) co_return Asked{std::move(known), std::nullopt};
        auto& flying = store_->flights[question];
        if (!flying) {
            flying = std::make_shared<Flight>();
            co_return Asked{nullptr, Lead(*store_, std::move(question), flying)};
        }
        flight = flying;
        timer = std::make_shared<asio::steady_timer>(executor, wait_max);
        flight->waiting.push_back(timer);
    }
    const Seat<Flight> seat(store_->mutex, *flight, timer);
    boost::system::error_code ended;
    co_await timer->async_wait(asio::redirect_error(asio::use_awaitable, ended));
    if ((co_await asio::this_coro::cancellation_state).cancelled() != asio::cancellation_type::none)
        throw boost::system::system_error(asio::error::operation_aborted);
    const std::lock_guard lock(store_->mutex);
    if (flight->answer) co_return Asked{flight->answer, std::nullopt};
    co_return Asked{nullptr, Lead(*store_, std::move(question), nullptr)};
}

}  // namespace entrepot::insight
