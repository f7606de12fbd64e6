// Lists and counts of orders.
#include "modules/orders/list.hpp"

#include <algorithm>

#include "modules/catalog/catalog.hpp"
#include "modules/orders/cursor.hpp"

namespace entrepot::orders {
namespace {
constexpr std::int64_t limit_default = 50;
constexpr std::int64_t limit_max = 200;

const char* list_name(Sort sort) {
    return sort == Sort::newest   ? "orders newest"
           : sort == Sort::oldest ? "orders oldest"
                                  : "orders updated";
}

/// Days in each shop's own zone, as one period for each shop.
Awaitable<Result<bool>> select_days(Context& ctx, pg::Transaction& tx, const OrderFilter& filter,
                                    Selection& out) {
    CO_TRY(const Days days, parse_days(filter));
    const auto asked = out.shops;
    out.shops.emplace();
    out.low = highest;
    out.high = lowest;
    for (const auto& range : co_await shops::day_ranges(ctx, tx, days.first, days.last)) {
        if (asked && std::find(asked->begin(), asked->end(), range.shop_id) == asked->end())
            continue;
        out.shops->push_back(range.shop_id);
        out.shop_from.push_back(range.from);
        out.shop_to.push_back(range.to);
        out.low = std::min(out.low, Position{range.from, OrderId{}});
        out.high = std::max(out.high, Position{range.to, OrderId{}});
    }
    out.from = out.low.at;
    out.to = out.high.at;
    co_return true;
}

Awaitable<Result<bool>> select_sku_and_text(Context& ctx, pg::Transaction& tx,
                                            const OrderFilter& filter, Selection& out) {
    if (filter.sku) {
        out.by_sku = true;
        // A figure of a report counts a line under one SKU only.
        out.sku_as_written = !filter.insight_day.value_or(false);
        out.sku = *filter.sku;
        out.seller_skus = {*filter.sku};
        if (const auto listings = co_await catalog::listings_of(tx, *filter.sku)) {
            out.sku_id = listings->id;
            for (const std::string& seller_sku : listings->seller_skus)
                if (seller_sku != *filter.sku) out.seller_skus.push_back(seller_sku);
        }
    }
    if (!filter.q) co_return true;
    CO_TRY(const auto prefixes, parse_text(*filter.q));
    out.by_text = true;
    for (const std::string& prefix : prefixes) {
        out.text_low.push_back(prefix);
        out.text_high.push_back(end_of_prefix(prefix));
    }
    if (out.shops) co_return true;
    // The index on numbers is led by the shop.
    out.shops = co_await shops::shop_ids(ctx, tx);
    co_return true;
}

}  // namespace

OrderSummary summary_of(ListRow row, const shops::Names& names) {
    return {row.id,
            row.shop_id,
            names.shop(row.shop_id),
            std::move(row.channel_order_id),
            row.kind,
            row.ordered_at,
            row.updated_at,
            row.state,
            std::move(row.channel_state),
            row.fulfilled_by,
            row.marketplace_id,
            names.marketplace(row.shop_id, row.marketplace_id),
            std::move(row.ship_country),
            row.line_count,
            row.unit_count,
            money_of(row.currency, row.grand_total_minor),
            row.held,
            row.exception_count,
            std::move(row.tags),
            {std::move(row.first_seller_sku), std::move(row.first_title), row.first_quantity}};
}

Result<std::int64_t> checked_limit(const std::optional<std::int64_t>& limit) {
    const std::int64_t value = limit.value_or(limit_default);
    if (value < 1 || value > limit_max)
        return field_error(entrepot::errors::invalid_fields, "/limit", "out_of_range",
                           "a number from 1 to 200 is expected here");
    return value;
}
std::optional<std::vector<ShopId>> shops_of(const Context& ctx,
                                            const std::optional<std::vector<ShopId>>& asked) {
    if (!asked) return ctx.shop_scope();
    std::vector<ShopId> out;
    for (const ShopId shop : *asked)
        if (ctx.rights.scope.allows(shop) && std::find(out.begin(), out.end(), shop) == out.end())
            out.push_back(shop);
    return out;
}

std::optional<Money> money_of(const std::optional<std::string>& currency,
                              std::optional<std::int64_t> minor) {
    if (!currency || !minor) return std::nullopt;
    const auto known = Currency::parse(*currency);
    if (!known) return std::nullopt;
    return Money{*minor, *known};
}

Position position_of(const ListRow& row, Sort sort) {
    return {sort == Sort::updated ? row.updated_at : row.ordered_at, row.id};
}

void continue_after(Selection& selection, Sort sort, const Position& position) {
    if (sort == Sort::oldest)
        selection.low = std::max(selection.low, position);
    else
        selection.high = std::min(selection.high, position);
}

Awaitable<Result<Selection>> select_orders(Context& ctx, pg::Transaction& tx,
                                           const OrderFilter& filter) {
    Selection out;
    out.shops = shops_of(ctx, filter.shop_id);
    out.states = filter.state;
    out.marketplaces = filter.marketplace_id;
    out.fulfilled_by = filter.fulfilled_by;
    out.tag = filter.tag;
    out.held = filter.held;
    out.country = filter.country;
    out.exception = filter.exception;
    if (filter.insight_day.value_or(false)) {
        CO_TRY_VOID(co_await select_days(ctx, tx, filter, out));
    } else {
        CO_TRY(const Period period, parse_period(filter));
        out.from = period.from;
        out.to = period.to;
        out.low = {period.from, OrderId{}};
        out.high = {period.to, OrderId{}};
    }
    CO_TRY_VOID(co_await select_sku_and_text(ctx, tx, filter, out));
    if (out.shops && out.shop_from.empty()) {
        out.shop_from.assign(out.shops->size(), lowest.at);
        out.shop_to.assign(out.shops->size(), highest.at);
    }
    co_return out;
}

Awaitable<Result<http::Page<OrderSummary>>> orders_page(Context& ctx, const ListOrders& in) {
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<http::Page<OrderSummary>>> {
        CO_TRY(const Sort sort, parse_sort(in.sort));
        CO_TRY(const std::int64_t limit, checked_limit(in.limit));
        CO_TRY(Selection selection, co_await select_orders(ctx, tx, in));
        if (sort == Sort::updated) {
            selection.low = lowest;
            selection.high = highest;
        }
        if (in.cursor) {
            CO_TRY(const Position position, read_cursor(ctx, list_name(sort), *in.cursor));
            continue_after(selection, sort, position);
        }
        std::vector<ListRow> rows = co_await list_rows(tx, selection, sort, limit);
        const shops::Names names = co_await shops::names(ctx, tx);
        http::Page<OrderSummary> page;
        const bool more = rows.size() > static_cast<std::size_t>(limit);
        if (more) rows.resize(static_cast<std::size_t>(limit));
        if (more)
            page.next_cursor = write_cursor(ctx, list_name(sort), position_of(rows.back(), sort));
        page.items.reserve(rows.size());
        for (ListRow& row : rows) page.items.push_back(summary_of(std::move(row), names));
        co_return page;
    };
    co_return co_await ctx.db().transaction(ctx.tenant, body, pg::Access::read_only);
}

Awaitable<Result<OrderCount>> order_count(Context& ctx, const OrderFilter& in) {
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<OrderCount>> {
        CO_TRY(const Selection selection, co_await select_orders(ctx, tx, in));
        OrderCount out{0, true, {}};
        for (const StateCount& row : co_await state_counts(tx, selection)) {
            out.count += row.orders;
            out.by_state[boost::describe::enum_to_string(row.state, "")] = row.orders;
        }
        if (out.count > count_max) out = {count_max, false, {}};
        co_return out;
    };
    co_return co_await ctx.db().transaction(ctx.tenant, body, pg::Access::read_only);
}

}  // namespace entrepot::orders
