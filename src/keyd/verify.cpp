// `entrepot keys verify`: every live key opens, and the ledger is the one that its copy and the
// mark say.
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "keyd/keyring.hpp"

namespace entrepot::keyd {
namespace {
constexpr std::int64_t batch = 500;
}

Awaitable<keys::Reply> Keyring::verify() {
    std::int64_t checked = 0, bad = 0, lines = 0;
    std::string first_bad, ledger_fault;
    store::LiveRow last{};
    for (;;) {
        auto read = [&](pg::Transaction& tx) -> Awaitable<Result<std::vector<store::LiveRow>>> {
            co_return co_await store::live_after(tx, last.tenant_id, last.key_class, last.id,
                                                 batch);
        };
        const Result<std::vector<store::LiveRow>> rows =
            co_await db_.global(read, pg::Access::read_only);
        for (const store::LiveRow& row : *rows) {
            const auto epoch = static_cast<std::uint32_t>(row.epoch);
            co_await load_ciphers(row.tenant_id);
            const auto found = ciphers_.find({row.tenant_id, epoch});
            const bool opens =
                found != ciphers_.end() &&
                unwrap(found->second, row.tenant_id, static_cast<std::uint8_t>(row.key_class),
                       row.id, epoch, row.wrapped.data);
            ++checked;
            if (opens) continue;
            ++bad;
            if (first_bad.empty()) first_bad = row.id.text();
        }
        if (static_cast<std::int64_t>(rows->size()) < batch) break;
        last = rows->back();
    }
    const auto copy = offsite_.lines_after(0);
    crypto::Bytes32 before{};
    std::int64_t position = 0;
    for (bool more = true; more && ledger_fault.empty();) {
        auto read = [&](pg::Transaction& tx) -> Awaitable<Result<std::vector<store::LedgerRow>>> {
            co_return co_await store::ledger_after(tx, position, batch);
        };
        const Result<std::vector<store::LedgerRow>> rows =
            co_await db_.global(read, pg::Access::read_only);
        more = static_cast<std::int64_t>(rows->size()) == batch;
        for (const store::LedgerRow& line : *rows) {
            const crypto::Bytes32 digest = digest_of(before, line);
            const bool fits = line.position == position + 1 && line.digest.data == raw_of(digest);
            const bool in_copy =
                line.position <= static_cast<std::int64_t>(copy.size()) &&
                copy[static_cast<std::size_t>(line.position - 1)].digest.data == line.digest.data;
            if (!fits || !in_copy) {
                ledger_fault = "line " + std::to_string(line.position) +
                               (fits ? " is not in the copy" : " does not fit the one before it");
                break;
            }
            before = digest;
            position = line.position;
            ++lines;
        }
    }
    if (ledger_fault.empty() && lines < static_cast<std::int64_t>(copy.size()))
        ledger_fault = "the database lacks lines of the copy after " + std::to_string(lines);
    keys::Reply reply;
    reply.text =
        boost::json::serialize(boost::json::object{{"ok", bad == 0 && ledger_fault.empty()},
                                                   {"keys", checked},
                                                   {"bad_keys", bad},
                                                   {"first_bad_key", first_bad},
                                                   {"ledger_lines", lines},
                                                   {"ledger_fault", ledger_fault}});
    co_return reply;
}

}  // namespace entrepot::keyd
