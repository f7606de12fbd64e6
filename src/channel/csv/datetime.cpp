// A small hand-written reader: three date orders, one time form with variants. Zones by ICU.
#include "channel/csv/datetime.hpp"

#include <unicode/basictz.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <array>

#include "base/result.hpp"
#include "base/text.hpp"

namespace entrepot::csv {
namespace {
using namespace std::chrono;
using LocalTime = local_time<microseconds>;

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/// Reads left to right; every take_… leaves the rest untouched when it finds nothing.
class Cursor {
public:
    explicit Cursor(std::string_view s) : s_(s) {}
    bool done() const { return s_.empty(); }
    char peek() const { return s_.empty() ? '\0' : s_.front(); }
    bool take(std::string_view word) {
        if (!text::starts_with_ignore_case(s_, word)) return false;
        s_.remove_prefix(word.size());
        return true;
    }
    void skip_blanks() {
        while (!s_.empty() && s_.front() == ' ') s_.remove_prefix(1);
    }
    struct Digits {
        int value = 0;
        std::size_t count = 0;
    };
    Digits digits(std::size_t most) {
        Digits out;
        while (out.count < most && !s_.empty() && is_digit(s_.front())) {
            out.value = out.value * 10 + (s_.front() - '0');
            ++out.count;
            s_.remove_prefix(1);
        }
        return out;
    }

private:
    std::string_view s_;
};

struct DateParts {
    Cursor::Digits year, month, day;
};

/// "Jan", "January", "Sept.": the month's number, 0 when it is none.
int month_by_name(Cursor& c) {
    constexpr std::array<std::string_view, 12> names{
        "january", "february", "march",     "april",   "may",      "june",
        "july",    "august",   "september", "october", "november", "december"};
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (c.take(names[i]) || (i == 8 && c.take("sept")) || c.take(names[i].substr(0, 3))) {
            c.take(".");
            return static_cast<int>(i) + 1;
        }
    }
    return 0;
}

/// One separator, with blanks around it: 2026 - 1 - 5 is rare but read.
bool take_separator(Cursor& c, char& first) {
    for (const char candidate : {'-', '/', '.', ' ', ','}) {
        if (first != 0 && candidate != first && !(first == ' ' || candidate == ' ')) continue;
        if (!c.take(std::string_view(&candidate, 1))) continue;
        first = candidate;
        c.skip_blanks();
        return true;
    }
    return false;
}

bool read_month(Cursor& c, Cursor::Digits& month, bool& named) {
    if (const int by_name = month_by_name(c)) {
        month = {by_name, 2};
        named = true;
        return true;
    }
    month = c.digits(2);
    return month.count != 0;
}

std::optional<DateParts> read_ymd(Cursor& c) {
    DateParts out;
    out.year = c.digits(4);
    if (out.year.count != 4) return std::nullopt;
    if (is_digit(c.peek())) {
        out.month = c.digits(2);
        out.day = c.digits(2);
        return out.day.count == 2 ? std::optional(out) : std::nullopt;
    }
    char separator = 0;
    bool named = false;
    const bool chinese = c.take("\xE5\xB9\xB4");  // 年
    if (!chinese && !take_separator(c, separator)) return std::nullopt;
    if (!read_month(c, out.month, named)) return std::nullopt;
    if (chinese ? !c.take("\xE6\x9C\x88") : !take_separator(c, separator))  // 月
        return std::nullopt;
    out.day = c.digits(2);
    if (chinese && !c.take("\xE6\x97\xA5") && !c.take("\xE5\x8F\xB7"))
        return std::nullopt;  // 日 号
    return out;
}

std::optional<DateParts> read_dmy_or_mdy(Cursor& c, DateFormat format) {
    DateParts out;
    char separator = 0;
    bool named = false;
    if (format == DateFormat::dmy) {
        out.day = c.digits(2);
        if (out.day.count == 0 || !take_separator(c, separator)) return std::nullopt;
        if (!read_month(c, out.month, named)) return std::nullopt;
    } else {
        if (!read_month(c, out.month, named)) return std::nullopt;
        if (!take_separator(c, separator)) return std::nullopt;
        out.day = c.digits(2);
    }
    if (named) c.take(",");
    if (!take_separator(c, separator)) return std::nullopt;
    out.year = c.digits(4);
    return out.year.count == 4 ? std::optional(out) : std::nullopt;
}

/// A month by name says by itself where the day stands, so that both orders read it.
std::optional<DateParts> read_date(Cursor& c, DateFormat format) {
    if (format == DateFormat::ymd) return read_ymd(c);
    return read_dmy_or_mdy(c, format);
}

enum class HalfDay { none, morning, afternoon };
HalfDay take_half_day(Cursor& c) {
    c.skip_blanks();
    if (c.take("am") || c.take("a.m.") || c.take("\xE4\xB8\x8A\xE5\x8D\x88"))
        return HalfDay::morning;
    if (c.take("pm") || c.take("p.m.") || c.take("\xE4\xB8\x8B\xE5\x8D\x88"))
        return HalfDay::afternoon;
    return HalfDay::none;
}

std::optional<minutes> read_offset(Cursor& c) {
    const bool minus = c.peek() == '-';
    if (!c.take("+") && !c.take("-")) return std::nullopt;
    const auto hour = c.digits(2);
    c.take(":");
    const auto minute = c.digits(2);
    if (hour.count != 2 || (minute.count != 2 && minute.count != 0) || hour.value > 15 ||
        minute.value > 59)
        return std::nullopt;
    const minutes distance{hour.value * 60 + minute.value};
    return minus ? -distance : distance;
}

struct TimeParts {
    microseconds of_day{0};
    std::optional<minutes> offset;
};

std::optional<microseconds> read_fraction(Cursor& c) {
    int micros = 0, scale = 100000;
    std::size_t count = 0;
    for (; is_digit(c.peek()) && count < 12; ++count, scale /= 10)
        micros += c.digits(1).value * scale;
    if (count == 0) return std::nullopt;
    return microseconds{micros};
}

/// [上午] 8:26[:00[.000]] [AM] [Z|+08:00|UTC], also 8时26分00秒.
std::optional<TimeParts> read_time(Cursor& c) {
    HalfDay half = take_half_day(c);
    c.skip_blanks();
    const auto hour = c.digits(2);
    Cursor::Digits minute, second;
    if (hour.count == 0) return std::nullopt;
    const bool chinese = c.take("\xE6\x97\xB6") || c.take("\xE7\x82\xB9");  // 时 点
    microseconds fraction{0};
    if (chinese || c.take(":")) {
        minute = c.digits(2);
        const bool more = chinese ? c.take("\xE5\x88\x86") : c.take(":");  // 分
        if (minute.count == 0 && !(chinese && c.done())) return std::nullopt;
        if (more) {
            second = c.digits(2);
            if (second.count == 0 && !chinese) return std::nullopt;
            if (chinese && second.count != 0 && !c.take("\xE7\xA7\x92")) return std::nullopt;  // 秒
            if (!chinese && (c.take(".") || c.take(","))) {
                const auto read = read_fraction(c);
                if (!read) return std::nullopt;
                fraction = *read;
            }
        }
    }
    if (half == HalfDay::none) half = take_half_day(c);
    if (minute.count == 0 && !chinese && half == HalfDay::none) return std::nullopt;
    int h = hour.value;
    if (half != HalfDay::none) {
        if (h < 1 || h > 12) return std::nullopt;
        h = h % 12 + (half == HalfDay::afternoon ? 12 : 0);
    }
    if (h > 23 || minute.value > 59 || second.value > 60) return std::nullopt;
    TimeParts out;
    out.of_day = hours{h} + minutes{minute.value} + seconds{std::min(second.value, 59)} + fraction;
    c.skip_blanks();
    if (c.take("z") || c.take("utc") || c.take("gmt")) {
        out.offset = minutes{0};
    } else if (c.peek() == '+' || c.peek() == '-') {
        out.offset = read_offset(c);
        if (!out.offset) return std::nullopt;
    }
    return out;
}
}  // namespace

