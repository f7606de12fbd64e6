// C++ types → JSON Schema (2020-12 as OpenAPI 3.1 uses it). The documentation is printed from what
// the code reads and writes.
#pragma once

#include <string>

#include "base/id.hpp"
#include "base/money.hpp"
#include "base/time.hpp"
#include "platform/json/traits.hpp"

namespace entrepot::json {

enum class Direction { input, output };

template <class T>
std::string schema_of(Direction direction);

namespace detail {
inline std::string nullable(const std::string& schema) {
    return R"({"anyOf":[)" + schema + R"(,{"type":"null"}]})";
}

template <class E>
std::string enum_schema() {
    std::string out;
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<E>>([&](auto item) {
        out += out.empty() ? "\"" : ",\"";
        out += item.name;
        out += '"';
    });
    return R"({"type":"string","enum":[)" + out + "]}";
}

template <class T>
std::string struct_schema(Direction direction) {
    std::string properties, required;
    bool guarded = false;
    boost::mp11::mp_for_each<MembersOf<T>>([&](auto member) {
        using Field = std::remove_cvref_t<decltype(std::declval<T&>().*member.pointer)>;
        properties += (properties.empty() ? "\"" : ",\"") + std::string(member.name) +
                      "\":" + schema_of<Field>(direction);
        guarded = guarded || is_guarded_v<Field>;
        if (direction == Direction::output || !is_optional_v<Field>)
            required += (required.empty() ? "\"" : ",\"") + std::string(member.name) + '"';
    });
    if (guarded) properties += R"(,"masked":{"type":"array","items":{"type":"string"}})";
    return R"({"type":"object","properties":{)" + properties + R"(},"required":[)" + required +
           R"(],"additionalProperties":false})";
}
}  // namespace detail

template <class T>
std::string schema_of(Direction direction) {
    if constexpr (is_guarded_v<T>)
        return detail::nullable(schema_of<decltype(T::value)>(direction));
    else if constexpr (is_optional_v<T>)
        return detail::nullable(schema_of<typename T::value_type>(direction));
    else if constexpr (is_vector_v<T>)
        return R"({"type":"array","items":)" + schema_of<typename T::value_type>(direction) + "}";
    else if constexpr (is_map_v<T>)
        return R"({"type":"object","additionalProperties":)" +
               schema_of<typename T::mapped_type>(direction) + "}";
    else if constexpr (requires { T::json_schema; })
        return std::string(T::json_schema);
    else if constexpr (std::is_same_v<T, RawJson>)
        return "{}";
    else if constexpr (std::is_same_v<T, Money>)
        return R"({"type":"object","properties":{"amount":)" + schema_of<Decimal>(direction) +
               R"(,"currency":)" + schema_of<Currency>(direction) +
               R"(},"required":["amount","currency"],"additionalProperties":false})";
    else if constexpr (is_described<T>)
        return detail::struct_schema<T>(direction);
    else if constexpr (std::is_enum_v<T>)
        return detail::enum_schema<T>();
    else if constexpr (std::is_same_v<T, bool>)
        return R"({"type":"boolean"})";
    else if constexpr (std::is_integral_v<T>)
        return R"({"type":"integer"})";
    else if constexpr (is_id_v<T> || std::is_same_v<T, Uuid>)
        return R"({"type":"string","format":"uuid"})";
    else if constexpr (std::is_same_v<T, Instant>)
        return R"({"type":"string","format":"date-time"})";
    else if constexpr (std::is_same_v<T, Date>)
        return R"({"type":"string","format":"date"})";
    else if constexpr (std::is_same_v<T, Decimal>)
        return R"({"type":"string","pattern":"^-?[0-9]+(\\.[0-9]+)?$"})";
    else if constexpr (std::is_same_v<T, Currency>)
        return R"({"type":"string","pattern":"^[A-Z]{3}$"})";
    else
        return R"({"type":"string"})";
}

}  // namespace entrepot::json
