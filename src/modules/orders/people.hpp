// Use cases of people on orders: hold, release, tags, notes, one by one and in bulk.
#pragma once

#include "modules/orders/acts.hpp"
#include "modules/orders/detail.hpp"

namespace entrepot::orders {

struct HoldOrder {
    OrderId id;
    std::optional<std::int64_t> if_match;
    std::string reason;
};
BOOST_DESCRIBE_STRUCT(HoldOrder, (), (id, if_match, reason))

struct ReleaseOrder {
    OrderId id;
    std::optional<std::int64_t> if_match;
};
BOOST_DESCRIBE_STRUCT(ReleaseOrder, (), (id, if_match))

struct TagOrder {
    OrderId id;
    std::optional<std::int64_t> if_match;
    std::optional<std::vector<std::string>> add;
    std::optional<std::vector<std::string>> remove;
};
BOOST_DESCRIBE_STRUCT(TagOrder, (), (id, if_match, add, remove))

struct AddNote {
    OrderId id;
    std::string text;
};
BOOST_DESCRIBE_STRUCT(AddNote, (), (id, text))

struct BulkInput {
    std::vector<OrderId> order_ids;
    BulkAction action;
    std::optional<std::string> reason;
    std::optional<std::string> tag;
};
BOOST_DESCRIBE_STRUCT(BulkInput, (), (order_ids, action, reason, tag))

struct Refusal {
    OrderId id;
    std::string code;
    std::string detail;
};
BOOST_DESCRIBE_STRUCT(Refusal, (), (id, code, detail))
struct BulkOutcome {
    std::vector<OrderId> done;
    std::vector<Refusal> refused;
};
BOOST_DESCRIBE_STRUCT(BulkOutcome, (), (done, refused))

/// The order, locked, when it is in the caller's scope and still of that version.
Awaitable<Result<LockedOrder>> order_to_change(Context& ctx, pg::Transaction& tx, OrderId id,
                                               std::optional<std::int64_t> version);

Awaitable<Result<OrderDetail>> hold_order(Context& ctx, const HoldOrder& in);
Awaitable<Result<OrderDetail>> release_order(Context& ctx, const ReleaseOrder& in);
Awaitable<Result<OrderDetail>> tag_order(Context& ctx, const TagOrder& in);
Awaitable<Result<OrderDetail>> add_note(Context& ctx, const AddNote& in);
Awaitable<Result<BulkOutcome>> bulk_act(Context& ctx, const BulkInput& in);

}  // namespace entrepot::orders
