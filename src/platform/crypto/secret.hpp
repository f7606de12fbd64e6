// Memory for secrets: keys in pages that are locked, left out of core dumps and lost on fork; texts
// that are wiped before their memory is given back.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <new>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace entrepot::crypto {

/// Overwrites memory in a way that the compiler keeps.
void wipe(void* data, std::size_t size) noexcept;

/// 32 secret bytes. They live in a locked page (as far as RLIMIT_MEMLOCK allows) that core dumps
/// leave out and a forked child finds empty, and are wiped when the key's life ends. Moves, never
/// copies by itself: `clone` says so. Safe to make and drop on any thread.
class SecretKey {
public:
    static constexpr std::size_t size = 32;

    SecretKey();  ///< 32 zero bytes, to be filled
    /// From the system's random source.
    static SecretKey random();
    /// Exactly 32 bytes, else a bug.
    static SecretKey of(std::span<const std::uint8_t> bytes);
    SecretKey clone() const { return of(bytes()); }

    SecretKey(SecretKey&& other) noexcept : slot_(std::exchange(other.slot_, nullptr)) {}
    SecretKey& operator=(SecretKey&& other) noexcept {
        std::swap(slot_, other.slot_);
        return *this;
    }
    SecretKey(const SecretKey&) = delete;
    SecretKey& operator=(const SecretKey&) = delete;
    ~SecretKey();

    std::span<const std::uint8_t, size> bytes() const {
        return std::span<const std::uint8_t, size>(slot_, size);
    }
    std::span<std::uint8_t, size> bytes() { return std::span<std::uint8_t, size>(slot_, size); }
    std::string_view view() const { return {reinterpret_cast<const char*>(slot_), size}; }

private:
    std::uint8_t* slot_;
};

/// Gives memory back only after it has been wiped.
template <class T>
struct WipingAllocator {
    using value_type = T;
    WipingAllocator() = default;
    template <class U>
    explicit WipingAllocator(const WipingAllocator<U>&) {}
    T* allocate(std::size_t count) { return std::allocator<T>{}.allocate(count); }
    void deallocate(T* data, std::size_t count) noexcept {
        wipe(data, count * sizeof(T));
        std::allocator<T>{}.deallocate(data, count);
    }
    friend bool operator==(const WipingAllocator&, const WipingAllocator&) { return true; }
};

/// Bytes that are wiped when they are let go, on growth too. A vector: a string would keep short
/// ones inside itself, where nobody wipes them.
using SecretBytes = std::vector<char, WipingAllocator<char>>;

inline std::string_view view(const SecretBytes& bytes) {
    return {bytes.data(), bytes.size()};
}
inline SecretBytes secret_bytes(std::string_view text) {
    return {text.begin(), text.end()};
}

}  // namespace entrepot::crypto
