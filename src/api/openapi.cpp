// The API's description, printed from the routes and the C++ types that they read and write.
#include <boost/json.hpp>

#include "api/dispatcher.hpp"

namespace entrepot::api {
namespace json = boost::json;

namespace {
std::string operation_id(std::string_view module, const http::Route& route) {
    std::string out(module);
    out += '_';
    for (const char c : http::method_name(route.method)) out += static_cast<char>(c | 0x20);
    for (const char c : route.path) {
        if (c == '{' || c == '}') continue;
        out += c == '/' || c == '-' ? '_' : c;
    }
    return out;
}

bool is_path_parameter(const http::Route& route, std::string_view name) {
    return route.path.find("{" + std::string(name) + "}") != std::string_view::npos;
}

/// Arrays in queries are comma-separated.
json::object parameter(std::string_view name, std::string_view place, const json::value& schema,
                       bool required) {
    json::object out{{"name", name}, {"in", place}, {"required", required}, {"schema", schema}};
    if (place == "query") {
        out["style"] = "form";
        out["explode"] = false;
    }
    return out;
}

/// `anyOf [X, null]` → X: a query parameter is absent rather than null.
json::value without_null(const json::value& schema) {
    const auto* object = schema.if_object();
    const auto* options = object != nullptr ? object->if_contains("anyOf") : nullptr;
    return options != nullptr ? options->at(0) : schema;
}

void add_input(json::object& operation, const http::Route& route) {
    if (route.input_schema == nullptr) return;
    const json::object schema = json::parse(route.input_schema()).as_object();
    const json::array& required = schema.at("required").as_array();
    const auto is_required = [&](std::string_view name) {
        return std::any_of(required.begin(), required.end(),
                           [&](const json::value& item) { return item.as_string() == name; });
    };
    const bool body_method =
        route.method == http::Method::post || route.method == http::Method::put;
    json::array parameters;
    json::object members;
    json::array members_required;
    for (const auto& member : schema.at("properties").as_object()) {
        const std::string_view name = member.key();
        if (is_path_parameter(route, name))
            parameters.push_back(parameter(name, "path", member.value(), true));
        else if (name == "if_match")
            parameters.push_back(
                parameter("If-Match", "header", without_null(member.value()), false));
        else if (!body_method || route.upload)
            parameters.push_back(
                parameter(name, "query", without_null(member.value()), is_required(name)));
        else {
            members[name] = member.value();
            if (is_required(name)) members_required.push_back(json::value(name));
        }
    }
    if (route.idempotent_key)
        parameters.push_back(parameter("Idempotency-Key", "header",
                                       json::object{{"type", "string"}, {"maxLength", 200}},
                                       false));
    if (!parameters.empty()) operation["parameters"] = parameters;
    if (route.upload) {
        operation["requestBody"] =
            json::object{{"required", true},
                         {"content",
                          {{"application/octet-stream",
                            {{"schema", {{"type", "string"}, {"format", "binary"}}}}}}}};
    } else if (body_method && !members.empty()) {
        const json::object body{{"type", "object"},
                                {"properties", members},
                                {"required", members_required},
                                {"additionalProperties", false}};
        operation["requestBody"] =
            json::object{{"required", !members_required.empty()},
                         {"content", {{"application/json", {{"schema", body}}}}}};
    }
}

json::object describe(std::string_view module, const http::Route& route) {
    json::object operation{{"operationId", operation_id(module, route)},
                           {"summary", route.summary},
                           {"tags", json::array{json::value(module)}}};
    if (route.gate == http::Gate::permission)
        operation["x-permission"] = permission_name(route.permission);
    if (route.gate == http::Gate::open) operation["security"] = json::array{};
    add_input(operation, route);
    json::object success{{"description", "Success"}};
    if (route.output_schema != nullptr)
        success["content"] =
            json::object{{"application/json", {{"schema", json::parse(route.output_schema())}}}};
    else if (route.success_status != 204)
        success["content"] = json::object{{"*/*", {{"schema", json::object{}}}}};
    operation["responses"] =
        json::object{{std::to_string(route.success_status), success},
                     {"default", {{"$ref", "#/components/responses/Problem"}}}};
    return operation;
}

json::object problem_schema() {
    const json::object text{{"type", "string"}};
    const json::object field{{"type", "object"},
                             {"properties", {{"pointer", text}, {"code", text}, {"detail", text}}},
                             {"required", {"pointer", "code", "detail"}},
                             {"additionalProperties", false}};
    return {{"type", "object"},
            {"properties",
             {{"type", text},
              {"title", text},
              {"status", {{"type", "integer"}}},
              {"code", text},
              {"detail", text},
              {"request_id", text},
              {"errors", {{"type", "array"}, {"items", field}}}}},
            {"required", {"type", "title", "status", "code", "detail", "request_id", "errors"}},
            {"additionalProperties", false}};
}

/// Indented by hand: Boost.JSON prints compactly, and the committed copy is read in diffs.
void pretty(std::string& out, const json::value& value, std::size_t depth) {
    const std::string inner(2 * (depth + 1), ' ');
    const std::string outer(2 * depth, ' ');
    if (const auto* object = value.if_object(); object != nullptr && !object->empty()) {
        out += "{\n";
        for (auto it = object->begin(); it != object->end(); ++it) {
            out += inner + json::serialize(json::value(it->key())) + ": ";
            pretty(out, it->value(), depth + 1);
            out += std::next(it) == object->end() ? "\n" : ",\n";
        }
        out += outer + "}";
    } else if (const auto* array = value.if_array(); array != nullptr && !array->empty()) {
        out += "[\n";
        for (std::size_t i = 0; i < array->size(); ++i) {
            out += inner;
            pretty(out, (*array)[i], depth + 1);
            out += i + 1 == array->size() ? "\n" : ",\n";
        }
        out += outer + "]";
    } else {
        out += json::serialize(value);
    }
}
}  // namespace

std::string openapi_document(std::span<const Module> modules) {
    json::object paths;
    for (const Module& module : modules) {
        for (const http::Route& route : module.routes) {
            const std::string path = std::string(prefix) + std::string(route.path);
            if (paths.if_contains(path) == nullptr) paths[path] = json::object{};
            std::string method;
            for (const char c : http::method_name(route.method))
                method += static_cast<char>(c | 0x20);
            paths[path].as_object()[method] = describe(module.name, route);
        }
    }
    const json::object document{
        {"openapi", "3.1.0"},
        {"info",
         {{"title", "Entrepot"},
          {"version", version()},
          {"license", {{"name", "Apache-2.0"}, {"identifier", "Apache-2.0"}}}}},
        {"servers", {{{"url", "/"}}}},
        {"security", {{{"session", json::array{}}}, {{"api_key", json::array{}}}}},
        {"paths", paths},
        {"components",
         {{"securitySchemes",
           {{"session", {{"type", "apiKey"}, {"in", "cookie"}, {"name", "__Host-entrepot"}}},
            {"api_key", {{"type", "http"}, {"scheme", "bearer"}}}}},
          {"schemas", {{"Problem", problem_schema()}}},
          {"responses",
           {{"Problem",
             {{"description", "Problem details (RFC 9457)"},
              {"content",
               {{"application/problem+json",
                 {{"schema", {{"$ref", "#/components/schemas/Problem"}}}}}}}}}}}}}};
    std::string out;
    pretty(out, document, 0);
    return out + "\n";
}

std::string_view version() {
    return ENTREPOT_VERSION;
}

}  // namespace entrepot::api
