// Boost.JSON values and query texts → described structs, collecting every violation as {pointer,
// code}. A member is required unless it is std::optional; unknown members are refused.
#pragma once

#include <boost/json/value.hpp>
#include <string>
#include <vector>

#include "base/id.hpp"
#include "base/money.hpp"
#include "base/result.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "platform/json/traits.hpp"

namespace entrepot::json {

/// Violations found so far; the reader goes on after each so that a form shows all of them at once.
class Problems {
public:
    void add(const std::string& pointer, std::string code, std::string detail);
    bool empty() const { return fields_.empty(); }
    /// The 400 answer that lists them.
    Error error();

private:
    std::vector<FieldError> fields_;
};

/// Limits: depth 32, UTF-8 only. An Error (invalid_request) names the byte that is wrong.
Result<boost::json::value> parse(std::string_view text);
std::string to_text(const boost::json::value& value);

/// Text of one path, query or JSON string value → T; false with a stable code when it is not one.
bool from_text(std::string_view text, std::string& out, const char*& code);
bool from_text(std::string_view text, std::int64_t& out, const char*& code);
bool from_text(std::string_view text, std::int32_t& out, const char*& code);
bool from_text(std::string_view text, bool& out, const char*& code);
bool from_text(std::string_view text, Uuid& out, const char*& code);
bool from_text(std::string_view text, Instant& out, const char*& code);
bool from_text(std::string_view text, Date& out, const char*& code);
bool from_text(std::string_view text, Decimal& out, const char*& code);
bool from_text(std::string_view text, std::optional<Currency>& out, const char*& code);
template <class Tag>
bool from_text(std::string_view text, Id<Tag>& out, const char*& code) {
    return from_text(text, out.value, code);
}
template <class E>
    requires std::is_enum_v<E>
bool from_text(std::string_view text, E& out, const char*& code) {
    code = "unknown_value";
    return boost::describe::enum_from_string(std::string(text).c_str(), out);
}
/// Objects have no form in a path or a query.
template <class T>
inline constexpr bool has_text_form = !is_described<T> && !std::is_same_v<T, RawJson>;
template <class T>
inline constexpr bool has_text_form<std::vector<T>> = has_text_form<T>;
template <class T>
inline constexpr bool has_text_form<std::optional<T>> = has_text_form<T>;

/// Comma-separated list.
template <class T>
    requires has_text_form<T>
bool from_text(std::string_view text, std::vector<T>& out, const char*& code) {
    for (const std::string_view part : text::split(text, ',')) {
        T item{};
        if (!from_text(part, item, code)) return false;
        out.push_back(std::move(item));
    }
    return true;
}
template <class T>
    requires has_text_form<T>
bool from_text(std::string_view text, std::optional<T>& out, const char*& code) {
    return from_text(text, out.emplace(), code);
}

void read_money(const boost::json::value& in, std::optional<Money>& out, const std::string& pointer,
                Problems& problems);
bool read_string(const boost::json::value& in, std::string& out, const std::string& pointer,
                 Problems& problems);
void read_integer(const boost::json::value& in, std::int64_t& out, const std::string& pointer,
                  Problems& problems);
void read_boolean(const boost::json::value& in, bool& out, const std::string& pointer,
                  Problems& problems);

template <class T>
void read(const boost::json::value& in, T& out, const std::string& pointer, Problems& problems);

template <class T>
void read_members(const boost::json::value& in, T& out, const std::string& pointer,
                  Problems& problems) {
    const auto* object = in.if_object();
    if (object == nullptr)
        return problems.add(pointer, "object_expected", "an object is expected here");
    std::size_t known = 0;
    boost::mp11::mp_for_each<MembersOf<T>>([&](auto member) {
        using Field = std::remove_cvref_t<decltype(out.*member.pointer)>;
        const auto* value = object->if_contains(member.name);
        if (value != nullptr) ++known;
        if constexpr (is_optional_v<Field>) {
            if (value == nullptr || value->is_null()) return;
        }
        const std::string at = pointer + '/' + member.name;
        if (value == nullptr) return problems.add(at, "required", "this member is required");
        read(*value, out.*member.pointer, at, problems);
    });
    if (known == object->size()) return;
    for (const auto& item : *object) {
        bool found = false;
        boost::mp11::mp_for_each<MembersOf<T>>(
            [&](auto member) { found = found || item.key() == std::string_view(member.name); });
        if (!found)
            problems.add(pointer + '/' + std::string(item.key()), "unknown_member",
                         "this member is not known");
    }
}

template <class T>
void read(const boost::json::value& in, T& out, const std::string& pointer, Problems& problems) {
    if constexpr (std::is_same_v<T, std::optional<Money>>) {
        read_money(in, out, pointer, problems);
    } else if constexpr (std::is_same_v<T, RawJson>) {
        out.text = to_text(in);
    } else if constexpr (is_optional_v<T> && !std::is_same_v<T, std::optional<Currency>>) {
        read(in, out.emplace(), pointer, problems);
    } else if constexpr (is_vector_v<T>) {
        const auto* array = in.if_array();
        if (array == nullptr)
            return problems.add(pointer, "array_expected", "an array is expected here");
        for (std::size_t i = 0; i < array->size(); ++i) {
            typename T::value_type item{};
            read((*array)[i], item, pointer + '/' + std::to_string(i), problems);
            out.push_back(std::move(item));
        }
    } else if constexpr (is_map_v<T>) {
        const auto* object = in.if_object();
        if (object == nullptr)
            return problems.add(pointer, "object_expected", "an object is expected here");
        for (const auto& item : *object)
            read(item.value(), out[std::string(item.key())],
                 pointer + '/' + std::string(item.key()), problems);
    } else if constexpr (is_described<T>) {
        read_members(in, out, pointer, problems);
    } else if constexpr (std::is_same_v<T, bool>) {
        read_boolean(in, out, pointer, problems);
    } else if constexpr (std::is_integral_v<T>) {
        std::int64_t wide = 0;
        read_integer(in, wide, pointer, problems);
        out = static_cast<T>(wide);
    } else {
        std::string text;
        if (!read_string(in, text, pointer, problems)) return;
        const char* code = "invalid";
        if (!from_text(text, out, code))
            problems.add(pointer, code, "this value is not valid here");
    }
}

/// Whole document → T.
template <class T>
Result<T> read_document(std::string_view text) {
    TRY(const boost::json::value value, parse(text));
    T out{};
    Problems problems;
    read(value, out, "", problems);
    if (!problems.empty()) return problems.error();
    return out;
}

}  // namespace entrepot::json
