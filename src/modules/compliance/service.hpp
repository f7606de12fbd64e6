// What people ask of compliance: the inputs, the answers, the use cases.
#pragma once

#include "modules/compliance/promise_register.hpp"
#include "platform/http/route.hpp"

namespace entrepot::compliance {

struct PromisesQuery {
    std::optional<State> state;
    std::optional<Policy> policy;
    std::optional<std::string> q;  ///< in id, texts, S and P numbers
};
BOOST_DESCRIBE_STRUCT(PromisesQuery, (), (state, policy, q))

struct PromiseLine {
    std::string id;
    Policy policy;
    std::string section;
    Text section_title;
    Text text;
    std::vector<std::string> seeds;
    State state;
    bool built;  ///< false: a part of its control is not there yet
    std::vector<std::string> checks;
    /// When all of its checks had been green, the oldest of them counting. Null: never.
    std::optional<Instant> last_proven_at;
};
BOOST_DESCRIBE_STRUCT(PromiseLine, (),
                      (id, policy, section, section_title, text, seeds, state, built, checks,
                       last_proven_at))
struct StateCounts {
    std::int64_t green = 0, amber = 0, red = 0;
};
BOOST_DESCRIBE_STRUCT(StateCounts, (), (green, amber, red))
struct Promises {
    StateCounts counts;  ///< of all promises, whatever was asked
    std::optional<Instant> last_checked_at;
    std::vector<PromiseLine> items;
};
BOOST_DESCRIBE_STRUCT(Promises, (), (counts, last_checked_at, items))

/// A check as a promise shows it. `state` is what its last result still says now.
struct CheckView {
    std::string name;
    State state;
    Age age;
    std::optional<State> found;  ///< as it was found then
    std::optional<std::string> code;
    std::map<std::string, std::int64_t> figures;
    std::vector<std::string> items;
    std::optional<Instant> checked_at;
    std::optional<Instant> green_at;
    std::int64_t period_hours;
};
BOOST_DESCRIBE_STRUCT(CheckView, (),
                      (name, state, age, found, code, figures, items, checked_at, green_at,
                       period_hours))
struct ControlView {
    std::string id;
    Text text;
    std::optional<Text> unbuilt;
    std::vector<std::string> checks;
};
BOOST_DESCRIBE_STRUCT(ControlView, (), (id, text, unbuilt, checks))
struct PastResult {
    std::string check;
    State state;
    std::string code;
    std::map<std::string, std::int64_t> figures;
    Instant checked_at;
};
BOOST_DESCRIBE_STRUCT(PastResult, (), (check, state, code, figures, checked_at))
struct PromiseDetail {
    PromiseLine promise;
    std::vector<std::string> privacy;
    std::vector<ControlView> controls;
    std::vector<CheckView> checks;
    std::vector<PastResult> history;  ///< newest first
};
BOOST_DESCRIBE_STRUCT(PromiseDetail, (), (promise, privacy, controls, checks, history))

/// Not called id: it names an entry of the register, and no row of a tenant.
struct PromiseKey {
    std::string promise;
};
BOOST_DESCRIBE_STRUCT(PromiseKey, (), (promise))

struct Checked {
    StateCounts checks;    ///< of the checks, as found now
    StateCounts promises;  ///< of the promises, after it
    Instant checked_at;
};
BOOST_DESCRIBE_STRUCT(Checked, (), (checks, promises, checked_at))

Awaitable<Result<Promises>> get_promises(Context& ctx, const PromisesQuery& in);
Awaitable<Result<PromiseDetail>> get_promise(Context& ctx, const PromiseKey& in);
Awaitable<Result<Checked>> check_now(Context& ctx, const http::Nothing& in);

/// Every check with its last result, in the order of the list.
Awaitable<std::vector<CheckView>> check_views(Context& ctx);
/// The newest results of all checks.
Awaitable<std::vector<PastResult>> past_results(Context& ctx, std::int64_t limit);

}  // namespace entrepot::compliance
