// A tenant's own secrets at rest (LWA credentials, TOTP seeds): sealed under a key that keyd keeps
// and every epoch wraps anew. Nothing of it lies in the data directory or in its backups.
#pragma once

#include "platform/context.hpp"
#include "platform/crypto/cell.hpp"

namespace entrepot::keys {

namespace errors {
inline constexpr ErrorCode unavailable{ErrorKind::unavailable, "keys.unavailable"};
}

/// Part of the place a secret is bound to: the numbers are stored, in effect, and never change.
enum class Secret : std::uint16_t {
    totp_seed = 1,      ///< of a user
    lwa_client_id = 2,  ///< of a shop, as the next two
    lwa_client_secret = 3,
    lwa_refresh_token = 4,
};

/// The key on loan: for one act, on one thread. Not kept, so that a turn of the epoch or a lost
/// right shows at once.
class TenantSecrets {
public:
    TenantSecrets(TenantId tenant, const crypto::SecretKey& key) : tenant_(tenant), cipher_(key) {}

    /// `owner`: the user or shop whose secret it is; it opens for no other.
    std::string seal(Secret what, const Uuid& owner, std::string_view secret);
    /// Nothing when it was sealed elsewhere, under another keyring, or is damaged.
    std::optional<crypto::SecretBytes> open(Secret what, const Uuid& owner, std::string_view cell);

private:
    crypto::Place place(Secret what, const Uuid& owner) const;
    TenantId tenant_;
    crypto::CellCipher cipher_;
};

/// Asks keyd, which makes the key at a tenant's first secret. Not inside a transaction: a keyd that
/// is slow must hold no connection. errors::unavailable.
Awaitable<Result<TenantSecrets>> secrets_of(Services& services, TenantId tenant);

}  // namespace entrepot::keys
