// All that the server knows of dispatch.
#include "modules/account/account.hpp"
#include "modules/fulfil/buyer.hpp"
#include "modules/fulfil/decoy.hpp"
#include "modules/fulfil/forget.hpp"
#include "modules/fulfil/routes.hpp"
#include "modules/fulfil/service.hpp"
#include "modules/fulfil/tracking.hpp"

namespace entrepot::fulfil {
namespace {
constexpr int orders_events_at_once = 50;
/// A night without network must not end in quarantine.
constexpr int never_give_up = 1'000'000;
}  // namespace

Module module() {
    return {"fulfil",
            routes(),
            {{.name = follow_kind, .transactional = follow, .batch = orders_events_at_once},
             {.name = clock_kind, .transactional = move_clock, .batch = orders_events_at_once},
             {.name = erased_kind, .transactional = note_erased, .batch = orders_events_at_once},
             {.name = fetch_kind, .transactional = want_recipients, .batch = orders_events_at_once},
             {.name = forget_kind, .leased = forget},
             {.name = begin_decoys_kind, .transactional = begin_decoys},
             {.name = decoys_kind, .leased = keep_decoys, .attempts_max = never_give_up},
             {.name = track_kind, .leased = track, .attempts_max = never_give_up}},
            {{orders::orders_moved, follow_kind},
             {shipment_shipped, clock_kind},
             {shipment_delivered, clock_kind},
             {vault::capsule_erased, erased_kind},
             {vault::fetch_wanted, fetch_kind},
             {account::tenant_made, forget_kind},
             {account::tenant_made, begin_decoys_kind}}};
}

}  // namespace entrepot::fulfil
