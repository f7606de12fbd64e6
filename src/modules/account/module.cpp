// All that the server knows of accounts.
#include "modules/account/account.hpp"
#include "modules/account/freeze.hpp"
#include "modules/account/routes.hpp"

namespace entrepot::account {

Module module() {
    static const std::vector<http::Route> lines = route_lines();
    return {"account",
            lines,
            {{.name = freeze_kind, .transactional = &freeze, .batch = alarms_at_once}},
            {{vault::alarm_raised, freeze_kind}}};
}

}  // namespace entrepot::account
