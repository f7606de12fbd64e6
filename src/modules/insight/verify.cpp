// Proves that facts tie to orders: recomputes everything and names the first cells that differ.
#include <algorithm>

#include "modules/insight/book_currency.hpp"
#include "modules/insight/verify_store.hpp"
#include "platform/runtime/runtime.hpp"

namespace entrepot::insight {
namespace {
/// Orders of one comparing statement: each stays far below the statement timeout, also where an
/// order has dozens of lines.
constexpr std::int64_t range_max = 5'000;
constexpr std::size_t first_max = 20;
using Orders = std::vector<OrderId>;
using store::WithDue;

template <class Compared>
void note(Verification& out, std::string_view where, const Compared& compared) {
    out.differences += compared.differences;
    for (std::size_t i = 0; i < compared.keys.size() && out.first.size() < first_max; ++i)
        out.first.push_back(
            {std::string(where), compared.keys[i], compared.expected[i], compared.found[i]});
}

Awaitable<std::string> currency_of_facts(pg::Transaction& tx) {
    auto of_facts = co_await store::book_currency_of_facts(tx);
    if (of_facts) co_return *std::move(of_facts);
    co_return co_await book_currency_of(tx);
}

/// Returns the orders that differ and wait for their facts.
Awaitable<Orders> verify_lines(pg::Transaction& tx, WithDue with_due, Verification& out) {
    const std::string book = co_await currency_of_facts(tx);
    Orders waiting;
    OrderId after{};
    while (const auto last = co_await store::range_end(tx, after, range_max)) {
        const auto compared =
            co_await store::compare_lines(tx, after, *last, std::nullopt, book, with_due);
        out.orders += compared.orders;
        out.lines += compared.checked;
        note(out, "sale_line", compared);
        waiting.insert(waiting.end(), compared.waiting.begin(), compared.waiting.end());
        after = *last;
    }
    co_return waiting;
}

/// The same of some orders, which were counted before.
Awaitable<Orders> verify_again(pg::Transaction& tx, const Orders& orders, WithDue with_due,
                               Verification& out) {
    const std::string book = co_await currency_of_facts(tx);
    Orders waiting;
    for (auto at = orders.begin(); at != orders.end();) {
        const auto end = at + std::min(range_max, orders.end() - at);
        const auto compared = co_await store::compare_lines(
            tx, OrderId{}, *std::max_element(at, end), Orders(at, end), book, with_due);
        note(out, "sale_line", compared);
        waiting.insert(waiting.end(), compared.waiting.begin(), compared.waiting.end());
        at = end;
    }
    co_return waiting;
}

Awaitable<void> verify_sums(pg::Transaction& tx, Verification& out) {
    for (const Date month : co_await store::months_of_facts(tx)) {
        for (const store::SumTable& table : store::sum_tables()) {
            const auto compared = co_await store::compare_sums(tx, table, month);
            out.cells += compared.checked;
            note(out, table.name, compared);
        }
    }
}
}  // namespace

Awaitable<Verification> verify(Context& ctx, Patience patience) {
    Verification out;
    Orders waiting;
    auto rounds = patience.wait_max / patience.pause;
    auto everything = [&](pg::Transaction& tx) -> Awaitable<Result<bool>> {
        out = {};
        waiting = co_await verify_lines(tx, rounds > 0 ? WithDue::yes : WithDue::no, out);
        co_await verify_sums(tx, out);
        co_return true;
    };
    (void)co_await ctx.db().transaction(ctx.tenant, everything, pg::Access::snapshot);
    while (!waiting.empty()) {
        if (patience.waiting) patience.waiting(static_cast<std::int64_t>(waiting.size()));
        co_await Runtime::sleep_for(patience.pause);
        --rounds;
        const Verification before = out;
        Orders still;
        auto again = [&](pg::Transaction& tx) -> Awaitable<Result<bool>> {
            out = before;
            still =
                co_await verify_again(tx, waiting, rounds > 0 ? WithDue::yes : WithDue::no, out);
            co_return true;
        };
        (void)co_await ctx.db().transaction(ctx.tenant, again, pg::Access::snapshot);
        waiting = std::move(still);
    }
    co_return out;
}

}  // namespace entrepot::insight
