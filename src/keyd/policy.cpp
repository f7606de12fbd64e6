// The table of purposes and classes.
#include "keyd/policy.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace entrepot::keyd {
using keys::KeyClass;
using keys::Operation;
using keys::Purpose;

namespace {
struct Right {
    KeyClass key_class;
    Purpose purpose;
    bool make, open;
};
constexpr std::array<Right, 11> rights = {{
    {KeyClass::capsule, Purpose::store, true, false},
    {KeyClass::capsule, Purpose::fulfilment, false, true},
    {KeyClass::capsule, Purpose::service, false, true},
    {KeyClass::capsule, Purpose::rights_request, false, true},
    {KeyClass::capsule, Purpose::legal_claim, false, true},
    {KeyClass::index, Purpose::store, true, true},
    {KeyClass::index, Purpose::service, false, true},
    {KeyClass::index, Purpose::rights_request, false, true},
    {KeyClass::hold, Purpose::legal_claim, true, true},
    {KeyClass::secret, Purpose::system, true, true},
    {KeyClass::index, Purpose::fulfilment, false, true},
}};

bool may(const keys::Request& request, bool make) {
    return std::any_of(rights.begin(), rights.end(), [&](const Right& right) {
        return right.key_class == request.key_class && right.purpose == request.caller.purpose &&
               (make ? right.make : right.open);
    });
}
}  // namespace

std::optional<std::string> refusal(const keys::Request& request) {
    const bool needs_tenant = request.operation != Operation::status &&
                              request.operation != Operation::identity &&
                              request.operation != Operation::turn &&
                              request.operation != Operation::verify;
    if (needs_tenant && request.caller.tenant.value.is_nil()) return "no tenant";
    if (needs_tenant && request.ids.empty()) return "no ids";
    if (request.operation == Operation::probe &&
        (request.ids.size() != 2 || request.text.size() <= keys::probe_head))
        return "a probe takes a key, a row and a sealed field";
    const bool make = request.operation == Operation::make;
    const bool open = request.operation == Operation::open;
    if ((make || open) && !may(request, make))
        return "purpose " + std::string(name_of(request.caller.purpose)) + " may not " +
               (make ? "make" : "open") + " keys of this class";
    if (request.operation == Operation::destroy && request.text.empty())
        return "destroying needs a reason";
    return std::nullopt;
}

bool allowed_when_restricted(Purpose purpose) {
    return purpose == Purpose::store || purpose == Purpose::legal_claim;
}

double Budget::refill(Bucket& bucket, const Allowance& allowance, Instant now) {
    const double hours = std::chrono::duration<double, std::ratio<3600>>(now - bucket.at).count();
    if (hours > 0) {
        bucket.tokens = std::min(allowance.burst, bucket.tokens + hours * allowance.an_hour);
        bucket.at = now;
    }
    return bucket.tokens;
}

std::size_t Budget::take(TenantId tenant, UserId user, std::size_t wanted, Instant now) {
    Bucket& of_tenant =
        tenants_.try_emplace(tenant, Bucket{limits_.tenant.burst, now}).first->second;
    double left = refill(of_tenant, limits_.tenant, now);
    Bucket* of_user = nullptr;
    if (!user.value.is_nil()) {
        of_user = &users_.try_emplace(user, Bucket{limits_.user.burst, now}).first->second;
        left = std::min(left, refill(*of_user, limits_.user, now));
    }
    const auto granted =
        std::min(wanted, static_cast<std::size_t>(std::floor(std::max(0.0, left))));
    of_tenant.tokens -= static_cast<double>(granted);
    if (of_user != nullptr) of_user->tokens -= static_cast<double>(granted);
    return granted;
}

bool Budget::has_left(UserId user) const {
    const auto found = users_.find(user);
    return found != users_.end() && found->second.tokens >= 1;
}

}  // namespace entrepot::keyd
