// Who asks, and until when: making sure that it is the buyer, and taking two further months.
#include <algorithm>

#include "base/text.hpp"
#include "modules/rights/service.hpp"
#include "platform/audit/audit.hpp"

namespace entrepot::rights {
namespace {
constexpr std::size_t value_max = 320;

bool compares(Verification how) {
    return how == Verification::order_email || how == Verification::order_phone;
}

Result<bool> checked(const VerifyRequest& in) {
    const auto fits = [](const std::optional<std::string>& text) {
        return text && !text::trim(*text).empty() && text::length(*text) <= value_max &&
               !text::has_control(*text);
    };
    if (!compares(in.how)) {
        if (in.value || in.order_number)
            return field_error(entrepot::errors::invalid_fields, "/value", "unknown_member",
                               "nothing is compared when it is verified in this way");
        return true;
    }
    if (!fits(in.order_number))
        return field_error(entrepot::errors::invalid_fields, "/order_number", "required",
                           "the order number that the requester named is expected here");
    if (!fits(in.value))
        return field_error(entrepot::errors::invalid_fields, "/value", "required",
                           "what the requester named is expected here: 320 characters at most");
    return true;
}

Awaitable<Result<store::RequestRow>> lock_unverified(Context& ctx, pg::Transaction& tx,
                                                     RequestId id) {
    CO_TRY(store::RequestRow row, co_await lock_running(ctx, tx, id));
    if (row.state != RequestState::verifying)
        co_return make_error(errors::verified_already, "the requester is verified already");
    co_return std::move(row);
}

/// Whether the order of this number is one that the request covers and is the buyer's who has this
/// e-mail or phone.
Awaitable<Result<bool>> matches(Context& ctx, const VerifyRequest& in) {
    std::optional<OrderId> named;
    auto find = [&](pg::Transaction& tx) -> Awaitable<Result<bool>> {
        CO_TRY_VOID(co_await lock_unverified(ctx, tx, in.id));
        for (const store::CoveredRow& order : co_await store::covered(tx, in.id))
            if (order.order_number == text::trim(*in.order_number)) named = order.order_id;
        co_return true;
    };
    CO_TRY_VOID(co_await ctx.db().transaction(ctx.tenant, find));
    CO_TRY_VOID(co_await take_search(ctx, SearchUse::rights_request));
    const auto field =
        in.how == Verification::order_email ? vault::Field::buyer_email : vault::Field::phone;
    CO_TRY(const std::vector<OrderId> found,
           co_await vault::find_orders(ctx, field, std::string(text::trim(*in.value)),
                                       vault::Reason::rights_request));
    co_return named&& std::find(found.begin(), found.end(), *named) != found.end();
}

Awaitable<void> note_no_match(Context& ctx, const VerifyRequest& in) {
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<bool>> {
        CO_TRY(const store::RequestRow request, co_await lock_unverified(ctx, tx, in.id));
        audit_act(tx, ctx, "rights.verification_failed", request,
                  {{"how", boost::describe::enum_to_string(in.how, "")}});
        co_return true;
    };
    (void)co_await ctx.db().transaction(ctx.tenant, body);
}
}  // namespace

Awaitable<Result<RequestDetail>> verify_request(Context& ctx, const VerifyRequest& in) {
    CO_TRY_VOID(checked(in));
    if (compares(in.how)) {
        CO_TRY(const bool same, co_await matches(ctx, in));
        if (!same) {
            co_await note_no_match(ctx, in);
            co_return make_error(errors::no_match,
                                 "this order number and this value do not belong together, or "
                                 "nothing is held of the order any more; ask again, or verify in "
                                 "another way");
        }
    }
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<RequestDetail>> {
        CO_TRY(const store::RequestRow request, co_await lock_unverified(ctx, tx, in.id));
        store::verify(tx, in.id, ctx.actor.id, ctx.now(), in.how);
        audit_act(tx, ctx, "rights.requester_verified", request,
                  {{"how", boost::describe::enum_to_string(in.how, "")}});
        co_return co_await request_detail(ctx, tx, in.id);
    };
    co_return co_await ctx.db().transaction(ctx.tenant, body);
}

Awaitable<Result<RequestDetail>> extend_request(Context& ctx, const ExtendRequest& in) {
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<RequestDetail>> {
        CO_TRY(const store::RequestRow request, co_await lock_running(ctx, tx, in.id));
        if (request.extended_at)
            co_return make_error(errors::extended_already,
                                 "two further months were taken already; the law gives no more");
        if (ctx.now() >= request.due_at)
            co_return make_error(errors::too_late,
                                 "the first month is over, and the buyer had to be told within it");
        store::extend(tx, in.id, ctx.actor.id, ctx.now(), in.reason,
                      due_after(request.received_at, extended_months));
        audit_act(tx, ctx, "rights.request_extended", request,
                  {{"reason", boost::describe::enum_to_string(in.reason, "")}});
        co_return co_await request_detail(ctx, tx, in.id);
    };
    co_return co_await ctx.db().transaction(ctx.tenant, body);
}

}  // namespace entrepot::rights
