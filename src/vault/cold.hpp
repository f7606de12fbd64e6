// The cold store of legal holds: a copy of what is held of some orders, sealed under the hold's own
// key, which keyd makes with its end, opens for two people only, and destroys. The capsules go on
// as if there were no hold.
#pragma once

#include <boost/describe.hpp>
#include <map>
#include <memory>
#include <set>

#include "platform/context.hpp"
#include "vault/disclosed.hpp"
#include "vault/fields.hpp"

namespace entrepot::vault {

/// A hold as the cold store knows it: its key in keyd has the same id.
struct HoldKey {
    Uuid id;
    Instant ends_at;
};

/// A copy that is sealed and only has to be stored.
struct ColdCopy {
    struct Parts;
    std::shared_ptr<const Parts> parts;
};

/// Opens what is held of the orders, for a legal claim, and seals it anew under a key that is made
/// for this hold. Counts against the budget of who asks, leaves an audit row for each order that it
/// opened. Stores nothing. Calls keyd, so not inside a transaction.
Awaitable<Result<ColdCopy>> copy_for_hold(Context& ctx, const HoldKey& hold,
                                          const std::vector<OrderId>& orders);
/// Stores it in the caller's transaction and answers how many fields of each order it has. What was
/// erased since it was copied is left out: who was told that all is erased was told the truth.
Awaitable<std::map<OrderId, std::int64_t>> keep_copy(pg::Transaction& tx, const ColdCopy& copy);

/// What two people may do with a hold besides reading it.
enum class HoldAct { open, release, extend };
BOOST_DESCRIBE_ENUM(HoldAct, open, release, extend)

/// What keyd says of a hold, or to what is asked of it.
enum class HoldAnswer { yes, ended, not_permitted };
BOOST_DESCRIBE_ENUM(HoldAnswer, yes, ended, not_permitted)

struct HoldAsk {
    Uuid hold;
    Uuid ask;
    HoldAct act;
    std::optional<Instant> until;  ///< of an extension
};
/// Tells keyd that the actor, a person, asks for this.
Awaitable<Result<HoldAnswer>> ask_of_hold(Context& ctx, const HoldAsk& ask);
/// Tells keyd that the actor, another person, allows it. An extension is in force at once.
Awaitable<Result<HoldAnswer>> approve_for_hold(Context& ctx, const Uuid& hold, const Uuid& ask);

struct HeldField {
    OrderId order_id;
    Field field;
    std::optional<Uuid> line_id;  ///< set for fields of an order line
    Disclosed value;
};
BOOST_DESCRIBE_STRUCT(HeldField, (), (order_id, field, line_id, value))
struct HeldData {
    HoldAnswer answer;  ///< the fields are there when it is `yes`
    std::vector<HeldField> fields;
};
/// Uses up what was asked and approved. The caller writes the audit row, and answers nothing when
/// that fails.
Awaitable<Result<HeldData>> open_hold(Context& ctx, const Uuid& hold, const Uuid& ask);

struct HoldEnd {
    HoldAnswer answer;    ///< `ended`, or `not_permitted`: keyd says that its time has not come
    std::string receipt;  ///< keyd's line about the destroyed key, as JSON
};
/// Has keyd destroy the key; the cells go with `forget_copy`. Again is harmless.
Awaitable<Result<HoldEnd>> destroy_hold(Context& ctx, const Uuid& hold, const std::string& reason);
void forget_copy(pg::Transaction& tx, const Uuid& hold);

/// Of these holds, those whose key keyd has destroyed.
Awaitable<Result<std::set<Uuid>>> destroyed_holds(Context& ctx, const std::vector<Uuid>& holds);
/// Whether keyd opens the hold without anybody's approval; it must not. For a check.
Awaitable<Result<bool>> opens_unapproved(Context& ctx, const Uuid& hold);
/// Cells of the cold store by hold.
Awaitable<std::map<Uuid, std::int64_t>> copies(pg::Transaction& tx);

}  // namespace entrepot::vault
