// One call to the API with all that belongs to it: token, bucket, headers, retries, verdict.
#pragma once

#include "channel/amazon/account.hpp"
#include "channel/amazon/reply.hpp"
#include "channel/amazon/transport.hpp"
#include "channel/amazon/usage.hpp"

namespace entrepot::amazon {

struct Call {
    Operation operation;
    Priority priority = Priority::poll;
    std::string path;  ///< with its query
    std::string body;  ///< JSON; not empty = POST
};

struct Reply {
    Verdict verdict;
    int status = 0;
    std::string request_id;
    std::string body;
    std::string content_type;
    std::chrono::microseconds wait{0};  ///< throttled, transient: not before

    bool ok() const { return verdict.outcome == Outcome::ok; }
};

/// Makes the call. Waits a little itself where that suffices; otherwise says how long to wait.
/// Refreshes the token once on 401 and 403. Repeats GETs a few times after resets and 5xx; a POST
/// never, because it may have been carried out.
Awaitable<Reply> call(Link& link, const Account& account, const Call& what);

/// Downloads a report document from its presigned address: no token, no bucket.
Awaitable<Reply> download(Link& link, const std::string& url);

/// What a failed reply becomes for a caller at a button.
Error error_of(const Reply& reply);

/// Forgets the cached access token of these credentials.
void forget_token(const Account& account);

}  // namespace entrepot::amazon
