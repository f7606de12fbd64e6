// What a process remembers of facts.
#include "modules/insight/facts_reader.hpp"

#include <map>
#include <mutex>
#include <unordered_map>

namespace entrepot::insight::detail {
namespace {
constexpr std::size_t bytes_max = std::size_t{32} << 20;

struct Tenant {
    std::int64_t version = 0;
    std::uint64_t used = 0;  ///< the last question, in order of questions
    std::size_t bytes = 0;
    std::unordered_map<std::string, std::shared_ptr<const void>> answers;
};
}  // namespace

struct FactsMemory::Store {
    std::mutex mutex;
    std::map<TenantId, Tenant> tenants;
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
};

FactsMemory::FactsMemory() : store_(std::make_unique<Store>()) {}
FactsMemory::~FactsMemory() = default;

FactsMemory& FactsMemory::of_process() {
    static FactsMemory memory;
    return memory;
}

std::shared_ptr<const void> FactsMemory::find(TenantId tenant, std::int64_t version,
                                              const std::string& key) {
    const std::lock_guard lock(store_->mutex);
    const auto known = store_->tenants.find(tenant);
    if (known == store_->tenants.end() || known->second.version != version) return nullptr;
    known->second.used = ++store_->questions;
    const auto answer = known->second.answers.find(key);
    return answer == known->second.answers.end() ? nullptr : answer->second;
}

void FactsMemory::keep(TenantId tenant, std::int64_t version, const std::string& key,
                       std::shared_ptr<const void> answer, std::size_t bytes) {
    const std::lock_guard lock(store_->mutex);
    auto known = store_->tenants.find(tenant);
    // A report that began before the last change comes too late to be remembered.
    if (known != store_->tenants.end() && known->second.version > version) return;
    if (known != store_->tenants.end() && known->second.version < version) {
        store_->forget(known);
        known = store_->tenants.end();
    }
    if (known == store_->tenants.end()) {
        known = store_->tenants.emplace(tenant, Tenant{}).first;
        known->second.version = version;
    }
    known->second.used = ++store_->questions;
    if (!known->second.answers.emplace(key, std::move(answer)).second) return;
    known->second.bytes += bytes;
    store_->bytes += bytes;
    store_->make_room();
}

}  // namespace entrepot::insight::detail
