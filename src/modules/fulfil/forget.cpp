// Deletes by the term of platform/retention.hpp, with the lines of each parcel.
#include "modules/fulfil/forget.hpp"

#include "platform/retention.hpp"

namespace entrepot::fulfil {
Awaitable<std::optional<Instant>> forget(Context& ctx, const jobs::Job&) {
    const Instant before = ctx.now() - marketplace_data_life;
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<>> {
        co_await delete_past_term(tx, before);
        co_return Result<>{};
    };
    (void)co_await ctx.db().transaction(ctx.tenant, body);
    co_return ctx.now() + forget_period;
}

}  // namespace entrepot::fulfil
