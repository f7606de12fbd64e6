// All that the server knows of the catalogue.
#include "modules/catalog/catalog.hpp"

namespace entrepot::catalog {

Module module() {
    return {"catalog", {}};
}

}  // namespace entrepot::catalog
