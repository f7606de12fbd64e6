// One key of class `secret` a tenant; its id is the tenant's.
#include "platform/keys/secrets.hpp"

#include "platform/keys/client.hpp"

namespace entrepot::keys {
namespace {
constexpr std::uint16_t schema_version = 1;
/// Cells name the key of their owner; a tenant has had one so far.
constexpr std::uint32_t first_key = 1;
}  // namespace

crypto::Place TenantSecrets::place(Secret what, const Uuid& owner) const {
    return crypto::Place::field(tenant_, tenant_.value, owner, static_cast<std::uint16_t>(what),
                                schema_version);
}

std::string TenantSecrets::seal(Secret what, const Uuid& owner, std::string_view secret) {
    return cipher_.seal(secret, place(what, owner), first_key);
}

std::optional<crypto::SecretBytes> TenantSecrets::open(Secret what, const Uuid& owner,
                                                       std::string_view cell) {
    return cipher_.open(cell, place(what, owner));
}

Awaitable<Result<TenantSecrets>> secrets_of(Services& services, TenantId tenant) {
    Request request;
    request.caller.tenant = tenant;
    request.caller.purpose = Purpose::system;
    request.key_class = KeyClass::secret;
    request.ids = {tenant.value};
    std::string why = "the keeper of keys has no key for the secrets of this company";
    try {
        // Two that make it at the same time: the second finds it there.
        for (const Operation operation : {Operation::open, Operation::make, Operation::open}) {
            request.operation = operation;
            const Reply reply = co_await services.keys.call(request);
            const KeyAnswer& answer = reply.keys.at(0);
            if (answer.key) co_return TenantSecrets(tenant, *answer.key);
            if (answer.outcome != Outcome::unknown && answer.outcome != Outcome::exists) break;
        }
    } catch (const Unavailable& error) {
        why = error.what();
    }
    co_return make_error(errors::unavailable, std::move(why));
}

}  // namespace entrepot::keys
