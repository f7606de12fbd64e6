// All that the server knows of orders.
#include "modules/orders/orders.hpp"

namespace entrepot::orders {

Module module() {
    return {"orders", {}};
}

}  // namespace entrepot::orders
