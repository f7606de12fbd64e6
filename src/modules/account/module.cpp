// All that the server knows of accounts.
#include "modules/account/account.hpp"
#include "modules/account/routes.hpp"

namespace entrepot::account {

Module module() {
    static const std::vector<http::Route> lines = route_lines();
    return {"account", lines};
}

}  // namespace entrepot::account
