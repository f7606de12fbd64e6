// Holds, tags and notes. One path for one order and for many.
#include "modules/orders/people.hpp"

#include <algorithm>
#include <unordered_map>

#include "base/text.hpp"
#include "modules/orders/event.hpp"
#include "platform/audit/audit.hpp"
#include "platform/json/writer.hpp"

namespace entrepot::orders {
namespace {
constexpr std::size_t bulk_max = 500;
constexpr std::size_t reason_max = 500;
constexpr std::size_t note_max = 4000;

/// An act with its checked words.
struct Act {
    BulkAction action;
    std::string reason;
    std::string tag;
};

Result<Act> checked_act(const BulkInput& in) {
    Act act{in.action, {}, {}};
    if (in.action == BulkAction::hold) {
        TRY(act.reason, checked_text(in.reason.value_or(""), reason_max, "/reason"));
    }
    if (in.action == BulkAction::add_tag || in.action == BulkAction::remove_tag) {
        TRY(act.tag, checked_tag(in.tag.value_or(""), "/tag"));
    }
    return act;
}

HistoryToWrite history_of(const Context& ctx, OrderId order, const Act& act) {
    HistoryToWrite row{order, crypto::new_uuid(ctx.now()), {}, {}, {}, ctx.actor.name, {}};
    switch (act.action) {
        case BulkAction::hold:
            row.kind = "hold";
            row.detail = act.reason;
            break;
        case BulkAction::release:
            row.kind = "release";
            break;
        case BulkAction::add_tag:
            row.kind = "tag";
            row.to_value = act.tag;
            break;
        case BulkAction::remove_tag:
            row.kind = "tag";
            row.from_value = act.tag;
            break;
    }
    return row;
}

void write_act(Context& ctx, pg::Transaction& tx, const Act& act, const std::vector<OrderId>& ids) {
    const Instant now = ctx.now();
    switch (act.action) {
        case BulkAction::hold:
            write_hold(tx, ids, {act.reason, ctx.actor.name, now});
            break;
        case BulkAction::release:
            write_release(tx, ids, now);
            break;
        case BulkAction::add_tag:
            write_added_tag(tx, ids, act.tag, now);
            break;
        case BulkAction::remove_tag:
            write_removed_tag(tx, ids, act.tag, now);
            break;
    }
    std::vector<HistoryToWrite> history;
    for (const OrderId id : ids) history.push_back(history_of(ctx, id, act));
    write_history(tx, now, history);
    if (act.action == BulkAction::hold || act.action == BulkAction::release) {
        emit_orders(tx, ctx, orders_changed, ids);
        emit_orders(tx, ctx, orders_moved, ids);
    }
}

constexpr std::string_view act_name(BulkAction action) {
    switch (action) {
        case BulkAction::hold:
            return "orders.held";
        case BulkAction::release:
            return "orders.released";
        case BulkAction::add_tag:
            return "orders.tag_added";
        case BulkAction::remove_tag:
            return "orders.tag_removed";
    }
    return "orders.changed";
}

/// A tag that is there already, or is gone already, changes nothing.
bool is_moot(const Act& act, const LockedOrder& order) {
    const bool tagged =
        std::find(order.tags.begin(), order.tags.end(), act.tag) != order.tags.end();
    return (act.action == BulkAction::add_tag && tagged) ||
           (act.action == BulkAction::remove_tag && !tagged);
}

Awaitable<Result<bool>> act_on_one(Context& ctx, pg::Transaction& tx, OrderId id,
                                   std::optional<std::int64_t> version, const Act& act) {
    CO_TRY(const LockedOrder order, co_await order_to_change(ctx, tx, id, version));
    if (auto refusal = why_not(act.action, order, act.tag)) co_return std::move(*refusal);
    const std::vector<OrderId> only{id};
    write_act(ctx, tx, act, only);
    audit::done(tx, ctx, {act_name(act.action), "order", id.text(), "{}"});
    co_return true;
}

struct BulkAudit {
    std::vector<OrderId> done;
    std::vector<Refusal> refused;
};
BOOST_DESCRIBE_STRUCT(BulkAudit, (), (done, refused))
}  // namespace

Awaitable<Result<LockedOrder>> order_to_change(Context& ctx, pg::Transaction& tx, OrderId id,
                                               std::optional<std::int64_t> version) {
    const std::vector<OrderId> only{id};
    const auto found = co_await lock_by_id(tx, ctx.shop_scope(), only);
    if (found.empty()) co_return no_such_order();
    if (version && *version != found.front().version)
        co_return make_error(entrepot::errors::version_conflict,
                             "the order was changed meanwhile; load it again");
    co_return found.front();
}

Awaitable<Result<OrderDetail>> hold_order(Context& ctx, const HoldOrder& in) {
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<OrderDetail>> {
        CO_TRY(const std::string reason, checked_text(in.reason, reason_max, "/reason"));
        const Act act{BulkAction::hold, reason, {}};
        CO_TRY_VOID(co_await act_on_one(ctx, tx, in.id, in.if_match, act));
        co_return co_await order_detail(ctx, tx, in.id);
    };
    co_return co_await ctx.db().transaction(ctx.tenant, body);
}

Awaitable<Result<OrderDetail>> release_order(Context& ctx, const ReleaseOrder& in) {
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<OrderDetail>> {
        const Act act{BulkAction::release, {}, {}};
        CO_TRY_VOID(co_await act_on_one(ctx, tx, in.id, in.if_match, act));
        co_return co_await order_detail(ctx, tx, in.id);
    };
    co_return co_await ctx.db().transaction(ctx.tenant, body);
}

Awaitable<Result<OrderDetail>> tag_order(Context& ctx, const TagOrder& in) {
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<OrderDetail>> {
        CO_TRY(LockedOrder order, co_await order_to_change(ctx, tx, in.id, in.if_match));
        std::vector<Act> acts;
        for (const std::string& tag : in.remove.value_or(std::vector<std::string>{})) {
            CO_TRY(std::string checked, checked_tag(tag, "/remove"));
            acts.push_back({BulkAction::remove_tag, {}, std::move(checked)});
        }
        for (const std::string& tag : in.add.value_or(std::vector<std::string>{})) {
            CO_TRY(std::string checked, checked_tag(tag, "/add"));
            acts.push_back({BulkAction::add_tag, {}, std::move(checked)});
        }
        const std::vector<OrderId> only{in.id};
        for (const Act& act : acts) {
            if (is_moot(act, order)) continue;
            if (auto refusal = why_not(act.action, order, act.tag)) co_return std::move(*refusal);
            write_act(ctx, tx, act, only);
            audit::done(tx, ctx, {act_name(act.action), "order", in.id.text(), "{}"});
            if (act.action == BulkAction::add_tag)
                order.tags.push_back(act.tag);
            else
                std::erase(order.tags, act.tag);
        }
        co_return co_await order_detail(ctx, tx, in.id);
    };
    co_return co_await ctx.db().transaction(ctx.tenant, body);
}

Awaitable<Result<OrderDetail>> add_note(Context& ctx, const AddNote& in) {
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<OrderDetail>> {
        CO_TRY(std::string words, checked_text(in.text, note_max, "/text"));
        CO_TRY(const LockedOrder order, co_await order_to_change(ctx, tx, in.id, std::nullopt));
        const Instant now = ctx.now();
        const auto note_id = ctx.new_id<NoteId>();
        write_note(tx, order.id, {note_id, std::move(words), ctx.actor.name, now});
        touch_order(tx, order.id, now);
        // The note's words stay out of history and audit: staff may have typed what they should
        // not.
        const std::vector<HistoryToWrite> history{
            {order.id, crypto::new_uuid(now), "note", "", "", ctx.actor.name, ""}};
        write_history(tx, now, history);
        audit::done(tx, ctx, {"orders.note_added", "order", order.id.text(), "{}"});
        co_return co_await order_detail(ctx, tx, order.id);
    };
    co_return co_await ctx.db().transaction(ctx.tenant, body);
}

Awaitable<Result<BulkOutcome>> bulk_act(Context& ctx, const BulkInput& in) {
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<BulkOutcome>> {
        CO_TRY(const Act act, checked_act(in));
        if (in.order_ids.empty() || in.order_ids.size() > bulk_max)
            co_return field_error(entrepot::errors::invalid_fields, "/order_ids", "length",
                                  "1 to 500 orders are expected here");
        std::unordered_map<Uuid, LockedOrder> found;
        for (LockedOrder& order : co_await lock_by_id(tx, ctx.shop_scope(), in.order_ids))
            found.emplace(order.id.value, std::move(order));
        BulkOutcome out;
        std::vector<OrderId> to_write;
        std::vector<OrderId> seen;
        for (const OrderId id : in.order_ids) {
            if (std::find(seen.begin(), seen.end(), id) != seen.end()) continue;
            seen.push_back(id);
            const auto order = found.find(id.value);
            auto refusal = order == found.end() ? std::optional(no_such_order())
                                                : why_not(act.action, order->second, act.tag);
            if (refusal) {
                out.refused.push_back(
                    {id, std::string(refusal->code.name), std::move(refusal->detail)});
                continue;
            }
            out.done.push_back(id);
            if (!is_moot(act, order->second)) to_write.push_back(id);
        }
        if (!to_write.empty()) write_act(ctx, tx, act, to_write);
        const BulkAudit detail{out.done, out.refused};
        audit::done(tx, ctx, {act_name(act.action), "orders", "", json::to_json(detail)});
        co_return out;
    };
    co_return co_await ctx.db().transaction(ctx.tenant, body);
}

}  // namespace entrepot::orders
