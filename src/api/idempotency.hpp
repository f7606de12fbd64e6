// Idempotency-Key on creating POSTs: the same key and body get the first answer again; the act
// happens once.
#pragma once

#include <optional>
#include <string>

#include "platform/http/types.hpp"

namespace entrepot::api {

struct IdempotentCall {
    std::string key;
    std::string route;
    const std::string& body;
};

/// Claims the key. The earlier answer when there is one; nothing when the call is to be made now;
/// an Error when the key was used for something else, or its first call has not ended.
Awaitable<Result<std::optional<http::Response>>> begin_idempotent(Context& ctx,
                                                                  const IdempotentCall& call);
Awaitable<void> finish_idempotent(Context& ctx, const IdempotentCall& call, int status,
                                  const std::string& body);
Awaitable<void> forget_idempotent(Context& ctx, const IdempotentCall& call);

}  // namespace entrepot::api
