// Checks of people, passwords, sessions and keys.
#include "modules/account/account.hpp"
#include "modules/compliance/catalogue_store.hpp"
#include "modules/compliance/check.hpp"

namespace entrepot::compliance {

Awaitable<Finding> mfa_coverage(Context& ctx, pg::Transaction& tx) {
    const account::Posture now = co_await account::posture(ctx, tx);
    const std::map<std::string, std::int64_t> figures{{"users", now.active_users},
                                                      {"without", now.without_second_factor}};
    if (now.active_users == 0) co_return Finding{State::amber, "no_users", figures, {}};
    if (now.without_second_factor != 0) co_return Finding{State::red, "missing", figures, {}};
    co_return Finding{State::green, "all", figures, {}};
}

Awaitable<Finding> password_policy(Context& ctx, pg::Transaction& tx) {
    const account::Posture now = co_await account::posture(ctx, tx);
    const std::map<std::string, std::int64_t> figures{{"users", now.active_users},
                                                      {"expired", now.passwords_expired},
                                                      {"other_form", now.passwords_not_argon2id},
                                                      {"probes", now.password_probes},
                                                      {"right", now.password_probes_right}};
    if (now.password_probes != now.password_probes_right)
        co_return Finding{State::red, "rules_broken", figures, {}};
    if (now.passwords_not_argon2id != 0) co_return Finding{State::red, "other_form", figures, {}};
    // An expired password opens nothing but the form that changes it.
    if (now.passwords_expired != 0) co_return Finding{State::amber, "expired", figures, {}};
    co_return Finding{State::green, "in_force", figures, {}};
}

Awaitable<Finding> unique_ids(Context& ctx, pg::Transaction& tx) {
    const account::Posture now = co_await account::posture(ctx, tx);
    const std::map<std::string, std::int64_t> figures{{"users", now.active_users},
                                                      {"shared", now.shared_emails}};
    if (now.shared_emails != 0) co_return Finding{State::red, "shared", figures, {}};
    co_return Finding{State::green, "unique", figures, {}};
}

Awaitable<Finding> session_limits(Context& ctx, pg::Transaction& tx) {
    const account::Posture now = co_await account::posture(ctx, tx);
    using std::chrono::duration_cast, std::chrono::minutes;
    const std::map<std::string, std::int64_t> figures{
        {"sessions", now.sessions},
        {"past", now.sessions_served_past_end},
        {"idle_minutes", duration_cast<minutes>(account::session_idle_max).count()},
        {"age_minutes", duration_cast<minutes>(account::session_age_max).count()}};
    if (now.sessions_served_past_end != 0) co_return Finding{State::red, "past_end", figures, {}};
    co_return Finding{State::green, "kept", figures, {}};
}

Awaitable<Finding> role_grants(Context& ctx, pg::Transaction& tx) {
    const account::Posture now = co_await account::posture(ctx, tx);
    const std::map<std::string, std::int64_t> figures{
        {"grants", now.grants},
        {"unknown", now.grants_of_unknown_roles},
        {"without", now.without_role},
        {"roles", static_cast<std::int64_t>(roles().size())}};
    if (now.grants_of_unknown_roles != 0) co_return Finding{State::red, "unknown", figures, {}};
    co_return Finding{State::green, "shipped", figures, {}};
}

Awaitable<Finding> api_keys_expiring(Context& ctx, pg::Transaction& tx) {
    const account::Posture now = co_await account::posture(ctx, tx);
    const std::map<std::string, std::int64_t> figures{{"keys", now.api_keys},
                                                      {"endless", now.api_keys_without_end},
                                                      {"too_long", now.api_keys_too_long},
                                                      {"ending_soon", now.api_keys_ending_soon}};
    if (now.api_keys_without_end != 0) co_return Finding{State::red, "endless", figures, {}};
    if (now.api_keys_too_long != 0) co_return Finding{State::red, "too_long", figures, {}};
    co_return Finding{State::green, "all_end", figures, {}};
}

Awaitable<Finding> sealed_secrets(Context& ctx, pg::Transaction& tx) {
    const account::Posture now = co_await account::posture(ctx, tx);
    const auto shops = co_await tx.one(store::marketplace_secrets, tx.tenant());
    const std::map<std::string, std::int64_t> figures{{"seeds", now.seeds},
                                                      {"opened", now.seeds_opened},
                                                      {"secrets", shops.secrets},
                                                      {"plain", shops.unsealed}};
    if (now.seeds != now.seeds_opened) co_return Finding{State::red, "not_ours", figures, {}};
    if (shops.unsealed != 0) co_return Finding{State::red, "plain", figures, {}};
    co_return Finding{State::green, "sealed", figures, {}};
}

}  // namespace entrepot::compliance
