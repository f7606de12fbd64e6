// The keyring: makes, opens and destroys data keys, turns epochs, and stands behind the restore
// gate. Lives on one event loop, so its memory needs no locks.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "keyd/ledger.hpp"
#include "keyd/policy.hpp"
#include "keyd/roots.hpp"
#include "platform/keys/protocol.hpp"
#include "platform/pg/pg.hpp"
#include "platform/runtime/clock.hpp"

namespace entrepot::keyd {

class Keyring {
public:
    struct Options {
        Budget::Limits limits;
        /// An epoch's age at which the next one begins.
        std::chrono::microseconds epoch_length = std::chrono::hours(24);
        /// From the moment no live key is under an epoch until its root is destroyed.
        std::chrono::microseconds grace = std::chrono::hours(24);
        /// Keys that a turn moves in one transaction.
        std::int64_t moved_at_once = 100;
        /// Keys a second that a turn moves while others read: a million in 50 s.
        std::int64_t moved_a_second = 20'000;
    };
    Keyring(pg::Database& db, Roots& roots, OffsiteLedger& offsite, Clock& clock, Options options);

    /// The restore gate, then the first epoch or what a killed process left half done. When the
    /// gate stays shut, every request is answered so; the status says why.
    Awaitable<void> open_up();
    /// Why the gate is shut; empty when it is open.
    const std::string& shut() const { return shut_; }
    /// Which keyring this is; nil as long as none is known.
    const Uuid& id() const { return id_; }

    Awaitable<keys::Reply> answer(const keys::Request& request);

    /// A new epoch now, and every live key under it when this returns. Killed at any point it goes
    /// on at the next open_up or turn.
    Awaitable<void> turn();
    /// Turns when the epoch is old enough, and destroys roots whose grace has passed.
    Awaitable<void> tick();
    std::uint32_t epoch() const { return current_; }

private:
    using TenantEpoch = std::pair<TenantId, std::uint32_t>;

    Awaitable<keys::Reply> make(const keys::Request& request);
    Awaitable<keys::Reply> open(const keys::Request& request);
    Awaitable<keys::Reply> destroy(const keys::Request& request);
    Awaitable<keys::Reply> restrict(const keys::Request& request);
    Awaitable<keys::Reply> mark(const keys::Request& request);
    Awaitable<keys::Reply> receipts(const keys::Request& request);
    Awaitable<keys::Reply> status(TenantId of);
    Awaitable<keys::Reply> verify();
    Awaitable<keys::Reply> probe(const keys::Request& request);

    // holds.cpp
    Awaitable<keys::Reply> hold(const keys::Request& request);
    Awaitable<keys::Reply> make_hold(const keys::Request& request);
    Awaitable<keys::Reply> ask_of_hold(const keys::Request& request);
    Awaitable<keys::Reply> approve_for_hold(const keys::Request& request);
    Awaitable<keys::Reply> open_hold(const keys::Request& request);
    Awaitable<keys::Reply> destroy_holds(const keys::Request& request);
    /// Destroys the keys of holds that ended long enough ago and that nobody else ended.
    Awaitable<void> end_holds();

    /// How many capsules of a request may be opened; on record before it returns.
    Awaitable<std::size_t> take_budget(const keys::Caller& caller, std::size_t wanted);
    Awaitable<void> load_budget();
    /// On record before the keys are given away: whoever asks past the server is seen all the same.
    Awaitable<void> note_traps(const keys::Caller& caller, const std::vector<Uuid>& ids);
    Awaitable<std::string> gate();
    Awaitable<std::string> catch_up(const HighWater& mark, std::int64_t head);
    Awaitable<void> begin_first_epoch();
    Awaitable<void> finish_turn(std::uint32_t next);
    /// Re-wraps every live key of an epoch under the current one.
    Awaitable<void> move_off(std::uint32_t from);
    /// One batch of them, in the order of their keys, from behind `last` on; empty at the end.
    Awaitable<std::vector<store::MovingRow>> move_some(std::uint32_t from,
                                                       const store::MovingRow& last);
    Awaitable<void> destroy_epoch(std::uint32_t epoch);
    Awaitable<void> give_tenants_keys(pg::Transaction& tx, std::uint32_t from, std::uint32_t next);
    /// Opens every key of a tenant that still has a root, making the current one when it is
    /// missing.
    Awaitable<void> load_ciphers(TenantId tenant);
    Awaitable<void> load_ciphers_again(TenantId tenant);
    void remember(const store::TenantKeyRow& row);
    crypto::CellCipher& cipher_of(TenantId tenant, std::uint32_t epoch);
    /// The latest epoch that a tenant has a loaded key of.
    std::uint32_t newest_of(TenantId tenant) const;
    std::optional<crypto::SecretKey> unwrap(crypto::CellCipher& by, TenantId tenant,
                                            std::uint8_t key_class, const Uuid& id,
                                            std::uint32_t epoch, std::string_view cell) const;
    store::LedgerRow next_line(const std::optional<store::LedgerRow>& head, std::string act) const;
    /// Brings the copy and the mark up to the database.
    Awaitable<void> write_offsite();

    pg::Database& db_;
    Roots& roots_;
    OffsiteLedger& offsite_;
    Clock& clock_;
    Options options_;
    Budget budget_;
    std::map<TenantEpoch, crypto::CellCipher> ciphers_;
    Uuid id_{};
    std::uint32_t current_ = 0;
    std::int64_t copied_ = 0;  ///< last position in the copy
    bool turning_ = false;
    std::string shut_ = "keyd is starting";
};

}  // namespace entrepot::keyd
