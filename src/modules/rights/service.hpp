// Use cases of the compliance officer, with their inputs and answers.
#pragma once

#include "modules/holds/holds.hpp"
#include "modules/rights/store.hpp"
#include "platform/http/route.hpp"
#include "platform/jobs/jobs.hpp"

namespace entrepot::rights {

/// name: of the recipient or of the buyer. order_number finds orders that hold nothing (any more).
enum class SearchField { buyer_email, phone, name, order_number };
BOOST_DESCRIBE_ENUM(SearchField, buyer_email, phone, name, order_number)

struct SearchBuyers {
    SearchField field;
    std::string value;  ///< never in a log, a row or an error
    RequestKind reason;
};
BOOST_DESCRIBE_STRUCT(SearchBuyers, (), (field, value, reason))
struct FoundOrder {
    OrderId order_id;
    std::string order_number;
    ShopId shop_id;
    std::string shop_name;
    Instant ordered_at;
    std::string order_state;
    BuyerData buyer_data;
};
BOOST_DESCRIBE_STRUCT(FoundOrder, (),
                      (order_id, order_number, shop_id, shop_name, ordered_at, order_state,
                       buyer_data))
struct FoundOrders {
    std::vector<FoundOrder> items;
    bool complete;  ///< false: there may be more; carry these out and search again
};
BOOST_DESCRIBE_STRUCT(FoundOrders, (), (items, complete))

/// A buyer writes, and somebody has to answer: which orders are theirs? Not by order number, which
/// the list of orders finds.
enum class LookUpField { buyer_email, phone, name };
BOOST_DESCRIBE_ENUM(LookUpField, buyer_email, phone, name)
struct LookUpBuyer {
    LookUpField field;
    std::string value;           ///< never in a log, a row or an error
    std::string case_reference;  ///< which message or ticket is answered; on record
};
BOOST_DESCRIBE_STRUCT(LookUpBuyer, (), (field, value, case_reference))

struct OpenRequest {
    RequestKind kind;
    Arrival arrived_by;
    std::optional<Instant> received_at;  ///< now
    std::vector<OrderId> order_ids;      ///< none: nothing was found, which is an answer too
};
BOOST_DESCRIBE_STRUCT(OpenRequest, (), (kind, arrived_by, received_at, order_ids))

struct ListRequests {
    std::optional<RequestState> state;
    std::optional<std::string> sort;  ///< due_at (nearest end first) or -due_at
    std::optional<std::int64_t> limit;
    std::optional<std::string> cursor;
};
BOOST_DESCRIBE_STRUCT(ListRequests, (), (state, sort, limit, cursor))

struct RequestSummary {
    RequestId id;
    RequestKind kind;
    RequestState state;
    Arrival arrived_by;
    Instant received_at;
    Instant due_at;
    Urgency urgency;
    Instant opened_at;
    std::string opened_by;  ///< empty: not a person of the company (any more)
    std::optional<Verification> verification;
    std::optional<Instant> verified_at;
    std::optional<std::string> verified_by;
    std::optional<Extension> extension;
    std::optional<Instant> extended_at;
    std::optional<std::string> extended_by;
    std::optional<Instant> begun_at;
    std::optional<std::string> begun_by;
    std::optional<Instant> closed_at;
    std::optional<std::string> closed_by;
    std::optional<Refusal> refusal;
    std::optional<Instant> lifted_at;
    std::int64_t order_count;
    std::int64_t settled_count;
};
BOOST_DESCRIBE_STRUCT(RequestSummary, (),
                      (id, kind, state, arrived_by, received_at, due_at, urgency, opened_at,
                       opened_by, verification, verified_at, verified_by, extension, extended_at,
                       extended_by, begun_at, begun_by, closed_at, closed_by, refusal, lifted_at,
                       order_count, settled_count))
struct CoveredOrder {
    OrderId order_id;
    std::string order_number;
    ShopId shop_id;
    std::string shop_name;
    Outcome outcome;
    std::optional<Instant> settled_at;
    BuyerData buyer_data;  ///< as it is now
    /// Null: the order was removed.
    std::optional<std::string> order_state;
    /// Copies that legal holds keep, whatever became of the rest.
    std::vector<holds::HeldCopy> held_copies;
};
BOOST_DESCRIBE_STRUCT(CoveredOrder, (),
                      (order_id, order_number, shop_id, shop_name, outcome, settled_at, buyer_data,
                       order_state, held_copies))
struct RequestDetail : RequestSummary {
    std::vector<std::string> corrected;  ///< parts, of a correction
    std::vector<CoveredOrder> orders;
    /// verify, extend, carry_out, refuse, reveal, lift, receipt.
    std::vector<std::string> allowed_actions;
};
BOOST_DESCRIBE_STRUCT(RequestDetail, (RequestSummary), (corrected, orders, allowed_actions))

struct WhichRequest {
    RequestId id;
};
BOOST_DESCRIBE_STRUCT(WhichRequest, (), (id))
struct CarryOut {
    RequestId id;
    /// Of a correction: what the buyer had corrected at the marketplace.
    std::optional<std::vector<CorrectedPart>> corrected;
};
BOOST_DESCRIBE_STRUCT(CarryOut, (), (id, corrected))
struct VerifyRequest {
    RequestId id;
    Verification how;
    /// Of order_email and order_phone: what the requester named.
    std::optional<std::string> order_number;
    std::optional<std::string> value;  ///< never in a log, a row or an error
};
BOOST_DESCRIBE_STRUCT(VerifyRequest, (), (id, how, order_number, value))
struct ExtendRequest {
    RequestId id;
    Extension reason;
};
BOOST_DESCRIBE_STRUCT(ExtendRequest, (), (id, reason))
struct RefuseRequest {
    RequestId id;
    Refusal reason;
};
BOOST_DESCRIBE_STRUCT(RefuseRequest, (), (id, reason))
struct RevealOrder {
    RequestId id;
    OrderId order_id;
};
BOOST_DESCRIBE_STRUCT(RevealOrder, (), (id, order_id))

Awaitable<Result<FoundOrders>> search_buyers(Context& ctx, const SearchBuyers& in);
/// For customer service: finds, and shows nothing of the buyer. Who restricted the use of their
/// data is not found.
Awaitable<Result<FoundOrders>> look_up_buyer(Context& ctx, const LookUpBuyer& in);
Awaitable<Result<RequestDetail>> open_request(Context& ctx, const OpenRequest& in);
Awaitable<Result<http::Page<RequestSummary>>> requests_page(Context& ctx, const ListRequests& in);
Awaitable<Result<Deadlines>> request_counts(Context& ctx, const http::Nothing& in);
Awaitable<Result<RequestDetail>> get_request(Context& ctx, const WhichRequest& in);
/// erasure: fences every capsule at once; done when the last key is destroyed. restriction: keyd
/// refuses from now on. access: done when all that is held was shown.
/// correction: the marketplace is asked anew; done when it has answered. Not before somebody has
/// made sure who asks.
Awaitable<Result<RequestDetail>> carry_out(Context& ctx, const CarryOut& in);
/// It is the buyer who asks. A named e-mail or phone is compared by its keyed hash: it is neither
/// shown nor stored, and counts as a search.
Awaitable<Result<RequestDetail>> verify_request(Context& ctx, const VerifyRequest& in);
/// Two further months, once, and only within the first; the buyer is told within it, too.
Awaitable<Result<RequestDetail>> extend_request(Context& ctx, const ExtendRequest& in);
Awaitable<Result<RequestDetail>> refuse_request(Context& ctx, const RefuseRequest& in);
/// What is held of one order, for an access request; leaves an audit row.
Awaitable<Result<vault::Revealed>> reveal_order(Context& ctx, const RevealOrder& in);
/// Ends a restriction.
Awaitable<Result<RequestDetail>> lift_restriction(Context& ctx, const WhichRequest& in);

/// Counts a search of the actor before it is made; refused when the hour's are used up.
Awaitable<Result<bool>> take_search(Context& ctx, SearchUse use);

/// The request as people see it, inside a transaction.
Awaitable<Result<RequestDetail>> request_detail(Context& ctx, pg::Transaction& tx, RequestId id);
Error no_such_request();
/// Locked, and neither done nor refused.
Awaitable<Result<store::RequestRow>> lock_running(Context& ctx, pg::Transaction& tx, RequestId id);
void audit_act(pg::Transaction& tx, const Context& ctx, std::string_view act,
               const store::RequestRow& request, std::map<std::string, std::string> detail = {});
/// Writes the receipt and closes, when every order is settled.
Awaitable<void> close_when_settled(Context& ctx, pg::Transaction& tx,
                                   const store::RequestRow& request, const Uuid& by);

/// Reads vault.erased: the order of a request is erased, and with the last one the request done.
inline constexpr std::string_view erased_kind = "rights.erased";
Awaitable<void> note_erased(Context& ctx, pg::Transaction& tx, const std::vector<jobs::Job>& work);
/// Reads vault.fetched_again: the order of a correction is settled.
inline constexpr std::string_view fetched_kind = "rights.fetched_again";
Awaitable<void> note_fetched(Context& ctx, pg::Transaction& tx, const std::vector<jobs::Job>& work);

}  // namespace entrepot::rights
