// Terms of keeping that several modules share.
#pragma once

#include <chrono>

namespace entrepot {

/// What a marketplace gave and no book of commerce needs goes after 18 months (Amazon's Data
/// Protection Policy); counted in days, so that it is gone before the shortest 18 months end.
inline constexpr std::chrono::days marketplace_data_life{540};
inline constexpr std::chrono::hours forget_period{24};

}  // namespace entrepot
