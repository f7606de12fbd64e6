// Deriving facts from orders, in batches, under the tenant's facts lock.
#include "modules/insight/facts.hpp"

#include <algorithm>

#include "modules/insight/book_currency.hpp"
#include "modules/insight/facts_store.hpp"

namespace entrepot::insight {
namespace {
/// Orders of one derive statement: large enough to share its planning, small enough for 10 s.
constexpr std::size_t batch_max = 10'000;
constexpr std::int64_t step_max = 10'000;
/// Orders of one day that one transaction values again.
constexpr std::int64_t revalue_max = 10'000;

Awaitable<void> derive_in_batches(pg::Transaction& tx, const std::vector<OrderId>& orders,
                                  const std::string& book_currency) {
    for (std::size_t at = 0; at < orders.size(); at += batch_max) {
        const std::size_t end = std::min(orders.size(), at + batch_max);
        const std::vector<OrderId> batch(orders.begin() + static_cast<std::ptrdiff_t>(at),
                                         orders.begin() + static_cast<std::ptrdiff_t>(end));
        co_await store::derive(tx, batch, book_currency);
    }
}
}  // namespace

Awaitable<void> derive_facts(Context& ctx, pg::Transaction& tx, std::vector<OrderId> orders) {
    std::sort(orders.begin(), orders.end());
    orders.erase(std::unique(orders.begin(), orders.end()), orders.end());
    const std::string wanted = co_await book_currency_of(tx);
    const auto progress = co_await store::lock_progress(tx, wanted, ctx.now());
    // What stands is in another currency: it stays the currency of all facts until all are derived
    // anew, so that no sum mixes two.
    if (progress.book_currency != wanted)
        jobs::enqueue(tx, ctx, rederive_job, "{}", ctx.now(), "all");
    co_await derive_in_batches(tx, orders, progress.book_currency);
    store::note_change(tx, ctx.now());
}

Awaitable<void> rederive_shop(Context& ctx, ShopId shop) {
    OrderId after{};
    for (bool more = true; more;) {
        auto step = [&](pg::Transaction& tx) -> Awaitable<Result<bool>> {
            const auto progress =
                co_await store::lock_progress(tx, co_await book_currency_of(tx), ctx.now());
            const auto orders = co_await store::orders_after(tx, after, shop, step_max);
            more = !orders.empty();
            if (!more) co_return true;
            co_await derive_in_batches(tx, orders, progress.book_currency);
            store::note_change(tx, ctx.now());
            after = orders.back();
            co_return true;
        };
        (void)co_await ctx.db().transaction(ctx.tenant, step);
    }
}

Awaitable<std::int64_t> rebuild(Context& ctx) {
    std::int64_t done = 0;
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<bool>> {
        done = 0;
        const std::string book = co_await book_currency_of(tx);
        co_await store::lock_progress(tx, book, ctx.now());
        store::remove_all(tx);
        store::set_book_currency(tx, book);
        OrderId after{};
        for (;;) {
            const auto orders = co_await store::orders_after(tx, after, std::nullopt, step_max);
            if (orders.empty()) break;
            co_await derive_in_batches(tx, orders, book);
            done += static_cast<std::int64_t>(orders.size());
            after = orders.back();
        }
        store::note_change(tx, ctx.now());
        co_return true;
    };
    (void)co_await ctx.db().transaction(ctx.tenant, body);
    co_return done;
}

Awaitable<void> revalue(Context& ctx) {
    auto resolve = [&](pg::Transaction& tx) -> Awaitable<Result<bool>> {
        const auto progress =
            co_await store::lock_progress(tx, co_await book_currency_of(tx), ctx.now());
        co_await store::resolve_rates(tx, progress.book_currency);
        co_return true;
    };
    (void)co_await ctx.db().transaction(ctx.tenant, resolve);
    for (bool more = true; more;) {
        auto step = [&](pg::Transaction& tx) -> Awaitable<Result<bool>> {
            const auto progress =
                co_await store::lock_progress(tx, co_await book_currency_of(tx), ctx.now());
            const auto marked = co_await store::marked_day(tx);
            more = marked.has_value();
            if (!more) co_return true;
            const auto orders = co_await store::orders_to_revalue(tx, marked->day, revalue_max);
            if (orders.empty()) {
                store::unmark_day(tx, marked->day);
            } else {
                co_await derive_in_batches(tx, orders, progress.book_currency);
                store::note_change(tx, ctx.now());
            }
            co_return true;
        };
        (void)co_await ctx.db().transaction(ctx.tenant, step);
    }
}

}  // namespace entrepot::insight
