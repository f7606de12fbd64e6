// Instants as milliseconds since 1970 UTC, and their ISO 8601 text.
// Proleptic Gregorian arithmetic on integers; no time zone data base and no system clock here.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace entrepot::sim {

/// Milliseconds since 1970-01-01T00:00:00Z.
using Millis = std::int64_t;

constexpr Millis second_ms = 1000;
constexpr Millis minute_ms = 60 * second_ms;
constexpr Millis hour_ms = 60 * minute_ms;
constexpr Millis day_ms = 24 * hour_ms;

struct CivilDate {
    int year = 1970;
    unsigned month = 1;
    unsigned day = 1;
};

/// Days since 1970-01-01 of a civil date, and back.
std::int64_t days_from_civil(CivilDate date);
CivilDate civil_from_days(std::int64_t days);

/// Day number of an instant (floor), also before 1970.
std::int64_t day_of(Millis at);

/// 0 = Monday … 6 = Sunday.
unsigned weekday_of_day(std::int64_t day);

/// `2026-11-22T10:00:00.123Z`.
std::string iso_millis(Millis at);
/// `2026-11-22T10:00:00+00:00`, the style of the flat-file reports.
std::string iso_offset(Millis at);
/// `2026-11`.
std::string iso_month(Millis at);

/// Reads `YYYY-MM-DDThh:mm:ss[.fff…](Z|±hh:mm)` and `YYYY-MM-DD`; nothing else.
std::optional<Millis> parse_iso(std::string_view text);

}  // namespace entrepot::sim
