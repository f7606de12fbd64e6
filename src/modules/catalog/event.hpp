// The event of this module, written.
#pragma once

#include "modules/catalog/catalog.hpp"

namespace entrepot::catalog {

/// One event for each 1,000 seller SKUs.
void emit_mapping_changed(pg::Transaction& tx, const Context& ctx, ShopId shop,
                          const std::vector<std::string>& seller_skus);

}  // namespace entrepot::catalog
