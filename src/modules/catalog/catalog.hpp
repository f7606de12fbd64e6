// Catalogue, first part: SKUs, and which listing of a shop (seller SKU) means which SKU from when
// to when.
#pragma once

#include "platform/context.hpp"
#include "platform/module.hpp"

namespace entrepot::catalog {

namespace errors {
inline constexpr ErrorCode sku_taken{ErrorKind::conflict, "catalog.sku_taken"};
inline constexpr ErrorCode mapping_overlaps{ErrorKind::conflict, "catalog.mapping_overlaps"};
inline constexpr ErrorCode unknown_sku{ErrorKind::invalid, "catalog.unknown_sku"};
}  // namespace errors

/// Emitted in the transaction that adds, ends or changes a mapping:
/// {"shop_id":…,"seller_skus":[…]}. Orders re-evaluates.
inline constexpr std::string_view mapping_changed = "catalog.mapping_changed";

Module module();

}  // namespace entrepot::catalog
