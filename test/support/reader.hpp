// Capsules and readings, for tests of what happens to who reads too much.
#pragma once

#include "support/fixture.hpp"
#include "vault/capsule.hpp"
#include "vault/vault.hpp"

namespace entrepot::test {

/// A capsule of a made-up buyer, sealed with the real keyd.
inline Awaitable<OrderId> put_capsule(Context& ctx, ShopId shop) {
    const auto order = ctx.new_id<OrderId>();
    auto draft = *vault::harvest(
        crypto::secret_bytes(R"({"n":"Ann Canary","p":"90210"})"),
        {{"/n", vault::Field::recipient_name, {}}, {"/p", vault::Field::postal_code, {}}});
    auto sealed = co_await vault::seal(ctx, {order, shop, "amazon", {}}, std::move(draft));
    ensure(sealed.has_value(), "a capsule of a test is sealed");
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<bool>> {
        co_return co_await vault::keep(tx, ctx, *sealed);
    };
    (void)co_await ctx.db().transaction(ctx.tenant, body);
    co_return order;
}

/// Makes the order a trap: whoever opens it raises the alarm.
inline Awaitable<void> make_honeytoken(Context& ctx, OrderId order) {
    keys::Request mark;
    mark.operation = keys::Operation::mark;
    mark.caller = vault::caller_of(ctx, keys::Purpose::store);
    mark.key_class = keys::KeyClass::capsule;
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<bool>> {
        for (const auto& row : co_await vault::store::capsules_of(tx, {order}))
            mark.ids.push_back(row.id);
        co_return true;
    };
    (void)co_await ctx.db().transaction(ctx.tenant, body, pg::Access::read_only);
    (void)co_await ctx.services.keys.call(mark);
}

/// Reads an order again and again until it is refused, `times` at most; answers how often it was
/// shown.
inline Awaitable<int> read_in_masses(Context& ctx, OrderId order, int times = 400) {
    int shown = 0;
    for (int i = 0; i < times; ++i) {
        const auto out = co_await vault::reveal(
            ctx, {order, vault::Reason::fulfilment, "shipment", order.text()});
        if (!out.has_value()) break;
        ++shown;
    }
    co_return shown;
}

}  // namespace entrepot::test
