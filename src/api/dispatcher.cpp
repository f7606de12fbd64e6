// One way through for every request.
#include "api/dispatcher.hpp"

#include <boost/json.hpp>

#include "api/console.hpp"
#include "api/idempotency.hpp"
#include "api/metrics.hpp"
#include "api/route_table.hpp"
#include "platform/audit/audit.hpp"
#include "platform/audit/sealing_state.hpp"
#include "platform/json/reader.hpp"
#include "platform/telemetry/log.hpp"

namespace entrepot::api {
using http::Gate;
using http::Method;
using http::Request;
using http::Response;
using http::Route;

class Dispatcher::Table : public RouteTable {
public:
    using RouteTable::RouteTable;
};

namespace {
const pg::Statement<std::int64_t()> ping{"platform.ping", "select 1::int8"};

void add_safety_headers(Response& response, const std::string& request_id) {
    response.headers.emplace_back("x-request-id", request_id);
    response.headers.emplace_back("x-content-type-options", "nosniff");
    response.headers.emplace_back("strict-transport-security",
                                  "max-age=31536000; includeSubDomains");
    response.headers.emplace_back("referrer-policy", "no-referrer");
    for (const auto& [name, value] : response.headers)
        if (name == "cache-control") return;
    response.headers.emplace_back("cache-control", "no-store");
}

/// Browsers say where a request comes from; anything but our own pages may not change state.
bool is_foreign_origin(const Request& request) {
    const auto site = request.header("sec-fetch-site");
    if (!site.empty() && site != "same-origin" && site != "none") return true;
    const auto origin = request.header("origin");
    if (origin.empty()) return false;
    const auto scheme_end = origin.find("://");
    return scheme_end == std::string_view::npos ||
           origin.substr(scheme_end + 3) != request.header("host");
}

std::string object_id_of(const Request& request) {
    for (const auto& [name, value] : request.path_values)
        if (name == "id") return value.substr(0, 100);
    return {};
}

Response plain(int status, std::string type, std::string body) {
    Response response;
    response.status = status;
    response.content_type = std::move(type);
    response.body = std::move(body);
    return response;
}
}  // namespace

Dispatcher::Dispatcher(Services& services, std::vector<Module> modules, Identity identity)
    : services_(services),
      modules_(std::move(modules)),
      identity_(std::move(identity)),
      table_(std::make_unique<Table>(modules_)) {}
Dispatcher::~Dispatcher() = default;

http::BodyPlan Dispatcher::plan(Method method, std::string_view path) const {
    if (!path.starts_with(prefix)) return {std::size_t{64} << 10, false};
    std::vector<std::pair<std::string, std::string>> values;
    const auto found = table_->find(method, path.substr(prefix.size()), values);
    if (found.route == nullptr) return {std::size_t{64} << 10, false};
    return {found.route->body_limit, found.route->upload};
}

Awaitable<bool> Dispatcher::admits(const Request& request) {
    std::vector<std::pair<std::string, std::string>> values;
    if (!request.path.starts_with(prefix)) co_return false;
    const auto found =
        table_->find(request.method, std::string_view(request.path).substr(prefix.size()), values);
    if (found.route == nullptr) co_return false;
    Context ctx(services_);
    ctx.remote_ip = request.remote_ip;
    ctx.user_agent = std::string(request.header("user-agent"));
    try {
        co_return !co_await refuse_at_gate(*found.route, request, ctx);
    } catch (const std::exception&) {
        co_return false;
    }
}

Awaitable<Response> Dispatcher::dispatch(Request& request) {
    Context ctx(services_);
    ctx.request_id = crypto::random_token(12);
    ctx.remote_ip = request.remote_ip;
    ctx.user_agent = std::string(request.header("user-agent"));
    const Stopwatch watch;
    Response response;
    if (request.path.starts_with(prefix) &&
        (request.path.size() == prefix.size() || request.path[prefix.size()] == '/'))
        response = co_await dispatch_api(request, ctx);
    else if (request.path == "/healthz")
        response = plain(200, "application/json", R"({"status":"ok"})");
    else if (request.path == "/readyz")
        response = co_await ready();
    else if (request.path == "/metrics")
        response = plain(200, "text/plain; version=0.0.4", metrics_text());
    else if (request.path == "/openapi.json")
        response = plain(200, "application/json", openapi_document(modules_));
    else if (request.path == "/version")
        response =
            plain(200, "application/json", R"({"version":")" + std::string(version()) + "\"}");
    else
        response = console_file(request);
    count_request(response.status, watch);
    add_safety_headers(response, ctx.request_id);
    co_return response;
}

namespace {
std::string_view sealing_word() {
    const auto state = audit::sealing_state();
    if (!state.fault.empty()) return "not_sealed";
    if (!state.copy_fault.empty()) return "not_copied";
    return state.runs ? "sealed" : "sealed_elsewhere";
}
}  // namespace

Awaitable<Response> Dispatcher::ready() {
    bool good = false;
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<bool>> {
        co_return co_await tx.one(ping) == 1;
    };
    try {
        const auto result = co_await services_.db.global(body, pg::Access::read_only);
        good = result.has_value() && *result;
    } catch (const std::exception&) {
        good = false;
    }
    // A node whose sealing or copy is at fault serves on: acts are recorded all the same.
    if (good)
        co_return plain(200, "application/json",
                        R"({"status":"ready","audit":")" + std::string(sealing_word()) + "\"}");
    co_return plain(503, "application/json", R"({"status":"database unavailable"})");
}

