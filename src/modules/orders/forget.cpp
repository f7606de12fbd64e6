// Deletes by the term of platform/retention.hpp. Orders, lines and their history are books.
#include "modules/orders/forget.hpp"

#include "platform/retention.hpp"

namespace entrepot::orders {
Awaitable<std::optional<Instant>> forget(Context& ctx, const jobs::Job&) {
    const Instant before = ctx.now() - marketplace_data_life;
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<>> {
        co_await delete_past_term(tx, before);
        co_return Result<>{};
    };
    (void)co_await ctx.db().transaction(ctx.tenant, body);
    co_return ctx.now() + forget_period;
}

}  // namespace entrepot::orders
