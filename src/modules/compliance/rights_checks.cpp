// Checks of what the company owes buyers who asked something about their data.
#include "modules/compliance/check.hpp"
#include "modules/rights/rights.hpp"

namespace entrepot::compliance {

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

}  // namespace entrepot::compliance
