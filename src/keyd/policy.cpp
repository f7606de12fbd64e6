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
/// Part of a burst that may be taken before a bucket is kept again: what a killed keyd costs.
constexpr double reserve_share = 0.125;
constexpr double micro = 1e6;

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

/// A hold is the business of people, one hold at a time.
std::optional<std::string> refusal_of_hold(const keys::Request& request) {
    const Operation operation = request.operation;
    const bool asks = operation == Operation::hold_ask || operation == Operation::hold_approve;
    if (asks &&
        (request.key_class != KeyClass::hold || request.caller.purpose != Purpose::legal_claim))
        return "only holds are asked for and approved, for a legal claim";
    if (request.key_class != KeyClass::hold) return std::nullopt;
    const bool opens = operation == Operation::open;
    if (!asks && !opens && operation != Operation::make) return std::nullopt;
    if (request.caller.user.value.is_nil()) return "a hold is made and opened by people";
    if (request.ids.size() != (asks || opens ? 2 : 1))
        return "a hold is named alone, or with what is asked of it";
    return std::nullopt;
}
}  // namespace

std::optional<std::string> refusal(const keys::Request& request) {
    const bool needs_tenant =
        request.operation != Operation::status && request.operation != Operation::identity &&
        request.operation != Operation::turn && request.operation != Operation::verify;
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
    return refusal_of_hold(request);
}

bool allowed_when_restricted(Purpose purpose) {
    return purpose == Purpose::store || purpose == Purpose::legal_claim;
}

double Budget::filled(double tokens, Instant at, const Allowance& allowance, Instant now) {
    const double hours = std::chrono::duration<double, std::ratio<3600>>(now - at).count();
    return hours > 0 ? std::min(allowance.burst, tokens + hours * allowance.an_hour) : tokens;
}

double Budget::refill(State& state, const Allowance& allowance, Instant now) {
    state.tokens = filled(state.tokens, state.at, allowance, now);
    state.at = std::max(state.at, now);
    return state.tokens;
}

void Budget::spend(State& state, const Allowance& allowance, std::size_t granted, Instant now,
                   Bucket as, std::vector<Bucket>& to_keep) {
    state.tokens -= static_cast<double>(granted);
    if (state.is_kept && filled(state.kept_tokens, state.kept_at, allowance, now) <= state.tokens)
        return;
    const double kept = std::max(0.0, state.tokens - allowance.burst * reserve_share);
    as.micro_tokens = static_cast<std::int64_t>(std::floor(kept * micro));
    as.at = state.at;
    as.version = ++state.version;
    to_keep.push_back(as);
}

Budget::State& Budget::state_of(bool of_user, const Uuid& id, Instant now) {
    if (of_user)
        return users_.try_emplace(UserId{id}, State{limits_.user.burst, now}).first->second;
    return tenants_.try_emplace(TenantId{id}, State{limits_.tenant.burst, now}).first->second;
}

Budget::Taken Budget::take(TenantId tenant, UserId user, std::size_t wanted, Instant now) {
    State& of_tenant = state_of(false, tenant.value, now);
    double left = refill(of_tenant, limits_.tenant, now);
    State* of_user = nullptr;
    if (!user.value.is_nil()) {
        of_user = &state_of(true, user.value, now);
        left = std::min(left, refill(*of_user, limits_.user, now));
    }
    Taken out;
    out.granted = std::min(wanted, static_cast<std::size_t>(std::floor(std::max(0.0, left))));
    if (out.granted == 0) return out;
    spend(of_tenant, limits_.tenant, out.granted, now, {false, tenant.value, 0, {}, 0},
          out.to_keep);
    if (of_user != nullptr)
        spend(*of_user, limits_.user, out.granted, now, {true, user.value, 0, {}, 0}, out.to_keep);
    return out;
}

void Budget::kept(const Bucket& bucket) {
    State& state = state_of(bucket.of_user, bucket.id, bucket.at);
    if (bucket.version <= state.kept_version) return;
    state.is_kept = true;
    state.kept_tokens = static_cast<double>(bucket.micro_tokens) / micro;
    state.kept_at = bucket.at;
    state.kept_version = bucket.version;
}

void Budget::load(const Bucket& bucket) {
    State& state = state_of(bucket.of_user, bucket.id, bucket.at);
    state.tokens = static_cast<double>(bucket.micro_tokens) / micro;
    state.at = bucket.at;
    state.version = bucket.version;
    kept(bucket);
}

Instant Budget::full_before(Instant now) const {
    const double hours = std::max(limits_.user.burst / limits_.user.an_hour,
                                  limits_.tenant.burst / limits_.tenant.an_hour);
    return now - std::chrono::minutes(static_cast<std::int64_t>(std::ceil(hours * 60)) + 1);
}

bool Budget::has_left(UserId user) const {
    const auto found = users_.find(user);
    return found != users_.end() && found->second.tokens >= 1;
}

}  // namespace entrepot::keyd
