// The arena of locked pages behind SecretKey.
#include "platform/crypto/secret.hpp"

#include <openssl/crypto.h>
#include <sys/mman.h>

#include <memory>
#include <mutex>

#include "base/result.hpp"
#include "platform/crypto/crypto.hpp"

namespace entrepot::crypto {
namespace {
constexpr std::size_t slab_size = std::size_t{64} << 10;

/// Slots of one key each, in slabs that are never given back: a process needs as many as it ever
/// held at once.
class Arena {
public:
    std::uint8_t* take() {
        const std::scoped_lock lock(mutex_);
        if (free_.empty()) grow();
        std::uint8_t* slot = free_.back();
        free_.pop_back();
        return slot;
    }
    void give_back(std::uint8_t* slot) noexcept {
        wipe(slot, SecretKey::size);
        const std::scoped_lock lock(mutex_);
        free_.push_back(slot);  // capacity was reserved when the slab was made
    }

private:
    void grow() {
        void* slab =
            mmap(nullptr, slab_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (slab == MAP_FAILED) throw std::bad_alloc();
        // Best effort: a small RLIMIT_MEMLOCK must not stop the program; core dumps and forks are
        // ruled out in any case.
        mlock(slab, slab_size);
        madvise(slab, slab_size, MADV_DONTDUMP);
        madvise(slab, slab_size, MADV_WIPEONFORK);
        slots_ += slab_size / SecretKey::size;
        free_.reserve(slots_);
        for (std::size_t at = 0; at < slab_size; at += SecretKey::size)
            free_.push_back(static_cast<std::uint8_t*>(slab) + at);
    }

    std::mutex mutex_;
    std::vector<std::uint8_t*> free_;
    std::size_t slots_ = 0;
};

/// Never destroyed: keys of static objects may end after it otherwise.
Arena& arena() {
    static auto* const kept = new Arena;
    return *kept;
}
}  // namespace

void wipe(void* data, std::size_t size) noexcept {
    if (size > 0) OPENSSL_cleanse(data, size);
}

SecretKey::SecretKey() : slot_(arena().take()) {}

SecretKey::~SecretKey() {
    if (slot_ != nullptr) arena().give_back(slot_);
}

SecretKey SecretKey::random() {
    SecretKey key;
    random_bytes(key.bytes());
    return key;
}

SecretKey SecretKey::of(std::span<const std::uint8_t> bytes) {
    ensure(bytes.size() == size, "a key has 32 bytes");
    SecretKey key;
    std::memcpy(key.slot_, bytes.data(), size);
    return key;
}

}  // namespace entrepot::crypto
