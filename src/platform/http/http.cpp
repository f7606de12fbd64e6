// Request look-ups, problem details, and the reading of inputs.
#include <boost/json.hpp>

#include "base/text.hpp"
#include "platform/http/route.hpp"

namespace entrepot::http {

std::string_view method_name(Method method) {
    switch (method) {
        case Method::get:
            return "GET";
        case Method::post:
            return "POST";
        case Method::put:
            return "PUT";
        case Method::del:
            return "DELETE";
    }
    return "GET";
}

std::string_view Request::header(std::string_view name) const {
    for (const auto& [key, value] : headers)
        if (key == name) return value;
    return {};
}

std::optional<std::string> Request::cookie(std::string_view name) const {
    for (const std::string_view part : text::split(header("cookie"), ';')) {
        const auto pair = text::trim(part);
        const auto equals = pair.find('=');
        if (equals != std::string_view::npos && pair.substr(0, equals) == name)
            return std::string(pair.substr(equals + 1));
    }
    return std::nullopt;
}

int status_of(ErrorKind kind) {
    switch (kind) {
        case ErrorKind::invalid:
            return 400;
        case ErrorKind::unauthenticated:
            return 401;
        case ErrorKind::forbidden:
            return 403;
        case ErrorKind::not_found:
            return 404;
        case ErrorKind::conflict:
            return 409;
        case ErrorKind::too_large:
            return 413;
        case ErrorKind::rate_limited:
            return 429;
        case ErrorKind::unavailable:
            return 503;
    }
    return 500;
}

namespace {
struct ProblemField {
    std::string pointer, code, detail;
};
BOOST_DESCRIBE_STRUCT(ProblemField, (), (pointer, code, detail))
struct ProblemBody {
    std::string type, title;
    std::int64_t status;
    std::string code, detail, request_id;
    std::vector<ProblemField> errors;
};
BOOST_DESCRIBE_STRUCT(ProblemBody, (), (type, title, status, code, detail, request_id, errors))

std::string_view title_of(ErrorKind kind) {
    switch (kind) {
        case ErrorKind::invalid:
            return "The request is not valid";
        case ErrorKind::unauthenticated:
            return "Sign-in needed";
        case ErrorKind::forbidden:
            return "Not allowed";
        case ErrorKind::not_found:
            return "Not found";
        case ErrorKind::conflict:
            return "In conflict with the present state";
        case ErrorKind::too_large:
            return "Too large";
        case ErrorKind::rate_limited:
            return "Too many requests";
        case ErrorKind::unavailable:
            return "Not available at the moment";
    }
    return "Error";
}
}  // namespace

Response problem(const Error& error, std::string_view request_id) {
    ProblemBody body;
    body.type = "urn:entrepot:problem:" + std::string(error.code.name);
    body.title = title_of(error.code.kind);
    body.status = status_of(error.code.kind);
    body.code = error.code.name;
    body.detail = error.detail;
    body.request_id = request_id;
    for (const FieldError& field : error.fields)
        body.errors.push_back({field.pointer, field.code, field.detail});
    Response response;
    response.status = status_of(error.code.kind);
    response.content_type = "application/problem+json";
    response.body = json::to_json(body);
    if (error.retry_after_s > 0)
        response.headers.emplace_back("retry-after", std::to_string(error.retry_after_s));
    response.headers.emplace_back("x-problem-code", std::string(error.code.name));
    return response;
}

bool InputSource::load(std::optional<Error>& failure) {
    if (request_.method == Method::get || request_.body.empty() || !request_.body_file.empty())
        return true;
    const std::string_view type = request_.header("content-type");
    if (!text::starts_with_ignore_case(type, "application/json")) {
        failure = field_error(errors::invalid_request, "/", "content_type",
                              "the body must be sent as application/json");
        return false;
    }
    auto value = json::parse(request_.body);
    if (value.has_error()) {
        failure = value.error();
        return false;
    }
    if (!value->is_object()) {
        failure = field_error(errors::invalid_request, "", "object_expected",
                              "the body must be a JSON object");
        return false;
    }
    body_ = std::move(value->get_object());
    return true;
}

const std::string* InputSource::text(std::string_view name) {
    for (const auto& [key, value] : request_.path_values)
        if (key == name) return &value;
    const std::string* found = nullptr;
    for (const auto& [key, value] : request_.query_values) {
        if (key != name) continue;
        if (found != nullptr)
            problems_.add("/" + std::string(name), "repeated",
                          "this parameter is given twice; use a comma-separated list");
        found = &value;
    }
    if (found != nullptr) return found;
    if (name == "if_match") {
        static thread_local std::string tag;
        tag = std::string(request_.header("if-match"));
        if (tag.size() >= 2 && tag.front() == '"' && tag.back() == '"')
            tag = tag.substr(1, tag.size() - 2);
        return tag.empty() ? nullptr : &tag;
    }
    return nullptr;
}

void InputSource::refuse_unknown(const std::vector<std::string_view>& known) {
    const auto is_known = [&](std::string_view name) {
        return std::find(known.begin(), known.end(), name) != known.end();
    };
    for (const auto& item : request_.query_values)
        if (!is_known(item.first))
            problems_.add("/" + item.first, "unknown_parameter", "this parameter is not known");
    for (const auto& item : body_)
        if (!is_known(item.key()))
            problems_.add("/" + std::string(item.key()), "unknown_member",
                          "this member is not known");
}

}  // namespace entrepot::http
