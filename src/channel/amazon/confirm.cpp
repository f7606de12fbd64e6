// The attempt: look when unsure, write down that it is being said, say it, write down the answer.
#include "channel/amazon/confirm.hpp"

#include "channel/amazon/confirmation.hpp"
#include "channel/amazon/jobs.hpp"
#include "channel/amazon/order_reader.hpp"
#include "channel/amazon/raw_reply.hpp"
#include "channel/amazon/sync.hpp"
#include "channel/amazon/sync_rules.hpp"

namespace entrepot::amazon {
namespace {
using fulfil::Heard;

/// One shipment on its way to Amazon.
struct Attempt {
    Link& link;
    const OpenedShop& opened;
    const fulfil::Confirmation& what;

    Context& ctx() const { return link.ctx; }
};

template <class Write>
Awaitable<void> write(Context& ctx, Write what) {
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<bool>> {
        co_await what(tx);
        co_return true;
    };
    (void)co_await ctx.db().transaction(ctx.tenant, body);
}

Awaitable<std::optional<fulfil::Confirmation>> load(Context& ctx, fulfil::ShipmentId id) {
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<std::optional<fulfil::Confirmation>>> {
        co_return co_await fulfil::confirmation_of(tx, id);
    };
    auto out = co_await ctx.db().transaction(ctx.tenant, body, pg::Access::read_only);
    co_return *std::move(out);
}

Awaitable<void> settle(const Attempt& attempt) {
    Context& ctx = attempt.ctx();
    co_await write(ctx, [&](pg::Transaction& tx) -> Awaitable<void> {
        co_await fulfil::note_confirmed(ctx, tx, attempt.what.id);
        // 204 means accepted; whether it is SHIPPED is seen by reading the order.
        queue_order(tx, ctx, attempt.what.shop_id, attempt.what.channel_order_id, ctx.now());
        attempt.link.step(step::before_commit);
    });
}

Awaitable<void> refuse(const Attempt& attempt, const std::string& words) {
    Context& ctx = attempt.ctx();
    co_await write(ctx, [&](pg::Transaction& tx) -> Awaitable<void> {
        co_await fulfil::note_refused(ctx, tx, attempt.what.id, words);
    });
}

Awaitable<Instant> delay(const Attempt& attempt, const std::string& words, Heard heard,
                         std::chrono::microseconds wait) {
    Context& ctx = attempt.ctx();
    co_await write(ctx, [&](pg::Transaction& tx) -> Awaitable<void> {
        co_await fulfil::note_delayed(ctx, tx, attempt.what.id, words, heard);
    });
    co_return ctx.now() + std::max<std::chrono::microseconds>(wait, std::chrono::seconds(1));
}

/// What may be heard of an attempt that has not been made.
Heard before(const fulfil::Confirmation& what) {
    return what.maybe_sent ? Heard::perhaps : Heard::certainly_not;
}

/// A call that did not succeed. `heard`: what Amazon knows if the reply was lost.
Awaitable<std::optional<Instant>> after_failure(const Attempt& attempt, const Reply& reply,
                                                Heard heard_if_lost) {
    switch (reply.verdict.outcome) {
        case Outcome::throttled:
            // Waiting for the quota is the normal course of things.
            co_return co_await delay(attempt, reply.status == 0 ? "" : reply.verdict.words,
                                     before(attempt.what), reply.wait);
        case Outcome::transient:
            co_return co_await delay(attempt, reply.verdict.words, heard_if_lost, reply.wait);
        case Outcome::unauthorised:
            co_await note_trouble(attempt.link, attempt.opened, reply);
            co_return co_await delay(attempt, reply.verdict.words, before(attempt.what),
                                     poll_period);
        case Outcome::forbidden:
            co_await note_trouble(attempt.link, attempt.opened, reply);
            break;
        case Outcome::not_found:
        case Outcome::bad_request:
        case Outcome::ok:
            break;
    }
    co_await refuse(attempt, reply.verdict.words);
    co_return std::nullopt;
}

/// What a look at the order tells about a confirmation whose reply was lost.
struct Look {
    bool there = false;
    std::optional<Reply> trouble;
};

Awaitable<Look> look(const Attempt& attempt, const Account& account) {
    const Call question{
        Operation::get_order, Priority::user, order_path(attempt.what.channel_order_id), {}};
    Reply reply = co_await call(attempt.link, account, question);
    if (!reply.ok()) co_return Look{false, std::move(reply)};
    const auto read = read_reply(reply.body);
    const auto order = read ? read_order_reply(read->document) : std::nullopt;
    if (order) co_return Look{has_parcel(*order, attempt.what), std::nullopt};
    reply.verdict = {Outcome::transient, errors::bad_reply,
                     "Amazon's reply is not an order; the call is repeated later."};
    reply.wait = std::chrono::minutes(1);
    co_return Look{false, std::move(reply)};
}

Awaitable<std::optional<Instant>> tell(const Attempt& attempt, const Account& account,
                                       const std::string& body) {
    Context& ctx = attempt.ctx();
    bool wanted = false;
    co_await write(ctx, [&](pg::Transaction& tx) -> Awaitable<void> {
        wanted = co_await fulfil::note_sending(ctx, tx, attempt.what.id);
    });
    if (!wanted) co_return std::nullopt;
    attempt.link.step(step::before_call);
    const Call what{Operation::confirm_shipment, Priority::user,
                    confirmation_path(attempt.what.channel_order_id), body};
    const Reply reply = co_await call(attempt.link, account, what);
    attempt.link.step(step::after_call);
    if (!reply.ok()) co_return co_await after_failure(attempt, reply, Heard::perhaps);
    co_await settle(attempt);
    co_return std::nullopt;
}
}  // namespace

Awaitable<std::optional<Instant>> confirm_parcel(Link& link, const fulfil::ShipmentRef& shipment) {
    Context& ctx = link.ctx;
    const auto opened = co_await open_shop(ctx, shipment.shop_id);
    if (opened.has_error()) co_return std::nullopt;
    const auto what = co_await load(ctx, shipment.shipment_id);
    if (!what) co_return std::nullopt;
    const Attempt attempt{link, *opened, *what};
    if (opened->shop.state != shops::ShopState::connected)
        co_return co_await delay(
            attempt,
            "The shop is paused or its credentials are refused. Amazon is told "
            "as soon as the shop is connected again.",
            before(*what), poll_period);
    const auto account = co_await account_of(ctx, *opened);
    if (account.has_error())
        co_return co_await delay(attempt, account.error().detail, before(*what), poll_period);
    const auto body = confirmation_body(*what);
    if (body.has_error()) {
        co_await refuse(attempt, body.error().detail);
        co_return std::nullopt;
    }
    if (what->maybe_sent) {
        const Look seen = co_await look(attempt, *account);
        if (seen.trouble) co_return co_await after_failure(attempt, *seen.trouble, Heard::perhaps);
        if (seen.there) {
            co_await settle(attempt);
            co_return std::nullopt;
        }
    }
    co_return co_await tell(attempt, *account, *body);
}

}  // namespace entrepot::amazon
