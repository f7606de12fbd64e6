// The table of moves, exhaustively, and the picture of it in README.md.
#include "modules/orders/state.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "modules/orders/evaluation.hpp"

namespace entrepot::orders {
namespace {

/// Rows and columns in the order of the enum; x = legal.
constexpr std::array<std::string_view, order_state_count> expected{
    //                        pend unsh part ship deli canc unfu unkn
    /* pending            */ "xxxxxxxx",
    /* unshipped          */ ".xxxxxxx",
    /* partially_shipped  */ "..xxxxxx",
    /* shipped            */ "...xx..x",
    /* delivered          */ "....x..x",
    /* cancelled          */ ".....x.x",
    /* unfulfillable      */ ".....xxx",
    /* unknown            */ "xxxxxxxx",
};

TEST(OrdersState, every_pair_is_as_the_table_says) {
    for (std::size_t from = 0; from < order_state_count; ++from)
        for (std::size_t to = 0; to < order_state_count; ++to) {
            const auto a = static_cast<OrderState>(from);
            const auto b = static_cast<OrderState>(to);
            EXPECT_EQ(may_move(a, b), expected[from][to] == 'x')
                << state_name(a) << " to " << state_name(b);
            const Move move = move_to(a, b);
            EXPECT_EQ(move.refused, expected[from][to] != 'x');
            EXPECT_EQ(move.state, move.refused ? a : b);
        }
}

TEST(OrdersState, a_new_order_takes_any_state) {
    for (std::size_t i = 0; i < order_state_count; ++i) {
        const auto state = static_cast<OrderState>(i);
        EXPECT_EQ(move_to(std::nullopt, state).state, state);
        EXPECT_FALSE(move_to(std::nullopt, state).refused);
    }
}

TEST(OrdersState, the_readme_shows_the_table) {
    std::ifstream file(ENTREPOT_SOURCE_DIR "/src/modules/orders/README.md");
    std::stringstream text;
    text << file.rdbuf();
    EXPECT_NE(text.str().find("```mermaid\n" + transition_diagram() + "```"), std::string::npos)
        << transition_diagram();
}

}  // namespace
}  // namespace entrepot::orders
