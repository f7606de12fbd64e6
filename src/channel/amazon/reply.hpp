// What an answer of LWA or the API means for us: the error table of spapi-facts §5.
// Decided by HTTP status first, by code second, never by text.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace entrepot::amazon {

enum class Outcome {
    ok,
    throttled,     ///< 429, or our own bucket: wait
    transient,     ///< 5xx, reset, truncated: try again later
    unauthorised,  ///< LWA refuses the credentials: a person must act
    forbidden,     ///< 401, 403 with a fresh token: a person must act
    not_found,
    bad_request,
};

struct Verdict {
    Outcome outcome = Outcome::ok;
    ErrorCode code{ErrorKind::unavailable, ""};
    std::string words;  ///< for people: what Amazon said and what to do
};

/// An answer of the API.
Verdict judge_api(int status, std::string_view body);
/// An answer of the token endpoint.
Verdict judge_lwa(int status, std::string_view body);
/// First "code: message" of an error body, or "".
std::string error_text(std::string_view body);

}  // namespace entrepot::amazon