std::optional<WallTime> parse_wall_time(std::string_view cell, DateFormat format) {
    const bool ascii =
        std::all_of(cell.begin(), cell.end(), [](char c) { return (c & 0x80) == 0; });
    const std::string folded = ascii ? std::string(text::trim(cell)) : to_half_width(cell);
    if (folded.size() > 60) return std::nullopt;
    Cursor c(folded);
    const auto date = read_date(c, format);
    if (!date) return std::nullopt;
    const year_month_day day{year{date->year.value},
                             month{static_cast<unsigned>(date->month.value)},
                             std::chrono::day{static_cast<unsigned>(date->day.value)}};
    if (!day.ok() || date->year.value < 1970 || date->year.value > 2200) return std::nullopt;
    TimeParts time;
    const bool separated = c.take("T") || c.peek() == ' ' || (c.peek() & 0x80) != 0;
    if (!c.done() && !separated) return std::nullopt;
    c.skip_blanks();
    if (!c.done()) {
        const auto read = read_time(c);
        c.skip_blanks();
        if (!read || !c.done()) return std::nullopt;
        time = *read;
    }
    return WallTime{LocalTime{local_days{day}.time_since_epoch()} + time.of_day, time.offset};
}

std::vector<DateFormat> fitting_formats(const std::vector<std::string>& cells) {
    std::vector<DateFormat> out;
    for (const DateFormat format : {DateFormat::ymd, DateFormat::dmy, DateFormat::mdy}) {
        bool any = false, all = true;
        for (const std::string& cell : cells) {
            if (text::trim(cell).empty()) continue;
            any = true;
            all = all && parse_wall_time(cell, format).has_value();
        }
        if (any && all) out.push_back(format);
    }
    return out;
}

