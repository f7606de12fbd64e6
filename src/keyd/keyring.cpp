// Making, opening and destroying data keys.
#include "keyd/keyring.hpp"

#include <unistd.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <unordered_map>

#include "base/text.hpp"
#include "keyd/permit.hpp"
#include "platform/telemetry/log.hpp"

namespace entrepot::keyd {
namespace json = boost::json;
using keys::Outcome;

namespace {
using RowsById = std::unordered_map<Uuid, const store::DataKeyRow*>;

RowsById by_id(const std::vector<store::DataKeyRow>& rows) {
    RowsById out;
    for (const store::DataKeyRow& row : rows) out.emplace(row.id, &row);
    return out;
}

std::uint8_t number(keys::KeyClass key_class) {
    return static_cast<std::uint8_t>(key_class);
}

constexpr auto openings_told = std::chrono::days(30);

keys::Reply with_text(keys::ReplyKind kind, std::string text) {
    keys::Reply reply;
    reply.kind = kind;
    reply.text = std::move(text);
    return reply;
}

keys::Reply refused(std::string why) {
    return with_text(keys::ReplyKind::refused, std::move(why));
}

pg::Bytes fingerprint_of(const crypto::SecretKey& key) {
    const crypto::Bytes32 hash = crypto::sha256(key.view());
    return {std::string(reinterpret_cast<const char*>(hash.data()), hash.size())};
}
}  // namespace

Keyring::Keyring(pg::Database& db, Roots& roots, OffsiteLedger& offsite, Clock& clock,
                 Options options)
    : db_(db),
      roots_(roots),
      offsite_(offsite),
      clock_(clock),
      options_(options),
      budget_(options.limits) {}

Awaitable<keys::Reply> Keyring::answer(const keys::Request& request) {
    using keys::Operation;
    if (request.operation == Operation::status) co_return co_await status(request.caller.tenant);
    if (!shut_.empty()) co_return with_text(keys::ReplyKind::failed, shut_);
    if (request.operation == Operation::identity && request.keyring.is_nil())
        co_return with_text(keys::ReplyKind::answered, id_.text());
    // A request that was meant for another keyring must neither make keys nor be told that there
    // are none.
    if (request.keyring != id_) co_return with_text(keys::ReplyKind::foreign, id_.text());
    if (auto why = refusal(request)) co_return refused(std::move(*why));
    if (is_of_hold(request)) co_return co_await hold(request);
    switch (request.operation) {
        case Operation::make:
            co_return co_await make(request);
        case Operation::open:
            co_return co_await open(request);
        case Operation::destroy:
            co_return co_await destroy(request);
        case Operation::restrict:
            co_return co_await restrict(request);
        case Operation::mark:
            co_return co_await mark(request);
        case Operation::receipts:
            co_return co_await receipts(request);
        case Operation::turn:
            if (turning_) co_return refused("a turn is under way");
            co_await turn();
            co_return keys::Reply{};
        case Operation::verify:
            co_return co_await verify();
        case Operation::probe:
            co_return co_await probe(request);
        case Operation::identity:
            co_return with_text(keys::ReplyKind::answered, id_.text());
        case Operation::status:
        case Operation::hold_ask:
        case Operation::hold_approve:
            break;
    }
    co_return refused("unknown operation");
}

std::optional<crypto::SecretKey> Keyring::unwrap(crypto::CellCipher& by, TenantId tenant,
                                                 std::uint8_t key_class, const Uuid& id,
                                                 std::uint32_t epoch, std::string_view cell) const {
    // The epoch stands in the row, in the cell and in the place: all three agree, or it is refused.
    if (crypto::cell_reference(cell) != epoch) return std::nullopt;
    return crypto::unwrap_key(by, cell, crypto::Place::data_key(tenant, id, key_class, epoch));
}

Awaitable<void> Keyring::load_ciphers(TenantId tenant) {
    const std::uint32_t epoch = current_;
    if (ciphers_.contains({tenant, epoch})) co_return;
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<std::vector<store::TenantKeyRow>>> {
        auto rows = co_await store::tenant_keys_of(tx, tenant);
        const bool has_current = std::any_of(rows.begin(), rows.end(), [&](const auto& row) {
            return row.epoch == std::int64_t{epoch};
        });
        if (!has_current) {
            const auto wrapped = roots_.wrap(epoch, crypto::SecretKey::random(),
                                             crypto::Place::tenant_key(tenant, epoch));
            co_await store::add_tenant_key(tx, {tenant, epoch, {wrapped}}, clock_.now());
            rows = co_await store::tenant_keys_of(tx, tenant);
        }
        co_return std::move(rows);
    };
    const Result<std::vector<store::TenantKeyRow>> rows = co_await db_.global(body);
    // A root may be gone while its epoch is still being taken off the books.
    const auto present = roots_.epochs();
    for (const store::TenantKeyRow& row : *rows)
        if (std::binary_search(present.begin(), present.end(),
                               static_cast<std::uint32_t>(row.epoch)))
            remember(row);
}

void Keyring::remember(const store::TenantKeyRow& row) {
    const auto epoch = static_cast<std::uint32_t>(row.epoch);
    if (ciphers_.contains({row.tenant_id, epoch})) return;
    const auto key =
        roots_.unwrap(epoch, row.wrapped.data, crypto::Place::tenant_key(row.tenant_id, epoch));
    if (!key) throw RootError("a tenant key does not open under the root of its epoch");
    ciphers_.try_emplace({row.tenant_id, epoch}, *key);
}

crypto::CellCipher& Keyring::cipher_of(TenantId tenant, std::uint32_t epoch) {
    const auto found = ciphers_.find({tenant, epoch});
    if (found == ciphers_.end()) throw RootError("a tenant has no key in the epoch of a data key");
    return found->second;
}

std::uint32_t Keyring::newest_of(TenantId tenant) const {
    auto after = ciphers_.upper_bound({tenant, UINT32_MAX});
    ensure(after != ciphers_.begin() && (--after)->first.first == tenant, "a tenant has no key");
    return after->first.second;
}

Awaitable<keys::Reply> Keyring::make(const keys::Request& request) {
    const TenantId tenant = request.caller.tenant;
    co_await load_ciphers(tenant);
    const std::uint32_t epoch = newest_of(tenant);
    crypto::CellCipher& cipher = cipher_of(tenant, epoch);
    std::vector<crypto::SecretKey> made;
    std::vector<pg::Bytes> wrapped;
    for (const Uuid& id : request.ids) {
        made.push_back(crypto::SecretKey::random());
        wrapped.push_back({crypto::wrap_key(
            cipher, made.back(),
            crypto::Place::data_key(tenant, id, number(request.key_class), epoch), epoch)});
    }
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<std::vector<Uuid>>> {
        co_return co_await store::add_data_keys(tx, tenant, request.key_class, epoch, request.ids,
                                                wrapped, clock_.now());
    };
    const Result<std::vector<Uuid>> added = co_await db_.global(body);
    std::unordered_map<Uuid, bool> is_new;
    for (const Uuid& id : *added) is_new[id] = true;
    keys::Reply reply;
    for (std::size_t i = 0; i < request.ids.size(); ++i) {
        keys::KeyAnswer answer{Outcome::exists, std::nullopt};
        // The same id twice in one request: the first has it.
        if (const auto found = is_new.find(request.ids[i]);
            found != is_new.end() && found->second) {
            answer = {Outcome::ok, std::move(made[i])};
            found->second = false;
        }
        reply.keys.push_back(std::move(answer));
    }
    co_return reply;
}

Awaitable<std::size_t> Keyring::take_budget(const keys::Caller& caller, std::size_t wanted) {
    const Budget::Taken taken = budget_.take(caller.tenant, caller.user, wanted, clock_.now());
    if (taken.to_keep.empty()) co_return taken.granted;
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<>> {
        co_await store::keep_buckets(tx, taken.to_keep);
        co_return Result<>{};
    };
    (void)co_await db_.global(body);
    for (const Bucket& bucket : taken.to_keep) budget_.kept(bucket);
    co_return taken.granted;
}

Awaitable<void> Keyring::load_budget() {
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<std::vector<Bucket>>> {
        co_return co_await store::buckets(tx, budget_.full_before(clock_.now()));
    };
    const Result<std::vector<Bucket>> buckets = co_await db_.global(body);
    for (const Bucket& bucket : *buckets) budget_.load(bucket);
}

Awaitable<void> Keyring::note_traps(const keys::Caller& caller, const std::vector<Uuid>& ids) {
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<>> {
        store::add_trap_openings(tx, caller, ids, clock_.now());
        co_return Result<>{};
    };
    (void)co_await db_.global(body);
}

Awaitable<keys::Reply> Keyring::open(const keys::Request& request) {
    const TenantId tenant = request.caller.tenant;
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<std::vector<store::DataKeyRow>>> {
        co_return co_await store::data_keys(tx, tenant, request.key_class, request.ids);
    };
    const Result<std::vector<store::DataKeyRow>> rows =
        co_await db_.global(body, pg::Access::read_only);
    co_await load_ciphers(tenant);
    const RowsById found = by_id(*rows);
    keys::Reply reply;
    std::vector<Uuid> traps;
    std::size_t granted = request.ids.size();
    if (request.key_class == keys::KeyClass::capsule)
        granted = co_await take_budget(request.caller, request.ids.size());
    for (const Uuid& id : request.ids) {
        keys::KeyAnswer answer;
        const auto at = found.find(id);
        const store::DataKeyRow* row = at == found.end() ? nullptr : at->second;
        if (row == nullptr) {
            answer.outcome = Outcome::unknown;
        } else if (row->state == "destroyed") {
            answer.outcome = Outcome::destroyed;
        } else if (row->restricted && !allowed_when_restricted(request.caller.purpose)) {
            answer.outcome = Outcome::restricted;
        } else if (granted == 0) {
            answer.outcome = Outcome::over_budget;
            reply.alarm = true;
            reply.text = budget_.has_left(request.caller.user) ? "tenant" : "user";
        } else {
            --granted;
            if (row->honeytoken) traps.push_back(id);
            const auto epoch = static_cast<std::uint32_t>(row->epoch);
            crypto::CellCipher& cipher = cipher_of(tenant, epoch);
            answer.key =
                unwrap(cipher, tenant, number(request.key_class), id, epoch, row->wrapped->data);
            if (!answer.key) throw RootError("a data key does not open under its tenant's key");
            answer.outcome = Outcome::ok;
        }
        reply.keys.push_back(std::move(answer));
    }
    if (!traps.empty()) {
        co_await note_traps(request.caller, traps);
        reply.alarm = true;
    }
    if (reply.alarm)
        log::warning("keyd.alarm", {{"tenant", tenant.text()},
                                    {"user", request.caller.user.text()},
                                    {"request", request.caller.request_id}});
    co_return reply;
}

store::LedgerRow Keyring::next_line(const std::optional<store::LedgerRow>& head,
                                    std::string act) const {
    store::LedgerRow line{};
    line.position = head ? head->position + 1 : 1;
    line.at = clock_.now();
    line.act = std::move(act);
    return line;
}

Awaitable<keys::Reply> Keyring::destroy(const keys::Request& request) {
    const TenantId tenant = request.caller.tenant;
    co_await load_ciphers(tenant);
    keys::Reply reply;
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<>> {
        reply.keys.clear();
        std::optional<store::LedgerRow> head = co_await store::ledger_head(tx);
        const auto rows =
            co_await store::lock_data_keys(tx, tenant, request.key_class, request.ids);
        const RowsById found = by_id(rows);
        std::vector<Uuid> ids;
        std::vector<pg::Bytes> fingerprints;
        for (const Uuid& id : request.ids) {
            const auto at = found.find(id);
            const bool known = at != found.end();
            reply.keys.push_back({known ? Outcome::destroyed : Outcome::unknown, std::nullopt});
            if (!known || at->second->state == "destroyed" ||
                std::find(ids.begin(), ids.end(), id) != ids.end())
                continue;
            const auto epoch = static_cast<std::uint32_t>(at->second->epoch);
            crypto::CellCipher& cipher = cipher_of(tenant, epoch);
            const auto key = unwrap(cipher, tenant, number(request.key_class), id, epoch,
                                    at->second->wrapped->data);
            if (!key) throw RootError("a data key does not open under its tenant's key");
            store::LedgerRow line = next_line(head, "key_destroyed");
            line.tenant_id = tenant;
            line.key_class = number(request.key_class);
            line.id = id;
            line.fingerprint = fingerprint_of(*key);
            line.reason = request.text;
            seal_line(line, head);
            store::add_ledger(tx, line);
            ids.push_back(id);
            fingerprints.push_back(line.fingerprint);
            head = std::move(line);
        }
        if (!ids.empty())
            co_await store::fence(tx, tenant, request.key_class, ids, fingerprints, clock_.now());
        co_return Result<>{};
    };
    (void)co_await db_.global(body);
    // Answered only when the copy outside the database has it too: a restored database must not
    // bring back what was said to be destroyed.
    co_await write_offsite();
    co_return reply;
}

Awaitable<keys::Reply> Keyring::restrict(const keys::Request& request) {
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<>> {
        co_await store::set_restricted(tx, request.caller.tenant, request.key_class, request.ids,
                                       request.flag);
        co_return Result<>{};
    };
    (void)co_await db_.global(body);
    co_return keys::Reply{};
}

Awaitable<keys::Reply> Keyring::mark(const keys::Request& request) {
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<>> {
        co_await store::set_honeytoken(tx, request.caller.tenant, request.key_class, request.ids);
        co_return Result<>{};
    };
    (void)co_await db_.global(body);
    co_return keys::Reply{};
}

Awaitable<keys::Reply> Keyring::receipts(const keys::Request& request) {
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<std::vector<store::LedgerRow>>> {
        co_return co_await store::ledger_of(tx, request.caller.tenant, request.ids);
    };
    const Result<std::vector<store::LedgerRow>> lines =
        co_await db_.global(body, pg::Access::read_only);
    keys::Reply reply;
    for (const store::LedgerRow& line : *lines) reply.text += text_of(line);
    co_return reply;
}

Awaitable<keys::Reply> Keyring::status(TenantId of) {
    json::object out = {{"open", shut_.empty()},
                        {"why_shut", shut_},
                        {"keyring", id_.text()},
                        {"epoch", current_},
                        {"turning", turning_},
                        {"roots", roots_.describe()},
                        {"uid", std::int64_t{::geteuid()}}};
    json::array present;
    for (const std::uint32_t epoch : roots_.epochs()) present.push_back(epoch);
    out["roots_present"] = std::move(present);
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<>> {
        json::array epochs;
        for (const store::EpochRow& row : co_await store::epochs(tx)) {
            json::object one = {{"epoch", row.number}, {"state", row.state}};
            one["made_at"] = format_instant(row.made_at);
            if (row.drained_at) one["drained_at"] = format_instant(*row.drained_at);
            if (row.destroyed_at) one["destroyed_at"] = format_instant(*row.destroyed_at);
            epochs.push_back(std::move(one));
        }
        out["epochs"] = std::move(epochs);
        const store::CountRow counts = co_await store::counts(tx);
        out["live_keys"] = counts.live;
        out["destroyed_keys"] = counts.destroyed;
        out["tenants"] = counts.tenants;
        if (!of.value.is_nil()) {
            // How many, and not which: who would open all keys could leave these out.
            const auto traps = co_await store::traps(tx, of, clock_.now() - openings_told);
            out["traps"] = traps.living;
            out["trap_openings"] = traps.openings;
        }
        const auto head = co_await store::ledger_head(tx);
        out["ledger_position"] = head ? head->position : 0;
        co_return Result<>{};
    };
    (void)co_await db_.global(body);
    if (const auto mark = offsite_.mark()) {
        out["high_water"] = {{"epoch", mark->epoch},
                             {"ledger_position", mark->position},
                             {"at", format_instant(mark->time)}};
    }
    keys::Reply reply;
    reply.text = json::serialize(out);
    co_return reply;
}

}  // namespace entrepot::keyd
