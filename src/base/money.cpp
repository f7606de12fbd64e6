// Arithmetic of exact numbers. 128-bit integers carry every intermediate that a business amount can
// reach.
#include "base/money.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <numeric>

#include "base/result.hpp"

namespace entrepot {
namespace {
using Units = Decimal::Units;
__extension__ using Wide = unsigned __int128;

Wide magnitude(Units value) {
    return value < 0 ? Wide{0} - static_cast<Wide>(value) : static_cast<Wide>(value);
}

Units divide_half_even(Units dividend, Units divisor) {
    const bool negative = (dividend < 0) != (divisor < 0);
    const Wide n = magnitude(dividend);
    const Wide d = magnitude(divisor);
    Wide quotient = n / d;
    const Wide rest = n % d;
    const Wide other = d - rest;
    if (rest > other || (rest == other && (quotient & 1) != 0)) ++quotient;
    return negative ? -static_cast<Units>(quotient) : static_cast<Units>(quotient);
}

std::int64_t power_of_ten(int exponent) {
    std::int64_t value = 1;
    for (int i = 0; i < exponent; ++i) value *= 10;
    return value;
}

std::string digits_text(Wide value) {
    std::string out;
    if (value <= std::numeric_limits<std::uint64_t>::max()) {
        // Nearly every amount: division of 128-bit numbers is what a report would spend its time
        // on.
        char buffer[24];
        out.assign(
            buffer,
            std::to_chars(buffer, buffer + sizeof buffer, static_cast<std::uint64_t>(value)).ptr);
        return out;
    }
    for (; value != 0; value /= 10)
        out.insert(out.begin(), static_cast<char>('0' + static_cast<int>(value % 10)));
    return out;
}

std::string fixed_text(Units units, int places) {
    std::string out = digits_text(magnitude(units));
    if (places > 0) {
        if (out.size() <= static_cast<std::size_t>(places))
            out.insert(0, static_cast<std::size_t>(places) + 1 - out.size(), '0');
        out.insert(out.size() - static_cast<std::size_t>(places), 1, '.');
    }
    return units < 0 ? '-' + out : out;
}

constexpr Currency currencies[] = {
    {"AED", 2}, {"ARS", 2}, {"AUD", 2}, {"BGN", 2}, {"BHD", 3}, {"BRL", 2}, {"CAD", 2}, {"CHF", 2},
    {"CLP", 0}, {"CNY", 2}, {"COP", 2}, {"CYP", 2}, {"CZK", 2}, {"DKK", 2}, {"EEK", 2}, {"EGP", 2},
    {"EUR", 2}, {"GBP", 2}, {"HKD", 2}, {"HRK", 2}, {"HUF", 2}, {"IDR", 2}, {"ILS", 2}, {"INR", 2},
    {"ISK", 0}, {"JOD", 3}, {"JPY", 0}, {"KRW", 0}, {"KWD", 3}, {"LTL", 2}, {"LVL", 2}, {"MTL", 2},
    {"MXN", 2}, {"MYR", 2}, {"NGN", 2}, {"NOK", 2}, {"NZD", 2}, {"OMR", 3}, {"PHP", 2}, {"PKR", 2},
    {"PLN", 2}, {"QAR", 2}, {"ROL", 2}, {"RON", 2}, {"RUB", 2}, {"SAR", 2}, {"SEK", 2}, {"SGD", 2},
    {"SIT", 2}, {"SKK", 2}, {"THB", 2}, {"TND", 3}, {"TRL", 2}, {"TRY", 2}, {"TWD", 2}, {"UAH", 2},
    {"USD", 2}, {"VND", 0}, {"ZAR", 2},
};
}  // namespace

std::optional<Decimal> Decimal::parse(std::string_view text) {
    bool negative = false;
    if (!text.empty() && (text[0] == '-' || text[0] == '+')) {
        negative = text[0] == '-';
        text.remove_prefix(1);
    }
    const auto dot = text.find('.');
    const std::string_view whole = text.substr(0, dot);
    const std::string_view fraction =
        dot == std::string_view::npos ? std::string_view{} : text.substr(dot + 1);
    if (whole.empty() || whole.size() > 20 || (dot != std::string_view::npos && fraction.empty()))
        return std::nullopt;
    Units units = 0;
    for (const char c : whole) {
        if (c < '0' || c > '9') return std::nullopt;
        units = units * 10 + (c - '0');
    }
    for (std::size_t i = 0; i < static_cast<std::size_t>(places) || i < fraction.size(); ++i) {
        const char c = i < fraction.size() ? fraction[i] : '0';
        if (c < '0' || c > '9') return std::nullopt;
        if (i < static_cast<std::size_t>(places))
            units = units * 10 + (c - '0');
        else if (c != '0')
            return std::nullopt;
    }
    return from_units(negative ? -units : units);
}

std::string Decimal::text() const {
    std::string out = fixed_text(units_, places);
    while (out.back() == '0') out.pop_back();
    if (out.back() == '.') out.pop_back();
    return out == "-0" ? "0" : out;
}

Decimal operator*(Decimal a, Decimal b) {
    Units product = 0;
    ensure(!__builtin_mul_overflow(a.units_, b.units_, &product), "decimal product out of range");
    return Decimal::from_units(divide_half_even(product, Decimal::scale));
}

Decimal operator/(Decimal a, Decimal b) {
    ensure(!b.is_zero(), "division by zero");
    Units scaled = 0;
    ensure(!__builtin_mul_overflow(a.units_, Units{Decimal::scale}, &scaled),
           "decimal quotient out of range");
    return Decimal::from_units(divide_half_even(scaled, b.units_));
}

std::span<const Currency> Currency::all() {
    return currencies;
}

std::optional<Currency> Currency::parse(std::string_view code) {
    const auto* found =
        std::lower_bound(std::begin(currencies), std::end(currencies), code,
                         [](const Currency& c, std::string_view text) { return c.code() < text; });
    if (found == std::end(currencies) || found->code() != code) return std::nullopt;
    return *found;
}

std::optional<Money> Money::parse(std::string_view amount, Currency currency) {
    const auto value = Decimal::parse(amount);
    if (!value) return std::nullopt;
    const std::int64_t step = power_of_ten(Decimal::places - currency.exponent());
    if (value->units() % step != 0) return std::nullopt;
    const Units minor = value->units() / step;
    if (minor > std::numeric_limits<std::int64_t>::max() ||
        minor < std::numeric_limits<std::int64_t>::min())
        return std::nullopt;
    return Money{static_cast<std::int64_t>(minor), currency};
}

std::string Money::amount() const {
    return fixed_text(minor, currency.exponent());
}

Money operator+(const Money& a, const Money& b) {
    ensure(a.currency == b.currency, "sum of two currencies");
    Money out = a;
    ensure(!__builtin_add_overflow(a.minor, b.minor, &out.minor), "money out of range");
    return out;
}

Money operator-(const Money& a, const Money& b) {
    ensure(a.currency == b.currency, "difference of two currencies");
    Money out = a;
    ensure(!__builtin_sub_overflow(a.minor, b.minor, &out.minor), "money out of range");
    return out;
}

Money round(Decimal amount, Currency currency, Rounding rounding) {
    const Units step = power_of_ten(Decimal::places - currency.exponent());
    const Units minor = rounding == Rounding::half_even ? divide_half_even(amount.units(), step)
                                                        : amount.units() / step;
    ensure(minor <= std::numeric_limits<std::int64_t>::max() &&
               minor >= std::numeric_limits<std::int64_t>::min(),
           "money out of range");
    return Money{static_cast<std::int64_t>(minor), currency};
}

Decimal to_decimal(const Money& money) {
    return Decimal::from_units(Units{money.minor} *
                               power_of_ten(Decimal::places - money.currency.exponent()));
}

std::vector<Money> allocate(const Money& whole, std::span<const Decimal> weights) {
    Units total = 0;
    for (const Decimal& weight : weights) {
        ensure(!weight.is_negative(), "negative weight");
        total += weight.units();
    }
    ensure(total > 0, "no weight to allocate by");
    std::vector<Money> parts;
    std::vector<Wide> remainders;
    Units given = 0;
    const Units amount = whole.minor < 0 ? -Units{whole.minor} : Units{whole.minor};
    for (const Decimal& weight : weights) {
        Units product = 0;
        ensure(!__builtin_mul_overflow(amount, weight.units(), &product),
               "allocation out of range");
        given += product / total;
        remainders.push_back(static_cast<Wide>(product % total));
        parts.push_back(Money{static_cast<std::int64_t>(product / total), whole.currency});
    }
    std::vector<std::size_t> order(weights.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return remainders[a] != remainders[b] ? remainders[a] > remainders[b] : a < b;
    });
    for (std::size_t i = 0; given < amount; ++i, ++given) ++parts[order[i]].minor;
    if (whole.minor < 0)
        for (Money& part : parts) part.minor = -part.minor;
    return parts;
}

}  // namespace entrepot
