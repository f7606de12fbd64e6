// Budgets of guesses, counted before anything is checked, so that guessing in parallel buys
// nothing.
#pragma once

#include <vector>

#include "modules/account/account.hpp"
#include "modules/account/store.hpp"

namespace entrepot::account {

/// At most `limit` guesses until a window passes without one. With `doublings`, each time in a row
/// that the budget is used up doubles the window, so often at most.
struct Budget {
    pg::Bytes key;
    std::int64_t limit;
    std::chrono::seconds window;
    std::int64_t doublings = 0;
};

/// DPP 1.2: locked after at most ten failed sign-ins.
Budget login_budget(const pg::Bytes& login_hash, const std::optional<std::string>& device);
/// The second factor of a user, and the current password asked again.
Budget factor_budget(TenantId tenant, UserId user, const std::optional<std::string>& device);
Budget current_password_budget(TenantId tenant, UserId user);
/// Sign-ins, sign-ups and invitations from one address (IPv6: its /64).
Budget address_budget(std::string_view use, std::string_view ip);

struct Attempt {
    std::optional<Error> refused;  ///< account.locked_out
    std::optional<store::LoginRow> login;
};
/// Counts one guess against each budget and looks the login up (when given) in one transaction.
/// Nothing after the first used-up budget is counted.
Awaitable<Attempt> count_guess(Services& services, const std::vector<Budget>& budgets,
                               const std::optional<pg::Bytes>& login_hash = std::nullopt);
/// The same for one budget, without a login.
Awaitable<Attempt> count_guess(Services& services, const Budget& budget);
/// A guess that was right, or was not looked at, does not count.
Awaitable<void> refund_guess(Services& services, const std::vector<Budget>& budgets);
/// After success with a second factor: its budget starts anew.
Awaitable<void> clear_guesses(Services& services, const Budget& budget);

}  // namespace entrepot::account
