// Rules of holds, tags and notes. Pure.
#include "modules/orders/acts.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "modules/orders/by_hand.hpp"
#include "modules/orders/state.hpp"

namespace entrepot::orders {
namespace {
constexpr std::size_t tag_max = 50;

bool has_tag(const std::vector<std::string>& tags, const std::string& tag) {
    return std::find(tags.begin(), tags.end(), tag) != tags.end();
}

std::optional<Error> why_not_hold(OrderState state, FulfilledBy fulfilled_by, bool held) {
    if (held) return make_error(errors::already_held, "the order is held already");
    if (fulfilled_by == FulfilledBy::channel)
        return make_error(errors::fulfilled_by_channel,
                          "the marketplace ships this order; holding it here would stop nothing");
    if (!is_open(state))
        return make_error(errors::nothing_to_hold,
                          "the order is " + state_name(state) + "; there is nothing left to hold");
    return std::nullopt;
}
}  // namespace

std::optional<Error> why_not(BulkAction action, const LockedOrder& order, const std::string& tag) {
    switch (action) {
        case BulkAction::hold:
            return why_not_hold(order.state, order.fulfilled_by, order.held);
        case BulkAction::release:
            if (order.held) return std::nullopt;
            return make_error(errors::not_held, "the order is not held");
        case BulkAction::add_tag:
            if (has_tag(order.tags, tag) || order.tags.size() < tags_max) return std::nullopt;
            return make_error(errors::too_many_tags, "an order has at most 20 tags");
        case BulkAction::remove_tag:
            return std::nullopt;
    }
    return std::nullopt;
}

std::optional<Error> why_not_move(OrderState to, const OrderRow& order) {
    if (!is_own_channel(order.source_channel))
        return make_error(errors::moved_by_channel,
                          "the state of this order comes from its channel, " +
                              order.source_channel + "; nobody moves it by hand");
    const bool trade = order.kind == OrderKind::sale || order.kind == OrderKind::replacement;
    if (!trade || to == order.state || !may_move(order.state, to))
        return make_error(errors::illegal_move, "the order is " + state_name(order.state) +
                                                    (trade ? "" : " and nothing of it is sent") +
                                                    "; it cannot become " + state_name(to));
    if (order.held && to != OrderState::cancelled)
        return make_error(errors::held, "the order is held; release it first");
    return std::nullopt;
}

std::vector<std::string> allowed_actions(const OrderRow& order, const PermissionSet& rights) {
    if (!rights.has(Permission::orders_write)) return {};
    std::vector<std::string> out{"tag", "note"};
    if (order.held)
        out.emplace_back("release");
    else if (!why_not_hold(order.state, order.fulfilled_by, order.held))
        out.emplace_back("hold");
    for (const auto& [to, name] :
         {std::pair{OrderState::cancelled, "cancel"}, std::pair{OrderState::shipped, "ship"},
          std::pair{OrderState::delivered, "deliver"}})
        if (!why_not_move(to, order)) out.emplace_back(name);
    return out;
}

Result<std::string> checked_text(const std::string& in, std::size_t max,
                                 const std::string& pointer) {
    std::string out(text::trim(in));
    if (out.empty() || text::length(out) > max)
        return field_error(entrepot::errors::invalid_fields, pointer, "length",
                           "1 to " + std::to_string(max) + " characters are expected here");
    return out;
}

Result<std::string> checked_tag(const std::string& tag, const std::string& pointer) {
    TRY(std::string out, checked_text(tag, tag_max, pointer));
    if (out.find(',') != std::string::npos)
        return field_error(entrepot::errors::invalid_fields, pointer, "comma",
                           "a tag has no comma");
    return out;
}

}  // namespace entrepot::orders
