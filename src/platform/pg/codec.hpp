// Binary wire form of the values that cross to PostgreSQL: one Codec per C++ type, with its type
// oid. A type without a Codec cannot be a parameter or a column.
#pragma once

#include <boost/describe/enum_from_string.hpp>
#include <boost/describe/enum_to_string.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "base/id.hpp"
#include "base/money.hpp"
#include "base/result.hpp"
#include "base/time.hpp"

namespace entrepot::pg {

/// jsonb as its text.
struct Json {
    std::string text;
};
/// bytea.
struct Bytes {
    std::string data;
};

namespace oid {
inline constexpr unsigned boolean = 16, bytea = 17, int8 = 20, int2 = 21, int4 = 23, text = 25,
                          date = 1082, timestamptz = 1184, numeric = 1700, uuid = 2950,
                          jsonb = 3802;
inline constexpr unsigned boolean_array = 1000, bytea_array = 1001, int2_array = 1005,
                          int4_array = 1007, text_array = 1009, int8_array = 1016,
                          date_array = 1182, timestamptz_array = 1185, numeric_array = 1231,
                          uuid_array = 2951, jsonb_array = 3807;
}  // namespace oid

namespace wire {
template <class Integer>
void put(std::string& out, Integer value) {
    using Unsigned = std::make_unsigned_t<Integer>;
    const auto bits = static_cast<Unsigned>(value);
    for (int shift = static_cast<int>(sizeof(Integer)) * 8 - 8; shift >= 0; shift -= 8)
        out.push_back(static_cast<char>(static_cast<unsigned char>(bits >> shift)));
}
template <class Integer>
Integer get(std::string_view bytes, std::size_t at = 0) {
    ensure(at + sizeof(Integer) <= bytes.size(), "column is shorter than its type");
    std::make_unsigned_t<Integer> bits = 0;
    for (std::size_t i = 0; i < sizeof(Integer); ++i)
        bits = static_cast<std::make_unsigned_t<Integer>>(
            (sizeof(Integer) == 1 ? 0 : bits << 8) | static_cast<unsigned char>(bytes[at + i]));
    return static_cast<Integer>(bits);
}
void put_numeric(std::string& out, Decimal value);
Decimal get_numeric(std::string_view bytes);
}  // namespace wire

template <class T>
struct Codec;

template <>
struct Codec<bool> {
    static constexpr unsigned type = oid::boolean, array = oid::boolean_array;
    static void encode(std::string& out, bool v) { out.push_back(v ? 1 : 0); }
    static bool decode(std::string_view b) { return wire::get<std::int8_t>(b) != 0; }
};
template <class Integer, unsigned Type, unsigned Array>
struct IntegerCodec {
    static constexpr unsigned type = Type, array = Array;
    static void encode(std::string& out, Integer v) { wire::put(out, v); }
    static Integer decode(std::string_view b) { return wire::get<Integer>(b); }
};
template <>
struct Codec<std::int16_t> : IntegerCodec<std::int16_t, oid::int2, oid::int2_array> {};
template <>
struct Codec<std::int32_t> : IntegerCodec<std::int32_t, oid::int4, oid::int4_array> {};
template <>
struct Codec<std::int64_t> : IntegerCodec<std::int64_t, oid::int8, oid::int8_array> {};
template <>
struct Codec<std::string> {
    static constexpr unsigned type = oid::text, array = oid::text_array;
    static void encode(std::string& out, std::string_view v) { out += v; }
    static std::string decode(std::string_view b) { return std::string(b); }
};
template <>
struct Codec<std::string_view> {
    static constexpr unsigned type = oid::text, array = oid::text_array;
    static void encode(std::string& out, std::string_view v) { out += v; }
};
template <>
struct Codec<Bytes> {
    static constexpr unsigned type = oid::bytea, array = oid::bytea_array;
    static void encode(std::string& out, const Bytes& v) { out += v.data; }
    static Bytes decode(std::string_view b) { return Bytes{std::string(b)}; }
};
template <>
struct Codec<Json> {
    static constexpr unsigned type = oid::jsonb, array = oid::jsonb_array;
    static void encode(std::string& out, const Json& v) {
        out.push_back(1);
        out += v.text;
    }
    static Json decode(std::string_view b) {
        ensure(!b.empty() && b[0] == 1, "unknown jsonb version");
        return Json{std::string(b.substr(1))};
    }
};
template <>
struct Codec<Uuid> {
    static constexpr unsigned type = oid::uuid, array = oid::uuid_array;
    static void encode(std::string& out, const Uuid& v) {
        out.append(reinterpret_cast<const char*>(v.bytes.data()), 16);
    }
    static Uuid decode(std::string_view b) {
        ensure(b.size() == 16, "uuid column of another size");
        Uuid v;
        for (std::size_t i = 0; i < 16; ++i) v.bytes[i] = static_cast<std::uint8_t>(b[i]);
        return v;
    }
};
template <class Tag>
struct Codec<Id<Tag>> {
    static constexpr unsigned type = oid::uuid, array = oid::uuid_array;
    static void encode(std::string& out, const Id<Tag>& v) { Codec<Uuid>::encode(out, v.value); }
    static Id<Tag> decode(std::string_view b) { return Id<Tag>{Codec<Uuid>::decode(b)}; }
};
inline constexpr std::chrono::sys_days postgres_epoch{std::chrono::year{2000} / 1 / 1};
template <>
struct Codec<Instant> {
    static constexpr unsigned type = oid::timestamptz, array = oid::timestamptz_array;
    static void encode(std::string& out, Instant v) {
        wire::put<std::int64_t>(out, (v - postgres_epoch).count());
    }
    static Instant decode(std::string_view b) {
        return postgres_epoch + std::chrono::microseconds{wire::get<std::int64_t>(b)};
    }
};
template <>
struct Codec<Date> {
    static constexpr unsigned type = oid::date, array = oid::date_array;
    static void encode(std::string& out, Date v) {
        wire::put<std::int32_t>(out, static_cast<std::int32_t>((v - postgres_epoch).count()));
    }
    static Date decode(std::string_view b) {
        return postgres_epoch + std::chrono::days{wire::get<std::int32_t>(b)};
    }
};
template <>
struct Codec<Decimal> {
    static constexpr unsigned type = oid::numeric, array = oid::numeric_array;
    static void encode(std::string& out, Decimal v) { wire::put_numeric(out, v); }
    static Decimal decode(std::string_view b) { return wire::get_numeric(b); }
};
template <>
struct Codec<Currency> {
    static constexpr unsigned type = oid::text, array = oid::text_array;
    static void encode(std::string& out, const Currency& v) { out += v.code(); }
    static Currency decode(std::string_view b) {
        auto currency = Currency::parse(b);
        ensure(currency.has_value(), "unknown currency stored");
        return *currency;
    }
};
/// A described enum is stored as its enumerator's name.
template <class E>
    requires std::is_enum_v<E>
struct Codec<E> {
    static constexpr unsigned type = oid::text, array = oid::text_array;
    static void encode(std::string& out, E v) { out += boost::describe::enum_to_string(v, ""); }
    static E decode(std::string_view b) {
        E v{};
        ensure(boost::describe::enum_from_string(std::string(b).c_str(), v),
               "unknown enumerator stored");
        return v;
    }
};

template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;
template <class T>
inline constexpr bool is_vector = false;
template <class T>
inline constexpr bool is_vector<std::vector<T>> = true;

/// One-dimensional arrays; elements may be optional.
template <class T>
struct Codec<std::vector<T>> {
    static constexpr bool nullable = is_optional<T>;
    template <class U>
    struct Element {
        using type = U;
    };
    template <class U>
    struct Element<std::optional<U>> {
        using type = U;
    };
    using Inner = Codec<typename Element<T>::type>;
    static constexpr unsigned type = Inner::array;

