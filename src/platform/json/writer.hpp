// Described structs → JSON text, straight into one string. Guarded members are masked by the
// caller's rights here, at the one door out.
#pragma once

#include <charconv>
#include <string>
#include <string_view>

#include "base/id.hpp"
#include "base/money.hpp"
#include "base/time.hpp"
#include "platform/json/traits.hpp"

namespace entrepot::json {

/// Appends a JSON string with the mandatory escapes, and with < > & escaped so that no reader can
/// take it for markup.
void write_string(std::string& out, std::string_view text);

/// A type that has `void write_json(std::string& out) const` and a constant `json_schema` writes
/// itself.
class Writer {
public:
    explicit Writer(const PermissionSet& rights) : rights_(rights) {}

    template <class T>
    void write(const T& value) {
        if constexpr (is_optional_v<T>) {
            if (value)
                write(*value);
            else
                out += "null";
        } else if constexpr (is_vector_v<T>) {
            out += '[';
            for (std::size_t i = 0; i < value.size(); ++i) {
                if (i != 0) out += ',';
                write(static_cast<const typename T::value_type&>(value[i]));
            }
            out += ']';
        } else if constexpr (is_map_v<T>) {
            out += '{';
            for (const auto& [name, item] : value) {
                if (out.back() != '{') out += ',';
                write_string(out, name);
                out += ':';
                write(item);
            }
            out += '}';
        } else if constexpr (requires { value.write_json(out); }) {
            value.write_json(out);
        } else if constexpr (is_described<T>) {
            write_members(value);
        } else if constexpr (std::is_enum_v<T>) {
            write_string(out, boost::describe::enum_to_string(value, ""));
        } else {
            write_leaf(value);
        }
    }
    std::string out;

private:
    void write_leaf(bool value) { out += value ? "true" : "false"; }
    void write_leaf(std::int64_t value) {
        char buffer[24];
        out.append(buffer, std::to_chars(buffer, buffer + sizeof buffer, value).ptr);
    }
    void write_leaf(std::int32_t value) { write_leaf(std::int64_t{value}); }
    void write_leaf(const std::string& value) { write_string(out, value); }
    void write_leaf(std::string_view value) { write_string(out, value); }
    void write_leaf(const Uuid& value) { quote(value.text()); }
    void write_leaf(Instant value) { quote(format_instant(value)); }
    void write_leaf(Date value) { quote(format_date(value)); }
    void write_leaf(Decimal value) { quote(value.text()); }
    void write_leaf(const Currency& value) { quote(value.code()); }
    void write_leaf(const RawJson& value) { out += value.text; }
    void write_leaf(const Money& value) {
        out += R"({"amount":")";
        out += value.amount();
        out += R"(","currency":")";
        out += value.currency.code();
        out += "\"}";
    }
    template <class Tag>
    void write_leaf(const Id<Tag>& value) {
        quote(value.text());
    }
    /// For texts that need no escape.
    void quote(std::string_view text) {
        out += '"';
        out += text;
        out += '"';
    }

    template <class T>
    void write_members(const T& value) {
        out += '{';
        std::string masked;
        bool first = true;
        boost::mp11::mp_for_each<MembersOf<T>>([&](auto member) {
            using Field = std::remove_cvref_t<decltype(value.*member.pointer)>;
            if (!first) out += ',';
            first = false;
            out += '"';
            out += member.name;
            out += "\":";
            if constexpr (is_guarded_v<Field>) {
                if (rights_.has(Field::permission)) return write((value.*member.pointer).value);
                out += "null";
                masked += masked.empty() ? "\"" : ",\"";
                masked += member.name;
                masked += '"';
            } else {
                write(value.*member.pointer);
            }
        });
        if (!masked.empty()) {
            out += ",\"masked\":[";
            out += masked;
            out += ']';
        }
        out += '}';
    }

    const PermissionSet& rights_;
};

template <class T>
std::string to_json(const T& value, const PermissionSet& rights) {
    Writer writer(rights);
    writer.write(value);
    return std::move(writer.out);
}
/// For payloads and logs of structs that hold nothing guarded.
template <class T>
std::string to_json(const T& value) {
    static const PermissionSet none;
    return to_json(value, none);
}

}  // namespace entrepot::json
