// All that the server knows of the catalogue.
#include "modules/catalog/catalog.hpp"
#include "modules/catalog/routes.hpp"

namespace entrepot::catalog {

Module module() {
    return {"catalog", routes()};
}

}  // namespace entrepot::catalog
