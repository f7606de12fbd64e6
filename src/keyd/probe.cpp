// Whether a sealed field, out of a restored backup say, opens with the keys of now. The answer is
// one word: neither key nor plaintext leaves keyd, so a drill can try all that it finds.
#include "keyd/keyring.hpp"

namespace entrepot::keyd {
namespace {
std::uint16_t number_at(std::string_view text, std::size_t at) {
    return static_cast<std::uint16_t>(static_cast<std::uint8_t>(text[at]) << 8 |
                                      static_cast<std::uint8_t>(text[at + 1]));
}
}  // namespace

Awaitable<keys::Reply> Keyring::probe(const keys::Request& request) {
    const TenantId tenant = request.caller.tenant;
    const Uuid& id = request.ids.front();
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<std::vector<store::DataKeyRow>>> {
        co_return co_await store::data_keys(tx, tenant, request.key_class, {id});
    };
    const Result<std::vector<store::DataKeyRow>> rows =
        co_await db_.global(body, pg::Access::read_only);
    keys::Reply reply;
    keys::KeyAnswer answer;
    if (!rows->empty() && rows->front().state == "destroyed") {
        answer.outcome = keys::Outcome::destroyed;
    } else if (!rows->empty()) {
        co_await load_ciphers(tenant);
        const store::DataKeyRow& row = rows->front();
        const auto epoch = static_cast<std::uint32_t>(row.epoch);
        const auto key =
            unwrap(cipher_of(tenant, epoch), tenant, static_cast<std::uint8_t>(request.key_class),
                   id, epoch, row.wrapped->data);
        if (!key) throw RootError("a data key does not open under its tenant's key");
        const std::string_view text = request.text;
        const auto place = crypto::Place::field(tenant, id, request.ids.back(), number_at(text, 0),
                                                number_at(text, 2));
        crypto::CellCipher cipher(*key);
        const bool opens = cipher.open(text.substr(keys::probe_head), place).has_value();
        answer.outcome = keys::Outcome::ok;
        reply.text = opens ? keys::probe_opens : keys::probe_shut;
    }
    reply.keys.push_back(std::move(answer));
    co_return reply;
}

}  // namespace entrepot::keyd
