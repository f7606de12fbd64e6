// Instants as milliseconds since 1970 UTC, and their ISO 8601 text.
// The day arithmetic counts in 400-year eras that begin on 1 March, so leap days come last.
#include "sim/time_text.hpp"

#include <array>

namespace entrepot::sim {

std::int64_t days_from_civil(CivilDate date) {
    const std::int64_t year = date.year - (date.month <= 2 ? 1 : 0);
    const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
    const std::int64_t year_of_era = year - era * 400;
    const std::int64_t shifted_month = (static_cast<std::int64_t>(date.month) + 9) % 12;
    const std::int64_t day_of_year = (153 * shifted_month + 2) / 5 + date.day - 1;
    const std::int64_t day_of_era =
        year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

CivilDate civil_from_days(std::int64_t days) {
    days += 719468;
    const std::int64_t era = (days >= 0 ? days : days - 146096) / 146097;
    const std::int64_t day_of_era = days - era * 146097;
    const std::int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    const std::int64_t day_of_year =
        day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const std::int64_t shifted_month = (5 * day_of_year + 2) / 153;
    const auto day = static_cast<unsigned>(day_of_year - (153 * shifted_month + 2) / 5 + 1);
    const auto month =
        static_cast<unsigned>(shifted_month < 10 ? shifted_month + 3 : shifted_month - 9);
    return {static_cast<int>(year_of_era + era * 400 + (month <= 2 ? 1 : 0)), month, day};
}

std::int64_t day_of(Millis at) {
    return (at >= 0 ? at : at - (day_ms - 1)) / day_ms;
}

unsigned weekday_of_day(std::int64_t day) {
    return static_cast<unsigned>(((day + 3) % 7 + 7) % 7);
}

namespace {

struct Fields {
    CivilDate date;
    int hour, minute, second, millis;
};

Fields fields_of(Millis at) {
    const std::int64_t day = day_of(at);
    const auto rest = static_cast<int>(at - day * day_ms);
    return {civil_from_days(day), rest / 3600000, rest / 60000 % 60, rest / 1000 % 60, rest % 1000};
}

std::optional<int> digits(std::string_view text, std::size_t from, std::size_t count) {
    if (from + count > text.size()) return std::nullopt;
    int value = 0;
    for (std::size_t i = from; i < from + count; ++i) {
        if (text[i] < '0' || text[i] > '9') return std::nullopt;
        value = value * 10 + (text[i] - '0');
    }
    return value;
}

unsigned days_in_month(int year, unsigned month) {
    constexpr std::array<unsigned, 12> lengths{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && leap ? 29 : lengths[month - 1];
}

std::optional<CivilDate> parse_date(std::string_view text) {
    const auto year = digits(text, 0, 4);
    const auto month = digits(text, 5, 2);
    const auto day = digits(text, 8, 2);
    if (!year || !month || !day || text[4] != '-' || text[7] != '-') return std::nullopt;
    if (*month < 1 || *month > 12 || *day < 1) return std::nullopt;
    const CivilDate date{*year, static_cast<unsigned>(*month), static_cast<unsigned>(*day)};
    if (date.day > days_in_month(date.year, date.month)) return std::nullopt;
    return date;
}

// The part after the seconds: an optional fraction, then Z or ±hh:mm.
std::optional<Millis> parse_tail(std::string_view text) {
    Millis fraction = 0;
    std::size_t at = 0;
    if (at < text.size() && text[at] == '.') {
        Millis scale = 100;
        const std::size_t first = ++at;
        for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at, scale /= 10) {
            fraction += (text[at] - '0') * scale;
        }
        if (at == first) return std::nullopt;
    }
    const std::string_view zone = text.substr(at);
    if (zone == "Z" || zone == "z") return fraction;
    if (zone.size() != 6 || (zone[0] != '+' && zone[0] != '-') || zone[3] != ':') {
        return std::nullopt;
    }
    const auto hours = digits(zone, 1, 2);
    const auto minutes = digits(zone, 4, 2);
    if (!hours || !minutes || *hours > 23 || *minutes > 59) return std::nullopt;
    const Millis offset = *hours * hour_ms + *minutes * minute_ms;
    return fraction + (zone[0] == '+' ? -offset : offset);
}

}  // namespace

std::string iso_millis(Millis at) {
    const Fields f = fields_of(at);
    // A page holds a thousand of these, so the digits are set in place.
    std::string text = "0000-00-00T00:00:00.000Z";
    const auto put = [&](std::size_t last, int value) {
        for (; value > 0; value /= 10) text[last--] = static_cast<char>('0' + value % 10);
    };
    put(3, f.date.year);
    put(6, static_cast<int>(f.date.month));
    put(9, static_cast<int>(f.date.day));
    put(12, f.hour);
    put(15, f.minute);
    put(18, f.second);
    put(22, f.millis);
    return text;
}

std::string iso_offset(Millis at) {
    return iso_millis(at).substr(0, 19) + "+00:00";
}

std::string iso_month(Millis at) {
    return iso_millis(at).substr(0, 7);
}

std::optional<Millis> parse_iso(std::string_view text) {
    if (text.size() < 10) return std::nullopt;
    const auto date = parse_date(text);
    if (!date) return std::nullopt;
    const Millis midnight = days_from_civil(*date) * day_ms;
    if (text.size() == 10) return midnight;
    const auto hour = digits(text, 11, 2);
    const auto minute = digits(text, 14, 2);
    const auto second = digits(text, 17, 2);
    if (!hour || !minute || !second || *hour > 23 || *minute > 59 || *second > 59) {
        return std::nullopt;
    }
    if (text[10] != 'T' || text[13] != ':' || text[16] != ':') return std::nullopt;
    const auto tail = parse_tail(text.substr(19));
    if (!tail) return std::nullopt;
    return midnight + *hour * hour_ms + *minute * minute_ms + *second * second_ms + *tail;
}

}  // namespace entrepot::sim
