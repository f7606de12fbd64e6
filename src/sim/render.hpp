// An order as the JSON of Orders API 2026-01-01.
// Datasets that were not asked for, or for which the shop has no role, are absent.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "sim/json_writer.hpp"
#include "sim/world.hpp"

namespace entrepot::sim {

enum Dataset : unsigned {
    dataset_buyer = 1U << 0U,
    dataset_recipient = 1U << 1U,
    dataset_proceeds = 1U << 2U,
    dataset_expense = 1U << 3U,
    dataset_promotion = 1U << 4U,
    dataset_cancellation = 1U << 5U,
    dataset_fulfillment = 1U << 6U,
    dataset_packages = 1U << 7U,
    dataset_tax = 1U << 8U,
    dataset_payment = 1U << 9U,
    dataset_fulfillment_orders = 1U << 10U
};

/// The bit of an includedData value, or nothing for an unknown one.
std::optional<unsigned> parse_dataset(std::string_view name);

struct RenderOptions {
    unsigned datasets = 0;
    bool unknown_enum = false;       ///< fault: values that no model lists
    bool unknown_member = false;     ///< fault: members that no model lists
    bool negative_discount = false;  ///< write DISCOUNT amounts with a minus sign
    std::uint64_t seed = 0;
};

/// Writes one order object.
void render_order(JsonWriter& json, const OrderView& view, const RenderOptions& options,
                  Millis now);

}  // namespace entrepot::sim
