// Prints the table of moves.
#include "modules/orders/state.hpp"

namespace entrepot::orders {

std::string transition_diagram() {
    std::string out = "stateDiagram-v2\n";
    for (const Moves& row : transitions) {
        if (row.from == OrderState::unknown) continue;
        for (std::size_t i = 0; i + 1 < order_state_count; ++i) {
            const auto to = static_cast<OrderState>(i);
            if (!row.to[i] || to == row.from) continue;
            out += "    ";
            out += boost::describe::enum_to_string(row.from, "");
            out += " --> ";
            out += boost::describe::enum_to_string(to, "");
            out += '\n';
        }
    }
    return out;
}

}  // namespace entrepot::orders
