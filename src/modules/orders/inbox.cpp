// Use cases of the exceptions inbox.
#include "modules/orders/inbox.hpp"

#include "modules/orders/acts.hpp"
#include "modules/orders/cursor.hpp"
#include "modules/orders/inbox_store.hpp"
#include "platform/audit/audit.hpp"

namespace entrepot::orders {
namespace {
constexpr const char* list_name = "exceptions";

ExceptionView view_of(InboxRow row, const shops::Names& names) {
    return {row.id,
            row.order_id,
            std::move(row.channel_order_id),
            row.shop_id,
            names.shop(row.shop_id),
            row.kind,
            std::move(row.subject),
            std::move(row.detail),
            row.first_seen_at,
            row.state,
            row.closed_at,
            std::move(row.closed_by),
            std::move(row.close_reason)};
}
}  // namespace

Awaitable<Result<http::Page<ExceptionView>>> exceptions_page(Context& ctx,
                                                             const ListExceptions& in) {
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<http::Page<ExceptionView>>> {
        CO_TRY(const std::int64_t limit, checked_limit(in.limit));
        InboxSelection selection;
        selection.shops = shops_of(ctx, in.shop_id);
        selection.kind = in.kind;
        selection.state = in.state.value_or(ExceptionState::open);
        selection.subject = in.subject;
        selection.limit = limit + 1;
        if (in.cursor) {
            CO_TRY(const Position position, read_cursor(ctx, list_name, *in.cursor));
            selection.before = position.id.value;
        }
        auto rows = co_await inbox_rows(tx, selection);
        const shops::Names names = co_await shops::names(ctx, tx);
        http::Page<ExceptionView> page;
        if (rows.size() > static_cast<std::size_t>(limit)) {
            rows.pop_back();
            page.next_cursor =
                write_cursor(ctx, list_name, {rows.back().first_seen_at, OrderId{rows.back().id}});
        }
        for (InboxRow& row : rows) page.items.push_back(view_of(std::move(row), names));
        co_return page;
    };
    co_return co_await ctx.db().transaction(ctx.tenant, body, pg::Access::read_only);
}

Awaitable<Result<ExceptionSummary>> exception_summary(Context& ctx, const http::Nothing&) {
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<ExceptionSummary>> {
        co_return ExceptionSummary{co_await open_counts(tx, ctx.shop_scope())};
    };
    co_return co_await ctx.db().transaction(ctx.tenant, body, pg::Access::read_only);
}

Awaitable<Result<ExceptionView>> dismiss_exception(Context& ctx, const DismissException& in) {
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<ExceptionView>> {
        CO_TRY(const std::string reason, checked_text(in.reason, 500, "/reason"));
        const auto found = co_await inbox_row(tx, ctx.shop_scope(), in.id);
        if (!found) co_return make_error(entrepot::errors::not_found, "there is no such exception");
        // The order first, as everybody does who changes its exceptions.
        const std::vector<OrderId> only{found->order_id};
        (void)co_await lock_by_id(tx, ctx.shop_scope(), only);
        const Dismissal dismissal{in.id, found->order_id, ctx.now(), ctx.actor.name, reason};
        if (!co_await write_dismissal(tx, dismissal))
            co_return make_error(errors::exception_closed, "the exception is closed already");
        const std::vector<HistoryToWrite> history{{found->order_id, crypto::new_uuid(ctx.now()),
                                                   "exception",
                                                   boost::describe::enum_to_string(found->kind, ""),
                                                   "dismissed", ctx.actor.name, reason}};
        write_history(tx, ctx.now(), history);
        audit::done(tx, ctx,
                    {"orders.exception_dismissed", "order", found->order_id.text(),
                     R"({"exception_id":")" + in.id.text() + "\"}"});
        const shops::Names names = co_await shops::names(ctx, tx);
        auto row = co_await inbox_row(tx, ctx.shop_scope(), in.id);
        co_return view_of(std::move(row.value()), names);
    };
    co_return co_await ctx.db().transaction(ctx.tenant, body);
}

}  // namespace entrepot::orders
