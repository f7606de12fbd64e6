// RFC 3339 by hand: std::chrono::parse of libstdc++ 12 does not exist, and strptime knows no
// fractions.
#include "base/time.hpp"

namespace entrepot {
namespace {
using namespace std::chrono;

std::optional<int> digits(std::string_view text, std::size_t at, std::size_t count) {
    if (at + count > text.size()) return std::nullopt;
    int value = 0;
    for (std::size_t i = at; i < at + count; ++i) {
        if (text[i] < '0' || text[i] > '9') return std::nullopt;
        value = value * 10 + (text[i] - '0');
    }
    return value;
}

bool is_at(std::string_view text, std::size_t at, char c) {
    return at < text.size() && text[at] == c;
}

/// Minutes east of UTC for "Z", "+08:00", "-0330"; nothing else.
std::optional<int> parse_offset(std::string_view text) {
    if (text == "Z" || text == "z") return 0;
    if (text.size() != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':')
        return std::nullopt;
    const auto hours_part = digits(text, 1, 2);
    const auto minutes_part = digits(text, 4, 2);
    if (!hours_part || !minutes_part || *hours_part > 23 || *minutes_part > 59) return std::nullopt;
    const int total = *hours_part * 60 + *minutes_part;
    return text[0] == '-' ? -total : total;
}

/// Decimal digits, with zeros in front up to the width. Not printf: lists and reports write
/// thousands of days an answer.
void append_number(std::string& out, std::uint64_t value, int width) {
    char buffer[20];
    char* at = buffer + sizeof buffer;
    for (; value != 0 || width > 0; value /= 10, --width)
        *--at = static_cast<char>('0' + value % 10);
    out.append(at, buffer + sizeof buffer);
}

void append_date(std::string& out, Date day) {
    const year_month_day ymd{day};
    const int year = static_cast<int>(ymd.year());
    if (year < 0) out += '-';
    append_number(out, static_cast<std::uint64_t>(year < 0 ? -year : year), year < 0 ? 3 : 4);
    out += '-';
    append_number(out, static_cast<unsigned>(ymd.month()), 2);
    out += '-';
    append_number(out, static_cast<unsigned>(ymd.day()), 2);
}
}  // namespace

std::string format_date(Date day) {
    std::string out;
    append_date(out, day);
    return out;
}

std::optional<Date> parse_date(std::string_view text) {
    if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
    const auto y = digits(text, 0, 4);
    const auto m = digits(text, 5, 2);
    const auto d = digits(text, 8, 2);
    if (!y || !m || !d) return std::nullopt;
    const year_month_day ymd{year{*y}, month{static_cast<unsigned>(*m)},
                             std::chrono::day{static_cast<unsigned>(*d)}};
    if (!ymd.ok()) return std::nullopt;
    return Date{ymd};
}

std::string format_instant(Instant at) {
    const auto day = floor<days>(at);
    const hh_mm_ss time{at - day};
    const auto micros = static_cast<std::uint64_t>(time.subseconds().count());
    std::string out;
    out.reserve(32);
    append_date(out, day);
    out += 'T';
    append_number(out, static_cast<std::uint64_t>(time.hours().count()), 2);
    out += ':';
    append_number(out, static_cast<std::uint64_t>(time.minutes().count()), 2);
    out += ':';
    append_number(out, static_cast<std::uint64_t>(time.seconds().count()), 2);
    if (micros != 0) {
        out += '.';
        append_number(out, micros, 6);
        while (out.back() == '0') out.pop_back();
    }
    out += 'Z';
    return out;
}

std::optional<Instant> parse_instant(std::string_view text) {
    if (text.size() < 20) return std::nullopt;
    const auto day = parse_date(text.substr(0, 10));
    const bool separators = (text[10] == 'T' || text[10] == 't' || text[10] == ' ') &&
                            is_at(text, 13, ':') && is_at(text, 16, ':');
    const auto h = digits(text, 11, 2);
    const auto m = digits(text, 14, 2);
    const auto s = digits(text, 17, 2);
    if (!day || !separators || !h || !m || !s || *h > 23 || *m > 59 || *s > 60) return std::nullopt;
    std::size_t at = 19;
    long micros = 0;
    if (is_at(text, at, '.')) {
        ++at;
        const std::size_t first = at;
        long scale = 100000;
        for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at, scale /= 10)
            micros += (text[at] - '0') * scale;
        if (at == first || at - first > 12) return std::nullopt;
    }
    const auto offset = parse_offset(text.substr(at));
    if (!offset) return std::nullopt;
    return Instant{*day} + hours{*h} + minutes{*m} + seconds{*s} + microseconds{micros} -
           minutes{*offset};
}

}  // namespace entrepot
