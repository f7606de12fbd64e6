// The state machine of an order: which moves of the channel's word are believed. One table; the
// diagram in README.md is printed from it.
#pragma once

#include <array>
#include <string>

#include "modules/orders/orders.hpp"

namespace entrepot::orders {

inline constexpr std::size_t order_state_count = 8;

/// One row per state: the states that it may move to. A channel is polled, so steps between may be
/// skipped; nothing goes back. `unknown` is left for any state and reached from any, because it
/// says something about our vocabulary, not about the order.
struct Moves {
    OrderState from;
    std::array<bool, order_state_count> to;
};

namespace detail {
constexpr Moves moves(OrderState from, std::initializer_list<OrderState> to) {
    Moves out{from, {}};
    for (const OrderState state : to) out.to[static_cast<std::size_t>(state)] = true;
    out.to[static_cast<std::size_t>(from)] = true;
    out.to[static_cast<std::size_t>(OrderState::unknown)] = true;
    return out;
}
}  // namespace detail

inline constexpr std::array<Moves, order_state_count> transitions{{
    detail::moves(OrderState::pending,
                  {OrderState::unshipped, OrderState::partially_shipped, OrderState::shipped,
                   OrderState::delivered, OrderState::cancelled, OrderState::unfulfillable}),
    detail::moves(OrderState::unshipped,
                  {OrderState::partially_shipped, OrderState::shipped, OrderState::delivered,
                   OrderState::cancelled, OrderState::unfulfillable}),
    detail::moves(OrderState::partially_shipped,
                  {OrderState::shipped, OrderState::delivered, OrderState::cancelled,
                   OrderState::unfulfillable}),
    detail::moves(OrderState::shipped, {OrderState::delivered}),
    detail::moves(OrderState::delivered, {}),
    detail::moves(OrderState::cancelled, {}),
    detail::moves(OrderState::unfulfillable, {OrderState::cancelled}),
    detail::moves(OrderState::unknown,
                  {OrderState::pending, OrderState::unshipped, OrderState::partially_shipped,
                   OrderState::shipped, OrderState::delivered, OrderState::cancelled,
                   OrderState::unfulfillable}),
}};

/// Staying is always legal.
constexpr bool may_move(OrderState from, OrderState to) {
    return transitions[static_cast<std::size_t>(from)].to[static_cast<std::size_t>(to)];
}

namespace detail {
constexpr bool rows_stand_at_their_state() {
    for (std::size_t i = 0; i < order_state_count; ++i)
        if (static_cast<std::size_t>(transitions[i].from) != i) return false;
    return true;
}
/// Without `unknown` there is no way back: no two states reach each other.
constexpr bool never_goes_back() {
    for (std::size_t a = 0; a + 1 < order_state_count; ++a)
        for (std::size_t b = 0; b + 1 < order_state_count; ++b)
            if (a != b && transitions[a].to[b] && transitions[b].to[a]) return false;
    return true;
}
}  // namespace detail
static_assert(detail::rows_stand_at_their_state());
static_assert(detail::never_goes_back());
static_assert(may_move(OrderState::pending, OrderState::shipped));
static_assert(!may_move(OrderState::shipped, OrderState::unshipped));
static_assert(!may_move(OrderState::shipped, OrderState::cancelled));
static_assert(!may_move(OrderState::cancelled, OrderState::unshipped));
static_assert(!may_move(OrderState::delivered, OrderState::shipped));

/// States in which somebody still has to do something.
constexpr bool is_open(OrderState state) {
    return state == OrderState::pending || state == OrderState::unshipped ||
           state == OrderState::partially_shipped || state == OrderState::unknown;
}

/// The table as a Mermaid diagram, `unknown` left out.
std::string transition_diagram();

}  // namespace entrepot::orders
