// Gives audit rows their positions in the tree and signs what the tree is then. Any number of nodes
// run one; the lock on one row lets one of them work. All of a round is one transaction, so
// whatever ends it in the middle, nothing is lost and nothing is sealed twice.
#pragma once

#include <chrono>

#include "platform/audit/copy_file.hpp"
#include "platform/audit/sealing_state.hpp"
#include "platform/audit/signer.hpp"
#include "platform/context.hpp"

namespace entrepot::audit {

/// The database is not what this node, or its copy, has seen. Nothing is signed until a person has
/// looked (docs/RUNBOOK.md).
class Diverged : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

class Sealer {
public:
    struct Options {
        std::string conninfo;  ///< role entrepot_sealer
        Signer signer;
        /// Keys that signed before this one: the last checkpoint may be by one of them.
        std::vector<PublicKey> former_keys;
        std::string copy_path;  ///< …/checkpoints.jsonl
        /// From the end of one round to the next; a row waits so long at most, and then a round.
        std::chrono::milliseconds interval{400};
        /// A checkpoint without new rows, which shows that sealing lives.
        std::chrono::seconds heartbeat{60};
        std::int64_t batch_max = 20'000;
        /// Called between the steps of a round; tests throw from it.
        std::function<void(std::string_view step)> after_step;
    };
    Sealer(Runtime& runtime, const Clock& clock, Options options);
    ~Sealer();

    enum class Outcome { nothing, sealed, full_batch, another_seals };
    /// One transaction: takes what waits, seals it. Throws Diverged, and what the database throws.
    Awaitable<Outcome> seal();
    /// Appends to the copy what it does not have. Throws Diverged, and what the file throws.
    Awaitable<void> copy();
    /// What a tick of run() does: looks, copies, seals; failures become the state's words.
    Awaitable<void> round();
    /// Rounds until the runtime stops.
    Awaitable<void> run();

private:
    struct Seal;
    struct Look {
        bool waiting = false;
        std::int64_t newest = 0;
    };
    Awaitable<Look> look();
    Awaitable<void> copy_noting_failure();
    void check(const Checkpoint& last) const;
    bool heartbeat_is_due(const Checkpoint& last) const;
    void step(std::string_view name) const {
        if (options_.after_step) options_.after_step(name);
    }
    void note(const Checkpoint& last);

    Runtime& runtime_;
    const Clock& clock_;
    Options options_;
    pg::Database db_;
    CopyFile copy_;
    bool copy_was_read_ = false;
    std::optional<Checkpoint> copied_;  ///< last one of the copy
    std::optional<Checkpoint> last_;    ///< newest that this node knows
    SealingState state_;
};

}  // namespace entrepot::audit
