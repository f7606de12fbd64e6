// A store's order file for the demo where the real one is not at hand.
#pragma once

#include <cstdint>
#include <string>

#include "base/time.hpp"

namespace entrepot::app {

/// Writes a CSV with the columns of the Online Retail data set and its oddities: cancellations
/// (C…), postage, lines without price, missing customers. Nine months up to the day before `now`;
/// the same seed and day give the same file. Returns the number of lines.
std::int64_t write_demo_store(const std::string& path, Instant now, std::uint64_t seed);

}  // namespace entrepot::app
