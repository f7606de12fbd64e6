// Which purpose may have keys of which class, and how many an hour. Pure.
#pragma once

#include <optional>
#include <string>
#include <unordered_map>

#include "base/time.hpp"
#include "platform/keys/protocol.hpp"

namespace entrepot::keyd {

/// Why a request as a whole is refused; nothing when it may go on. Deny by default: a pair that
/// does not stand in the table is refused (privacy-design.md, P21).
std::optional<std::string> refusal(const keys::Request& request);

/// Whether a restricted key (GDPR article 18) may be used for this all the same.
bool allowed_when_restricted(keys::Purpose purpose);

/// Capsules that may be opened: `burst` at once, `an_hour` over time.
struct Allowance {
    double burst;
    double an_hour;
};

/// Token buckets of users and tenants, for opening capsules. A restart of keyd fills them again;
/// what was opened stands in the audit all the same.
class Budget {
public:
    struct Limits {
        Allowance user{400, 600};
        Allowance tenant{4000, 12'000};
    };
    explicit Budget(Limits limits) : limits_(limits) {}
    /// How many of `wanted` may be opened now; takes them.
    std::size_t take(TenantId tenant, UserId user, std::size_t wanted, Instant now);
    /// Whether this user has something left, so that only the tenant as a whole has read too much.
    bool has_left(UserId user) const;

private:
    struct Bucket {
        double tokens;
        Instant at;
    };
    static double refill(Bucket& bucket, const Allowance& allowance, Instant now);
    Limits limits_;
    std::unordered_map<TenantId, Bucket> tenants_;
    std::unordered_map<UserId, Bucket> users_;
};

}  // namespace entrepot::keyd
