// Loading, and what follows a failure.
#include "channel/amazon/opened_shop.hpp"

#include "platform/telemetry/log.hpp"

namespace entrepot::amazon {
namespace {
/// A refusal that only a person can end is looked at again from time to time, not all the time.
constexpr std::chrono::hours refused_period{1};
}  // namespace

std::vector<std::string> OpenedShop::enabled() const {
    std::vector<std::string> out;
    for (const shops::Marketplace& one : shop.marketplaces)
        if (one.enabled && one.participating) out.push_back(one.id);
    return out;
}

Awaitable<Result<OpenedShop>> open_shop(Context& ctx, pg::Transaction& tx, ShopId id) {
    CO_TRY(shops::Shop shop, co_await shops::find_shop(ctx, tx, id));
    if (shop.channel != shops::Channel::amazon)
        co_return make_error(errors::not_amazon, "this shop is not an Amazon shop");
    auto row = co_await tx.maybe(store::connection_of, ctx.tenant, id);
    ensure(row.has_value(), "an Amazon shop without a connection");
    co_return OpenedShop{std::move(shop), std::move(*row)};
}

Awaitable<Result<OpenedShop>> open_shop(Context& ctx, ShopId id) {
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<OpenedShop>> {
        co_return co_await open_shop(ctx, tx, id);
    };
    co_return co_await ctx.db().transaction(ctx.tenant, body, pg::Access::read_only);
}

Awaitable<Result<Account>> account_of(const Context& ctx, const OpenedShop& opened) {
    CO_TRY(auto secrets, co_await keys::secrets_of(ctx.services, ctx.tenant));
    auto account =
        open_account(secrets, opened.shop.id, opened.shop.region.value_or("NA"), opened.row);
    if (account) co_return std::move(*account);
    co_return make_error(errors::client_refused,
                         "The stored credentials were sealed under another keyring. Start keyd "
                         "with that keyring, or store the credentials again.");
}

Awaitable<Instant> note_trouble(Link& link, const OpenedShop& opened, const Reply& reply) {
    Context& ctx = link.ctx;
    const Instant now = ctx.now();
    Instant next = now + std::max<std::chrono::microseconds>(reply.wait, std::chrono::seconds(5));
    const Outcome outcome = reply.verdict.outcome;
    if (outcome == Outcome::forbidden || outcome == Outcome::bad_request ||
        outcome == Outcome::not_found || outcome == Outcome::unauthorised)
        next = now + refused_period;
    const auto body = [&](pg::Transaction& tx) -> Awaitable<Result<bool>> {
        const ShopId id = opened.shop.id;
        // Waiting for the quota is the normal course of things, not a failure.
        if (outcome == Outcome::throttled && reply.status == 0)
            tx.defer(store::note_next_run, ctx.tenant, id, next);
        else
            tx.defer(store::note_failure, ctx.tenant, id, std::string(reply.verdict.code.name),
                     reply.verdict.words, now, reply.request_id, next);
        if (outcome == Outcome::unauthorised)
            co_await shops::set_state(ctx, tx, id, shops::ShopState::broken);
        co_return true;
    };
    (void)co_await ctx.db().transaction(ctx.tenant, body);
    log::info("amazon_call_failed", {{"shop", opened.shop.id.text()},
                                     {"code", reply.verdict.code.name},
                                     {"status", reply.status},
                                     {"request_id", reply.request_id}});
    co_return next;
}

}  // namespace entrepot::amazon
