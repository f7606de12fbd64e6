// Adding jobs and publishing events.
#include "platform/jobs/jobs.hpp"

#include <atomic>

#include "platform/jobs/store.hpp"

namespace entrepot::jobs {
namespace {
std::atomic<std::uint64_t> wake_count{0};
}

Registry& registry() {
    static Registry instance;
    return instance;
}

const Kind* Registry::find(std::string_view name) const {
    for (const Kind& kind : kinds)
        if (kind.name == name) return &kind;
    return nullptr;
}

void wake() {
    ++wake_count;
}
std::uint64_t wakes() {
    return wake_count;
}

void emit(pg::Transaction& tx, const Context& ctx, std::string_view event,
          const std::string& payload) {
    for (const Subscription& subscription : registry().subscriptions)
        if (subscription.event == event) enqueue(tx, ctx, subscription.kind, payload, ctx.now());
}

void enqueue(pg::Transaction& tx, const Context& ctx, std::string_view kind,
             const std::string& payload, Instant run_at, const std::string& unique_key) {
    const auto id = crypto::new_id<JobId>(ctx.now());
    if (unique_key.empty())
        tx.defer(store::insert_event, tx.tenant(), id, std::string(kind), pg::Json{payload}, run_at,
                 ctx.now());
    else
        tx.defer(store::insert_job, tx.tenant(), id, std::string(kind), unique_key,
                 pg::Json{payload}, run_at, ctx.now());
    tx.on_commit([] { wake(); });
}

void remove(pg::Transaction& tx, std::string_view kind, const std::string& unique_key) {
    tx.defer(store::remove_standing, tx.tenant(), std::string(kind), unique_key);
}

}  // namespace entrepot::jobs
