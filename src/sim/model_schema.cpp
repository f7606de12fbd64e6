// Checks a JSON value against a definition of an official swagger model (the subset they use).
// Known words: $ref, type, enum, properties, required, items, maxItems, minItems, format, pattern.
#include "sim/model_schema.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <regex>
#include <stdexcept>

#include "sim/time_text.hpp"

namespace entrepot::sim::test {

namespace json = boost::json;

namespace {

bool has_type(const json::value& value, std::string_view type) {
    if (type == "object") return value.is_object();
    if (type == "array") return value.is_array();
    if (type == "string") return value.is_string();
    if (type == "boolean") return value.is_bool();
    if (type == "integer") return value.is_int64() || value.is_uint64();
    if (type == "number") return value.is_number();
    return false;
}

}  // namespace

Model::Model(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    if (!in) throw std::runtime_error("cannot read " + path);
    root_ = json::parse(std::string(std::istreambuf_iterator<char>(in), {}));
}

const json::object& Model::resolve(const json::object& schema) const {
    const json::object* found = &schema;
    while (const json::value* reference = found->if_contains("$ref")) {
        const std::string_view name = std::string_view(reference->as_string())
                                          .substr(std::string_view("#/definitions/").size());
        found = &root_.at("definitions").at(name).as_object();
    }
    return *found;
}

std::vector<std::string> Model::check_reply(std::string_view path, std::string_view method,
                                            int status, const json::value* body) const {
    std::vector<std::string> problems;
    const json::object& responses =
        root_.at("paths").at(path).at(method).at("responses").as_object();
    const json::value* response = responses.if_contains(std::to_string(status));
    if (!response) return {"status " + std::to_string(status) + " is not in the model"};
    const json::value* schema = response->as_object().if_contains("schema");
    if (!schema) {
        if (body) problems.emplace_back("a body where the model has none");
        return problems;
    }
    if (!body) return {"no body where the model has one"};
    check(*body, schema->as_object(), "", problems);
    return problems;
}

void Model::check(const json::value& value, const json::object& unresolved, const std::string& at,
                  std::vector<std::string>& problems) const {
    const json::object& schema = resolve(unresolved);
    if (const json::value* type = schema.if_contains("type");
        type && !has_type(value, type->as_string())) {
        problems.push_back(at + ": is not of type " + std::string(type->as_string()));
        return;
    }
    if (const json::value* allowed = schema.if_contains("enum")) {
        const json::array& all = allowed->as_array();
        if (std::find(all.begin(), all.end(), value) == all.end())
            problems.push_back(at + ": is not in the enum");
    }
    if (value.is_object()) check_object(value.get_object(), schema, at, problems);
    if (value.is_string()) check_text(value.get_string(), schema, at, problems);
    if (!value.is_array()) return;
    const json::array& items = value.get_array();
    if (const json::value* most = schema.if_contains("maxItems");
        most && items.size() > most->to_number<std::size_t>())
        problems.push_back(at + ": too many items");
    if (const json::value* least = schema.if_contains("minItems");
        least && items.size() < least->to_number<std::size_t>())
        problems.push_back(at + ": too few items");
    if (const json::value* item = schema.if_contains("items")) {
        for (std::size_t i = 0; i < items.size(); ++i)
            check(items[i], item->as_object(), at + "/" + std::to_string(i), problems);
    }
}

void Model::check_object(const json::object& value, const json::object& schema,
                         const std::string& at, std::vector<std::string>& problems) const {
    if (const json::value* required = schema.if_contains("required")) {
        for (const json::value& name : required->as_array()) {
            if (!value.contains(name.as_string()))
                problems.push_back(at + ": lacks " + std::string(name.as_string()));
        }
    }
    const json::value* properties = schema.if_contains("properties");
    if (!properties) return;
    for (const auto& [name, member] : value) {
        const json::value* known = properties->as_object().if_contains(name);
        if (known) {
            check(member, known->as_object(), at + "/" + std::string(name), problems);
        } else {
            problems.push_back(at + ": unknown member " + std::string(name));
        }
    }
}

void Model::check_text(std::string_view value, const json::object& schema, const std::string& at,
                       std::vector<std::string>& problems) const {
    if (const json::value* format = schema.if_contains("format");
        format && *format == "date-time" && !parse_iso(value)) {
        problems.push_back(at + ": is no date-time");
    }
    if (const json::value* pattern = schema.if_contains("pattern")) {
        const std::regex expression(std::string(std::string_view(pattern->as_string())));
        if (!std::regex_search(value.begin(), value.end(), expression))
            problems.push_back(at + ": does not match the pattern");
    }
}

}  // namespace entrepot::sim::test
