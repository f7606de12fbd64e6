// All that the server knows of the Amazon channel.
#include "channel/amazon/amazon.hpp"
#include "channel/amazon/jobs.hpp"
#include "channel/amazon/routes.hpp"

namespace entrepot::amazon {

Module module() {
    return {"amazon", routes(), job_kinds(), job_subscriptions()};
}

}  // namespace entrepot::amazon
