// Instants (UTC, microseconds) and civil dates, with their RFC 3339 text. Nothing here reads a
// clock.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace entrepot {

/// A moment in UTC with the resolution that PostgreSQL keeps.
using Instant = std::chrono::sys_time<std::chrono::microseconds>;
/// A calendar day without a zone.
using Date = std::chrono::sys_days;

/// "2026-11-22T09:55:47Z", with fractional digits only when there are any.
std::string format_instant(Instant at);
/// RFC 3339 with an offset or Z; up to 6 fractional digits kept, more are cut.
std::optional<Instant> parse_instant(std::string_view text);

/// "2026-11-22".
std::string format_date(Date day);
/// Strict YYYY-MM-DD, real days only.
std::optional<Date> parse_date(std::string_view text);

}  // namespace entrepot