Awaitable<Response> Dispatcher::dispatch_api(Request& request, Context& ctx) {
    const auto found = table_->find(
        request.method, std::string_view(request.path).substr(prefix.size()), request.path_values);
    if (found.route == nullptr && found.allowed.empty())
        co_return http::problem(make_error(entrepot::errors::not_found, "there is no such address"),
                                ctx.request_id);
    if (found.route == nullptr) {
        Response response =
            http::problem(make_error(errors::method_not_allowed,
                                     "this address does not take " +
                                         std::string(http::method_name(request.method))),
                          ctx.request_id);
        response.status = 405;
        response.headers.emplace_back("allow", found.allowed);
        co_return response;
    }
    std::exception_ptr failure;
    Response response;
    try {
        response = co_await answer(*found.route, request, ctx);
    } catch (...) {
        failure = std::current_exception();
    }
    if (!failure) co_return response;
    try {
        std::rethrow_exception(failure);
    } catch (const pg::Unavailable& e) {
        log::warning("database_unavailable", {{"request_id", ctx.request_id}, {"what", e.what()}});
        Error error = make_error(entrepot::errors::unavailable,
                                 "the database does not answer at the moment; nothing was changed");
        error.retry_after_s = 2;
        co_return http::problem(error, ctx.request_id);
    } catch (const std::exception& e) {
        log::error(
            "request_failed",
            {{"request_id", ctx.request_id}, {"route", found.route->path}, {"what", e.what()}});
    }
    Response bare = plain(
        500, "application/problem+json",
        R"({"type":"about:blank","title":"Internal error","status":500,"code":"internal",)"
        R"("detail":"something went wrong here; the request changed nothing","request_id":")" +
            ctx.request_id + R"(","errors":[]})");
    co_return bare;
}

Awaitable<Response> Dispatcher::answer(const Route& route, Request& request, Context& ctx) {
    auto refusal = co_await refuse_at_gate(route, request, ctx);
    Response response;
    if (refusal)
        response = http::problem(*refusal, ctx.request_id);
    else if (route.idempotent_key && !request.header("idempotency-key").empty())
        response = co_await call_once(route, request, ctx);
    else
        response = co_await route.handler(ctx, request);
    if (response.status == 200) response.status = route.success_status;
    const bool refused = response.status >= 400 && response.status < 500;
    const bool matters = request.method != Method::get || response.status == 403;
    if (refused && matters && !ctx.tenant.value.is_nil()) {
        const std::string act = !route.act.empty() ? std::string(route.act)
                                                   : std::string(http::method_name(route.method)) +
                                                         ' ' + std::string(route.path);
        std::string code = "refused";
        for (const auto& [name, value] : response.headers)
            if (name == "x-problem-code") code = value;
        co_await audit::refused(ctx, {act, "route", object_id_of(request), "{}"}, code);
    }
    std::erase_if(response.headers,
                  [](const auto& header) { return header.first == "x-problem-code"; });
    co_return response;
}

Awaitable<std::optional<Error>> Dispatcher::refuse_at_gate(const Route& route,
                                                           const Request& request, Context& ctx) {
    const auto session = request.cookie(identity_.session_cookie);
    const bool bearer = !request.header("authorization").empty();
    const bool changes = request.method != Method::get;
    if (changes && !bearer && is_foreign_origin(request))
        co_return make_error(errors::csrf,
                             "the request does not come from this product's own pages");
    if (session || bearer) {
        auto known = co_await identity_.authenticate(ctx, request);
        if (known.has_error() && route.gate != Gate::open) co_return known.error();
    }
    if (route.gate == Gate::open) co_return std::nullopt;
    if (ctx.level == SessionLevel::none)
        co_return make_error(entrepot::errors::unauthenticated, "sign in first");
    if (changes && !bearer) {
        const std::string expected = identity_.csrf_token(*session);
        if (!crypto::equal_constant_time(request.header("x-csrf-token"), expected))
            co_return make_error(
                errors::csrf,
                "header x-csrf-token does not match the session; read it from GET /session");
    }
    if (route.gate == Gate::password) co_return std::nullopt;
    if (ctx.level != SessionLevel::full)
        co_return make_error(errors::second_factor_needed,
                             "finish signing in with the second factor");
    if (route.gate == Gate::permission && !ctx.may(route.permission))
        co_return make_error(
            entrepot::errors::forbidden,
            "permission " + std::string(permission_name(route.permission)) + " is needed");
    if (route.gate == Gate::permission) ctx.rights.narrow_to(route.permission);
    co_return std::nullopt;
}

Awaitable<Response> Dispatcher::call_once(const Route& route, Request& request, Context& ctx) {
    IdempotentCall call{std::string(request.header("idempotency-key")),
                        std::string(http::method_name(request.method)) + ' ' + request.path,
                        request.body};
    auto earlier = co_await begin_idempotent(ctx, call);
    if (earlier.has_error()) co_return http::problem(earlier.error(), ctx.request_id);
    if (*earlier) co_return std::move(**earlier);
    Response response;
    std::exception_ptr failure;
    try {
        response = co_await route.handler(ctx, request);
    } catch (...) {
        failure = std::current_exception();
    }
    // A refused or failed call did nothing: its key may be used again.
    if (failure || response.status >= 400)
        co_await forget_idempotent(ctx, call);
    else
        co_await finish_idempotent(ctx, call,
                                   response.status == 200 ? route.success_status : response.status,
                                   response.body);
    if (failure) std::rethrow_exception(failure);
    co_return response;
}

}  // namespace entrepot::api
