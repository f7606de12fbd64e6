// Carrying out, refusing, showing, lifting; and what follows when a key is destroyed.
#include <algorithm>
#include <set>

#include "modules/orders/orders.hpp"
#include "modules/rights/receipt.hpp"
#include "platform/audit/audit.hpp"
#include "platform/json/reader.hpp"
#include "platform/json/writer.hpp"

namespace entrepot::rights {
namespace {
constexpr const char* erase_reason = "erasure_request";
using Holdings = std::map<OrderId, vault::Holding>;

struct ErasedCapsule {
    OrderId order_id;
};
BOOST_DESCRIBE_STRUCT(ErasedCapsule, (), (order_id))

std::vector<OrderId> ids_of(const std::vector<store::CoveredRow>& orders) {
    std::vector<OrderId> out;
    for (const store::CoveredRow& order : orders) out.push_back(order.order_id);
    return out;
}

Awaitable<Result<store::RequestRow>> lock_open(Context& ctx, pg::Transaction& tx, RequestId id) {
    CO_TRY(store::RequestRow row, co_await lock_running(ctx, tx, id));
    if (row.state == RequestState::verifying)
        co_return make_error(errors::not_verified,
                             "nobody has made sure yet that it is the buyer who asks; verify the "
                             "requester first");
    co_return std::move(row);
}

Error is_under_way() {
    return make_error(errors::under_way, "the request is being carried out");
}

/// What each order holds now, and what it is therefore settled as when there is nothing to do.
Awaitable<std::map<OrderId, BuyerData>> data_of(pg::Transaction& tx,
                                                const std::vector<OrderId>& ids) {
    const Holdings holdings = co_await vault::holdings(tx, ids);
    std::map<OrderId, BuyerData> out;
    for (const store::OrderRow& order : co_await store::orders_by_id(tx, std::nullopt, ids))
        out[order.id] = buyer_data_of(vault::Holding::none, order.pii_state);
    for (const auto& [order, holding] : holdings) out[order] = buyer_data_of(holding, "");
    co_return out;
}

Outcome outcome_of(vault::Erasure erasure) {
    switch (erasure) {
        case vault::Erasure::begun:
            return Outcome::erasing;
        case vault::Erasure::barred:
            return Outcome::barred;
        case vault::Erasure::gone:
            return Outcome::already_erased;
    }
    throw Bug("no such erasure");
}

/// Fences every order; what has no capsule, or had one, is settled here and now.
Awaitable<void> erase_all(Context& ctx, pg::Transaction& tx, const store::RequestRow& request) {
    const std::vector<OrderId> ids = ids_of(co_await store::covered(tx, request.id));
    for (const OrderId order : ids) {
        const vault::Erasure erasure = co_await vault::erase(tx, ctx, order, erase_reason);
        store::settle(tx, request.id, order, outcome_of(erasure), ctx.now());
        if (erasure == vault::Erasure::barred) co_await orders::note_pii_state(tx, order, "erased");
    }
}

/// Whether what is carried out says which parts were corrected, as a correction does and nothing
/// else.
Result<bool> checked_parts(const store::RequestRow& request, const CarryOut& in) {
    const bool named = in.corrected && !in.corrected->empty();
    if (request.kind == RequestKind::correction && !named)
        return field_error(entrepot::errors::invalid_fields, "/corrected", "required",
                           "name what was corrected at the marketplace: name, address, phone, "
                           "email");
    if (request.kind != RequestKind::correction && named)
        return field_error(entrepot::errors::invalid_fields, "/corrected", "unknown_member",
                           "only a correction corrects something");
    return true;
}

/// Has what is held fetched anew; where nothing is held, the next fetch brings what is right.
Awaitable<Result<bool>> correct_all(Context& ctx, pg::Transaction& tx,
                                    const store::RequestRow& request, const CarryOut& in) {
    std::set<std::string> parts;
    for (const CorrectedPart part : *in.corrected)
        parts.insert(boost::describe::enum_to_string(part, ""));
    const std::vector<OrderId> ids = ids_of(co_await store::covered(tx, request.id));
    auto data = co_await data_of(tx, ids);
    for (const OrderId order : ids)
        if (data[order] == BuyerData::restricted)
            co_return make_error(errors::restricted_first,
                                 "the use of an order's data is restricted, and fetching is a "
                                 "use; end the restriction first, then correct");
    store::note_corrected(tx, request.id, {parts.begin(), parts.end()});
    const auto wanted = co_await vault::want_again(tx, ctx, ids);
    for (const OrderId order : ids) {
        const bool is_wanted = std::find(wanted.begin(), wanted.end(), order) != wanted.end();
        store::settle(tx, request.id, order,
                      is_wanted ? Outcome::fetching
                                : settled_already(data[order]).value_or(Outcome::already_erased),
                      ctx.now());
    }
    co_return true;
}

Awaitable<Result<bool>> end_access(Context& ctx, pg::Transaction& tx,
                                   const store::RequestRow& request) {
    const auto orders = co_await store::covered(tx, request.id);
    auto data = co_await data_of(tx, ids_of(orders));
    for (const store::CoveredRow& order : orders) {
        if (order.outcome != Outcome::waiting) continue;
        const auto settled = settled_already(data[order.order_id]);
        if (!settled)
            co_return make_error(errors::not_shown,
                                 "something is held that nobody has looked at for this request");
        store::settle(tx, request.id, order.order_id, *settled, ctx.now());
    }
    co_return true;
}

Awaitable<Result<store::RequestRow>> begin(Context& ctx, const CarryOut& in) {
    const RequestId id = in.id;
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<store::RequestRow>> {
        CO_TRY(store::RequestRow request, co_await lock_open(ctx, tx, id));
        CO_TRY_VOID(checked_parts(request, in));
        if (request.kind != RequestKind::restriction && request.begun_at) co_return is_under_way();
        if (!request.begun_at) {
            request.begun_at = ctx.now();
            request.begun_by = ctx.actor.id;
            store::begin(tx, id, ctx.actor.id, ctx.now());
            audit_act(tx, ctx, "rights.request_begun", request);
        }
        if (request.kind == RequestKind::access) CO_TRY_VOID(co_await end_access(ctx, tx, request));
        if (request.kind == RequestKind::erasure) co_await erase_all(ctx, tx, request);
        if (request.kind == RequestKind::correction)
            CO_TRY_VOID(co_await correct_all(ctx, tx, request, in));
        if (request.kind != RequestKind::restriction)
            co_await close_when_settled(ctx, tx, request, ctx.actor.id);
        co_return request;
    };
    co_return co_await ctx.db().transaction(ctx.tenant, body);
}

Awaitable<Result<std::vector<store::CoveredRow>>> read_orders(Context& ctx, RequestId id) {
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<std::vector<store::CoveredRow>>> {
        co_return co_await store::covered(tx, id);
    };
    co_return co_await ctx.db().transaction(ctx.tenant, body, pg::Access::read_only);
}

/// keyd first, outside a transaction; again is harmless, so a crash in between costs a click.
Awaitable<Result<bool>> restrict_all(Context& ctx, RequestId id) {
    CO_TRY(const auto orders, co_await read_orders(ctx, id));
    const std::vector<OrderId> ids = ids_of(orders);
    CO_TRY(const Holdings now, co_await vault::set_restricted(ctx, ids, true));
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<bool>> {
        CO_TRY(const store::RequestRow request, co_await lock_open(ctx, tx, id));
        auto data = co_await data_of(tx, ids);
        for (const OrderId order : ids) {
            const auto settled = settled_already(data[order]);
            store::settle(tx, id, order, settled.value_or(Outcome::restricted), ctx.now());
            if (!settled) co_await orders::note_pii_state(tx, order, "restricted");
        }
        co_await close_when_settled(ctx, tx, request, ctx.actor.id);
        co_return true;
    };
    co_return co_await ctx.db().transaction(ctx.tenant, body);
}

/// Orders of this restriction that no other one keeps restricted.
Awaitable<Result<std::vector<OrderId>>> orders_to_lift(Context& ctx, RequestId id) {
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<std::vector<OrderId>>> {
        const auto request = co_await store::request(tx, ctx.shop_scope(), id);
        if (!request) co_return no_such_request();
        if (request->kind != RequestKind::restriction || request->state != RequestState::done ||
            request->lifted_at)
            co_return make_error(errors::not_restricting, "this request restricts nothing");
        const auto kept = co_await store::restricted_elsewhere(tx, id);
        std::vector<OrderId> out;
        for (const store::CoveredRow& order : co_await store::covered(tx, id))
            if (order.outcome == Outcome::restricted &&
                std::find(kept.begin(), kept.end(), order.order_id) == kept.end())
                out.push_back(order.order_id);
        co_return out;
    };
    co_return co_await ctx.db().transaction(ctx.tenant, body, pg::Access::read_only);
}
/// Settled by an event, so perhaps the last one. Locked before it is read, so that of two last
/// orders one closes it.
Awaitable<void> close_if_last(Context& ctx, pg::Transaction& tx, RequestId id) {
    const auto request = co_await store::lock_request(tx, std::nullopt, id);
    ensure(request.has_value(), "an order of a request that is not there");
    co_await close_when_settled(ctx, tx, *request, request->begun_by.value_or(request->opened_by));
}
}  // namespace

void audit_act(pg::Transaction& tx, const Context& ctx, std::string_view act,
               const store::RequestRow& request, std::map<std::string, std::string> detail) {
    detail["kind"] = boost::describe::enum_to_string(request.kind, "");
    audit::done(tx, ctx, {act, "rights_request", request.id.text(), json::to_json(detail)});
}

Awaitable<Result<store::RequestRow>> lock_running(Context& ctx, pg::Transaction& tx, RequestId id) {
    auto row = co_await store::lock_request(tx, ctx.shop_scope(), id);
    if (!row) co_return no_such_request();
    if (!is_running(row->state))
        co_return make_error(errors::closed, "the request is done or refused already");
    co_return std::move(*row);
}

Awaitable<void> close_when_settled(Context& ctx, pg::Transaction& tx,
                                   const store::RequestRow& request, const Uuid& by) {
    const auto orders = co_await store::covered(tx, request.id);
    for (const store::CoveredRow& order : orders)
        if (!is_settled(order.outcome)) co_return;
    const std::string statement = co_await statement_of(ctx, tx, request, orders);
    store::close_done(tx, request.id, by, ctx.now(), statement);
    audit_act(tx, ctx, "rights.request_done", request,
              {{"orders", std::to_string(orders.size())},
               {"statement_sha256", crypto::sha256_hex(statement)}});
}

Awaitable<Result<RequestDetail>> carry_out(Context& ctx, const CarryOut& in) {
    CO_TRY(const store::RequestRow request, co_await begin(ctx, in));
    if (request.kind == RequestKind::restriction) CO_TRY_VOID(co_await restrict_all(ctx, in.id));
    co_return co_await get_request(ctx, {in.id});
}

Awaitable<Result<RequestDetail>> refuse_request(Context& ctx, const RefuseRequest& in) {
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<RequestDetail>> {
        CO_TRY(const store::RequestRow request, co_await lock_running(ctx, tx, in.id));
        if (request.begun_at) co_return is_under_way();
        store::close_refused(tx, in.id, ctx.actor.id, ctx.now(), in.reason);
        audit_act(tx, ctx, "rights.request_refused", request,
                  {{"reason", boost::describe::enum_to_string(in.reason, "")}});
        co_return co_await request_detail(ctx, tx, in.id);
    };
    co_return co_await ctx.db().transaction(ctx.tenant, body);
}

Awaitable<Result<vault::Revealed>> reveal_order(Context& ctx, const RevealOrder& in) {
    auto check = [&](pg::Transaction& tx) -> Awaitable<Result<bool>> {
        const auto request = co_await store::request(tx, ctx.shop_scope(), in.id);
        if (!request) co_return no_such_request();
        if (request->kind != RequestKind::access)
            co_return make_error(errors::not_access, "the buyer did not ask for a copy");
        CO_TRY_VOID(co_await lock_open(ctx, tx, in.id));
        for (const store::CoveredRow& order : co_await store::covered(tx, in.id))
            if (order.order_id == in.order_id) co_return true;
        co_return make_error(entrepot::errors::not_found, "there is no such order");
    };
    CO_TRY_VOID(co_await ctx.db().transaction(ctx.tenant, check));
    CO_TRY(vault::Revealed revealed,
           co_await vault::reveal(
               ctx, {in.order_id, vault::Reason::rights_request, "rights_request", in.id.text()}));
    auto note = [&](pg::Transaction& tx) -> Awaitable<Result<bool>> {
        CO_TRY_VOID(co_await lock_open(ctx, tx, in.id));
        store::settle(tx, in.id, in.order_id, Outcome::shown, ctx.now());
        co_return true;
    };
    CO_TRY_VOID(co_await ctx.db().transaction(ctx.tenant, note));
    co_return std::move(revealed);
}

Awaitable<Result<RequestDetail>> lift_restriction(Context& ctx, const WhichRequest& in) {
    CO_TRY(const std::vector<OrderId> ids, co_await orders_to_lift(ctx, in.id));
    CO_TRY(const Holdings now, co_await vault::set_restricted(ctx, ids, false));
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<RequestDetail>> {
        const auto request = co_await store::lock_request(tx, ctx.shop_scope(), in.id);
        if (!request) co_return no_such_request();
        for (const store::CoveredRow& order : co_await store::covered(tx, in.id))
            if (order.outcome == Outcome::restricted)
                store::settle(tx, in.id, order.order_id, Outcome::lifted, ctx.now());
        for (const OrderId order : ids) {
            const auto held = now.find(order);
            if (held == now.end())
                co_await orders::note_pii_state(tx, order, "not_fetched");
            else if (held->second == vault::Holding::held)
                co_await orders::note_pii_state(tx, order, "held");
        }
        store::lift(tx, in.id, ctx.actor.id, ctx.now());
        audit_act(tx, ctx, "rights.restriction_lifted", *request);
        co_return co_await request_detail(ctx, tx, in.id);
    };
    co_return co_await ctx.db().transaction(ctx.tenant, body);
}

Awaitable<void> note_erased(Context& ctx, pg::Transaction& tx, const std::vector<jobs::Job>& work) {
    for (const jobs::Job& job : work) {
        const auto read = json::read_document<ErasedCapsule>(job.payload);
        ensure(read.has_value(), "payload of vault.erased");
        for (const RequestId id : co_await store::settle_erased(tx, read->order_id, ctx.now()))
            co_await close_if_last(ctx, tx, id);
    }
}

Awaitable<void> note_fetched(Context& ctx, pg::Transaction& tx,
                             const std::vector<jobs::Job>& work) {
    for (const jobs::Job& job : work) {
        const auto read = json::read_document<vault::FetchedAgain>(job.payload);
        ensure(read.has_value(), "payload of vault.fetched_again");
        const Outcome outcome = read->changed ? Outcome::corrected : Outcome::unchanged;
        for (const RequestId id :
             co_await store::settle_fetched(tx, read->order_id, outcome, ctx.now()))
            co_await close_if_last(ctx, tx, id);
    }
}

}  // namespace entrepot::rights
