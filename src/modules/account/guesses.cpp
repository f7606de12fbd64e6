// One transaction on the global budget table for each guess.
#include "modules/account/guesses.hpp"

#include <arpa/inet.h>

#include "modules/account/credential.hpp"

namespace entrepot::account {
namespace {
constexpr std::int64_t login_guesses_max = 10;
constexpr std::int64_t factor_guesses_max = 5;
constexpr std::int64_t address_guesses_max = 100;
constexpr auto guess_window = std::chrono::minutes(15);
constexpr std::int64_t factor_doublings_max = 5;
constexpr auto sweep_age = std::chrono::hours(24);

/// Neighbours in an IPv6 /64 are one subscriber.
std::string network_of(std::string_view ip) {
    const std::string text(ip);
    in6_addr six{};
    if (inet_pton(AF_INET6, text.c_str(), &six) != 1) return text;
    return {reinterpret_cast<const char*>(six.s6_addr), 8};
}

std::string person(TenantId tenant, UserId user) {
    return tenant.text() + user.text();
}

Error locked(std::optional<store::GuessRow> row, const Budget& budget, Instant now) {
    Error error = make_error(errors::locked_out, "too many attempts; wait, then try again");
    if (!row) return error;
    const auto window = budget.window * (1LL << std::min(row->strikes, budget.doublings));
    const auto left = std::chrono::ceil<std::chrono::seconds>(row->last_at + window - now).count();
    error.retry_after_s = static_cast<int>(std::max<std::int64_t>(left, 1));
    return error;
}
}  // namespace

Budget login_budget(const pg::Bytes& login_hash, const std::optional<std::string>& device) {
    if (device)
        return {named_hash("guess device", login_hash.data + *device), login_guesses_max,
                guess_window};
    return {named_hash("guess login", login_hash.data), login_guesses_max, guess_window};
}

Budget factor_budget(TenantId tenant, UserId user, const std::optional<std::string>& device) {
    return {named_hash("guess factor", person(tenant, user) + device.value_or("")),
            factor_guesses_max, guess_window, factor_doublings_max};
}

Budget current_password_budget(TenantId tenant, UserId user) {
    return {named_hash("guess current", person(tenant, user)), login_guesses_max, guess_window};
}

Budget address_budget(std::string_view use, std::string_view ip) {
    return {named_hash("guess address " + std::string(use), network_of(ip)), address_guesses_max,
            guess_window};
}

Awaitable<Attempt> count_guess(Services& services, const std::vector<Budget>& budgets,
                               const std::optional<pg::Bytes>& login_hash) {
    const Instant now = services.clock.now();
    Attempt out;
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<bool>> {
        out = {};
        for (const Budget& budget : budgets) {
            const auto count = co_await tx.maybe(store::take_guess, budget.key, now, budget.limit,
                                                 budget.window.count(), budget.doublings);
            if (count) continue;
            out.refused = locked(co_await tx.maybe(store::guess_of, budget.key), budget, now);
            break;
        }
        if (login_hash) out.login = co_await tx.maybe(store::login_by_hash, *login_hash);
        if (crypto::random_u64() % 64 == 0) tx.defer(store::sweep_guesses, now - sweep_age);
        co_return true;
    };
    (void)co_await services.db.global(body);
    co_return out;
}

Awaitable<Attempt> count_guess(Services& services, const Budget& budget) {
    const std::vector<Budget> budgets{budget};
    co_return co_await count_guess(services, budgets);
}

Awaitable<void> refund_guess(Services& services, const std::vector<Budget>& budgets) {
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<bool>> {
        for (const Budget& budget : budgets) tx.defer(store::refund_guess, budget.key);
        co_return true;
    };
    (void)co_await services.db.global(body);
}

Awaitable<void> clear_guesses(Services& services, const Budget& budget) {
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<bool>> {
        tx.defer(store::clear_guesses, budget.key);
        co_return true;
    };
    (void)co_await services.db.global(body);
}

}  // namespace entrepot::account
