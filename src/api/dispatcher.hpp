// What is common to all routes: matching, session and rights, CSRF, idempotency keys, refusals in
// the audit, problem details.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "platform/http/server.hpp"
#include "platform/module.hpp"

namespace entrepot::api {

inline constexpr std::string_view prefix = "/api/v1";

namespace errors {
inline constexpr ErrorCode method_not_allowed{ErrorKind::invalid, "method_not_allowed"};
inline constexpr ErrorCode csrf{ErrorKind::forbidden, "csrf"};
inline constexpr ErrorCode second_factor_needed{ErrorKind::unauthenticated, "second_factor_needed"};
inline constexpr ErrorCode idempotency_key_reused{ErrorKind::conflict, "idempotency_key_reused"};
inline constexpr ErrorCode idempotency_in_progress{ErrorKind::conflict, "idempotency_in_progress"};
}  // namespace errors

/// How a request becomes somebody. Given by the account module.
struct Identity {
    /// Fills tenant, actor, rights, level and session of ctx from cookie or API key; an Error for
    /// broken credentials.
    std::function<Awaitable<Result<bool>>(Context&, const http::Request&)> authenticate;
    /// Token that a browser must send back in x-csrf-token, for this session cookie's value.
    std::function<std::string(std::string_view)> csrf_token;
    std::string session_cookie = "__Host-entrepot";
};

class Dispatcher {
public:
    Dispatcher(Services& services, std::vector<Module> modules, Identity identity);
    ~Dispatcher();
    Dispatcher(const Dispatcher&) = delete;
    Dispatcher& operator=(const Dispatcher&) = delete;

    /// Answers any request; never throws. Paths outside /api/v1: health, OpenAPI, metrics, the
    /// console's files.
    Awaitable<http::Response> dispatch(http::Request& request);
    /// Limits that the server needs before the body arrives.
    http::BodyPlan plan(http::Method method, std::string_view path) const;
    /// Whether the gate of the request's route would let it through. For the server, before it
    /// reads an upload; changes nothing and records nothing.
    Awaitable<bool> admits(const http::Request& request);
    std::span<const Module> modules() const { return modules_; }

private:
    struct Match;
    class Table;
    Awaitable<http::Response> dispatch_api(http::Request& request, Context& ctx);
    Awaitable<http::Response> answer(const http::Route& route, http::Request& request,
                                     Context& ctx);
    Awaitable<std::optional<Error>> refuse_at_gate(const http::Route& route,
                                                   const http::Request& request, Context& ctx);
    Awaitable<http::Response> call_once(const http::Route& route, http::Request& request,
                                        Context& ctx);
    Awaitable<http::Response> ready();

    Services& services_;
    std::vector<Module> modules_;
    Identity identity_;
    std::unique_ptr<Table> table_;
};

/// The OpenAPI 3.1 document of these modules, stable member order, ends with a newline.
std::string openapi_document(std::span<const Module> modules);

/// The version this binary was built as.
std::string_view version();

}  // namespace entrepot::api
