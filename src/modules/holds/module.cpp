// All that the server knows of legal holds.
#include "modules/holds/routes.hpp"
#include "modules/holds/service.hpp"

namespace entrepot::holds {

Module module() {
    jobs::Kind kind;
    kind.name = end_kind;
    kind.leased = &run_end;
    return {"holds", routes(), {kind}, {}};
}

}  // namespace entrepot::holds
