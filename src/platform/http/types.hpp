// HTTP as modules see it: requests, responses, routes. No Beast in here.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "platform/context.hpp"

namespace entrepot::http {

enum class Method { get, post, put, del };
std::string_view method_name(Method method);

/// A parsed request. `path_values` come from the route's template, percent-decoded.
struct Request {
    Method method = Method::get;
    std::string path;
    std::string query;
    std::vector<std::pair<std::string, std::string>> query_values;  ///< decoded, in order
    std::vector<std::pair<std::string, std::string>> path_values;
    std::vector<std::pair<std::string, std::string>> headers;  ///< names in lower case
    std::string body;
    std::string body_file;  ///< set instead of body for routes that take uploads
    std::string remote_ip;

    std::string_view header(std::string_view lower_case_name) const;
    std::optional<std::string> cookie(std::string_view name) const;
};

/// Produces the next piece of a streamed body; nothing = end.
using NextChunk = std::function<Awaitable<std::optional<std::string>>()>;

struct Response {
    int status = 200;
    std::string content_type = "application/json";
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
    std::shared_ptr<const std::string> shared_body;  ///< instead of body: static assets
    NextChunk stream;                                ///< instead of body: chunked
};

/// What a route asks of the caller before its use case runs.
enum class Gate {
    open,      ///< anybody (sign-in, invitations, health)
    password,  ///< a session that has passed the password at least (second factor, sign-out)
    member,    ///< a full session or an API key, no particular permission
    permission,
};

using Handler = Awaitable<Response> (*)(Context&, const Request&);

/// One line of a module's route table.
struct Route {
    Method method;
    std::string_view path;  ///< "/orders/{id}/hold", below /api/v1
    Gate gate;
    Permission permission;
    Handler handler;
    std::string_view summary;
    /// JSON schema texts for OpenAPI; null = none.
    std::string (*input_schema)();
    std::string (*output_schema)();
    int success_status = 200;
    std::size_t body_limit = std::size_t{1} << 20;
    bool upload = false;          ///< the body is streamed to a file
    bool idempotent_key = false;  ///< honours Idempotency-Key
    std::string_view act = {};    ///< audit name of a refused call; empty = method and path
};

/// Problem details (RFC 9457) of an expected failure.
Response problem(const Error& error, std::string_view request_id);
int status_of(ErrorKind kind);

}  // namespace entrepot::http
