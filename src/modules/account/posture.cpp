// How a tenant's accounts stand, counted for the proofs of compliance.
#include <algorithm>
#include <array>

#include "modules/account/account.hpp"
#include "modules/account/password_rules.hpp"
#include "modules/account/people.hpp"
#include "modules/account/store.hpp"
#include "platform/keys/secrets.hpp"

namespace entrepot::account {
namespace {
constexpr auto ending_soon = std::chrono::days(30);

struct PasswordProbe {
    std::string_view password;
    std::string_view code;  ///< what must be found wrong; empty = nothing
};

/// One password for each rule that DPP 1.2 names, wrong in this alone, and one that is good.
constexpr std::array<PasswordProbe, 7> password_probes{{
    {"rT7;vQ2_kW9", "too_short"},
    {"rt7;vq2_kw9x", "needs_upper"},
    {"RT7;VQ2_KW9X", "needs_lower"},
    {"rTz;vQp_kWhx", "needs_digit"},
    {"rT7mvQ2dkW9x", "needs_special"},
    {"rT7;olga_kW9x", "contains_name"},
    {"rT7;vQ2_kW9x", ""},
}};

bool is_answered_right(const PasswordProbe& probe) {
    const auto problems =
        password_problems(probe.password, {"Olga Tarn", "o.t@account.example"}, "");
    if (probe.code.empty()) return problems.empty();
    return std::ranges::any_of(
        problems, [&](const FieldError& problem) { return problem.code == probe.code; });
}

std::int64_t seconds(std::chrono::seconds duration) {
    return duration.count();
}
}  // namespace

Awaitable<Posture> posture(Context& ctx, pg::Transaction& tx) {
    std::vector<std::string> names;
    for (const Role& role : roles()) names.emplace_back(role.name);
    const Instant now = ctx.now();
    const auto row = co_await tx.one(store::posture, tx.tenant(), names, now - password_age_max,
                                     seconds(session_age_max), seconds(unproven_session_age_max),
                                     seconds(api_key_age_max), now, now + ending_soon);
    Posture out;
    out.active_users = row.active_users;
    out.without_second_factor = row.without_second_factor;
    out.without_role = row.without_role;
    out.shared_emails = row.shared_emails;
    out.grants = row.grants;
    out.grants_of_unknown_roles = row.grants_of_unknown_roles;
    out.passwords_expired = row.passwords_expired;
    out.passwords_not_argon2id = row.passwords_not_argon2id;
    out.sessions = row.sessions;
    out.sessions_served_past_end = row.sessions_served_past_end;
    out.api_keys = row.api_keys;
    out.api_keys_without_end = row.api_keys_without_end;
    out.api_keys_too_long = row.api_keys_too_long;
    out.api_keys_ending_soon = row.api_keys_ending_soon;
    // keyd is asked inside a transaction here alone: it reads, locks nothing, and nobody waits.
    const auto seeds = co_await tx.rows(store::confirmed_seeds, tx.tenant());
    out.seeds = static_cast<std::int64_t>(seeds.size());
    if (!seeds.empty()) {
        auto secrets = co_await keys::secrets_of(ctx.services, tx.tenant());
        if (secrets.has_error()) throw std::runtime_error(secrets.error().detail);
        out.seeds_opened = std::ranges::count_if(seeds, [&](const auto& seed) {
            return secrets->open(keys::Secret::totp_seed, seed.user_id.value, seed.seed.data)
                .has_value();
        });
    }
    out.password_probes = static_cast<std::int64_t>(password_probes.size());
    out.password_probes_right = std::ranges::count_if(password_probes, &is_answered_right);
    co_return out;
}

}  // namespace entrepot::account
