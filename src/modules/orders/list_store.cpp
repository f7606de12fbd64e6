// SQL of the list. The texts are put together from constant pieces when the program starts; no
// value ever becomes part of one.
#include "modules/orders/list_store.hpp"

#include <map>

namespace entrepot::orders {
namespace {
using Texts = std::vector<std::string>;

using ListSignature = ListRow(TenantId, Instant, OrderId, Instant, OrderId,
                              std::optional<std::vector<ShopId>>,
                              std::optional<std::vector<OrderState>>, std::optional<Texts>,
                              std::optional<FulfilledBy>, std::optional<std::string>,
                              std::optional<bool>, std::optional<std::string>, std::optional<bool>,
                              Texts, Texts, Texts, Instant, Instant, std::vector<Instant>,
                              std::vector<Instant>, std::optional<SkuId>, std::string, bool);
template <class Row, class Signature>
struct WithRow;
template <class Row, class Old, class... Args>
struct WithRow<Row, Old(Args...)> {
    using type = Row(Args...);
};
using CountSignature = WithRow<StateCount, ListSignature>::type;

const std::string list_columns =
    "o.id, o.shop_id, o.channel_order_id, o.kind, o.ordered_at, o.updated_at, o.state, "
    "o.channel_state, o.fulfilled_by, o.marketplace_id, o.ship_country, o.currency, "
    "o.grand_total_minor, o.line_count, o.unit_count, o.first_seller_sku, o.first_title, "
    "o.first_quantity, o.held, o.exception_count, o.tags, o.version";

/// Everything that may narrow and that no index leads with.
const std::string narrow = R"(
    and ($7::text[] is null or o.state = any($7))
    and ($8::text[] is null or o.marketplace_id = any($8))
    and ($9::text is null or o.fulfilled_by = $9)
    and ($10::text is null or $10 = any(o.tags))
    and ($11::boolean is null or o.held = $11)
    and ($12::text is null or o.ship_country = $12)
    and ($13::boolean is null or (o.exception_count > 0) = $13))";
const std::string lean = "\n    and o.state = any($7)";

/// Shops, each with its own period, for statements that are not led by them.
const std::string in_shops = R"(
    and ($6::uuid[] is null or (o.shop_id = any($6)
        and o.ordered_at >= ($19::timestamptz[])[array_position($6::uuid[], o.shop_id)]
        and o.ordered_at < ($20::timestamptz[])[array_position($6::uuid[], o.shop_id)])))";

const std::string by_ordered =
    "\n    and (o.ordered_at, o.id) > ($2, $3) and (o.ordered_at, o.id) < ($4, $5)";
const std::string by_updated =
    "\n    and (o.updated_at, o.id) > ($2, $3) and (o.updated_at, o.id) < ($4, $5)"
    "\n    and o.ordered_at >= $17 and o.ordered_at < $18";

const std::string matching_sku =
    "(l.sku_id = $21 or (l.seller_sku = $22 and ($23 or l.sku_id is null)))";

struct Shape {
    Driver driver;
    Sort sort;
    bool lean;
    std::int64_t size;
    auto operator<=>(const Shape&) const = default;
};

std::string order_by(const Shape& shape) {
    switch (shape.sort) {
        case Sort::newest:
            return "o.ordered_at desc, o.id desc";
        case Sort::oldest:
            return "o.ordered_at, o.id";
        case Sort::updated:
            return "o.updated_at desc, o.id desc";
    }
    return {};
}

/// Orders through their lines: the index on the seller SKU is in the order of the list.
std::string from_sku(const std::string& range, const std::string& limit, const Shape& shape) {
    if (shape.sort == Sort::updated || limit.empty())
        return "from (select distinct l.order_id from orders.order_line as l\n"
               "        where l.tenant_id = $1 and l.seller_sku = any($14) and " +
               matching_sku +
               ") as hit\n    join orders.sales_order as o on o.tenant_id = $1 and o.id = "
               "hit.order_id\n    where o.tenant_id = $1" +
               range + in_shops + narrow;
    const std::string direction = shape.sort == Sort::newest ? " desc" : "";
    const std::string line_range =
        " and (l.ordered_at, l.order_id) > ($2, $3) and (l.ordered_at, l.order_id) < ($4, $5)";
    return "from (select distinct h.order_id from unnest($14) as s(seller_sku)\n"
           "        cross join lateral (select distinct l.ordered_at, l.order_id\n"
           "            from orders.order_line as l\n"
           "            join orders.sales_order as o on o.tenant_id = $1 and o.id = l.order_id\n"
           "            where l.tenant_id = $1 and l.seller_sku = s.seller_sku and " +
           matching_sku + line_range + in_shops + narrow + "\n            order by l.ordered_at" +
           direction + ", l.order_id" + direction + limit +
           ") as h) as hit\n"
           "    join orders.sales_order as o on o.tenant_id = $1 and o.id = hit.order_id\n"
           "    where o.tenant_id = $1";
}

