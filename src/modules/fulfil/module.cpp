// All that the server knows of dispatch.
#include "modules/fulfil/routes.hpp"
#include "modules/fulfil/service.hpp"

namespace entrepot::fulfil {
namespace {
constexpr int orders_events_at_once = 50;
}

Module module() {
    return {"fulfil",
            routes(),
            {{.name = follow_kind, .transactional = follow, .batch = orders_events_at_once}},
            {{orders::orders_changed, follow_kind}}};
}

}  // namespace entrepot::fulfil
