// Dates and times as tables write them, and the shop's wall clock as UTC.
#pragma once

#include <boost/describe/enum.hpp>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "channel/csv/number.hpp"

namespace entrepot::csv {

/// Order of the parts. ymd: 2026-01-05, 2026/1/5, 2026.1.5, 20260105, 2026年1月5日, RFC 3339 ·
/// dmy: 5/1/2026, 05.01.2026, 5 Jan 2026 · mdy: 1/5/2026, Jan 5, 2026.
enum class DateFormat { ymd, dmy, mdy };
BOOST_DESCRIBE_ENUM(DateFormat, ymd, dmy, mdy)

/// A moment as written: on the wall, or with its own distance from UTC.
struct WallTime {
    std::chrono::local_time<std::chrono::microseconds> at;
    std::optional<std::chrono::minutes> offset;
};

/// A date, with or without a time behind it (24 hours, AM/PM, 上午/下午, 时分秒, fractions,
/// offset). Year names of two digits are refused: nobody can tell what they mean.
std::optional<WallTime> parse_wall_time(std::string_view cell, DateFormat format);

/// Formats under which every non-empty cell can be read; more than one = a person must say.
std::vector<DateFormat> fitting_formats(const std::vector<std::string>& cells);

/// A time zone by its IANA name, with the rules of daylight saving time. A wall time that a clock
/// change leaves out counts as if the clock had not yet changed; one that comes twice is the first.
class Zone {
public:
    /// Nothing when the name is not known.
    static std::optional<Zone> find(const std::string& name);
    Zone(Zone&&) noexcept;
    Zone& operator=(Zone&&) noexcept;
    ~Zone();
    Instant to_utc(const WallTime& wall) const;

private:
    struct State;
    explicit Zone(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace entrepot::csv
