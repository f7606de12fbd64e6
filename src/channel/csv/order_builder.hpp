// Lines of one order number → the order as the orders module takes it.
#pragma once

#include "channel/csv/line_reader.hpp"

namespace entrepot::csv {

/// Empty, with faults appended, when the lines contradict each other.
std::optional<orders::IncomingOrder> build_order(const std::vector<Line>& lines,
                                                 const Settings& settings,
                                                 const std::string& default_marketplace,
                                                 std::vector<Fault>& faults);

}  // namespace entrepot::csv