/// Orders shop by shop, each a range of the shop's own index in the order of the list. The days of
/// a shop filter only: as a bound of an index they would look more selective than they are, and
/// draw the plan to the index of all shops.
std::string from_shops(const std::string& filter, const std::string& limit, const Shape& shape) {
    const std::string direction = shape.sort == Sort::newest ? " desc" : "";
    const std::string order =
        limit.empty() ? "" : "\n        order by o.ordered_at" + direction + ", o.id" + direction;
    return "from unnest($6, $19, $20) as s(id, first, last)\n    cross join lateral (select " +
           list_columns +
           "\n        from orders.sales_order as o\n        where o.tenant_id = $1 and o.shop_id = "
           "s.id and o.channel_order_id <> ''"
           "\n    and (o.ordered_at, o.id) > ($2, $3) and (o.ordered_at, o.id) < ($4, $5)"
           "\n    and o.ordered_at + interval '0' >= s.first"
           "\n    and o.ordered_at + interval '0' < s.last" +
           filter + order + limit + ") as o";
}

/// Orders whose number, a seller SKU or a tracking number starts with one of the texts.
std::string from_text(const std::string& range) {
    return R"(from (
        select n.id from unnest($15, $16) as p(low, high) cross join unnest($6) as s(id)
        cross join lateral (select n.id from orders.sales_order as n
            where n.tenant_id = $1 and n.shop_id = s.id
                and n.channel_order_id >= p.low and n.channel_order_id < p.high) as n
        union
        select l.order_id from unnest($15, $16) as p(low, high)
        join orders.order_line as l on l.tenant_id = $1 and l.seller_sku >= p.low and l.seller_sku <
            p.high
        union
        select k.order_id from unnest($15, $16) as p(low, high)
        join orders.package as k on k.tenant_id = $1 and k.tracking_number >= p.low and
            k.tracking_number < p.high
    ) as hit
    join orders.sales_order as o on o.tenant_id = $1 and o.id = hit.id
    where o.tenant_id = $1)" +
           range + in_shops + narrow;
}

/// from … where … without the outer order; `limit` is empty for counts.
std::string source_of(const Shape& shape, const std::string& limit) {
    const std::string range = shape.sort == Sort::updated ? by_updated : by_ordered;
    const std::string filter = shape.lean ? lean : narrow;
    const std::string plain = "from orders.sales_order as o\n    where o.tenant_id = $1" + range;
    switch (shape.driver) {
        case Driver::all:
            return plain + (shape.lean ? "" : in_shops) + filter;
        case Driver::shops:
            return from_shops(filter, limit, shape);
        case Driver::open:
            return plain +
                   "\n    and o.state in ('pending', 'unshipped', 'partially_shipped', 'unknown')" +
                   in_shops + filter;
        case Driver::held:
            return plain + "\n    and o.held" + in_shops + filter;
        case Driver::exception:
            return plain + "\n    and o.exception_count > 0" + in_shops + filter;
        case Driver::sku:
            return from_sku(range, limit, shape);
        case Driver::text:
            return from_text(range);
    }
    return {};
}

std::string list_sql(const Shape& shape) {
    const std::string limit = "\n    limit " + std::to_string(shape.size + 1);
    return "select " + list_columns + "\n    " + source_of(shape, limit) + "\n    order by " +
           order_by(shape) + limit;
}

std::string count_sql(const Shape& shape) {
    return "select c.state, count(*)::int8 as orders from (select o.state " + source_of(shape, "") +
           "\n    limit " + std::to_string(count_max + 1) +
           ") as c group by c.state order by c.state";
}

std::string name_of(const char* what, const Shape& shape) {
    static constexpr std::array drivers{"all", "shops", "open", "held", "exception", "sku", "text"};
    static constexpr std::array sorts{"newest", "oldest", "updated"};
    return std::string("orders.") + what + '_' +
           drivers.at(static_cast<std::size_t>(shape.driver)) + '_' +
           sorts.at(static_cast<std::size_t>(shape.sort)) + (shape.lean ? "_lean_" : "_") +
           std::to_string(shape.size);
}

