// All that the server knows of shops.
#include "modules/shops/routes.hpp"
#include "modules/shops/shops.hpp"

namespace entrepot::shops {

Module module() {
    return {"shops", routes()};
}

}  // namespace entrepot::shops
