// All that the server knows of orders.
#include "modules/account/account.hpp"
#include "modules/catalog/catalog.hpp"
#include "modules/orders/forget.hpp"
#include "modules/orders/remap.hpp"
#include "modules/orders/routes.hpp"

namespace entrepot::orders {

Module module() {
    return {"orders",
            routes(),
            {{.name = remap_kind, .transactional = remap}, {.name = forget_kind, .leased = forget}},
            {{catalog::mapping_changed, remap_kind}, {account::tenant_made, forget_kind}}};
}

}  // namespace entrepot::orders