    static void encode(std::string& out, const std::vector<T>& values) {
        wire::put<std::int32_t>(out, values.empty() ? 0 : 1);
        wire::put<std::int32_t>(out, nullable ? 1 : 0);
        wire::put<std::int32_t>(out, static_cast<std::int32_t>(Inner::type));
        if (values.empty()) return;
        wire::put<std::int32_t>(out, static_cast<std::int32_t>(values.size()));
        wire::put<std::int32_t>(out, 1);
        for (const auto& value : values) encode_element(out, value);
    }
    static std::vector<T> decode(std::string_view b) {
        std::vector<T> out;
        if (wire::get<std::int32_t>(b) == 0) return out;
        const auto count = wire::get<std::int32_t>(b, 12);
        std::size_t at = 20;
        for (std::int32_t i = 0; i < count; ++i) {
            const auto size = wire::get<std::int32_t>(b, at);
            at += 4;
            if constexpr (nullable) {
                if (size < 0) {
                    out.push_back(std::nullopt);
                    continue;
                }
            }
            ensure(size >= 0 && at + static_cast<std::size_t>(size) <= b.size(),
                   "null or broken array element");
            out.push_back(Inner::decode(b.substr(at, static_cast<std::size_t>(size))));
            at += static_cast<std::size_t>(size);
        }
        return out;
    }

private:
    template <class U>
    static void encode_element(std::string& out, const U& value) {
        if constexpr (is_optional<U>) {
            if (!value) return wire::put<std::int32_t>(out, -1);
            encode_element(out, *value);
        } else {
            const std::size_t length_at = out.size();
            wire::put<std::int32_t>(out, 0);
            Inner::encode(out, value);
            std::string length;
            wire::put<std::int32_t>(length, static_cast<std::int32_t>(out.size() - length_at - 4));
            out.replace(length_at, 4, length);
        }
    }
};

/// Parameters of one execution, encoded into one buffer.
class Params {
public:
    template <class T>
    void add(const T& value) {
        if constexpr (is_optional<T>) {
            if (value)
                add(*value);
            else
                null();
        } else {
            begin();
            Codec<T>::encode(buffer_, value);
            end();
        }
    }
    std::size_t count() const { return spans_.size(); }
    /// Differs whenever any value does.
    std::string identity() const {
        std::string out;
        for (const Span& span : spans_) out += std::to_string(span.length) + ' ';
        return out + buffer_;
    }
    const char* data(std::size_t i) const {
        return spans_[i].length < 0 ? nullptr : buffer_.data() + spans_[i].at;
    }
    int length(std::size_t i) const { return spans_[i].length < 0 ? 0 : spans_[i].length; }

private:
    struct Span {
        std::size_t at;
        int length;
    };
    void null() { spans_.push_back({0, -1}); }
    void begin() { spans_.push_back({buffer_.size(), 0}); }
    void end() { spans_.back().length = static_cast<int>(buffer_.size() - spans_.back().at); }
    std::string buffer_;
    std::vector<Span> spans_;
};

template <class T>
struct CodecOf {
    using type = Codec<T>;
};
template <class T>
struct CodecOf<std::optional<T>> {
    using type = Codec<T>;
};
template <class T>
inline constexpr unsigned type_oid = CodecOf<T>::type::type;

}  // namespace entrepot::pg