struct Zone::State {
    std::unique_ptr<icu::BasicTimeZone> zone;
    /// Clock changes fall on quarter hours, so that one answer serves a quarter.
    mutable LocalTime quarter{LocalTime::min()};
    mutable milliseconds offset{0};
};

Zone::Zone(std::unique_ptr<State> state) : state_(std::move(state)) {}
Zone::Zone(Zone&&) noexcept = default;
Zone& Zone::operator=(Zone&&) noexcept = default;
Zone::~Zone() = default;

std::optional<Zone> Zone::find(const std::string& name) {
    std::unique_ptr<icu::TimeZone> zone(
        icu::TimeZone::createTimeZone(icu::UnicodeString::fromUTF8(name)));
    if (zone == nullptr || *zone == icu::TimeZone::getUnknown()) return std::nullopt;
    auto* basic = dynamic_cast<icu::BasicTimeZone*>(zone.get());
    if (basic == nullptr) return std::nullopt;
    auto state = std::make_unique<State>();
    state->zone.reset(basic);
    static_cast<void>(zone.release());
    return Zone(std::move(state));
}

Instant Zone::to_utc(const WallTime& wall) const {
    const auto since = wall.at.time_since_epoch();
    if (wall.offset) return Instant{since - *wall.offset};
    const LocalTime quarter{floor<duration<std::int64_t, std::ratio<900>>>(since)};
    if (quarter != state_->quarter) {
        const auto millis = floor<milliseconds>(quarter.time_since_epoch()).count();
        std::int32_t raw = 0, saving = 0;
        UErrorCode status = U_ZERO_ERROR;
        state_->zone->getOffsetFromLocal(static_cast<UDate>(millis), UCAL_TZ_LOCAL_FORMER,
                                         UCAL_TZ_LOCAL_FORMER, raw, saving, status);
        ensure(U_SUCCESS(status), "ICU cannot place a wall time");
        state_->offset = milliseconds{raw + saving};
        state_->quarter = quarter;
    }
    return Instant{since - state_->offset};
}

}  // namespace entrepot::csv
