// All that the server knows of orders.
#include "modules/catalog/catalog.hpp"
#include "modules/orders/remap.hpp"
#include "modules/orders/routes.hpp"

namespace entrepot::orders {

Module module() {
    return {"orders",
            routes(),
            {{.name = remap_kind, .transactional = remap}},
            {{catalog::mapping_changed, remap_kind}}};
}

}  // namespace entrepot::orders
