// The vault: seals a buyer's data before it touches a disk, opens it for a purpose, forgets it in
// time. Everything else of the product holds an order id and a state.
#pragma once

#include <boost/describe.hpp>

#include "platform/context.hpp"
#include "platform/module.hpp"
#include "vault/alarm.hpp"
#include "vault/cold.hpp"
#include "vault/disclosed.hpp"
#include "vault/drill.hpp"
#include "vault/fields.hpp"
#include "vault/harvest.hpp"
#include "vault/pack_slip.hpp"
#include "vault/retention.hpp"

namespace entrepot::vault {

namespace errors {
/// The buyer's data is not there; the code says which of the five truths it is.
inline constexpr ErrorCode not_fetched{ErrorKind::conflict, "vault.not_fetched"};
inline constexpr ErrorCode erased{ErrorKind::conflict, "vault.erased"};
inline constexpr ErrorCode restricted{ErrorKind::conflict, "vault.restricted"};
inline constexpr ErrorCode over_budget{ErrorKind::rate_limited, "vault.over_budget"};
inline constexpr ErrorCode keys_unavailable{ErrorKind::unavailable, "vault.keys_unavailable"};
/// Of several; each field's code says why.
inline constexpr ErrorCode not_all{ErrorKind::conflict, "vault.not_all"};
}  // namespace errors

/// What is known of an order's buyer data here.
enum class Holding { none, held, restricted, erased };
BOOST_DESCRIBE_ENUM(Holding, none, held, restricted, erased)

/// What the vault must know of an order.
struct Subject {
    OrderId order;
    ShopId shop;
    std::string origin;  ///< "amazon", "file", "hand"
    Delivery delivery;
};

/// A capsule that is sealed and only has to be stored.
struct Sealed {
    struct Parts;
    std::shared_ptr<const Parts> parts;
};

/// Makes a key and seals the draft under it; stores nothing. Calls keyd, so not inside a
/// transaction. A key that is never stored with a capsule opens nothing and is swept away.
Awaitable<Result<Sealed>> seal(Context& ctx, Subject subject, Draft draft);
/// Stores it in the caller's transaction. False when the order has a capsule already, held or
/// erased, or is fenced: an erased one never comes back, and what was never here never comes.
Awaitable<bool> keep(pg::Transaction& tx, const Context& ctx, const Sealed& sealed);

/// The country of an invented buyer when one is wanted there; another one where we know no town.
std::string decoy_country(const std::string& wanted);
/// A trap (README.md, "Decoys"): invents a buyer, seals them as any other, and has keyd mark the
/// key before anything can show the capsule. Stores nothing: `keep` does. Calls keyd, so not inside
/// a transaction.
Awaitable<Result<Sealed>> seal_decoy(Context& ctx, Subject subject, const std::string& country);

struct RevealedField {
    Field field;
    std::optional<Uuid> line_id;  ///< set for fields of an order line
    Disclosed value;
};
BOOST_DESCRIBE_STRUCT(RevealedField, (), (field, line_id, value))

/// What was asked for and may be shown until `until`; never cached (`no-store`).
struct Revealed {
    OrderId order_id;
    Reason purpose;
    Instant until;
    std::vector<RevealedField> fields;
};
BOOST_DESCRIBE_STRUCT(Revealed, (), (order_id, purpose, until, fields))

/// How long a console may show what was revealed.
inline constexpr std::chrono::minutes shown_for{5};

struct Ask {
    OrderId order;
    Reason reason;
    std::string serves_kind;  ///< "shipment", "ticket", "case"
    std::string serves_id;
};
/// Opens the fields that the reason allows, and leaves an audit row, in that order of safety: no
/// row, no answer. The caller has checked that the order is in the actor's scope and that what it
/// serves exists.
Awaitable<Result<Revealed>> reveal(Context& ctx, Ask ask);

/// How many buyers one question may be about.
inline constexpr std::size_t reveal_max = 100;
/// As `reveal`, for several of one reason, in their order, with one question to keyd and a row in
/// the audit for each. All or none: the error's field `/{place}` names each that cannot be shown.
Awaitable<Result<std::vector<Revealed>>> reveal_all(Context& ctx, std::vector<Ask> asks);

/// Reveals as `reveal_all` does, with its rows in the audit and its refusals, and draws one
/// document: a page or more for each. English, or the buyer's language where it is Chinese, German
/// or Japanese; Letter paper in North America, else A4.
Awaitable<Result<PackSlip>> pack_slips(Context& ctx, std::vector<Ask> asks,
                                       std::vector<SlipText> texts);

/// Holdings by order; an order that is not in the map has none, and nobody forbids to fetch it.
Awaitable<std::map<OrderId, Holding>> holdings(pg::Transaction& tx,
                                               const std::vector<OrderId>& orders);

/// News of the parcel; they move the clock. Nothing when the order has no capsule.
Awaitable<void> note_shipped(pg::Transaction& tx, const Context& ctx, OrderId order, Instant at);
Awaitable<void> note_delivered(pg::Transaction& tx, const Context& ctx, OrderId order, Instant at);

enum class Erasure {
    begun,   ///< unreadable; a job that does not give up has its key destroyed
    barred,  ///< nothing is held, and nothing will ever be
    gone     ///< its key was destroyed before
};
/// Fences the order now, and has the key of its capsule destroyed at once. `reason`: a code, e.g.
/// "erasure_request", "order_cancelled".
Awaitable<Erasure> erase(pg::Transaction& tx, const Context& ctx, OrderId order,
                         const std::string& reason);

/// What proves that a capsule is gone.
struct Receipt {
    OrderId order;
    Uuid key;            ///< its data key, and the capsule's id
    Instant erased_at;   ///< when its cells were deleted; the key went before
    std::string reason;  ///< the code with which the key was destroyed
    std::string line;    ///< keyd's line about the key in its ledger of erasures, as JSON
};
/// Of those of the orders whose capsule is erased.
Awaitable<std::vector<Receipt>> receipts(pg::Transaction& tx, const std::vector<OrderId>& orders);

/// The buyer restricted processing (GDPR article 18), or that has ended: keyd opens a restricted
/// capsule for storing and legal claims only; of an order without one nothing is fetched, until it
/// has ended. Answers what each order holds afterwards. Calls keyd, so not inside a transaction;
/// again is harmless.
Awaitable<Result<std::map<OrderId, Holding>>> set_restricted(Context& ctx,
                                                             const std::vector<OrderId>& orders,
                                                             bool restricted);

/// Orders of which nothing was ever held and nothing may come: an erasure or a restriction was
/// there before the fetch.
Awaitable<std::vector<OrderId>> barred(pg::Transaction& tx);

/// Pairs of one of these orders and another whose name and address are the same, both held and in
/// these shops; 2,000 at most. Nothing is opened: keyed hashes of one month are compared, so two
/// addresses that were sealed in different months are never found equal.
Awaitable<std::vector<std::pair<OrderId, OrderId>>> same_addresses(
    pg::Transaction& tx, const std::vector<OrderId>& orders,
    const std::optional<std::vector<ShopId>>& shops);

/// How many orders a search answers at most.
inline constexpr std::size_t found_max = 200;
/// Orders whose buyer has exactly this e-mail, phone or name (normalised), in the actor's scope.
/// Who restricted the use of their data is found for a rights request and for a legal claim only.
Awaitable<Result<std::vector<OrderId>>> find_orders(Context& ctx, Field field,
                                                    const std::string& wanted, Reason reason);

/// What the buyer had corrected at the channel is to be fetched anew; answers those of the orders
/// of which something is held and may be used. Until the channel has answered, what is held stays.
Awaitable<std::vector<OrderId>> want_again(pg::Transaction& tx, const Context& ctx,
                                           const std::vector<OrderId>& orders);
Awaitable<bool> is_wanted_again(pg::Transaction& tx, OrderId order);
/// As `seal` and `keep`, under the key that the capsule has, in place of what it holds. False when
/// it is not wanted (any more).
Awaitable<Result<Sealed>> seal_again(Context& ctx, OrderId order, Draft draft);
Awaitable<bool> keep_again(pg::Transaction& tx, const Context& ctx, const Sealed& sealed);
/// The channel had nothing new.
Awaitable<void> keep_as_it_is(pg::Transaction& tx, const Context& ctx, OrderId order);

/// Event, with a FetchedAgain: what want_again asked for is settled.
inline constexpr std::string_view fetched_again = "vault.fetched_again";
struct FetchedAgain {
    OrderId order_id;
    bool changed;
};
BOOST_DESCRIBE_STRUCT(FetchedAgain, (), (order_id, changed))

/// Event, with {order_id}: what a restriction kept from being fetched may be fetched, or what is
/// held is to be fetched anew.
inline constexpr std::string_view fetch_wanted = "vault.fetch_wanted";
/// Event, with {order_id}: the capsule is gone.
inline constexpr std::string_view capsule_erased = "vault.erased";

/// Event, with a ClockJudged: by this clock nothing is destroyed any more, or again.
inline constexpr std::string_view clock_judged = "vault.clock";
struct ClockJudged {
    std::string what;  ///< clock_back, clock_forward, clock_good
    Instant at;
};
BOOST_DESCRIBE_STRUCT(ClockJudged, (), (what, at))
/// Looks, moves the mark, and says so when the clock has become untrusted or is trusted again.
/// True when what is due by the clock may be destroyed.
Awaitable<bool> is_clock_good(Context& ctx);
/// A person has looked: the clock is right as it is now.
void accept_clock(pg::Transaction& tx, const Context& ctx);

Module module();

}  // namespace entrepot::vault
