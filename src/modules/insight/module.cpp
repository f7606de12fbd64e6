// All that the server knows of insight.
#include "modules/insight/insight.hpp"
#include "modules/insight/jobs.hpp"
#include "modules/insight/routes.hpp"

namespace entrepot::insight {

Module module() {
    return {"insight", routes(), job_kinds(), subscriptions()};
}

}  // namespace entrepot::insight
