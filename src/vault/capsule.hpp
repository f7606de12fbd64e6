// The inside of sealing and opening.
#pragma once

#include "platform/audit/audit.hpp"
#include "platform/crypto/cell.hpp"
#include "platform/keys/client.hpp"
#include "vault/store.hpp"
#include "vault/vault.hpp"

namespace entrepot::vault {

/// Version of the cells' layout; part of every cell's place.
inline constexpr std::uint16_t cell_version = 1;
/// Blind index over the whole address, for parcels that can travel together.
inline constexpr std::int64_t whole_address = 1000;

struct Sealed::Parts {
    store::CapsuleRow capsule;
    std::vector<store::CellRow> cells;
    std::vector<store::IndexRow> indexes;
};

/// Fills cells and indexes of the capsule that is named in the parts.
void seal_cells(const Context& ctx, Sealed::Parts& parts, const Draft& draft,
                const crypto::SecretKey& key, const crypto::SecretKey& indexing, Date month);

/// Who asks keyd, on behalf of this context.
keys::Caller caller_of(const Context& ctx, keys::Purpose purpose);

/// First day of the month of a moment.
Date month_of(Instant at);
/// Id of a tenant's index key of a month; the same on every node.
Uuid index_key_id(Date month);
/// Opens a month's index key, making it when it is missing and `may_make`.
Awaitable<std::optional<crypto::SecretKey>> index_key(Context& ctx, Date month,
                                                      keys::Purpose purpose, bool may_make);
/// First 8 bytes of the keyed hash of a normalised value.
pg::Bytes blind(const crypto::SecretKey& key, std::int64_t field, std::string_view normalised);
/// What two spellings of one value have in common: NFKC, case folded, spaces collapsed; digits only
/// for phones.
crypto::SecretBytes normalised(Field field, std::string_view text);

/// Why a capsule did not open, for people.
Error error_of(keys::Outcome outcome);
/// Whose reading raised the alarm, when one was raised, and its place among the acts.
struct Alarming {
    OrderId order;
    std::size_t at = 0;
};
/// The audit rows of a reading and the alarm that keyd raised at it, in one transaction: no reading
/// in masses is answered, or refused, without both.
Awaitable<Result<>> leave_rows(Context& ctx, const std::vector<audit::Act>& acts,
                               const keys::Reply& reply, const Alarming& alarming,
                               const std::string& refused_with);

/// Opens cells; the one place where plaintext comes into being.
class Opener {
public:
    /// Nothing when the cell does not open here: moved, cut or changed.
    static std::optional<Disclosed> open(crypto::CellCipher& cipher, TenantId tenant,
                                         const store::CellRow& cell);
    static std::string_view text_of(const Disclosed& value);
};

}  // namespace entrepot::vault
