// One row, written once.
#include "platform/keys/keyring_place.hpp"

namespace entrepot::keys {
namespace {
const pg::Statement<void(Uuid, Instant)> insert_keyring{"platform.meet_keyring", R"sql(
    insert into platform.keyring (id, met_at)
    values ($1, $2)
    on conflict (one) do nothing
)sql"};

const pg::Statement<Uuid()> select_keyring{"platform.keyring", "select id from platform.keyring"};
}  // namespace

KeyringPlace keyring_place(pg::Database& db, const Clock& clock) {
    return [&db, &clock](const Uuid& of_keyd) -> Awaitable<Uuid> {
        const Uuid met = of_keyd;
        auto body = [&](pg::Transaction& tx) -> Awaitable<Result<Uuid>> {
            // Of two servers that meet two keyds at once, one waits here for the other's row.
            co_await tx.exec(insert_keyring, met, clock.now());
            co_return co_await tx.one(select_keyring);
        };
        const Result<Uuid> ours = co_await db.global(body);
        co_return *ours;
    };
}

}  // namespace entrepot::keys
