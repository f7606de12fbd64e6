// Epochs: the restore gate, the daily turn, and the end of a root.
#include <algorithm>

#include "base/text.hpp"
#include "keyd/keyring.hpp"
#include "platform/runtime/runtime.hpp"
#include "platform/telemetry/log.hpp"

namespace entrepot::keyd {
namespace {
constexpr std::int64_t ledger_batch = 5000;
/// Keys that are re-wrapped before the loop looks for readers: some fifty microseconds.
constexpr std::size_t before_readers = 20;

/// The ledger's lines about an epoch carry its number where others carry a key.
Uuid id_of_epoch(std::uint32_t epoch) {
    Uuid id;
    for (std::size_t i = 0; i < 4; ++i)
        id.bytes[15 - i] = static_cast<std::uint8_t>(epoch >> (8 * i) & 0xFF);
    return id;
}

const store::EpochRow* in_state(const std::vector<store::EpochRow>& rows, std::string_view state) {
    const auto found = std::find_if(rows.begin(), rows.end(),
                                    [&](const store::EpochRow& row) { return row.state == state; });
    return found == rows.end() ? nullptr : &*found;
}
}  // namespace

Awaitable<void> Keyring::open_up() {
    shut_ = co_await gate();
    if (!shut_.empty()) {
        log::error("keyd.shut", {{"why", shut_}});
        co_return;
    }
    shut_ = "keyd is starting";
    co_await load_budget();
    co_await write_offsite();
    shut_.clear();
    log::info("keyd.open", {{"epoch", current_}});
}

Awaitable<std::string> Keyring::gate() {
    struct Seen {
        std::vector<store::EpochRow> epochs;
        std::optional<store::LedgerRow> head;
        std::optional<Uuid> keyring;
        std::int64_t live = 0;
    };
    auto read = [&](pg::Transaction& tx) -> Awaitable<Result<Seen>> {
        Seen seen;
        seen.epochs = co_await store::epochs(tx);
        seen.head = co_await store::ledger_head(tx);
        seen.keyring = co_await store::keyring_id(tx);
        seen.live = (co_await store::counts(tx)).live;
        co_return seen;
    };
    const Result<Seen> seen = co_await db_.global(read);
    const auto mark = offsite_.mark();
    id_ = mark ? mark->keyring : seen->keyring.value_or(Uuid{});
    if (mark && seen->keyring && *seen->keyring != mark->keyring)
        co_return "the key database is that of the keyring " + seen->keyring->text() +
            ", but the high-water mark is that of " + mark->keyring.text() +
            ": put the key database back that belongs to these roots";
    copied_ = offsite_.last_position();
    if (!mark && seen->epochs.empty()) {
        if (!roots_.epochs().empty())
            co_return "there are roots in " + roots_.describe() +
                " but neither a key database nor a high-water mark: put the key database back";
        co_await begin_first_epoch();
        co_return std::string();
    }
    const store::EpochRow* current = in_state(seen->epochs, "current");
    if (current == nullptr) {
        // Killed before the first epoch was complete: nothing was ever sealed under it.
        if (!mark && seen->epochs.size() == 1 && seen->epochs[0].state == "preparing") {
            co_await begin_first_epoch();
            co_return std::string();
        }
        co_return std::string(
            "the key database has no current epoch, but the high-water mark knows one: put the key "
            "database back");
    }
    // Killed between the first epoch and the first mark: nothing was ever sealed under it either.
    const bool just_begun = current->number == 1 && copied_ == 0 && seen->live == 0;
    if (!mark && !just_begun)
        co_return std::string(
            "the high-water mark is missing: put the directory of the roots back as it was");
    const HighWater reached = mark.value_or(HighWater{});
    if (current->number < reached.epoch)
        co_return "the key database is at epoch " + std::to_string(current->number) +
            ", but epoch " + std::to_string(reached.epoch) +
            " had begun: it is an old copy; put a newer one in its place";
    const std::int64_t head = seen->head ? seen->head->position : 0;
    if (std::string trouble = co_await catch_up(reached, head); !trouble.empty()) co_return trouble;
    const auto present = roots_.epochs();
    for (const store::EpochRow& row : seen->epochs) {
        const bool needed = row.state == "current" || (row.state == "retiring" && !row.drained_at);
        if (needed && !std::binary_search(present.begin(), present.end(),
                                          static_cast<std::uint32_t>(row.number)))
            co_return "the root of epoch " + std::to_string(row.number) + " is missing from " +
                roots_.describe();
    }
    current_ = static_cast<std::uint32_t>(current->number);
    if (const store::EpochRow* begun = in_state(seen->epochs, "preparing"))
        co_await finish_turn(static_cast<std::uint32_t>(begun->number));
    for (const store::EpochRow& row : seen->epochs)
        if (static_cast<std::uint32_t>(row.number) != current_ && row.state != "destroyed" &&
            !row.drained_at)
            co_await move_off(static_cast<std::uint32_t>(row.number));
    co_return std::string();
}

Awaitable<std::string> Keyring::catch_up(const HighWater& mark, std::int64_t head) {
    if (copied_ < mark.position && head < mark.position)
        co_return "the ledger of what was destroyed ends at line " +
            std::to_string(std::max(head, copied_)) + " of " + std::to_string(mark.position) +
            ": put its copy (erasures.jsonl) back";
    const auto copy = offsite_.lines_after(0);
    if (static_cast<std::int64_t>(copy.size()) >= mark.position && mark.position > 0 &&
        copy[static_cast<std::size_t>(mark.position - 1)].digest.data != raw_of(mark.digest))
        co_return std::string(
            "the copy of the ledger is not the one that the high-water mark was made of");
    std::string trouble;
    auto replay = [&](pg::Transaction& tx) -> Awaitable<Result<>> {
        trouble.clear();
        const auto own = co_await store::ledger_head(tx);
        if (own && own->position <= copied_ &&
            copy[static_cast<std::size_t>(own->position - 1)].digest.data != own->digest.data) {
            trouble = "the ledger in the key database is another one than its copy";
            co_return Result<>{};
        }
        for (const store::LedgerRow& line : copy) {
            if (own && line.position <= own->position) continue;
            store::add_ledger(tx, line);
            if (line.act == "key_destroyed") store::fence_from_ledger(tx, line);
        }
        co_return Result<>{};
    };
    (void)co_await db_.global(replay);
    if (trouble.empty() && head < copied_)
        log::warning("keyd.replayed", {{"from", head}, {"to", copied_}});
    co_return trouble;
}

Awaitable<void> Keyring::begin_first_epoch() {
    roots_.make(1);
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<>> {
        auto head = co_await store::ledger_head(tx);
        id_ = co_await store::name_keyring(tx, crypto::new_uuid(clock_.now()), clock_.now());
        store::add_epoch(tx, 1, clock_.now());
        co_await store::switch_epoch(tx, 1, clock_.now());
        store::LedgerRow line = next_line(head, "epoch_made");
        line.id = id_of_epoch(1);
        seal_line(line, head);
        store::add_ledger(tx, line);
        co_return Result<>{};
    };
    (void)co_await db_.global(body);
    current_ = 1;
}

Awaitable<void> Keyring::turn() {
    ensure(!turning_, "one turn at a time");
    const std::uint32_t next = current_ + 1;
    roots_.make(next);
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<>> {
        store::add_epoch(tx, next, clock_.now());
        co_return Result<>{};
    };
    (void)co_await db_.global(body);
    co_await finish_turn(next);
}

Awaitable<void> Keyring::give_tenants_keys(pg::Transaction& tx, std::uint32_t from,
                                           std::uint32_t next) {
    const auto theirs = co_await store::tenant_keys(tx, from);
    const auto made = co_await store::tenant_keys(tx, next);
    for (const store::TenantKeyRow& row : theirs) {
        const bool has = std::any_of(made.begin(), made.end(), [&](const auto& other) {
            return other.tenant_id == row.tenant_id;
        });
        if (has) continue;
        // A new random key each time: re-wrapping the same one would let an old copy of it open
        // what is erased later (privacy-design.md, M2).
        const auto wrapped = roots_.wrap(next, crypto::SecretKey::random(),
                                         crypto::Place::tenant_key(row.tenant_id, next));
        co_await store::add_tenant_key(tx, {row.tenant_id, std::int64_t{next}, {wrapped}},
                                       clock_.now());
    }
}

Awaitable<void> Keyring::finish_turn(std::uint32_t next) {
    turning_ = true;
    const std::uint32_t from = current_;
    try {
        roots_.make(next);
        auto body =
            [&](pg::Transaction& tx) -> Awaitable<Result<std::vector<store::TenantKeyRow>>> {
            auto head = co_await store::ledger_head(tx);
            co_await give_tenants_keys(tx, from, next);
            co_await store::switch_epoch(tx, next, clock_.now());
            store::LedgerRow line = next_line(head, "epoch_made");
            line.id = id_of_epoch(next);
            seal_line(line, head);
            store::add_ledger(tx, line);
            co_return co_await store::tenant_keys(tx, next);
        };
        const Result<std::vector<store::TenantKeyRow>> rows = co_await db_.global(body);
        for (const store::TenantKeyRow& row : *rows) remember(row);
        current_ = next;
        co_await write_offsite();
        co_await move_off(from);
    } catch (...) {
        turning_ = false;
        throw;
    }
    turning_ = false;
}

Awaitable<std::vector<store::MovingRow>> Keyring::move_some(std::uint32_t from,
                                                            const store::MovingRow& last) {
    const std::uint32_t to = current_;
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<std::vector<store::MovingRow>>> {
        auto rows = co_await store::still_under(tx, from, last, options_.moved_at_once);
        std::size_t in_a_row = 0;
        for (store::MovingRow& row : rows) {
            // Whoever waits to read is served in between.
            if (++in_a_row % before_readers == 0) co_await Runtime::sleep_for({});
            if (!ciphers_.contains({row.tenant_id, from}) ||
                !ciphers_.contains({row.tenant_id, to}))
                co_await load_ciphers_again(row.tenant_id);
            const auto key_class = static_cast<std::uint8_t>(row.key_class);
            const auto key = unwrap(cipher_of(row.tenant_id, from), row.tenant_id, key_class,
                                    row.id, from, row.wrapped.data);
            if (!key) throw RootError("a data key does not open under its tenant's key");
            row.wrapped.data =
                crypto::wrap_key(cipher_of(row.tenant_id, to), *key,
                                 crypto::Place::data_key(row.tenant_id, row.id, key_class, to), to);
        }
        if (!rows.empty()) store::move_to_epoch(tx, from, to, rows);
        co_return std::move(rows);
    };
    Result<std::vector<store::MovingRow>> rows = co_await db_.global(body);
    co_return std::move(*rows);
}

Awaitable<void> Keyring::move_off(std::uint32_t from) {
    // While the gate is shut nobody reads, and everybody waits for the end.
    const bool paced = shut_.empty();
    const auto step = std::chrono::nanoseconds(std::chrono::seconds(1)) * options_.moved_at_once /
                      options_.moved_a_second;
    auto next = std::chrono::steady_clock::now();
    const store::MovingRow first{};
    store::MovingRow last = first;
    for (bool began = true;;) {
        auto rows = co_await move_some(from, last);
        if (rows.empty()) {
            // A key that was made meanwhile may stand before those that were moved.
            if (began) break;
            last = first;
            began = true;
            continue;
        }
        last = std::move(rows.back());
        began = false;
        next = std::max(next + step, std::chrono::steady_clock::now() - step);
        const auto wait = next - std::chrono::steady_clock::now();
        if (paced && wait > wait.zero()) co_await Runtime::sleep_for(wait);
    }
    auto drained = [&](pg::Transaction& tx) -> Awaitable<Result<>> {
        store::mark_drained(tx, from, clock_.now());
        co_return Result<>{};
    };
    (void)co_await db_.global(drained);
}

Awaitable<void> Keyring::load_ciphers_again(TenantId tenant) {
    ciphers_.erase({tenant, current_});
    co_await load_ciphers(tenant);
}

Awaitable<void> Keyring::destroy_epoch(std::uint32_t epoch) {
    // A key that was made while the turn began may have come in after the last look.
    co_await move_off(epoch);
    roots_.destroy(epoch);
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<>> {
        auto head = co_await store::ledger_head(tx);
        store::LedgerRow line = next_line(head, "root_destroyed");
        line.id = id_of_epoch(epoch);
        line.reason = "grace_over";
        seal_line(line, head);
        store::add_ledger(tx, line);
        co_await store::mark_destroyed(tx, epoch, clock_.now());
        co_return Result<>{};
    };
    (void)co_await db_.global(body);
    std::erase_if(ciphers_, [&](const auto& entry) { return entry.first.second == epoch; });
    co_await write_offsite();
    log::info("keyd.root_destroyed", {{"epoch", epoch}});
}

Awaitable<void> Keyring::tick() {
    if (!shut_.empty() || turning_) co_return;
    co_await end_holds();
    auto read = [&](pg::Transaction& tx) -> Awaitable<Result<std::vector<store::EpochRow>>> {
        co_return co_await store::epochs(tx);
    };
    const Result<std::vector<store::EpochRow>> epochs =
        co_await db_.global(read, pg::Access::read_only);
    const Instant now = clock_.now();
    for (const store::EpochRow& row : *epochs)
        if (row.state == "retiring" && row.drained_at && *row.drained_at + options_.grace <= now)
            co_await destroy_epoch(static_cast<std::uint32_t>(row.number));
    const store::EpochRow* current = in_state(*epochs, "current");
    if (current != nullptr && current->made_at + options_.epoch_length <= now) co_await turn();
}

Awaitable<void> Keyring::write_offsite() {
    auto read = [&](pg::Transaction& tx) -> Awaitable<Result<std::vector<store::LedgerRow>>> {
        co_return co_await store::ledger_after(tx, copied_, ledger_batch);
    };
    for (;;) {
        const Result<std::vector<store::LedgerRow>> rows =
            co_await db_.global(read, pg::Access::read_only);
        std::vector<store::LedgerRow> fresh;
        for (const store::LedgerRow& row : *rows)
            if (row.position > copied_) fresh.push_back(row);
        if (!fresh.empty()) {
            offsite_.append(fresh);
            copied_ = fresh.back().position;
            HighWater mark{id_, current_, copied_, {}, clock_.now()};
            std::copy(fresh.back().digest.data.begin(), fresh.back().digest.data.end(),
                      mark.digest.begin());
            offsite_.set_mark(mark);
        }
        if (static_cast<std::int64_t>(rows->size()) < ledger_batch) break;
    }
}

}  // namespace entrepot::keyd
