// argon2id under a limit: two at a time in this process, a short queue, then "busy". A hash takes
// 64 MiB and a fifth of a second, so without a limit a flood of sign-ins would be a memory bomb.
#pragma once

#include <cstdint>
#include <string>

#include "platform/context.hpp"

namespace entrepot::account {

inline constexpr std::size_t hash_parallel_max = 2;
inline constexpr std::size_t hash_queue_max = 32;

/// account.busy when the queue is full.
Awaitable<Result<std::string>> hash_password(Runtime& runtime, std::string password);
/// account.busy when the queue is full.
Awaitable<Result<bool>> verify_password(Runtime& runtime, std::string phc, std::string password);

/// A hash of nothing that anybody knows: what a sign-in of an unknown login is checked against, so
/// that it takes as long as that of a known one.
const std::string& dummy_hash();

/// Passwords checked by this process so far.
std::uint64_t hash_checks();

}  // namespace entrepot::account
