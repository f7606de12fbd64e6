// Connects the dispatcher to the account module.
#pragma once

#include "api/dispatcher.hpp"

namespace entrepot::app {

/// Sessions and API keys of the account module.
api::Identity account_identity(Services& services);

}  // namespace entrepot::app
