// The exceptions inbox: what a person must look at, over all orders.
#pragma once

#include "modules/orders/detail.hpp"

namespace entrepot::orders {

struct ListExceptions {
    std::optional<ExceptionKind> kind;
    std::optional<std::vector<ShopId>> shop_id;
    std::optional<ExceptionState> state;
    std::optional<std::string> subject;
    std::optional<std::int64_t> limit;
    std::optional<std::string> cursor;
};
BOOST_DESCRIBE_STRUCT(ListExceptions, (), (kind, shop_id, state, subject, limit, cursor))

struct ExceptionView {
    Uuid id;
    OrderId order_id;
    std::string channel_order_id;
    ShopId shop_id;
    std::string shop_name;
    ExceptionKind kind;
    std::string subject;
    std::string detail;
    Instant first_seen_at;
    ExceptionState state;
    std::optional<Instant> closed_at;
    std::optional<std::string> closed_by;
    std::optional<std::string> close_reason;
};
BOOST_DESCRIBE_STRUCT(ExceptionView, (),
                      (id, order_id, channel_order_id, shop_id, shop_name, kind, subject, detail,
                       first_seen_at, state, closed_at, closed_by, close_reason))

struct KindCount {
    ExceptionKind kind;
    std::int64_t count;
};
BOOST_DESCRIBE_STRUCT(KindCount, (), (kind, count))
struct ExceptionSummary {
    std::vector<KindCount> items;
};
BOOST_DESCRIBE_STRUCT(ExceptionSummary, (), (items))

struct DismissException {
    Uuid id;
    std::string reason;
};
BOOST_DESCRIBE_STRUCT(DismissException, (), (id, reason))

Awaitable<Result<http::Page<ExceptionView>>> exceptions_page(Context& ctx,
                                                             const ListExceptions& in);
Awaitable<Result<ExceptionSummary>> exception_summary(Context& ctx, const http::Nothing& in);
Awaitable<Result<ExceptionView>> dismiss_exception(Context& ctx, const DismissException& in);

}  // namespace entrepot::orders
