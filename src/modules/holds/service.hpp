// Use cases of legal holds, with their inputs and answers.
#pragma once

#include "modules/holds/store.hpp"
#include "platform/http/route.hpp"
#include "platform/jobs/jobs.hpp"

namespace entrepot::holds {

struct PlaceHold {
    std::vector<OrderId> order_ids;
    std::vector<std::string> order_numbers;  ///< as a court or the marketplace writes them
    HoldReason reason;
    std::string reference;  ///< file number; no name of a buyer
    Instant ends_at;
};
BOOST_DESCRIBE_STRUCT(PlaceHold, (), (order_ids, order_numbers, reason, reference, ends_at))

struct ListHolds {
    std::optional<HoldState> state;
    std::optional<std::int64_t> limit;
    std::optional<std::string> cursor;
};
BOOST_DESCRIBE_STRUCT(ListHolds, (), (state, limit, cursor))

struct HoldSummary {
    HoldId id;
    HoldState state;
    HoldReason reason;
    std::string reference;
    Instant ends_at;
    Instant placed_at;
    std::string placed_by;  ///< empty: not a person of the company (any more)
    std::optional<Ending> ending;
    std::optional<Instant> ended_at;
    std::int64_t order_count;
    std::int64_t waiting_count;  ///< asked, and waiting for a second person
};
BOOST_DESCRIBE_STRUCT(HoldSummary, (),
                      (id, state, reason, reference, ends_at, placed_at, placed_by, ending,
                       ended_at, order_count, waiting_count))

struct HeldOrder {
    OrderId order_id;
    std::string order_number;
    ShopId shop_id;
    std::string shop_name;
    FoundData found;
    std::int64_t fields;
};
BOOST_DESCRIBE_STRUCT(HeldOrder, (), (order_id, order_number, shop_id, shop_name, found, fields))

struct HoldAskView {
    AskId id;
    HoldAct act;
    std::string why;
    std::optional<Instant> until;
    AskState state;
    std::string asked_by;
    Instant asked_at;
    std::optional<std::string> approved_by;
    std::optional<Instant> approved_at;
    std::optional<std::string> declined_by;
    std::optional<Instant> declined_at;
    std::optional<Instant> used_at;
    /// approve, decline, open: what who looks may do with it.
    std::vector<std::string> allowed_actions;
};
BOOST_DESCRIBE_STRUCT(HoldAskView, (),
                      (id, act, why, until, state, asked_by, asked_at, approved_by, approved_at,
                       declined_by, declined_at, used_at, allowed_actions))

struct HoldDetail : HoldSummary {
    std::vector<HeldOrder> orders;
    std::vector<HoldAskView> asks;
    /// ask_open, ask_release, ask_extend.
    std::vector<std::string> allowed_actions;
    std::optional<std::string> receipt;  ///< keyd's line about the destroyed key, JSON text
};
BOOST_DESCRIBE_STRUCT(HoldDetail, (HoldSummary), (orders, asks, allowed_actions, receipt))

struct WhichHold {
    HoldId id;
};
BOOST_DESCRIBE_STRUCT(WhichHold, (), (id))

struct AskOfHold {
    HoldId id;
    HoldAct act;
    std::string why;
    std::optional<Instant> ends_at;  ///< of an extension
};
BOOST_DESCRIBE_STRUCT(AskOfHold, (), (id, act, why, ends_at))

struct WhichAsk {
    HoldId id;
    AskId ask_id;
};
BOOST_DESCRIBE_STRUCT(WhichAsk, (), (id, ask_id))

/// What was kept, and may be shown until `until`; never cached (`no-store`).
struct OpenedHold {
    HoldId hold_id;
    Instant until;
    std::vector<vault::HeldField> fields;
};
BOOST_DESCRIBE_STRUCT(OpenedHold, (), (hold_id, until, fields))

/// Copies what is held of the orders under the hold's own key. Nothing held: refused.
Awaitable<Result<HoldDetail>> place_hold(Context& ctx, const PlaceHold& in);
Awaitable<Result<http::Page<HoldSummary>>> holds_page(Context& ctx, const ListHolds& in);
Awaitable<Result<HoldDetail>> get_hold(Context& ctx, const WhichHold& in);
Awaitable<Result<HoldDetail>> ask_of_hold(Context& ctx, const AskOfHold& in);
/// By another person than who asked. A release and an extension are done by it.
Awaitable<Result<HoldDetail>> approve_ask(Context& ctx, const WhichAsk& in);
Awaitable<Result<HoldDetail>> decline_ask(Context& ctx, const WhichAsk& in);
/// By who asked, once, within a quarter of an hour of the approval.
Awaitable<Result<OpenedHold>> open_hold(Context& ctx, const WhichAsk& in);

/// The hold as people see it, inside a transaction.
Awaitable<Result<HoldDetail>> hold_detail(Context& ctx, pg::Transaction& tx, HoldId id);
Error no_such_hold();
/// An API key is nobody's second person, and neither is the system.
std::optional<Error> refusal_of_actor(const Context& ctx);

/// The standing job that ends holds in time.
inline constexpr std::string_view end_kind = "holds.end";
void wake_ender(pg::Transaction& tx, const Context& ctx, Instant at);
Awaitable<std::optional<Instant>> run_end(Context& ctx, const jobs::Job& job);

}  // namespace entrepot::holds
