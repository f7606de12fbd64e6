// One database, one keyring: what is sealed in it opens under the keyring of the first keyd that it
// met, and no other keyd is asked.
#pragma once

#include "platform/keys/client.hpp"
#include "platform/pg/pg.hpp"
#include "platform/runtime/clock.hpp"

namespace entrepot::keys {

/// The keyring of this database; at the first contact that of the keyd which answers, for ever.
KeyringPlace keyring_place(pg::Database& db, const Clock& clock);

}  // namespace entrepot::keys
