// Expected failures as values: Error, Result<T>, and the two macros that pass an error on.
// Exceptions are left for the world (database gone) and for bugs (ensure).
#pragma once

#include <boost/system/result.hpp>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace entrepot {

/// What class of answer a code is; decides the HTTP status and whether a retry may help.
enum class ErrorKind {
    invalid,
    unauthenticated,
    forbidden,
    not_found,
    conflict,
    too_large,
    rate_limited,
    unavailable
};

/// A stable code ("orders.not_editable"), a constant of its module. `name` has static storage.
struct ErrorCode {
    ErrorKind kind;
    std::string_view name;
    friend bool operator==(const ErrorCode& a, const ErrorCode& b) { return a.name == b.name; }
};

/// One field that is wrong: JSON pointer ("/lines/1/quantity"), a stable code, and words for
/// people.
struct FieldError {
    std::string pointer;
    std::string code;
    std::string detail;
};

/// An expected failure. `detail` is English for the log and API clients; consoles translate `code`.
struct Error {
    ErrorCode code;
    std::string detail;
    std::vector<FieldError> fields;
    /// Seconds after which a retry makes sense; 0 = no advice.
    int retry_after_s = 0;
};

inline Error make_error(ErrorCode code, std::string detail = {}) {
    return Error{code, std::move(detail), {}, 0};
}
inline Error field_error(ErrorCode code, std::string pointer, std::string field_code,
                         std::string detail) {
    return Error{code,
                 detail,
                 {FieldError{std::move(pointer), std::move(field_code), std::move(detail)}},
                 0};
}

[[noreturn]] void throw_unchecked(const Error& error);
/// Lets boost::system::result turn an unchecked access into an exception (a bug of ours).
[[noreturn]] inline void throw_exception_from_error(const Error& error,
                                                    const boost::source_location&) {
    throw_unchecked(error);
}

template <class T = void>
struct [[nodiscard]] Result : boost::system::result<T, Error> {
    using boost::system::result<T, Error>::result;
};

/// A broken invariant: always on, ends as 500 with the transaction rolled back.
struct Bug : std::logic_error {
    using std::logic_error::logic_error;
};
inline void ensure(bool condition, const char* why) {
    if (!condition) throw Bug(why);
}

namespace errors {
inline constexpr ErrorCode invalid_request{ErrorKind::invalid, "invalid_request"};
inline constexpr ErrorCode invalid_fields{ErrorKind::invalid, "invalid_fields"};
inline constexpr ErrorCode invalid_cursor{ErrorKind::invalid, "invalid_cursor"};
inline constexpr ErrorCode not_found{ErrorKind::not_found, "not_found"};
inline constexpr ErrorCode unauthenticated{ErrorKind::unauthenticated, "unauthenticated"};
inline constexpr ErrorCode forbidden{ErrorKind::forbidden, "forbidden"};
inline constexpr ErrorCode conflict{ErrorKind::conflict, "conflict"};
inline constexpr ErrorCode version_conflict{ErrorKind::conflict, "version_conflict"};
inline constexpr ErrorCode too_large{ErrorKind::too_large, "too_large"};
inline constexpr ErrorCode rate_limited{ErrorKind::rate_limited, "rate_limited"};
inline constexpr ErrorCode unavailable{ErrorKind::unavailable, "unavailable"};
}  // namespace errors

}  // namespace entrepot

#define ENTREPOT_CONCAT2(a, b) a##b
#define ENTREPOT_CONCAT(a, b) ENTREPOT_CONCAT2(a, b)

/// TRY(auto x, f()): declare x from a Result, or return its error. TRY_VOID(f()) for Result<>.
#define ENTREPOT_TRY_IMPL(ret, tmp, decl, expr)      \
    auto tmp = (expr);                               \
    if (tmp.has_error()) ret std::move(tmp).error(); \
    decl = *std::move(tmp)
#define ENTREPOT_TRY_VOID_IMPL(ret, tmp, expr) \
    if (auto tmp = (expr); tmp.has_error()) ret std::move(tmp).error()

#define TRY(decl, ...) \
    ENTREPOT_TRY_IMPL(return, ENTREPOT_CONCAT(try_, __LINE__), decl, (__VA_ARGS__))
#define CO_TRY(decl, ...) \
    ENTREPOT_TRY_IMPL(co_return, ENTREPOT_CONCAT(try_, __LINE__), decl, (__VA_ARGS__))
#define TRY_VOID(...) ENTREPOT_TRY_VOID_IMPL(return, ENTREPOT_CONCAT(try_, __LINE__), (__VA_ARGS__))
#define CO_TRY_VOID(...) \
    ENTREPOT_TRY_VOID_IMPL(co_return, ENTREPOT_CONCAT(try_, __LINE__), (__VA_ARGS__))
