// All that the server knows of buyers' requests.
#include "modules/rights/routes.hpp"
#include "modules/rights/service.hpp"

namespace entrepot::rights {
namespace {
constexpr int events_at_once = 50;
}  // namespace

Module module() {
    return {"rights",
            routes(),
            {{.name = erased_kind, .transactional = note_erased, .batch = events_at_once},
             {.name = fetched_kind, .transactional = note_fetched, .batch = events_at_once}},
            {{vault::capsule_erased, erased_kind}, {vault::fetched_again, fetched_kind}}};
}

}  // namespace entrepot::rights
