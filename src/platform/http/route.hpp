// Binds a use case `Awaitable<Result<Out>> f(Context&, const In&)` to a route line: reads In from
// path, query and body, calls, writes Out. The use case never sees HTTP.
#pragma once

#include <boost/json/object.hpp>

#include "platform/http/types.hpp"
#include "platform/json/reader.hpp"
#include "platform/json/schema.hpp"
#include "platform/json/writer.hpp"

namespace entrepot::http {

/// Result types with a meaning of their own.
struct NoContent {};
BOOST_DESCRIBE_STRUCT(NoContent, (), ())
/// An input without members.
struct Nothing {};
BOOST_DESCRIBE_STRUCT(Nothing, (), ())

/// A page of a keyset-paged list.
template <class Item>
struct Page {
    std::vector<Item> items;
    std::optional<std::string> next_cursor;
    BOOST_DESCRIBE_CLASS(Page, (), (items, next_cursor), (), ())
};

/// Input as a JSON object for the reader: body members plus path values; for GET and DELETE the
/// query values. Violations of the outer form (two values for one name, unknown parameters, a body
/// where none belongs) are reported here.
class InputSource {
public:
    InputSource(const Request& request, json::Problems& problems)
        : request_(request), problems_(problems) {}
    /// False when the body is not JSON; the error is then in `failure`.
    bool load(std::optional<Error>& failure);
    const boost::json::object& body() const { return body_; }
    /// Path value, else query value for methods without a body.
    const std::string* text(std::string_view name);
    bool has_body() const {
        return request_.method == Method::post || request_.method == Method::put;
    }
    /// After all members were read: whatever was sent and not asked for.
    void refuse_unknown(const std::vector<std::string_view>& known);

private:
    const Request& request_;
    json::Problems& problems_;
    boost::json::object body_;
};

template <class In>
Result<In> read_input(const Request& request) {
    json::Problems problems;
    InputSource source(request, problems);
    std::optional<Error> failure;
    if (!source.load(failure)) return std::move(*failure);
    In in{};
    std::vector<std::string_view> known;
    boost::mp11::mp_for_each<json::MembersOf<In>>([&](auto member) {
        using Field = std::remove_cvref_t<decltype(in.*member.pointer)>;
        const std::string_view name = member.name;
        known.push_back(name);
        const std::string pointer = "/" + std::string(name);
        if constexpr (!std::is_same_v<Field, json::RawJson> && !json::is_described<Field> &&
                      !std::is_same_v<Field, std::optional<Money>>) {
            if constexpr (requires(const char*& c) {
                              json::from_text(std::string_view{}, in.*member.pointer, c);
                          }) {
                if (const std::string* text = source.text(name)) {
                    const char* code = "invalid";
                    if (!json::from_text(*text, in.*member.pointer, code))
                        problems.add(pointer, code, "this value is not valid here");
                    return;
                }
            }
        }
        const auto* value = source.body().if_contains(name);
        if constexpr (json::is_optional_v<Field>) {
            if (value == nullptr || value->is_null()) return;
        }
        if (value == nullptr) return problems.add(pointer, "required", "this member is required");
        json::read(*value, in.*member.pointer, pointer, problems);
    });
    source.refuse_unknown(known);
    if (!problems.empty()) return problems.error();
    return in;
}

template <class Out>
void add_version_tag(Response& response, const Out& out) {
    if constexpr (requires { out.version; })
        response.headers.emplace_back("etag", '"' + std::to_string(out.version) + '"');
}

template <class Function>
struct UseCase;
template <class Out, class In>
struct UseCase<Awaitable<Result<Out>> (*)(Context&, const In&)> {
    using Input = In;
    using Output = Out;
};

template <auto Function>
Awaitable<Response> adapt(Context& ctx, const Request& request) {
    using Case = UseCase<decltype(Function)>;
    auto in = read_input<typename Case::Input>(request);
    if (in.has_error()) co_return problem(in.error(), ctx.request_id);
    auto out = co_await Function(ctx, *in);
    if (out.has_error()) co_return problem(out.error(), ctx.request_id);
    if constexpr (std::is_same_v<typename Case::Output, Response>) {
        co_return *std::move(out);
    } else if constexpr (std::is_same_v<typename Case::Output, NoContent>) {
        Response response;
        response.status = 204;
        co_return response;
    } else {
        Response response;
        response.body = json::to_json(*out, ctx.rights.permissions);
        add_version_tag(response, *out);
        co_return response;
    }
}

template <auto Function>
constexpr Route bind(Method method, std::string_view path, Gate gate, Permission permission,
                     std::string_view summary, int status) {
    using Case = UseCase<decltype(Function)>;
    Route route{};
    route.method = method;
    route.path = path;
    route.gate = gate;
    route.permission = permission;
    route.handler = &adapt<Function>;
    route.summary = summary;
    route.input_schema = [] {
        return json::schema_of<typename Case::Input>(json::Direction::input);
    };
    if constexpr (!std::is_same_v<typename Case::Output, Response> &&
                  !std::is_same_v<typename Case::Output, NoContent>)
        route.output_schema = [] {
            return json::schema_of<typename Case::Output>(json::Direction::output);
        };
    route.success_status = std::is_same_v<typename Case::Output, NoContent> ? 204 : status;
    return route;
}

// Route lines. `create` answers 201 and honours Idempotency-Key. With Gate instead of Permission:
// open, password, member.
template <auto F>
constexpr Route get(std::string_view path, Permission permission, std::string_view summary) {
    return bind<F>(Method::get, path, Gate::permission, permission, summary, 200);
}
template <auto F>
constexpr Route get(std::string_view path, Gate gate, std::string_view summary) {
    return bind<F>(Method::get, path, gate, Permission::count_, summary, 200);
}
template <auto F>
constexpr Route post(std::string_view path, Permission permission, std::string_view summary) {
    return bind<F>(Method::post, path, Gate::permission, permission, summary, 200);
}
template <auto F>
constexpr Route post(std::string_view path, Gate gate, std::string_view summary) {
    return bind<F>(Method::post, path, gate, Permission::count_, summary, 200);
}
template <auto F>
constexpr Route create(std::string_view path, Permission permission, std::string_view summary) {
    Route route = bind<F>(Method::post, path, Gate::permission, permission, summary, 201);
    route.idempotent_key = true;
    return route;
}
template <auto F>
constexpr Route create(std::string_view path, Gate gate, std::string_view summary) {
    return bind<F>(Method::post, path, gate, Permission::count_, summary, 201);
}
template <auto F>
constexpr Route put(std::string_view path, Permission permission, std::string_view summary) {
    return bind<F>(Method::put, path, Gate::permission, permission, summary, 200);
}
template <auto F>
constexpr Route put(std::string_view path, Gate gate, std::string_view summary) {
    return bind<F>(Method::put, path, gate, Permission::count_, summary, 200);
}
template <auto F>
constexpr Route del(std::string_view path, Permission permission, std::string_view summary) {
    return bind<F>(Method::del, path, Gate::permission, permission, summary, 200);
}
template <auto F>
constexpr Route del(std::string_view path, Gate gate, std::string_view summary) {
    return bind<F>(Method::del, path, gate, Permission::count_, summary, 200);
}

}  // namespace entrepot::http
