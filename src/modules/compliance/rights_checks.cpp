// Checks of what the company owes buyers who asked something about their data.
#include "modules/compliance/check.hpp"
#include "modules/holds/holds.hpp"
#include "modules/rights/rights.hpp"
#include "vault/vault.hpp"

namespace entrepot::compliance {
namespace {
/// The ender runs when a hold ends; an hour is left for trouble.
constexpr auto end_patience = std::chrono::hours(1);
constexpr std::int64_t probes_max = 20;
}  // namespace

Awaitable<Finding> rights_in_time(Context& ctx, pg::Transaction& tx) {
    const rights::Deadlines now = co_await rights::deadlines(tx, ctx.now());
    std::map<std::string, std::int64_t> figures{
        {"open", now.open}, {"overdue", now.overdue}, {"due_soon", now.due_soon}};
    if (now.overdue != 0) co_return Finding{State::red, "overdue", std::move(figures), {}};
    if (now.due_soon != 0) co_return Finding{State::amber, "due_soon", std::move(figures), {}};
    co_return Finding{State::green, "in_time", std::move(figures), {}};
}

Awaitable<Finding> rights_verified(Context&, pg::Transaction& tx) {
    const rights::Verified all = co_await rights::verified(tx);
    std::map<std::string, std::int64_t> figures{{"carried_out", all.carried_out},
                                                {"unverified", all.unverified}};
    if (all.unverified != 0) co_return Finding{State::red, "unverified", std::move(figures), {}};
    co_return Finding{State::green, "verified", std::move(figures), {}};
}

Awaitable<Finding> holds_end_in_time(Context& ctx, pg::Transaction& tx) {
    const holds::Standing now = co_await holds::standing(tx, ctx.now() - end_patience);
    std::vector<Uuid> ended;
    for (const holds::HoldId id : now.ended) ended.push_back(id.value);
    std::int64_t opened = 0, probes = 0, keys_left = 0;
    const auto gone = co_await vault::destroyed_holds(ctx, ended);
    if (gone.has_error()) co_return cannot_run(gone.error().detail);
    keys_left = static_cast<std::int64_t>(ended.size() - gone->size());
    for (const holds::HoldId id : now.live) {
        if (probes == probes_max) break;
        ++probes;
        const auto opens = co_await vault::opens_unapproved(ctx, id.value);
        if (opens.has_error()) co_return cannot_run(opens.error().detail);
        opened += *opens ? 1 : 0;
    }
    std::map<std::string, std::int64_t> figures{{"active", now.active},
                                                {"ended", static_cast<std::int64_t>(ended.size())},
                                                {"overdue", now.overdue},
                                                {"left_over", now.left_over},
                                                {"keys_left", keys_left + now.without_receipt},
                                                {"probes", probes},
                                                {"opened", opened}};
    const auto red = [&](const char* code) {
        return Finding{State::red, code, std::move(figures), {}};
    };
    if (opened != 0) co_return red("opened");
    if (now.overdue != 0) co_return red("overdue");
    if (now.left_over != 0) co_return red("left_over");
    if (keys_left + now.without_receipt != 0) co_return red("keys_left");
    co_return Finding{State::green, "in_time", std::move(figures), {}};
}

}  // namespace entrepot::compliance
