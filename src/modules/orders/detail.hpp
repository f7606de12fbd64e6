// One order as people and programs see it.
#pragma once

#include "modules/orders/list.hpp"
#include "modules/orders/store.hpp"

namespace entrepot::orders {

/// A price with as many decimals as it has.
struct UnitPrice {
    std::string amount;
    std::string currency;
};
BOOST_DESCRIBE_STRUCT(UnitPrice, (), (amount, currency))

struct LineAmounts {
    Money item, shipping, gift_wrap, tax, discount, other, total;
};
BOOST_DESCRIBE_STRUCT(LineAmounts, (), (item, shipping, gift_wrap, tax, discount, other, total))

struct OrderMoney {
    Money item, shipping, gift_wrap, tax, discount, other, grand_total;
    bool foots;  ///< the parts add up to the grand total that the channel states
};
BOOST_DESCRIBE_STRUCT(OrderMoney, (),
                      (item, shipping, gift_wrap, tax, discount, other, grand_total, foots))

enum class LineState { open, partially_shipped, shipped, cancelled };
BOOST_DESCRIBE_ENUM(LineState, open, partially_shipped, shipped, cancelled)

struct LineView {
    std::string id;
    std::int64_t line_no;
    std::string channel_line_id;
    std::string seller_sku;
    std::optional<SkuId> sku_id;
    std::optional<std::string> sku;
    std::string title;
    LineKind kind;
    std::int64_t quantity_ordered;
    std::int64_t quantity_shipped;
    std::int64_t quantity_cancelled;
    json::Guarded<std::optional<UnitPrice>, Permission::money_read> unit_price;
    json::Guarded<std::optional<LineAmounts>, Permission::money_read> amounts;
    LineState state;
};
BOOST_DESCRIBE_STRUCT(LineView, (),
                      (id, line_no, channel_line_id, seller_sku, sku_id, sku, title, kind,
                       quantity_ordered, quantity_shipped, quantity_cancelled, unit_price, amounts,
                       state))

struct Windows {
    std::optional<Instant> ship_by_from, ship_by_to, deliver_by_from, deliver_by_to;
};
BOOST_DESCRIBE_STRUCT(Windows, (), (ship_by_from, ship_by_to, deliver_by_from, deliver_by_to))

struct SourceView {
    std::string channel;
    std::string operation;
    std::string request_id;
    Instant received_at;
    std::string origin;  ///< "import", "sync", "manual" or "api"
    std::optional<ImportId> import_id;
};
BOOST_DESCRIBE_STRUCT(SourceView, (),
                      (channel, operation, request_id, received_at, origin, import_id))

struct HoldView {
    std::string reason;
    std::string by;
    Instant at;
};
BOOST_DESCRIBE_STRUCT(HoldView, (), (reason, by, at))

struct OrderDetail {
    OrderId id;
    ShopId shop_id;
    std::string shop_name;
    std::string channel_order_id;
    OrderKind kind;
    Instant ordered_at;
    Instant updated_at;
    Instant channel_updated_at;
    OrderState state;
    std::string channel_state;
    FulfilledBy fulfilled_by;
    std::string marketplace_id;
    std::string marketplace_name;
    std::optional<std::string> ship_country;
    std::int64_t line_count;
    std::int64_t unit_count;
    GuardedMoney grand_total;
    bool held;
    std::int64_t exception_count;
    std::vector<std::string> tags;
    std::vector<LineView> lines;
    json::Guarded<std::optional<OrderMoney>, Permission::money_read> money;
    std::vector<PackageRow> packages;
    Windows windows;
    std::vector<std::string> programs;
    std::optional<HoldView> hold;
    std::vector<NoteRow> notes;
    std::vector<HistoryRow> history;
    SourceView source;
    std::string pii_state;
    std::vector<OrderExceptionRow> exceptions;
    std::int64_t version;
    std::vector<std::string> allowed_actions;
};
BOOST_DESCRIBE_STRUCT(OrderDetail, (),
                      (id, shop_id, shop_name, channel_order_id, kind, ordered_at, updated_at,
                       channel_updated_at, state, channel_state, fulfilled_by, marketplace_id,
                       marketplace_name, ship_country, line_count, unit_count, grand_total, held,
                       exception_count, tags, lines, money, packages, windows, programs, hold,
                       notes, history, source, pii_state, exceptions, version, allowed_actions))

struct OrderRef {
    OrderId id;
};
BOOST_DESCRIBE_STRUCT(OrderRef, (), (id))

/// not_found when there is none in the caller's scope.
Awaitable<Result<OrderDetail>> order_detail(Context& ctx, pg::Transaction& tx, OrderId id);
Awaitable<Result<OrderDetail>> get_order(Context& ctx, const OrderRef& in);

std::string price_text(Decimal price, const Currency& currency);
Error no_such_order();

}  // namespace entrepot::orders
