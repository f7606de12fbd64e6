// What people may do with an order, and why not.
#pragma once

#include "modules/orders/store.hpp"

namespace entrepot::orders {

enum class BulkAction { hold, release, add_tag, remove_tag };
BOOST_DESCRIBE_ENUM(BulkAction, hold, release, add_tag, remove_tag)

inline constexpr std::size_t tags_max = 20;

/// Nothing when the act is legal, else the reason of the refusal. Pure.
std::optional<Error> why_not(BulkAction action, const LockedOrder& order, const std::string& tag);

/// Whether a person may move the order to `to`: only orders that no channel moves, along the table
/// of moves, and not out of the house while they are held. Pure.
std::optional<Error> why_not_move(OrderState to, const OrderRow& order);

/// Acts that are legal now and that the caller may do: "hold", "release", "tag", "note", "cancel",
/// "ship", "deliver".
std::vector<std::string> allowed_actions(const OrderRow& order, const PermissionSet& rights);

/// Trimmed, 1 to 50 characters, no comma (lists of tags are separated by it).
Result<std::string> checked_tag(const std::string& tag, const std::string& pointer);
/// Trimmed, 1 to `max` characters.
Result<std::string> checked_text(const std::string& text, std::size_t max,
                                 const std::string& pointer);

}  // namespace entrepot::orders
