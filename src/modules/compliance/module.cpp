// All that the server knows of compliance.
#include "modules/compliance/compliance.hpp"
#include "modules/compliance/jobs.hpp"
#include "modules/compliance/routes.hpp"

namespace entrepot::compliance {

Module module() {
    return {"compliance", routes(), job_kinds(), subscriptions()};
}

}  // namespace entrepot::compliance