template <class Signature>
struct Variant {
    Variant(std::string n, std::string s)
        : name(std::move(n)), sql(std::move(s)), statement(name, sql) {}
    std::string name, sql;
    pg::Statement<Signature> statement;
};

/// All shapes there are; filled once, before main.
struct Catalogue {
    std::map<Shape, std::unique_ptr<Variant<ListSignature>>> lists;
    std::map<Shape, std::unique_ptr<Variant<CountSignature>>> counts;

    Catalogue() {
        using enum Driver;
        for (const Driver driver : {all, shops, open, held, exception, sku, text})
            for (const bool is_lean : {false, true}) {
                if (is_lean && driver != all && driver != shops && driver != open) continue;
                add_count({driver, Sort::newest, is_lean, 0});
                for (const std::int64_t size : page_sizes) {
                    add_list({driver, Sort::newest, is_lean, size});
                    add_list({driver, Sort::oldest, is_lean, size});
                    if (driver == all || driver == sku || driver == text)
                        add_list({driver, Sort::updated, is_lean, size});
                }
            }
    }
    void add_list(const Shape& shape) {
        lists[shape] =
            std::make_unique<Variant<ListSignature>>(name_of("list", shape), list_sql(shape));
    }
    void add_count(const Shape& shape) {
        counts[shape] =
            std::make_unique<Variant<CountSignature>>(name_of("count", shape), count_sql(shape));
    }
};
const Catalogue catalogue;

// Which index a list follows is decided by its shape; planning it anew for each page would only
// cost as much as reading it.
const pg::Statement<void()> plan_once{"orders.list_plan_once",
                                      "set local plan_cache_mode = force_generic_plan"};

// A page is read in less time than workers take to start, and they would be taken from others.
const pg::Statement<void()> plan_alone{"orders.list_plan_alone",
                                       "set local max_parallel_workers_per_gather = 0"};

const std::vector<OrderState> every_state{OrderState::pending,           OrderState::unshipped,
                                          OrderState::partially_shipped, OrderState::shipped,
                                          OrderState::delivered,         OrderState::cancelled,
                                          OrderState::unfulfillable,     OrderState::unknown};

template <class Row, class Signature>
Awaitable<std::vector<Row>> ask(pg::Transaction& tx, const pg::Statement<Signature>& statement,
                                const Selection& s, bool with_states) {
    const auto states = with_states && !s.states ? std::optional(every_state) : s.states;
    return tx.rows(statement, tx.tenant(), s.low.at, s.low.id, s.high.at, s.high.id, s.shops,
                   states, s.marketplaces, s.fulfilled_by, s.tag, s.held, s.country, s.exception,
                   s.seller_skus, s.text_low, s.text_high, s.from, s.to, s.shop_from, s.shop_to,
                   s.sku_id, s.sku, s.sku_as_written);
}

bool lean_shape(const Selection& selection, Driver driver, Sort sort) {
    if (!is_lean(selection)) return false;
    if (driver == Driver::shops) return true;
    if (driver == Driver::open) return !selection.shops;
    return driver == Driver::all && sort != Sort::updated && !selection.shops;
}
}  // namespace

Awaitable<std::vector<ListRow>> list_rows(pg::Transaction& tx, const Selection& selection,
                                          Sort sort, std::int64_t limit) {
    Shape shape{driver_of(selection, sort), sort, false, page_sizes.back()};
    shape.lean = lean_shape(selection, shape.driver, sort);
    for (auto size = page_sizes.rbegin(); size != page_sizes.rend(); ++size)
        if (*size >= limit) shape.size = *size;
    tx.defer(plan_alone);
    if (shape.driver != Driver::text && shape.driver != Driver::sku) tx.defer(plan_once);
    return ask<ListRow>(tx, catalogue.lists.at(shape)->statement, selection, shape.lean);
}

Awaitable<std::vector<StateCount>> state_counts(pg::Transaction& tx, const Selection& selection) {
    Shape shape{driver_of(selection, Sort::newest), Sort::newest, false, 0};
    shape.lean = lean_shape(selection, shape.driver, Sort::newest);
    return ask<StateCount>(tx, catalogue.counts.at(shape)->statement, selection, shape.lean);
}

}  // namespace entrepot::orders
