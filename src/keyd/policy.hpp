// Which purpose may have keys of which class, and how many an hour. Pure.
#pragma once

#include <boost/describe/class.hpp>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

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

/// What is kept of one bucket outside keyd's memory.
struct Bucket {
    bool of_user;  ///< else a tenant's
    Uuid id;
    std::int64_t micro_tokens;
    Instant at;
    std::int64_t version;  ///< the higher one is the later word
};
BOOST_DESCRIBE_STRUCT(Bucket, (), (of_user, id, micro_tokens, at, version))

/// Token buckets of users and tenants, for opening capsules. What is kept of a bucket is always
/// less than what is left of it, by a reserve that may be taken before it is kept again: whoever
/// kills keyd loses the reserve and gains nothing.
class Budget {
public:
    struct Limits {
        Allowance user{400, 600};
        Allowance tenant{4000, 12'000};
    };
    explicit Budget(Limits limits) : limits_(limits) {}
    struct Taken {
        std::size_t granted = 0;
        std::vector<Bucket> to_keep;  ///< before anything that was granted is given away
    };
    /// How many of `wanted` may be opened now; takes them.
    Taken take(TenantId tenant, UserId user, std::size_t wanted, Instant now);
    /// Whether this user has something left, so that only the tenant as a whole has read too much.
    bool has_left(UserId user) const;

    void kept(const Bucket& bucket);
    /// From a former life; call before the first take.
    void load(const Bucket& bucket);
    /// A bucket that was kept before this is full again.
    Instant full_before(Instant now) const;

private:
    struct State {
        double tokens;
        Instant at;
        std::int64_t version = 0;
        bool is_kept = false;
        double kept_tokens = 0;
        Instant kept_at{};
        std::int64_t kept_version = 0;
    };
    static double filled(double tokens, Instant at, const Allowance& allowance, Instant now);
    static double refill(State& state, const Allowance& allowance, Instant now);
    static void spend(State& state, const Allowance& allowance, std::size_t granted, Instant now,
                      Bucket as, std::vector<Bucket>& to_keep);
    State& state_of(bool of_user, const Uuid& id, Instant now);
    Limits limits_;
    std::unordered_map<TenantId, State> tenants_;
    std::unordered_map<UserId, State> users_;
};

}  // namespace entrepot::keyd
