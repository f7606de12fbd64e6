// Proves that facts tie to orders: recomputes everything and names the first cells that differ.
#include "modules/insight/book_currency.hpp"
#include "modules/insight/facts_store.hpp"
#include "modules/insight/verify_store.hpp"

namespace entrepot::insight {
namespace {
/// Orders of one comparing statement; each stays far below the statement timeout.
constexpr std::int64_t range_max = 20'000;
constexpr std::size_t first_max = 20;

void note(Verification& out, std::string_view where, const store::Compared& compared) {
    out.differences += compared.differences;
    for (std::size_t i = 0; i < compared.keys.size() && out.first.size() < first_max; ++i)
        out.first.push_back(
            {std::string(where), compared.keys[i], compared.expected[i], compared.found[i]});
}

Awaitable<void> verify_lines(pg::Transaction& tx, const std::string& book, Verification& out) {
    OrderId after{};
    for (;;) {
        const auto last = co_await store::range_end(tx, after, range_max);
        if (!last) co_return;
        const auto compared = co_await store::compare_lines(tx, after, *last, book);
        out.orders += compared.orders;
        out.lines += compared.checked;
        note(out, "sale_line", compared);
        after = *last;
    }
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

Awaitable<Verification> verify(Context& ctx) {
    Verification out;
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<bool>> {
        out = {};
        const auto progress =
            co_await store::lock_progress(tx, co_await book_currency_of(tx), ctx.now());
        co_await verify_lines(tx, progress.book_currency, out);
        co_await verify_sums(tx, out);
        co_return true;
    };
    (void)co_await ctx.db().transaction(ctx.tenant, body);
    co_return out;
}

}  // namespace entrepot::insight
