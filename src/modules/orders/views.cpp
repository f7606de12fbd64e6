// Saved views and search.
#include "modules/orders/views.hpp"

#include <boost/json.hpp>

#include "base/text.hpp"
#include "modules/catalog/catalog.hpp"
#include "modules/orders/acts.hpp"
#include "modules/orders/view_store.hpp"
#include "platform/audit/audit.hpp"

namespace entrepot::orders {
namespace {
constexpr std::int64_t views_max = 100;
constexpr std::int64_t found_max = 10;

struct ViewFilter : OrderFilter {
    std::optional<std::string> sort;
};
BOOST_DESCRIBE_STRUCT(ViewFilter, (OrderFilter), (sort))

/// A kept filter is read as the list will read it.
Result<bool> check_filter(const std::map<std::string, std::string>& filter) {
    http::Request request;
    for (const auto& [name, value] : filter) request.query_values.emplace_back(name, value);
    auto read = http::read_input<ViewFilter>(request);
    if (read.has_error()) {
        Error error = std::move(read).error();
        for (FieldError& field : error.fields) field.pointer = "/filter" + field.pointer;
        return error;
    }
    TRY_VOID(parse_sort(read->sort));
    return true;
}

View view_of(const ViewRow& row, const Context& ctx) {
    View out{row.id, row.name, {}, row.shared, row.owner_id == ctx.actor.id};
    const boost::json::value filter = boost::json::parse(row.filter.text);
    for (const auto& item : filter.as_object())
        out.filter.emplace(item.key(), item.value().as_string().c_str());
    return out;
}
}  // namespace

Awaitable<Result<ViewList>> list_views(Context& ctx, const http::Nothing&) {
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<ViewList>> {
        ViewList out;
        for (const ViewRow& row : co_await view_rows(tx, ctx.actor.id))
            out.items.push_back(view_of(row, ctx));
        co_return out;
    };
    co_return co_await ctx.db().transaction(ctx.tenant, body, pg::Access::read_only);
}

Awaitable<Result<View>> add_view(Context& ctx, const AddView& in) {
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<View>> {
        CO_TRY(const std::string name, checked_text(in.name, 80, "/name"));
        CO_TRY_VOID(check_filter(in.filter));
        if (co_await view_count(tx, ctx.actor.id) >= views_max)
            co_return make_error(errors::too_many_views, "100 views are enough for one person");
        const ViewRow row{ctx.new_id<ViewId>(), name, ctx.actor.id, in.shared.value_or(false),
                          pg::Json{json::to_json(in.filter)}};
        insert_view(tx, row, ctx.now());
        audit::done(tx, ctx, {"orders.view_added", "view", row.id.text(), "{}"});
        co_return view_of(row, ctx);
    };
    co_return co_await ctx.db().transaction(ctx.tenant, body);
}

Awaitable<Result<http::NoContent>> remove_view(Context& ctx, const ViewRef& in) {
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<http::NoContent>> {
        if (!co_await delete_view(tx, ctx.actor.id, in.id))
            co_return make_error(entrepot::errors::not_found, "you have no such view");
        audit::done(tx, ctx, {"orders.view_removed", "view", in.id.text(), "{}"});
        co_return http::NoContent{};
    };
    co_return co_await ctx.db().transaction(ctx.tenant, body);
}

Awaitable<Result<Found>> search(Context& ctx, const Search& in) {
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<Found>> {
        OrderFilter filter;
        filter.q = in.q;
        CO_TRY(const Selection selection, co_await select_orders(ctx, tx, filter));
        auto rows = co_await list_rows(tx, selection, Sort::newest, found_max);
        const shops::Names names = co_await shops::names(ctx, tx);
        Found out;
        for (std::size_t i = 0; i < rows.size() && i < found_max; ++i)
            out.orders.push_back(summary_of(std::move(rows[i]), names));
        const std::string typed(text::trim(in.q));
        if (ctx.may(Permission::catalog_read))
            for (auto& sku : co_await catalog::skus_by_prefix(tx, typed, found_max))
                out.skus.push_back({sku.id, std::move(sku.code), std::move(sku.title)});
        if (ctx.may(Permission::shops_read))
            for (const auto& shop : names.shops)
                if (text::starts_with_ignore_case(shop.name, typed))
                    out.shops.push_back({shop.id, shop.name});
        co_return out;
    };
    co_return co_await ctx.db().transaction(ctx.tenant, body, pg::Access::read_only);
}

}  // namespace entrepot::orders
