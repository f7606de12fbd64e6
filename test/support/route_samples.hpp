// Requests that fit the input schema of a route, so that what is tested lies behind the reader: ids
// of somebody else, hostile texts.
#pragma once

#include <boost/json.hpp>
#include <functional>

#include "platform/http/types.hpp"

namespace entrepot::test {

inline std::string name_of(const http::Route& route) {
    return std::string(http::method_name(route.method)) + ' ' + std::string(route.path);
}
inline bool changes(const http::Route& route) {
    return route.method != http::Method::get;
}
inline bool takes_body(const http::Route& route) {
    return route.method == http::Method::post || route.method == http::Method::put;
}

/// The route's path with every parameter replaced.
inline std::string path_with(const http::Route& route, const std::string& value) {
    std::string out;
    for (std::size_t i = 0; i < route.path.size(); ++i) {
        if (route.path[i] != '{') {
            out += route.path[i];
            continue;
        }
        out += value;
        i = route.path.find('}', i);
    }
    return out;
}

/// What a text of this name looks like when it is good, so that one bad member is the only one.
inline std::string good_text(std::string_view member) {
    static const std::map<std::string, std::string, std::less<>> texts{
        {"email", "sample@strangers.example"},
        {"billing_email", "sample@strangers.example"},
        {"country", "GB"},
        {"currency", "GBP"},
        {"book_currency", "GBP"},
        {"time_zone", "UTC"},
        {"language", "en"},
        {"endpoint", "https://localhost:1"},
        {"phone", "+44 20 7946 0000"},
        {"registration_number", "01234567"},
        {"password", "rT7;vQ2_kW9x"},
        {"order_id", "114-0000001-0000001"},
        {"role", "buyer"},
        {"permissions", "orders.read"},
        {"mapping", "order"},
        {"marketplace_ids", "ATVPDKIKX0DER"},
        {"query", "state=unshipped"}};
    const auto found = texts.find(member);
    return found == texts.end() ? "x" : found->second;
}

/// A value that fits `schema`. Ids are `id`; each free text goes through `text`.
class Sample {
public:
    std::string id;
    std::function<std::string(std::string_view member)> text = good_text;

    boost::json::value of(const boost::json::value& schema, std::string_view member = {}) const {
        namespace json = boost::json;
        const json::object& s = schema.as_object();
        if (s.contains("anyOf")) return of(s.at("anyOf").at(0), member);
        if (s.contains("enum")) return s.at("enum").at(0);
        const auto* type = s.if_contains("type");
        if (type == nullptr) return json::object{};
        const std::string_view kind = type->as_string();
        if (kind == "integer") return 1;
        if (kind == "boolean") return true;
        if (kind == "array") return json::array{of(s.at("items"), member)};
        if (kind == "object") return object_of(s, member);
        const auto* format = s.if_contains("format");
        if (format != nullptr && format->as_string() == "uuid") return json::string(id);
        if (format != nullptr && format->as_string() == "date") return "2026-11-20";
        // What has happened is not in the future; all other times are ends and deadlines.
        if (member == "shipped_at" || member == "delivered_at" || member == "received_at")
            return "2026-01-20T10:00:00Z";
        if (format != nullptr && format->as_string() == "date-time") return "2026-12-20T10:00:00Z";
        if (s.contains("pattern")) return "1.00";
        return json::string(text(member));
    }

    /// Body of a POST or PUT, or query of a GET ("?a=b"); empty where the route takes none.
    std::string body(const http::Route& route) const {
        if (!takes_body(route)) return {};
        return boost::json::serialize(members_of(route));
    }

    /// Whether the schema asks for an id anywhere besides the path.
    static bool asks_for_id(const http::Route& route) {
        return schema_text(route).find("\"uuid\"") != std::string::npos;
    }

    /// The input schema without the members that stand in the path or in headers.
    static std::string schema_text(const http::Route& route) {
        if (route.input_schema == nullptr) return "{}";
        auto schema = boost::json::parse(route.input_schema());
        auto& members = schema.at("properties").as_object();
        std::vector<std::string> elsewhere{"if_match"};
        for (const auto& member : members)
            if (route.path.find("{" + std::string(member.key()) + "}") != std::string_view::npos)
                elsewhere.emplace_back(member.key());
        for (const std::string& name : elsewhere) members.erase(name);
        return boost::json::serialize(schema);
    }

private:
    boost::json::object members_of(const http::Route& route) const {
        if (route.input_schema == nullptr) return {};
        return of(boost::json::parse(schema_text(route))).as_object();
    }
    boost::json::value object_of(const boost::json::object& s, std::string_view member) const {
        boost::json::object out;
        if (const auto* members = s.if_contains("properties"))
            for (const auto& each : members->as_object())
                out[each.key()] = of(each.value(), each.key());
        else if (const auto* values = s.if_contains("additionalProperties");
                 values != nullptr && values->is_object())
            out["x"] = of(*values, member);
        return out;
    }
};

}  // namespace entrepot::test
