// Exact numbers: Decimal (8 places), Currency, Money in minor units, and how money is split and
// rounded.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace entrepot {

/// Fixed point with 8 places in 128 bits. Used for rates, percentages, unit prices, quantities with
/// fractions.
class Decimal {
public:
    __extension__ using Units = __int128;
    static constexpr int places = 8;
    static constexpr std::int64_t scale = 100'000'000;

    constexpr Decimal() = default;
    static constexpr Decimal from_units(Units units) {
        Decimal out;
        out.units_ = units;
        return out;
    }
    static constexpr Decimal from_integer(std::int64_t value) {
        return from_units(Units{value} * scale);
    }
    /// "-12.340"; digits, one dot, at most 20 integer digits; more than 8 places are refused unless
    /// zero.
    static std::optional<Decimal> parse(std::string_view text);
    /// Shortest form without trailing zeros: "12.34", "0", "-0.5".
    std::string text() const;

    constexpr Units units() const { return units_; }
    constexpr bool is_negative() const { return units_ < 0; }
    constexpr bool is_zero() const { return units_ == 0; }
    auto operator<=>(const Decimal&) const = default;
    friend constexpr Decimal operator+(Decimal a, Decimal b) {
        return from_units(a.units_ + b.units_);
    }
    friend constexpr Decimal operator-(Decimal a, Decimal b) {
        return from_units(a.units_ - b.units_);
    }
    constexpr Decimal operator-() const { return from_units(-units_); }
    /// Exact product rounded half to even at 8 places.
    friend Decimal operator*(Decimal a, Decimal b);
    /// Quotient rounded half to even at 8 places; the divisor must not be zero.
    friend Decimal operator/(Decimal a, Decimal b);

private:
    Units units_ = 0;
};

/// ISO 4217 alphabetic code with its number of decimals (JPY 0, USD 2, KWD 3). Only known
/// currencies exist.
class Currency {
public:
    static std::optional<Currency> parse(std::string_view code);
    std::string_view code() const { return {code_, 3}; }
    int exponent() const { return exponent_; }
    friend bool operator==(const Currency& a, const Currency& b) { return a.code() == b.code(); }
    /// All known codes, sorted.
    static std::span<const Currency> all();

    constexpr Currency(const char (&code)[4], int exponent)
        : code_{code[0], code[1], code[2]}, exponent_(exponent) {}

private:
    char code_[3];
    int exponent_;
};

enum class Rounding { half_even, down };

/// An amount in minor units of one currency. Sums need equal currencies; a mismatch is a bug.
struct Money {
    std::int64_t minor = 0;
    Currency currency;

    /// "12.34" with at most the currency's decimals (further zeros are accepted).
    static std::optional<Money> parse(std::string_view amount, Currency currency);
    /// "12.34", "-0.05", "1200" for JPY.
    std::string amount() const;
    friend bool operator==(const Money&, const Money&) = default;
};
Money operator+(const Money& a, const Money& b);
Money operator-(const Money& a, const Money& b);

/// The only way from a Decimal to Money. Out of the 64-bit range is a bug.
Money round(Decimal amount, Currency currency, Rounding rounding = Rounding::half_even);
Decimal to_decimal(const Money& money);

/// Splits `whole` in proportion to the weights by the largest remainder, ties to the first. The
/// parts sum to the whole. Weights must not be negative and not all zero.
std::vector<Money> allocate(const Money& whole, std::span<const Decimal> weights);

}  // namespace entrepot
