// A recursive walk over value and schema together.
#include "support/schema_check.hpp"

#include <boost/json.hpp>
#include <regex>

#include "base/id.hpp"
#include "base/time.hpp"

namespace entrepot::test {
namespace json = boost::json;

namespace {
using Out = std::vector<std::string>;

void check(const json::value& value, const json::object& schema, const std::string& at, Out& out);

bool has_type(const json::value& value, std::string_view type) {
    if (type == "object") return value.is_object();
    if (type == "array") return value.is_array();
    if (type == "string") return value.is_string();
    if (type == "integer") return value.is_int64() || value.is_uint64();
    if (type == "boolean") return value.is_bool();
    if (type == "null") return value.is_null();
    return false;
}

bool has_format(std::string_view text, std::string_view format) {
    if (format == "uuid") return Uuid::parse(text).has_value();
    if (format == "date-time") return parse_instant(text).has_value();
    if (format == "date") return parse_date(text).has_value();
    return true;
}

void check_object(const json::object& value, const json::object& schema, const std::string& at,
                  Out& out) {
    const auto* required = schema.if_contains("required");
    if (required != nullptr)
        for (const auto& name : required->as_array())
            if (value.if_contains(name.as_string()) == nullptr)
                out.push_back(at + ": misses " + std::string(name.as_string()));
    const auto* properties = schema.if_contains("properties");
    const auto* additional = schema.if_contains("additionalProperties");
    for (const auto& member : value) {
        const std::string inner = at + '/' + std::string(member.key());
        const auto* known =
            properties != nullptr ? properties->as_object().if_contains(member.key()) : nullptr;
        if (known != nullptr)
            check(member.value(), known->as_object(), inner, out);
        else if (additional != nullptr && additional->is_object())
            check(member.value(), additional->as_object(), inner, out);
        else if (additional != nullptr && additional->is_bool() && !additional->as_bool())
            out.push_back(inner + ": is not in the schema");
    }
}

void check_string(const json::string& value, const json::object& schema, const std::string& at,
                  Out& out) {
    const std::string text(value.data(), value.size());
    if (const auto* format = schema.if_contains("format");
        format != nullptr && !has_format(text, format->as_string()))
        out.push_back(at + ": is no " + std::string(format->as_string()));
    if (const auto* pattern = schema.if_contains("pattern");
        pattern != nullptr &&
        !std::regex_search(text, std::regex(std::string(pattern->as_string()))))
        out.push_back(at + ": does not match its pattern");
    const auto* options = schema.if_contains("enum");
    if (options == nullptr) return;
    for (const auto& option : options->as_array())
        if (option.as_string() == value) return;
    out.push_back(at + ": '" + text + "' is not one of the enum");
}

void check(const json::value& value, const json::object& schema, const std::string& at, Out& out) {
    if (const auto* options = schema.if_contains("anyOf")) {
        Out best;
        for (const auto& option : options->as_array()) {
            Out wrong;
            check(value, option.as_object(), at, wrong);
            if (wrong.empty()) return;
            if (best.empty() || !value.is_null()) best = best.empty() ? wrong : best;
        }
        out.insert(out.end(), best.begin(), best.end());
        return;
    }
    const auto* type = schema.if_contains("type");
    if (type == nullptr) return;
    if (!has_type(value, type->as_string()))
        return out.push_back(at + ": is not of type " + std::string(type->as_string()));
    if (value.is_object()) check_object(value.get_object(), schema, at, out);
    if (value.is_string()) check_string(value.get_string(), schema, at, out);
    const auto* items = schema.if_contains("items");
    if (value.is_array() && items != nullptr)
        for (std::size_t i = 0; i < value.get_array().size(); ++i)
            check(value.get_array()[i], items->as_object(), at + '/' + std::to_string(i), out);
}
}  // namespace

std::vector<std::string> misfits(const json::value& value, const json::value& schema) {
    Out out;
    check(value, schema.as_object(), "", out);
    return out;
}

}  // namespace entrepot::test
