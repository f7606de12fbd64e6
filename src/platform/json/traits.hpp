// Type traits shared by the JSON reader, the writer and the schema printer.
#pragma once

#include <boost/describe.hpp>
#include <boost/mp11/algorithm.hpp>
#include <map>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include "platform/auth/permission.hpp"

namespace entrepot::json {

template <class T>
inline constexpr bool is_described =
    boost::describe::has_describe_members<T>::value && !std::is_union_v<T>;
template <class T>
inline constexpr bool is_optional_v = false;
template <class T>
inline constexpr bool is_optional_v<std::optional<T>> = true;
template <class T>
inline constexpr bool is_vector_v = false;
template <class T>
inline constexpr bool is_vector_v<std::vector<T>> = true;
template <class T>
inline constexpr bool is_map_v = false;
template <class T>
inline constexpr bool is_map_v<std::map<std::string, T>> = true;
template <class T>
inline constexpr bool is_id_v = false;
template <class Tag>
inline constexpr bool is_id_v<Id<Tag>> = true;

template <class T>
using MembersOf = boost::describe::describe_members<T, boost::describe::mod_public |
                                                           boost::describe::mod_inherited>;

/// JSON text that is passed through as it is (stored filters, preferences).
struct RawJson {
    std::string text = "null";
};

/// A member that only holders of a permission see. Others get null, and the name in the object's
/// "masked" list.
template <class T, Permission P>
struct Guarded {
    T value{};
    static constexpr Permission permission = P;
    Guarded() = default;
    Guarded(T v) : value(std::move(v)) {}
};
template <class T>
inline constexpr bool is_guarded_v = false;
template <class T, Permission P>
inline constexpr bool is_guarded_v<Guarded<T, P>> = true;

}  // namespace entrepot::json
