// PostgreSQL's numeric on the wire: base-10000 digits, a weight, a sign and a display scale.
#include "platform/pg/codec.hpp"

#include <algorithm>

namespace entrepot::pg::wire {
namespace {
constexpr std::int16_t base = 10000;
constexpr std::uint16_t sign_negative = 0x4000;
constexpr int fraction_groups = Decimal::places / 4;
}  // namespace

void put_numeric(std::string& out, Decimal value) {
    auto units = value.units();
    const bool negative = units < 0;
    if (negative) units = -units;
    std::vector<std::int16_t> groups;
    for (; units != 0; units /= base) groups.push_back(static_cast<std::int16_t>(units % base));
    const int weight = static_cast<int>(groups.size()) - 1 - fraction_groups;
    std::reverse(groups.begin(), groups.end());
    while (!groups.empty() && groups.back() == 0) groups.pop_back();
    put<std::int16_t>(out, static_cast<std::int16_t>(groups.size()));
    put<std::int16_t>(out, static_cast<std::int16_t>(groups.empty() ? 0 : weight));
    put<std::uint16_t>(out, negative ? sign_negative : std::uint16_t{0});
    put<std::int16_t>(out, Decimal::places);
    for (const std::int16_t group : groups) put(out, group);
}

Decimal get_numeric(std::string_view bytes) {
    const auto count = get<std::int16_t>(bytes, 0);
    const auto weight = get<std::int16_t>(bytes, 2);
    const auto sign = get<std::uint16_t>(bytes, 4);
    ensure(sign == 0 || sign == sign_negative, "numeric is not a number");
    Decimal::Units units = 0;
    // Position of a group counts from the last one that Decimal keeps.
    for (std::int16_t i = 0; i < count; ++i) {
        const int position = weight - i + fraction_groups;
        const auto group = get<std::int16_t>(bytes, 8 + 2 * static_cast<std::size_t>(i));
        ensure(position >= 0 || group == 0, "numeric has more than 8 places");
        ensure(position < 9, "numeric is too large");
        Decimal::Units part = group;
        for (int p = 0; p < position; ++p) part *= base;
        if (position >= 0) units += part;
    }
    return Decimal::from_units(sign == sign_negative ? -units : units);
}

}  // namespace entrepot::pg::wire
